"""Matching columns by hand: which header of a list means what under a mapping, and a mapping made from what was chosen.

A mapping that is made so says by whom and when, and that nobody has checked it, like any other.
"""

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openfls.feeds.csv.headers import Columns
from openfls.feeds.csv.lines import Line
from openfls.feeds.csv.mapping import MANY, Mapping, simplified
from openfls.feeds.csv.meanings import meaning_in_words
from openfls.feeds.csv.mending import written_cell
from openfls.feeds.csv.tables import headers_found
from openfls.feeds.reading import Origin

LONGEST_EXAMPLE = 60  # letters
IGNORED = "ignored"  # of a header that is knowingly not read


@dataclass(frozen=True, slots=True)
class Matched:
    """Each header of a list with its meaning: a meaning, `IGNORED`, or empty where the mapping doesn't know it.

    ``examples``: what the first row that isn't blank holds there. ``wanted``: what has no column yet, in words.
    ``twice``: meanings with several columns that may have one.
    """

    headers: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]
    wanted: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not self.wanted and not self.twice


def matched(content: bytes, mapping: Mapping, origin: Origin) -> Matched:
    """How the headers of the list match. Raises `Fault` where they can't even be found."""
    return _matched(*headers_found(content, mapping, origin), mapping)


def plain_from(
    base: dict[str, Any], name: str, title: str, chosen: Table[str, str], by: str, on: str
) -> dict[str, Any]:
    """The file of a mapping in which the headers stand as they were ``chosen``: header -> meaning, `IGNORED` or empty.

    What was chosen stands above what the base says of the same header. Raises ``ValueError`` with what is wrong.
    """
    _refuse_twice(chosen)
    taken = {simplified(header) for header in chosen}
    columns = {meaning: _others(headers, taken) for meaning, headers in base["columns"].items()}
    for header, meaning in chosen.items():
        if meaning and meaning != IGNORED:
            columns[meaning] = [header, *columns.get(meaning, [])]
    ignored = [header for header, meaning in chosen.items() if meaning == IGNORED]
    return {
        **base,
        "name": name,
        "title": title,
        "columns": {meaning: headers for meaning, headers in columns.items() if headers},
        "ignored": [*ignored, *_others(base["ignored"], taken)],
        "authored_by": by,
        "authored_on": on,
        "checked_by": None,
    }


def _matched(found: Columns, below: Sequence[Line], mapping: Mapping) -> Matched:
    meaning_of = {column.place: meaning for meaning, columns in found.by_meaning.items() for column in columns}
    named = [(place, header) for place, header in enumerate(found.headers) if simplified(header)]
    return Matched(
        headers=tuple((header, meaning_of.get(place) or _if_ignored(header, mapping)) for place, header in named),
        examples=tuple(_example(below, place, mapping) for place, _ in named),
        wanted=tuple(" or ".join(meaning_in_words(meaning) for meaning in group) for group in found.unmet),
        twice=tuple(meaning_in_words(meaning) for meaning in found.twice),
    )


def _if_ignored(header: str, mapping: Mapping) -> str:
    return IGNORED if simplified(header) in mapping.accepted.ignored else ""


def _example(below: Sequence[Line], place: int, mapping: Mapping) -> str:
    cells = (written_cell(line.cells[place], mapping) for line in below if place < len(line.cells))
    return next((cell.strip() for cell in cells if cell.strip()), "")[:LONGEST_EXAMPLE]


def _refuse_twice(chosen: Table[str, str]) -> None:
    meanings = [meaning for meaning in chosen.values() if meaning and meaning != IGNORED and meaning not in MANY]
    if twice := sorted({meaning_in_words(meaning) for meaning in meanings if meanings.count(meaning) > 1}):
        raise ValueError(f"two columns mean the same: {', '.join(twice)}")


def _others(headers: Sequence[str], taken: set[str]) -> list[str]:
    return [header for header in headers if simplified(header) not in taken]
