"""The mappings by which lists are read: those that come with the program, and a hospital's own beside them.

A name stands for one mapping. Nobody's own takes the place of one that comes with the program, or of another of the
same name, in silence: the first stands, and the fault is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from openfls.feeds.csv.mapping import Mapping, simplified
from openfls.feeds.csv.mapping_files import mapping_in
from openfls.feeds.reading import Unreadable

SUFFIX = ".json"
BESIDE_LISTS = ".mapping.json"  # in a folder of lists, where other JSON is FHIR
OTHERWISE = "Name yours otherwise, in the file and in its name; lists then name it in feed.json."


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping's file: where it lies, and its bytes; ``closed``: why it could not be opened."""

    place: str
    content: bytes
    closed: str = ""

    @property
    def name(self) -> str:
        last = self.place.replace("\\", "/").rsplit("/", 1)[-1]
        return last.removesuffix(BESIDE_LISTS).removesuffix(SUFFIX)


@dataclass(frozen=True)
class Mappings:
    """``files``: where each of a hospital's own came from. ``faults``: by the file's name, what is wrong with it."""

    known: dict[str, Mapping]
    files: dict[str, MappingFile] = field(default_factory=dict)
    faults: dict[str, tuple[Unreadable, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.known))

    def named(self, name: str | None) -> Mapping | None:
        return self.known.get(name or "")

    def of_file(self, file_name: str) -> str | None:
        """The mapping whose name begins the file's (``trauma_meeting_2026-03-12.csv``), the longest such; one that is
        wrong too, so that its list waits and says so."""
        plain = simplified(file_name)
        fitting = [name for name in (*self.known, *self.faults) if plain.startswith(simplified(name))]
        return max(fitting, key=lambda name: (len(name), name), default=None)

    def why_not(self, name: str | None) -> Unreadable:
        """Why there is no mapping of that name."""
        if name and name in self.faults:
            return Unreadable(f"The mapping {name!r} can't be used: {self.faults[name][0]}", "file", "Mend it there.")
        reason = f"No mapping {name!r}." if name else "No mapping is named for this list."
        return Unreadable(reason, "file", f"Name one of {', '.join(self.names)} in the feed's manifest.")

    def with_own(self, own: Iterable[MappingFile]) -> "Mappings":
        """These, and those of the files that can be used. Raises nothing: what is wrong stands in ``faults``."""
        known, kept, faults = dict(self.known), dict(self.files), dict(self.faults)
        for file in own:
            if file.name in kept and kept[file.name].content == file.content:
                continue
            found = self._taken(file, kept) or mapping_in(file.content, file.name, file.place)
            if isinstance(found, Mapping):
                known[found.name], kept[found.name] = found, file
            else:
                faults[file.name] = (*faults.get(file.name, ()), *found)
        return Mappings(known, kept, faults)

    def _taken(self, file: MappingFile, kept: dict[str, MappingFile]) -> list[Unreadable]:
        if file.closed:
            return [Unreadable(f"It can't be opened: {file.closed}.", file.place, "Check that it may be read.")]
        if file.name in kept:
            reason = f"{kept[file.name].place} is another mapping of the name {file.name!r}."
            return [Unreadable(reason, file.place, "Make the two the same, or name one otherwise.")]
        if file.name in packaged().known:
            return [Unreadable(f"A mapping {file.name!r} comes with the program.", file.place, OTHERWISE)]
        return []


@cache
def packaged() -> Mappings:
    """Those that come with the program."""
    known = {}
    for file in packaged_files():
        found = mapping_in(file.content, file.name, file.place)
        if not isinstance(found, Mapping):
            raise ValueError("; ".join(str(fault) for fault in found))
        known[found.name] = found
    return Mappings(known)


def packaged_files() -> list[MappingFile]:
    folder = files("openfls.feeds.csv") / "mappings"
    return [MappingFile(file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(SUFFIX)]
