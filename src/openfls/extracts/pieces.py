"""The work of a build in pieces that need not know of each other: a block of an export, or some files that are read one
by one. `Maker` turns a piece into Parquet and says what it found; it runs wherever it is sent (`processes`, `spark`).

Each piece is written to a folder of its own, which counts only when the one who directs takes it over: a piece that is
made twice, because a machine was lost or slow, is counted once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeAlias

import orjson

from openfls.clinical.facts import Fact
from openfls.extracts import store
from openfls.extracts.blocks import block, facts_of
from openfls.feeds import doors, laboratory
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.declaring import Declaration
from openfls.feeds.reading import Origin, Unreadable

PART = 100_000  # facts of one file, of those that are read file by file
FILES, BYTES = 500, 64 * 1024 * 1024  # of one piece, about
SAID = "said.json"

Files = list[tuple[Path, Declaration | Unreadable]]


class NotReached(OSError):
    """A worker doesn't see a folder or file that the one who directs it does."""


@dataclass(frozen=True, slots=True)
class BlockOf:
    """One block of an export that `blocks.divide` wrote to ``folder``."""

    folder: Path
    number: int


@dataclass(frozen=True, slots=True)
class Read:
    """Files with what is declared of each, and how many bytes each had when the work was shared out."""

    files: tuple[tuple[Path, Declaration | Unreadable, int], ...]


Piece: TypeAlias = BlockOf | Read


@dataclass(slots=True)
class Said:
    """What a piece gave. ``unreadable`` and ``notes`` are by file, those of a block by the digest of it."""

    facts: int = 0
    files: int = 0
    unreadable: list[tuple[str, Unreadable]] = field(default_factory=list)
    notes: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Maker:
    """Makes pieces in folders below ``to``. It carries whatever a reader needs, for other processes have read no
    settings: ``mappings`` of lists, a deployment's ``code_maps`` of laboratories."""

    to: Path
    known: datetime
    mappings: Mappings | None = None
    code_maps: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None
    digests: tuple[str, ...] = ()

    def __call__(self, piece: Piece) -> str:
        """The name of the folder that was made. Raises `NotReached`."""
        laboratory.learn(self.code_maps)
        if not self.to.is_dir():
            raise NotReached(f"the folder {self.to} is not there")
        folder = Path(mkdtemp(dir=self.to))
        said = self._of_block(piece, folder) if isinstance(piece, BlockOf) else self._of_files(piece, folder)
        (folder / SAID).write_bytes(orjson.dumps(said))
        return folder.name

    def _of_block(self, piece: BlockOf, folder: Path) -> Said:
        assert self.origin is not None
        read = facts_of(block(piece.folder, piece.number, self.digests, self.origin))
        notes = [(digest, note, times) for (digest, note), times in read.notes.items()]
        return Said(store.write(read.facts, folder, "part-{i}"), 0, read.unreadable, notes)

    def _of_files(self, piece: Read, folder: Path) -> Said:
        for file, _, size in piece.files:
            _check_reached(file, size)
        said, parts = Said(), _Parts(folder)
        files = ((file, declared) for file, declared, _ in piece.files)
        for file, reading in doors.readings_of(files, self.known, self.mappings):
            parts.add(reading.facts)
            said.unreadable += [(str(file), fault) for fault in reading.unreadable]
            said.notes += [(str(file), note, 1) for note in reading.notes]
            said.files += 1
        said.facts = parts.written()
        return said


def _check_reached(file: Path, size: int) -> None:
    """What the one who directs saw and a worker doesn't would else be told as a fault of the file."""
    try:
        found = file.stat().st_size
    except OSError:
        found = -1
    if found != size:
        raise NotReached(f"the file {file} is not there, or is another")


class _Parts:
    """Facts to Parquet, so many a file."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._waiting, self._facts, self._number = folder, list[Fact](), 0, 0

    def add(self, facts: Iterable[Fact]) -> None:
        self._waiting.extend(facts)
        if len(self._waiting) >= PART:
            self.written()

    def written(self) -> int:
        """How many facts there are by now, all of them written."""
        self._facts += store.write(self._waiting, self._folder, f"part-{self._number}-{{i}}")
        self._number += 1
        self._waiting.clear()
        return self._facts


Mapped: TypeAlias = Callable[[Maker, Sequence[Piece]], Iterator[str]]


def in_pieces(files: Files) -> list[Read]:
    """Files that are read one by one, some together; the FHIR files of one folder and declaration stay together, for
    their references lead from file to file."""
    fhir: dict[tuple[Path, Declaration], Files] = {}
    single: list[Files] = [[]]
    weight = 0
    for file, declared in files:
        if isinstance(declared, Declaration) and file.name.casefold().endswith(doors.FHIR_NAMES):
            fhir.setdefault((file.parent, declared), []).append((file, declared))
            continue
        if len(single[-1]) == FILES or weight + _size(file) > BYTES:
            single.append([])
            weight = 0
        single[-1].append((file, declared))
        weight += _size(file)
    return [_sized(some) for some in (*single, *fhir.values()) if some]


def _sized(files: Files) -> Read:
    """By their whole paths: whoever makes the piece stands in another folder."""
    return Read(tuple((file.absolute(), declared, _size(file)) for file, declared in files))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1


def said_in(folder: Path) -> Said:
    """What the maker of this folder said."""
    told: dict[str, Any] = orjson.loads((folder / SAID).read_bytes())
    unreadable = [(file, Unreadable(**fault)) for file, fault in told["unreadable"]]
    return Said(told["facts"], told["files"], unreadable, [tuple(note) for note in told["notes"]])
