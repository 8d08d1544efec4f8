"""What is linked: a row of a file, ready to be compared, and a table of all rows for Splink."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from openfls.clinical.candidates import CROWDED_FROM, blocks
from openfls.clinical.likeness_levels import LEVELS, Details, details_of, district
from openfls.clinical.patients import PatientRecord


@dataclass(frozen=True)
class Row:
    """``id`` is unique over all files. ``source``: the file. ``also``: further details, spelled for comparing.
    ``truth``: who it is, where that is known."""

    id: str
    record: PatientRecord
    postcode: str = ""
    source: str = ""
    also: tuple[str, ...] = ()
    truth: str = ""

    @cached_property
    def details(self) -> Details:
        return details_of(self.record, self.postcode)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """Those of a single arrival and wider ones, for which a whole file has the time: the date of birth alone, the
        full name alone, and each further detail: a shared e-mail address is worth a look."""
        told, wider = self.details, [f"also {n}: {text}" for n, text in enumerate(self.also) if text]
        wider += [f"born {told.born}"] * bool(told.born)
        wider += [" ".join(("named", *sorted((told.family, told.given))))] * bool(told.family and told.given)
        return blocks(told) + tuple(wider)


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
    sizes = Counter(words for row in rows for words in row.blocks)
    crowded = {words: size for words, size in sizes.items() if size >= CROWDED_FROM}
    kept = [[words for words in row.blocks if words not in crowded] for row in rows]
    return Table(arrow.append_column("blocks", pa.array(kept, pa.list_(pa.string()))), crowded)
