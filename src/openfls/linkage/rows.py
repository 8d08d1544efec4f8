"""What is linked: a row of a file, ready to be compared, and a table of them for Splink."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from openfls.clinical.candidates import CROWDED_FROM, blocks
from openfls.clinical.likeness_levels import LEVELS, Details, district


@dataclass(frozen=True, slots=True)
class Row:
    """``id`` is unique over all files. ``source``: the file. ``also``: further details, compared as text.
    ``truth``: who it is, where that is known."""

    id: str
    details: Details
    source: str = ""
    nhs_number: str | None = None
    also: tuple[str, ...] = ()
    truth: str = ""


@dataclass(frozen=True)
class Table:
    """The rows as Arrow, which keeps NULL what is not given; never through pandas, which makes it a word on Spark.

    ``crowded``: blocks that hold too many rows to compare, with how many.
    """

    arrow: pa.Table
    crowded: dict[str, int]


def table_of(rows: Sequence[Row]) -> Table:
    columns: dict[str, list[str | None]] = {
        "id": [row.id for row in rows],
        "source": [row.source for row in rows],
        "truth": [row.truth or None for row in rows],
        "district": [district(row.details.postcode) or None for row in rows],
    }
    for what in LEVELS:
        columns[what] = [getattr(row.details, what) or None for row in rows]
    for number in range(len(rows[0].also) if rows else 0):
        columns[f"also_{number}"] = [row.also[number] or None for row in rows]
    arrow = pa.table(columns, schema=pa.schema([(name, pa.string()) for name in columns]))
    found = [_blocks(row) for row in rows]
    counted: dict[str, int] = {}
    for words in (words for own in found for words in own):
        counted[words] = counted.get(words, 0) + 1
    crowded = {words: count for words, count in counted.items() if count >= CROWDED_FROM}
    kept = [[words for words in own if words not in crowded] for own in found]
    return Table(arrow.append_column("blocks", pa.array(kept, pa.list_(pa.string()))), crowded)


def _blocks(row: Row) -> tuple[str, ...]:
    """Those of a single arrival, and one for each further detail: a shared e-mail address is worth a look."""
    return blocks(row.details) + tuple(f"also {n} {text}" for n, text in enumerate(row.also) if text)
