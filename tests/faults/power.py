"""A disk whose power can be cut after the fact: everything that SQLite does to its files is noted, in order.

What was written since a file was last synced may be there after the cut, or not, or in part, in any order: a disk's
cache promises nothing else. What was synced is there. (That a file was made or removed is taken to be kept at once.)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw

SECTOR = 512  # bytes that a disk writes whole or not at all


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    file: str


@dataclass(frozen=True, slots=True)
class FailedSync:
    """The disk reported an error. The system then forgets that anything was to be written: syncing again is in vain."""

    file: str


@dataclass(frozen=True, slots=True)
class Delete:
    file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Not the disk's: somebody was told that this is kept."""

    what: str


@dataclass
class Disk:
    """What was there at the beginning, and all that happened."""

    images: dict[str, bytes]
    events: list[Any] = field(default_factory=list)

    def cut(self, at: int, dice: Random) -> tuple[dict[str, bytes], set[str]]:
        """The files that a power cut after so many events may leave, and what had been acknowledged by then."""
        kept = {name: bytearray(image) for name, image in self.images.items()}
        loose: dict[str, list[Any]] = {}
        acknowledged = set()
        for event in self.events[:at]:
            match event:
                case Acknowledged(what):
                    acknowledged.add(what)
                case Sync(file):
                    _apply(kept.setdefault(file, bytearray()), loose.pop(file, []))
                case FailedSync(file):
                    loose.pop(file, None)
                case Delete(file):
                    kept.pop(file, None)
                    loose.pop(file, None)
                case Write(file) | Truncate(file):
                    loose.setdefault(file, []).append(event)
        for file, events in loose.items():
            _apply(kept.setdefault(file, bytearray()), _survivors(events, dice))
        return {name: bytes(image) for name, image in kept.items()}, acknowledged


def _survivors(events: list[Any], dice: Random) -> list[Any]:
    """Any of the writes, torn anywhere between two sectors, in any order; mostly none or all, as in life."""
    likely = dice.choice((0.0, 0.0, 0.5, 0.9, 1.0))
    survived = []
    for event in events:
        if isinstance(event, Truncate):
            survived += [event] if dice.random() < likely else []
        else:
            for start in range(0, len(event.data), SECTOR):
                if dice.random() < likely:
                    survived.append(Write(event.file, event.offset + start, event.data[start : start + SECTOR]))
    if dice.random() < 0.5:
        dice.shuffle(survived)
    return survived


def _apply(image: bytearray, events: list[Any]) -> None:
    for event in events:
        if isinstance(event, Truncate):
            del image[event.size :]
            continue
        if len(image) < event.offset:
            image.extend(bytes(event.offset - len(image)))
        image[event.offset : event.offset + len(event.data)] = event.data


class Recording(apsw.VFS):
    """A file system that passes everything on and notes it."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.disk, self.name = disk, name
        self.instead_of_syncing: Callable[[], object] | None = None
        super().__init__(name, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if not path:  # scratch that nobody opens again
            return apsw.VFSFile("unix", name, flags)
        return _File(self, Path(path).name, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self.disk.events.append(Delete(Path(filename).name))


class _File(apsw.VFSFile):
    def __init__(self, system: Recording, file: str, name: Any, flags: list[int]) -> None:
        self._system, self._disk, self._name = system, system.disk, file
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._disk.events.append(Write(self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._disk.events.append(Truncate(self._name, newsize))

    def xSync(self, flags: int) -> None:
        if self._system.instead_of_syncing:
            self._system.instead_of_syncing()
            self._disk.events.append(FailedSync(self._name))
            raise apsw.IOError
        super().xSync(flags)
        self._disk.events.append(Sync(self._name))
