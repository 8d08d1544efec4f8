"""A published table of deprivation to deciles by postcode: which column is which, and every row that can't be meant so.

Nobody sends a person's decile. The index of a country gives one for each small area, and its publisher a file that
looks the area up by postcode. Decile 1 is the most deprived tenth, as the English, Welsh, Scottish and Northern Irish
indices number them (general knowledge of their publications).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from openfls.feeds.csv.mapping import simplified
from openfls.feeds.reading import Problems, Unreadable

MOST_DEPRIVED, LEAST_DEPRIVED = 1, 10
POSTCODES = ("postcode", "pcds", "pcd", "pcd7", "pcd8")
DECILES = (
    "decile", "IMD decile", "index of multiple deprivation decile", "index of multiple deprivation (IMD) decile",
    "index of multiple deprivation (IMD) decile (where 1 is most deprived 10% of LSOAs)",
)  # fmt: skip
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")  # BS 7666, its space left out
MEND = "Take the publisher's lookup by postcode, or name the column: --postcode-column, --decile-column."


@dataclass(frozen=True)
class Deciles:
    """The decile of each postcode, written without its space. ``without``: how many rows the publisher left blank."""

    of: Mapping[str, int]
    without: int


@dataclass
class _Found:
    deciles: dict[str, int] = field(default_factory=dict)
    without: int = 0
    wrong: Problems = field(default_factory=Problems)


def read(lines: Iterable[str], postcode: str = "", decile: str = "") -> Deciles | tuple[Unreadable, ...]:
    """The table, or all that is wrong with it. ``postcode`` and ``decile`` are the columns' headers, where they are
    none of those that are known."""
    rows, found = _rows(lines), _Found()
    try:
        columns = _columns(next(rows, (0, []))[1], postcode, decile)
        if isinstance(columns, Unreadable):
            return (columns,)
        for number, cells in rows:
            _take(found, f"line {number}", *(cells[at].strip() if at < len(cells) else "" for at in columns))
    except UnicodeDecodeError as error:
        return (Unreadable(f"The bytes are not {error.encoding}.", "file", "Save it as UTF-8, or give --encoding."),)
    except csv.Error as error:
        return (Unreadable(f"It is no CSV: {error}.", "file", "Look for a quote that is not closed."),)
    if not found.deciles and not found.wrong:
        return (Unreadable("It gives no postcode a decile.", "file", MEND),)
    return found.wrong.told() or Deciles(found.deciles, found.without)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of its line."""
    reader = csv.reader(lines, strict=True)
    return ((reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))


def _columns(headers: list[str], postcode: str, decile: str) -> tuple[int, int] | Unreadable:
    """Where postcode and decile stand."""
    plain = [simplified(header) for header in headers]
    wanted = {"a postcode": (postcode,) if postcode else POSTCODES, "a decile": (decile,) if decile else DECILES}
    places = []
    for what, names in wanted.items():
        known = {simplified(name) for name in names}
        at = [place for place, header in enumerate(plain) if header in known]
        if len(at) != 1:
            reason = f"{len(at) or 'No'} columns are headed as {what}: {', '.join(headers)[:200]!r}."
            return Unreadable(reason, "line 1", MEND)
        places += at
    return places[0], places[1]


def _take(found: _Found, place: str, written: str, decile: str) -> None:
    postcode = written.upper().replace(" ", "")
    if not POSTCODE.fullmatch(postcode):
        found.wrong.append(Unreadable(f"{written[:20]!r} is no postcode.", place, "Correct it, or leave the row out."))
    elif not decile:
        found.without += 1
    elif not decile.isascii() or not decile.isdigit() or not MOST_DEPRIVED <= int(decile) <= LEAST_DEPRIVED:
        mend = "Write 1 (most deprived) to 10; leave it blank where the publisher gives none."
        found.wrong.append(Unreadable(f"{decile[:20]!r} is no decile.", place, mend))
    elif found.deciles.setdefault(postcode, int(decile)) != int(decile):
        reason = f"{written} has decile {decile} here and {found.deciles[postcode]} in a line before."
        found.wrong.append(Unreadable(reason, place, "Keep the one that the publisher gives."))
