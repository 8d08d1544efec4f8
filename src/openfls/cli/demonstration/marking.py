"""The mark that makes a home a demonstration: without it no ready-made sign-ins, and nothing is ever removed."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from openfls.cli.asking import Refused

MARK = "demonstration"  # `settings.DEMONSTRATION` looks for this file
RECORD_FILES = ("record.sqlite3", "inbox.sqlite3", "audit.sqlite3")
REMADE = (*RECORD_FILES, *(name + more for name in RECORD_FILES for more in ("-wal", "-shm")), "trail.key", MARK)


@dataclass(frozen=True, slots=True)
class Mark:
    """Which region is there. ``told``: the figures that were found once everything was loaded, empty before."""

    seed: int
    scale: float
    today: date
    told: tuple[str, ...] = ()

    def finished(self, told: tuple[str, ...]) -> "Mark":
        return replace(self, told=told)


def mark_of(home: Path) -> Mark | None:
    """The mark of this home, None where there is none. Raises `Refused` where it can't be read."""
    try:
        plain = json.loads((home / MARK).read_text(encoding="utf-8"))
        return Mark(plain["seed"], plain["scale"], date.fromisoformat(plain["today"]), tuple(plain["told"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as wrong:
        raise Refused(f"{home / MARK} can't be read ({wrong}): start anew with --fresh") from None


def write(home: Path, mark: Mark) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    plain = asdict(mark) | {"today": mark.today.isoformat()}
    new = home / f".{MARK}.new"
    new.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    new.replace(home / MARK)


def holds_a_record(home: Path) -> bool:
    return any((home / name).exists() for name in RECORD_FILES)


def forget(home: Path) -> None:
    """Remove the demonstration's record. Raises `Refused` where the home is no demonstration."""
    if not (home / MARK).exists():
        refuse_real(home)
    for name in REMADE:
        (home / name).unlink(missing_ok=True)


def refuse_real(home: Path) -> None:
    """Raises `Refused` where the home holds a record that nobody marked as a demonstration."""
    if holds_a_record(home):
        raise Refused(
            f"{home} holds a record that is no demonstration, and stays untouched: "
            "give the demonstration a folder of its own in OPENFLS_HOME"
        )
