"""A hospital's own mappings as commands gather them: from the home, from a folder, from beside the lists."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openfls.cli.asking import Refused
from openfls.feeds.csv.mappings import MappingFile, Mappings, packaged
from openfls.feeds.declaring import mappings_beside, mappings_in

HELP = "a folder of your own mappings of lists (docs/how-to/load-your-own-lists.md)"


def home() -> Path:
    """Of the installation, whether or not there is one yet."""
    return Path(os.environ.get("OPENFLS_HOME", "var")).resolve()


def in_home() -> list[MappingFile]:
    return mappings_in(home() / "mappings")


def brought(folders: Iterable[Path], paths: Iterable[Path]) -> list[MappingFile]:
    """Those of the folders that somebody names, and those that lie beside the lists. Raises `Refused`."""
    found: list[MappingFile] = []
    for folder in folders:
        if not folder.is_dir():
            raise Refused(f"--mappings {folder}: there is no such folder")
        found += mappings_in(folder)
    return found + [file for path in paths for file in mappings_beside(path)]


def gathered(brought: Sequence[MappingFile]) -> Mappings:
    """All by which a list may be read; what somebody brings stands above the home's of the same name.

    Raises `Refused` with all that is wrong with what is brought; a fault in the home holds up only its own lists.
    """
    new = packaged().with_own(brought)
    if wrong := [fault for faults in new.faults.values() for fault in faults]:
        raise Refused("these mappings can't be used:\n" + "\n".join(f"  {fault}" for fault in wrong))
    return new.with_own(file for file in in_home() if file.name not in new.files)


def faults(mappings: Mappings) -> Iterator[dict[str, Any]]:
    """What is wrong, for JSON and for people: file, place, reason and how to mend it."""
    for name, wrong in sorted(mappings.faults.items()):
        yield from ({"mapping": name, "place": w.place, "reason": w.reason, "mend": w.mend} for w in wrong)
