"""The finders' overlap as a picture: a column for each combination of finders, its height the number of fractures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from openfls.clinical.facts import Finder
from openfls.measures.backstop import Backstop, Found

LEFT, COLUMN, ROW, BARS = 190, 44, 26, 170  # SVG units
MOST_COLUMNS = 20


@dataclass(frozen=True)
class Dot:
    y: float
    on: bool


@dataclass(frozen=True)
class Column:
    """One combination. ``slug`` names it in the address of its list."""

    slug: str
    words: str
    count: int
    x: float
    bar_y: float
    bar_height: float
    dots: tuple[Dot, ...]
    join: tuple[float, float] | None
    one_finder: bool


@dataclass(frozen=True)
class Row:
    finder: str
    slug: str
    count: int
    y: float
    striped: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    left_out: int  # combinations beyond the widest picture; the table has them all


def slug_of(finder: Finder) -> str:
    return finder.value.replace(" ", "-")


FINDER_OF_SLUG = {slug_of(finder): finder for finder in Finder}


def slug_of_group(finders: Iterable[Finder]) -> str:
    return "+".join(sorted(slug_of(finder) for finder in finders))


def words_of_group(finders: Iterable[Finder]) -> str:
    named = sorted(finder.value for finder in finders)
    return f"{named[0]} only" if len(named) == 1 else ", ".join(named)


def picture(backstop: Backstop) -> Picture:
    """The largest combinations, widest first; finders in the order of their definition."""
    finders = list(backstop.by_finder)
    groups = backstop.overlap[:MOST_COLUMNS]
    tallest = max((len(group) for _, group in groups), default=1)
    rows = tuple(
        Row(finder.value, slug_of(finder), len(backstop.by_finder[finder]), _row_y(place), place % 2 == 0)
        for place, finder in enumerate(finders)
    )
    columns = tuple(_column(place, names, group, finders, tallest) for place, (names, group) in enumerate(groups))
    width = LEFT + COLUMN * max(len(groups), 6) + 20
    return Picture(width, ceil(_row_y(len(finders))) + 6, columns, rows, len(backstop.overlap) - len(groups))


def _row_y(place: int) -> float:
    return BARS + 34 + place * ROW


def _column(
    place: int, names: frozenset[Finder], group: Sequence[Found], finders: Sequence[Finder], tallest: int
) -> Column:
    height = round(BARS * len(group) / tallest, 1)
    dots = tuple(Dot(_row_y(row), finder in names) for row, finder in enumerate(finders))
    lit = [dot.y for dot in dots if dot.on]
    return Column(
        slug=slug_of_group(names),
        words=words_of_group(names),
        count=len(group),
        x=LEFT + COLUMN * place,
        bar_y=20 + BARS - height,
        bar_height=height,
        dots=dots,
        join=(min(lit), max(lit)) if len(lit) > 1 else None,
        one_finder=len(names) == 1,
    )
