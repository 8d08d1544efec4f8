"""A site's own standards as commands gather them, from the files and folders that somebody names."""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openfls.cli.asking import Refused
from openfls.clinical.own_standards import Fault, OwnStandard, read
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard

HELP = "own standards besides the rulebook: a file, or a folder of them (docs/how-to/add-a-standard.md)"


@dataclass(frozen=True)
class Counted:
    """``only_at``: the sites of those that don't hold everywhere, by the standard's name."""

    standards: tuple[Standard, ...]
    only_at: dict[str, frozenset[str]]


def argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--standards", action="append", default=[], type=Path, metavar="PATH", help=HELP)


def counted(paths: Iterable[Path]) -> Counted:
    """The rulebook's, and those of the paths. Raises `Refused` with all that is wrong with them."""
    own, faults = gathered([file for path in paths for file in files_of(path)])
    if faults:
        raise Refused("these standards can't be used:\n" + "\n".join(f"  {fault}" for fault in faults))
    standards = (*STANDARDS, *(one.standard for one in own))
    return Counted(standards, {one.standard.name: one.sites for one in own if one.sites})


def over_folder(paths: Iterable[Path]) -> Counted:
    """As `counted`, of those that every engine can count, and not plain Python alone."""
    from openfls.measures.engines.asks import Unknown, asks_of

    found = counted(paths)
    try:
        for standard in found.standards:
            list(asks_of(standard))
    except Unknown as error:
        raise Refused(f"this standard can't be counted over a folder: {error}") from None
    return found


def files_of(path: Path) -> list[Path]:
    """Raises `Refused` where nothing is there: a standard that is not counted is not missed."""
    if not path.is_dir():
        return [path]
    found = in_folder(path)
    if not found:
        raise Refused(f"--standards {path}: there is no standard (*.json) in this folder")
    return found


def in_folder(folder: Path) -> list[Path]:
    """The standards of a folder; what an editor hides there is none."""
    return sorted(file for file in folder.glob("*.json") if not file.name.startswith("."))


def gathered(files: Sequence[Path]) -> tuple[list[OwnStandard], list[Fault]]:
    """What the files declare, and all that is wrong with them. Raises `Refused` for one that can't be opened."""
    found = [_read(file) for file in dict.fromkeys(file.resolve() for file in files)]
    own = [one for one in found if isinstance(one, OwnStandard)]
    return own, [fault for one in found if not isinstance(one, OwnStandard) for fault in one] + _twice(own)


def _read(path: Path) -> OwnStandard | list[Fault]:
    try:
        return read(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: it can't be read ({error})") from None


def _twice(own: list[OwnStandard]) -> list[Fault]:
    names = [one.standard.name for one in own]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [Fault(name, "More than one file declares it.", "Name one of the two otherwise.") for name in twice]
