"""Which column of a list means what, by its header; what is missing is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openfls.feeds.csv.mapping import MANY, Mapping, simplified

OURS = "openfls"  # begins the headers of columns that we ourselves put beside rows to mend


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place from 0, with its header as the list writes it and the number that the header ends in."""

    place: int
    header: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """What a row of headers gives under a mapping. ``unmet``: needs without a column. ``twice``: meanings with two."""

    by_meaning: dict[str, tuple[Column, ...]]
    headers: tuple[str, ...]
    unmet: tuple[tuple[str, ...], ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def fit(self) -> bool:
        return not self.unmet and not self.twice


def columns(cells: Sequence[str], mapping: Mapping) -> Columns:
    """The columns of the row of headers ``cells`` under the mapping."""
    accepted = mapping.accepted
    found: dict[str, list[Column]] = {}
    unknown = []
    for place, cell in enumerate(cells):
        plain = simplified(cell)
        meaning = accepted.meaning(plain)
        if meaning:
            found.setdefault(meaning, []).append(Column(place, cell.strip(), _number(plain)))
        elif plain and plain not in accepted.ignored and not plain.startswith(OURS):
            unknown.append(cell.strip())
    return Columns(
        by_meaning={meaning: tuple(in_order) for meaning, in_order in found.items()},
        headers=tuple(cell.strip() for cell in cells),
        unmet=tuple(group for group in mapping.needs if not set(group) & set(found)),
        twice=tuple(meaning for meaning, places in found.items() if len(places) > 1 and meaning not in MANY),
        unknown=tuple(unknown),
    )


def _number(plain: str) -> int:
    ended = re.search(r"\d{1,2}$", plain)
    return int(ended[0]) if ended else 0
