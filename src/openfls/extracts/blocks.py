"""A staged export in blocks of whole people, each turned into facts by the feed's own reader, apart from the others.

`divide` writes the blocks down once, where whoever works on one reads it. `facts_of` is a pure function of its block:
it runs in this process, in others, or wherever Spark sends it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openfls.clinical.facts import Fact
from openfls.extracts.deciding import REFERRED_TO
from openfls.extracts.staging import Staged, staged_entries
from openfls.extracts.store import quoted
from openfls.feeds.fhir import read_entries
from openfls.feeds.reading import Origin, Unreadable

ROWS = 40_000  # resources of a block, about; what one process holds in memory
# Whoever is named otherwise than by a Patient's id is looked for among all; what names nobody is a fault anywhere.
_NAMELESS = "coalesce(subject, '') = '' AND coalesce(resource->>'subject', resource->>'patient', '') <> ''"
_COUNT = f"SELECT count(*), count(*) FILTER ({_NAMELESS}) FROM staged WHERE type NOT IN {REFERRED_TO}"
_ROWS = "SELECT file, type, resource, place"
_DIVIDE = (
    f"COPY ({_ROWS}, hash(coalesce(subject, '')) % $blocks AS block FROM staged WHERE type NOT IN {REFERRED_TO})"
    " TO '$folder' (FORMAT parquet, PARTITION_BY (block))"
)
_SHARED = f"COPY ({_ROWS} FROM staged WHERE type IN {REFERRED_TO}) TO '$folder/shared.parquet' (FORMAT parquet)"


@dataclass(frozen=True, slots=True)
class Block:
    """Resources of whole people, by the digest of their file: (type, JSON, where it stood if that is known)."""

    origin: Origin
    rows: dict[str, list[tuple[str, str, str | None]]]


@dataclass(frozen=True, slots=True)
class BlockRead:
    """``unreadable`` and ``notes`` are by the file's digest."""

    facts: list[Fact]
    unreadable: list[tuple[str, Unreadable]]
    notes: Counter[tuple[str, str]]


def divide(staged: Staged, folder: Path) -> int:
    """Writes everyone to ``folder``, block by block; how many blocks. One where somebody is named otherwise than by a
    Patient's id."""
    [(rows, nameless)] = staged.database.execute(_COUNT).fetchall()
    number: int = min(rows, 1) if nameless else -(-rows // ROWS)
    folder.mkdir()
    for statement in (_DIVIDE, _SHARED) if number else ():
        told = statement.replace("$blocks", str(number)).replace("$folder", quoted(folder))
        staged.database.execute(told)
    return number


def block(folder: Path, number: int, digests: tuple[str, ...], origin: Origin) -> Block:
    """One of those that were written. Nobody at all may be in it."""
    by_file: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    files = [folder / "shared.parquet", *sorted((folder / f"block={number}").glob("*.parquet"))]
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET threads = 1")
        found = database.execute(f"{_ROWS} FROM read_parquet(?, hive_partitioning = false)", [list(map(str, files))])
        for file, kind, resource, place in found.fetchall():
            by_file[digests[file]].append((kind, resource, place))
    return Block(origin, dict(by_file))


def facts_of(block: Block) -> BlockRead:
    """What the feed's reader makes of a block."""
    told = BlockRead([], [], Counter())
    entries = {digest: staged_entries(rows) for digest, rows in block.rows.items()}
    for digest, reading in read_entries(entries, block.origin).items():
        told.facts.extend(reading.facts)
        told.unreadable.extend((digest, fault) for fault in reading.unreadable)
        told.notes.update((digest, note) for note in reading.notes if not note.endswith("passed over by rule"))
    return told
