"""A hospital's own mappings of lists: kept in the home, so that whatever reads a message again reads it alike."""

import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openfls.feeds.csv.mappings import SUFFIX, MappingFile, Mappings, packaged
from openfls.feeds.declaring import mappings_in

logger = logging.getLogger(__name__)

FOLDER = "mappings"


class AnotherOfItsName(ValueError):
    """The home keeps a mapping of this name that is not the same. The words say where, and how to mend it."""


def folder() -> Path:
    return Path(settings.OPENFLS_HOME) / FOLDER


def mappings_of_home() -> Mappings:
    """Those that come with the program, and those in the home as they are now: a mended one counts at once."""
    return _as_they_are(folder(), _signature(folder()))


def keep(files: Iterable[MappingFile]) -> list[str]:
    """Copy these into the home, so that the worker and every replay know them; the names of those that are new.

    Raises `AnotherOfItsName` before anything is copied.
    """
    kept = {file.name: file for file in mappings_in(folder())}
    new = [file for file in files if file.name not in kept or kept[file.name].content != file.content]
    if clash := next((file for file in new if file.name in kept), None):
        raise AnotherOfItsName(
            f"{clash.place}: the home keeps another mapping {clash.name!r} ({kept[clash.name].place}). "
            "Copy yours over it if yours is the newer one: what is read from then on is read by it."
        )
    for file in new:
        _write(folder() / f"{file.name}{SUFFIX}", file.content)
    return [file.name for file in new]


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a worker may look at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


Signature = tuple[tuple[str, int, int], ...]


def _signature(where: Path) -> Signature:
    """Name, size and time of change of each file: equal where nothing changed."""
    found = ((path.name, path.stat()) for path in sorted(where.glob(f"*{SUFFIX}")))
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


@lru_cache(maxsize=4)
def _as_they_are(where: Path, signature: Signature) -> Mappings:
    found = packaged().with_own(mappings_in(where))
    for fault in (fault for faults in found.faults.values() for fault in faults):
        logger.warning("a mapping of the home is not used: %s", fault)
    return found
