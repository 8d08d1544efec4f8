"""A staged export in blocks of whole people, each turned into facts by the feed's own reader, apart from the others.

`facts_of` is a pure function of its block: it runs in this process, in others, or wherever blocks are sent.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from openfls.clinical.facts import Fact
from openfls.extracts.deciding import REFERRED_TO
from openfls.extracts.staging import Staged, staged_entries
from openfls.feeds.fhir import read_entries
from openfls.feeds.reading import Origin, Unreadable

ROWS = 40_000  # resources of a block, about; what one process holds in memory
_COUNT = "SELECT count(*), count(*) FILTER (subject IS NULL OR subject = '') FROM staged WHERE type NOT IN {types}"
_BLOCK = (
    "SELECT file, type, resource, place FROM staged"
    " WHERE type IN {types} OR hash(coalesce(subject, '')) % {blocks} = {block}"
)


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


def blocks(staged: Staged, origin: Origin) -> Iterator[Block]:
    """Everyone, block by block; in one where somebody is named otherwise than by a Patient's id."""
    [(rows, nameless)] = staged.database.execute(_COUNT.format(types=REFERRED_TO)).fetchall()
    number = 1 if nameless else -(-rows // ROWS)
    for block in range(number):
        found = staged.database.execute(_BLOCK.format(types=REFERRED_TO, blocks=number, block=block))
        by_file: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for file, kind, resource, place in found.fetchall():
            by_file[staged.digests[file]].append((kind, resource, place))
        yield Block(origin, dict(by_file))


def facts_of(block: Block) -> BlockRead:
    """What the feed's reader makes of a block."""
    told = BlockRead([], [], Counter())
    entries = {digest: staged_entries(rows) for digest, rows in block.rows.items()}
    for digest, reading in read_entries(entries, block.origin).items():
        told.facts.extend(reading.facts)
        told.unreadable.extend((digest, fault) for fault in reading.unreadable)
        told.notes.update((digest, note) for note in reading.notes if not note.startswith("passed over by rule"))
    return told
