"""`build`: whatever lies under some paths to facts in one folder; nothing is left half built."""

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from openfls.clinical.facts import Fact
from openfls.extracts import omop, store
from openfls.extracts.blocks import Block, BlockRead, blocks, facts_of
from openfls.extracts.staging import Staged
from openfls.feeds import doors
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.declaring import Declaration
from openfls.feeds.reading import Reading, Unreadable

NDJSON = (".ndjson", ".ndjson.gz")
PART = 100_000  # facts of one file, of those that are read file by file
MOST_TOLD = 10_000  # faults that the manifest lists

Files = list[tuple[Path, Declaration | Unreadable]]
Exports = dict[tuple[Path, Declaration], list[Path]]


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
) -> Built:
    """Facts of all files, received at ``known``, in a new folder ``to``; ``step`` is called after each file.

    Raises `Occupied`, and ``FileNotFoundError`` where a path leads nowhere.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Occupied(f"{to} is there already. Name a folder that is new or empty.")
    to.parent.mkdir(parents=True, exist_ok=True)
    exports, tables, others = _sorted(paths, mappings)
    built = Built()
    with TemporaryDirectory(dir=to.parent, prefix=f".{to.name}-") as unfinished:
        folder = Path(unfinished) / "facts"
        folder.mkdir()
        for (_, declared), files in exports.items():
            _export(files, declared, folder, known, built, step, lambda staged, files, _: staged.add(files))
        for (_, declared), files in tables.items():
            _export(files, declared, folder, known, built, step, omop.stage)
        _one_by_one(doors.readings_of(others, known, mappings), folder, built, step)
        store.finish(folder, built.said(known))
        shutil.rmtree(to, ignore_errors=True)
        os.replace(folder, to)
    return built


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


def _export(
    files: list[Path],
    declared: Declaration,
    folder: Path,
    known: datetime,
    built: Built,
    step: Callable[[], None],
    stage: Callable[[Staged, list[Path], str], None],
) -> None:
    with TemporaryDirectory(dir=folder.parent) as work, duckdb.connect(f"{work}/staged.duckdb") as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET preserve_insertion_order = false")
        staged = Staged(database, declared.mapping, declared.encoding)
        stage(staged, files, declared.source)
        _tell(staged, built)
        by_digest = {digest: str(file) for digest, file in zip(staged.digests, staged.files, strict=True)}
        for found, number in _mapped(blocks(staged, declared.origin(known)), folder, built):
            built.facts += number
            for digest, fault in found.unreadable:
                built.fault(by_digest[digest], fault)
            built.notes.update({(by_digest[digest], note): times for (digest, note), times in found.notes.items()})
    for _ in files:
        step()
    built.files += len(files)


def _tell(staged: Staged, built: Built) -> None:
    for file, fault in staged.unreadable:
        built.fault(file, fault)
    for file in staged.read_line_by_line:
        built.notes[file, "did not fit the declared schema of its type and was read line by line"] += 1
    for file, over in staged.passed_over.items():
        if over:
            passed = ", ".join(f"{number} {kind}" for kind, number in over.items())
            built.notes[file, f"passed over by rule: {passed}"] += 1


def _mapped(every: Iterator[Block], folder: Path, built: Built) -> Iterator[tuple[BlockRead, int]]:
    """Each block in a process; never more of them waiting than there are processors."""
    workers = os.cpu_count() or 1
    first = list(islice(every, 2))
    if len(first) < 2 or workers == 1:
        for block in (*first, *every):
            yield _write_block(block, folder, _part(built))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[tuple[BlockRead, int]]] = []
        for block in (*first, *every):
            waiting.append(pool.submit(_write_block, block, folder, _part(built)))
            if len(waiting) > workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _write_block(block: Block, folder: Path, name: str) -> tuple[BlockRead, int]:
    """The block's facts to Parquet; what is told of them comes back without them."""
    read = facts_of(block)
    number = store.write(read.facts, folder, name)
    read.facts.clear()
    return read, number


def _part(built: Built) -> str:
    built.parts += 1
    return f"part-{built.parts:05}-{{i}}"


def _one_by_one(
    readings: Iterable[tuple[Path, Reading]], folder: Path, built: Built, step: Callable[[], None]
) -> None:
    waiting: list[Fact] = []
    for file, reading in readings:
        waiting.extend(reading.facts)
        for fault in reading.unreadable:
            built.fault(str(file), fault)
        built.notes.update((str(file), note) for note in reading.notes)
        built.files += 1
        if len(waiting) >= PART:
            built.facts += store.write(waiting, folder, _part(built))
            waiting.clear()
        step()
    built.facts += store.write(waiting, folder, _part(built))
