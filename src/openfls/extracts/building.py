"""`build`: whatever lies under some paths to facts in one folder; nothing is left half built.

One process directs: it scans the exports, decides once a concept, and shares the rest out in pieces (`pieces`), to
processes of its own or over Spark. What they made counts when all of it is there.
"""

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from openfls.extracts import omop, processes, store
from openfls.extracts.blocks import divide
from openfls.extracts.pieces import BlockOf, Files, Maker, Mapped, Piece, in_pieces, said_in
from openfls.extracts.staging import Staged
from openfls.feeds import doors, laboratory
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.declaring import Declaration
from openfls.feeds.reading import Unreadable

NDJSON = (".ndjson", ".ndjson.gz")
MEMORY = "2GB"  # of the scan; what it keeps beyond that lies in its file
MOST_TOLD = 10_000  # faults that the manifest lists

Exports = dict[tuple[Path, Declaration], list[Path]]
Stage = Callable[[Staged, list[Path], str], None]


class Occupied(ValueError):
    """The folder that facts should be built in isn't empty."""


@dataclass(slots=True)
class Built:
    """What was built, and what of the files gave no facts."""

    facts: int = 0
    files: int = 0
    unreadable: list[dict[str, str]] = field(default_factory=list)
    more_unreadable: int = 0
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    parts: int = 0

    def fault(self, file: str, fault: Unreadable) -> None:
        if len(self.unreadable) < MOST_TOLD:
            self.unreadable.append(
                {"file": file, "place": fault.place, "reason": fault.reason, "mend": fault.mend}
            )
        else:
            self.more_unreadable += 1

    def said(self, known: datetime) -> dict[str, Any]:
        notes = [{"file": file, "note": note, "times": times} for (file, note), times in self.notes.items()]
        return {
            "built": known.isoformat(),
            "facts": self.facts,
            "files": self.files,
            "unreadable": self.unreadable,
            "more_unreadable": self.more_unreadable,
            "notes": notes,
        }


def build(
    paths: Iterable[Path],
    to: Path,
    known: datetime,
    mappings: Mappings | None = None,
    step: Callable[[], None] = lambda: None,
    mapped: Mapped = processes.mapped,
) -> Built:
    """Facts of all files, received at ``known``, in a new folder ``to``; ``step`` is called after each file. ``mapped``
    says where the pieces are made.

    Raises `Occupied`, and ``FileNotFoundError`` where a path leads nowhere.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Occupied(f"{to} is there already. Name a folder that is new or empty.")
    to.parent.mkdir(parents=True, exist_ok=True)
    exports, tables, others = _sorted(paths, mappings)
    with TemporaryDirectory(dir=to.parent, prefix=f".{to.name}-") as unfinished:
        building = _Building(Path(unfinished).absolute(), known, mappings, step, mapped)
        for (_, declared), files in exports.items():
            building.export(files, declared, lambda staged, files, _: staged.add(files))
        for (_, declared), files in tables.items():
            building.export(files, declared, omop.stage)
        building.one_by_one(others)
        store.finish(building.folder, building.built.said(known))
        shutil.rmtree(to, ignore_errors=True)
        os.replace(building.folder, to)
    return building.built


def _sorted(paths: Iterable[Path], mappings: Mappings | None) -> tuple[Exports, Exports, Files]:
    """The exports (the NDJSON files of one folder and declaration), the tables of OMOP, and all other files."""
    every = [pair for path in paths for pair in doors.files(path, mappings)]
    fhir: Exports = defaultdict(list)
    folders: dict[Path, list[tuple[Path, Declaration]]] = defaultdict(list)
    for file, declared in every:
        if isinstance(declared, Declaration):
            folders[file.parent].append((file, declared))
            if file.name.casefold().endswith(doors.FHIR_NAMES):
                fhir[file.parent, declared].append(file)
    exports = {key: files for key, files in fhir.items() if all(map(_is_ndjson, files))}
    tables: Exports = {}
    for folder, pairs in folders.items():
        if omop.is_omop(file for file, _ in pairs):
            named = omop.tables_in(file for file, _ in pairs)
            declared = next(declared for file, declared in pairs if file == named["person"])
            tables[folder, declared] = list(named.values())
    taken = {file for files in (*exports.values(), *tables.values()) for file in files}
    return exports, tables, [(file, declared) for file, declared in every if file not in taken]


def _is_ndjson(file: Path) -> bool:
    return file.name.casefold().endswith(NDJSON)


class _Building:
    """A folder being built in ``work``, where whoever makes a piece reaches it."""

    def __init__(
        self, work: Path, known: datetime, mappings: Mappings | None, step: Callable[[], None], mapped: Mapped
    ) -> None:
        self.work, self.known, self.mappings, self.step, self.mapped = work, known, mappings, step, mapped
        self.folder, self.made = work / "facts", work / "made"
        self.folder.mkdir()
        self.made.mkdir()
        self.built = Built()

    def export(self, files: list[Path], declared: Declaration, stage: Stage) -> None:
        origin = declared.origin(self.known)
        with TemporaryDirectory(dir=self.work) as work:
            with duckdb.connect(f"{work}/staged.duckdb") as database:
                database.execute("SET enable_progress_bar = false")
                database.execute("SET preserve_insertion_order = false")
                database.execute(f"SET memory_limit = '{MEMORY}'")
                staged = Staged(database, declared.mapping, declared.encoding)
                stage(staged, files, declared.source)
                blocks = Path(work) / "blocks"
                number = divide(staged, blocks)
            _tell(staged, self.built)
            maker = self._maker(origin=origin, digests=tuple(staged.digests))
            names = {digest: str(file) for digest, file in zip(staged.digests, staged.files, strict=True)}
            self._make(maker, [BlockOf(blocks, one) for one in range(number)], names)
        self._done(len(files))

    def one_by_one(self, files: Files) -> None:
        self._make(self._maker(), in_pieces(files), {str(file.absolute()): str(file) for file, _ in files})

    def _maker(self, **of_export: Any) -> Maker:
        return Maker(self.made, self.known, self.mappings, laboratory.own(), **of_export)

    def _make(self, maker: Maker, pieces: Sequence[Piece], names: Mapping[str, str]) -> None:
        """``names``: of files, by how the pieces call them."""
        for made in self.mapped(maker, pieces) if pieces else ():
            self._take(self.made / made, names)

    def _take(self, made: Path, names: Mapping[str, str]) -> None:
        """The files of one piece into the folder of facts, and what was said of it."""
        said = said_in(made)
        self.built.parts += 1
        for number, part in enumerate(sorted(made.glob("*/*.parquet"))):
            kind = self.folder / part.parent.name
            kind.mkdir(exist_ok=True)
            os.replace(part, kind / f"part-{self.built.parts:05}-{number}.parquet")
        shutil.rmtree(made)
        self.built.facts += said.facts
        for file, fault in said.unreadable:
            self.built.fault(names.get(file, file), fault)
        for file, note, times in said.notes:
            self.built.notes[names.get(file, file), note] += times
        self._done(said.files)

    def _done(self, files: int) -> None:
        self.built.files += files
        for _ in range(files):
            self.step()


def _tell(staged: Staged, built: Built) -> None:
    for file, fault in staged.unreadable:
        built.fault(file, fault)
    for file in staged.read_line_by_line:
        built.notes[file, "did not fit the declared schema of its type and was read line by line"] += 1
    for file, over in staged.passed_over.items():
        if over:
            passed = ", ".join(f"{number} {kind}" for kind, number in over.items())
            built.notes[file, f"passed over by rule: {passed}"] += 1
