"""What is declared of the files in a folder: a manifest says which feed they are, for bytes can't be trusted to.

``feed.json`` in a folder speaks for its files and for the folders below it; ``<file name>.feed.json`` speaks for one
file. Both hold any of source, site, finder, encoding, mapping (of a list, or a laboratory's code map), reference; the
nearer one stands. Example::

    {"source": "X9A/trauma", "site": "X9A01", "mapping": "trauma_meeting", "encoding": "cp1252"}
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from openfls.clinical.facts import Finder
from openfls.feeds.csv.mappings import BESIDE_LISTS, SUFFIX, MappingFile, Mappings
from openfls.feeds.laboratory import code_map_names
from openfls.feeds.reading import Origin, Unreadable

FOLDER_MANIFEST = "feed.json"
FILE_MANIFEST = ".feed.json"  # after the whole name of the file that it speaks for
LONGEST_MANIFEST = 64 * 1024  # bytes
MEND = 'Write it as JSON: {"source": "X9A/trauma", "site": "X9A01", "mapping": "trauma_meeting", "encoding": "utf-8"}.'


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who sent a file, as its manifest says: an `Origin` without the receipt."""

    source: str
    site: str | None = None
    finder: Finder | None = None
    encoding: str = "utf-8"
    mapping: str | None = None
    reference: str | None = None

    def origin(self, known: datetime) -> Origin:
        """The origin of bytes received at ``known`` (aware, UTC)."""
        return Origin(self.source, known, self.site, self.finder, self.encoding, self.mapping, self.reference)


def is_manifest(path: Path) -> bool:
    """It speaks about lists and is none: a manifest, or a mapping of the hospital's own."""
    return path.name == FOLDER_MANIFEST or path.name.endswith((FILE_MANIFEST, BESIDE_LISTS))


def mappings_in(folder: Path) -> list[MappingFile]:
    """A hospital's own mappings in a folder that holds nothing else (``clinic.json``); none where there is none."""
    return [_mapping_file(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if not path.name.startswith(".")]


def mappings_beside(path: Path) -> list[MappingFile]:
    """Those that lie among the lists they are for, in the folder and below it (``clinic.mapping.json``)."""
    folder = path if path.is_dir() else path.parent
    found = sorted(folder.rglob(f"*{BESIDE_LISTS}") if path.is_dir() else folder.glob(f"*{BESIDE_LISTS}"))
    return [_mapping_file(file) for file in found if not file.name.startswith(".")]


def _mapping_file(path: Path) -> MappingFile:
    try:
        return MappingFile(str(path), path.read_bytes())
    except OSError as error:
        return MappingFile(str(path), b"", error.strerror or "no reason given")


def declaration_of(path: Path, root: Path, mappings: Mappings) -> Declaration | Unreadable:
    """What the manifests from ``root`` down to the file say of it; without any, its folder and name speak.

    Then the source is the folder's name, for a list with the mapping after it (``X9A/trauma_meeting``), and the mapping
    is the one whose name begins the file's.
    """
    said: dict[str, Any] = {}
    for manifest in _manifests(path, root):
        found = _manifest(manifest, mappings)
        if isinstance(found, Unreadable):
            return found
        said |= found
    mapping = said.get("mapping") or mappings.of_file(path.name)
    folder = path.resolve().parent.name or "files"
    declared = Declaration(source=f"{folder}/{mapping}" if mapping else folder, mapping=mapping)
    return replace(declared, **said)


def _manifests(path: Path, root: Path) -> Iterator[Path]:
    """Those that exist, the nearest last."""
    folders = [folder for folder in (path.parent, *path.parent.parents) if folder.is_relative_to(root)]
    candidates = [folder / FOLDER_MANIFEST for folder in reversed(folders)]
    yield from (p for p in (*candidates, path.with_name(path.name + FILE_MANIFEST)) if p.is_file())


def _manifest(path: Path, mappings: Mappings) -> dict[str, Any] | Unreadable:
    try:
        if path.stat().st_size > LONGEST_MANIFEST:
            raise ValueError(f"it has more than {LONGEST_MANIFEST} bytes")
        text = path.read_text(encoding="utf-8-sig")
        said = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
        return checked(said, mappings)
    except (ValueError, OSError, RecursionError) as error:
        return Unreadable(f"The manifest can't be read: {error}.", str(path), MEND)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ``ValueError`` where a name is said twice: which of the two is meant, nobody could say."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it says the same thing twice")
    return found


def _no_number(words: str) -> NoReturn:
    raise ValueError(f"{words} is no JSON")


def checked(said: object, mappings: Mappings) -> dict[str, Any]:
    """What a manifest may say. Raises ``ValueError`` for anything else."""
    if not isinstance(said, dict):
        raise ValueError("it holds no JSON object")
    if unknown := set(said) - {"source", "site", "finder", "encoding", "mapping", "reference"}:
        raise ValueError(f"it says {', '.join(sorted(unknown))}, which nothing reads")
    given = {name: value for name, value in said.items() if value is not None}
    if wrong := [name for name, value in given.items() if not isinstance(value, str) or not value.strip()]:
        raise ValueError(f"its {', '.join(wrong)} should be words in quotes")
    known = (*mappings.names, *code_map_names())
    if given.get("mapping", "") not in ("", *known, *mappings.faults):
        raise ValueError(f"no mapping is called {given['mapping']!r}; there are {', '.join(known)}")
    if "finder" in given:
        given["finder"] = _finder(given["finder"])
    return given


def _finder(words: str) -> Finder:
    try:
        return Finder(words)
    except ValueError:
        raise ValueError(f"no finder is called {words!r}; there are {', '.join(Finder)}") from None
