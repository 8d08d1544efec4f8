"""The standards in force: those of the rulebook, and the site's own from the home's folder ``standards``."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openfls.clinical.own_standards import Fault, OwnStandard, read
from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import Standard

FOLDER, SUFFIX = "standards", ".json"
OTHERWISE = "Name one of the two otherwise."
State = tuple[tuple[str, int, int], ...]  # path, time, size of each file: what says that it was changed

log = logging.getLogger(__name__)


def in_force() -> Mapping[str, Standard]:
    """Every standard that may be counted, by name: the rulebook's first, in its order."""
    return {**BY_NAME, **{own.standard.name: own.standard for own in own_standards()[0]}}


def holding_at(site: str | None) -> tuple[Standard, ...]:
    """What a person is judged by whom this site first sighted."""
    return (*STANDARDS, *(own.standard for own in own_standards()[0] if own.holds_at(site)))


def own_standards() -> tuple[tuple[OwnStandard, ...], tuple[Fault, ...]]:
    """The site's own, and what is wrong with files that make none. Read again when a file has changed."""
    return _loaded(_state(Path(settings.OPENFLS_HOME) / FOLDER))


def _state(folder: Path) -> State:
    files = [path for path in sorted(folder.glob(f"*{SUFFIX}")) if not path.name.startswith(".") and path.is_file()]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@lru_cache(maxsize=4)
def _loaded(state: State) -> tuple[tuple[OwnStandard, ...], tuple[Fault, ...]]:
    own: dict[str, OwnStandard] = {}
    faults: list[Fault] = []
    for path, _, _ in state:
        found = _file(Path(path))
        if isinstance(found, OwnStandard) and found.standard.name not in own:
            own[found.standard.name] = found
        elif isinstance(found, OwnStandard):
            faults.append(Fault(path, f"Another file declares {found.standard.name!r} too.", OTHERWISE))
        else:
            faults += found
    for fault in faults:
        log.warning("a standard of the site's own is not used: %s", fault)
    return tuple(own.values()), tuple(faults)


def _file(path: Path) -> OwnStandard | list[Fault]:
    try:
        return read(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        return [Fault(path.name, f"It can't be read: {error}.", "Check that it is UTF-8 and may be read.")]
