"""The rows of a list that could not be read, as a list of their own: mended in a spreadsheet, it is sent instead.

Each row stands as it came, behind its number, what is wrong and how to mend it. A cell that a spreadsheet would run as
a formula begins with an apostrophe, which reading takes away again.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from io import StringIO

from openfls.feeds.csv.headers import Columns
from openfls.feeds.csv.lines import Cell, Line
from openfls.feeds.csv.mapping import Mapping as ListMapping
from openfls.feeds.csv.mapping import simplified
from openfls.feeds.csv.tables import whole_rows
from openfls.feeds.reading import Origin, Unreadable

OUR_HEADERS = ("OpenFLS row", "OpenFLS what is wrong", "OpenFLS how to mend it")
MIGHT_RUN = re.compile(r"'*[=+\-@\t\r]")
PLACE = re.compile(r"(?:sheet (?P<sheet>.*), )?row (?P<row>\d+)(?!\d| and after)")
Place = tuple[str, int]  # sheet, row
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def rows_to_mend(content: bytes, mapping: ListMapping, origin: Origin, faults: Iterable[Unreadable]) -> Iterator[str]:
    """The lines of that list, ready for a file in UTF-8. Raises `Fault` where the list can't be read as a whole."""
    wanted = _by_place(faults)
    headers: list[str] | None = None
    for sheet, columns, line in whole_rows(content, mapping, origin) if wanted else ():
        if headers is None:
            headers = list(columns.headers)
            yield _written([*OUR_HEADERS, *headers], mapping)
        if fault := wanted.get((sheet, line.number)):
            cells = _under(headers, columns, line, mapping)
            yield _written([str(line.number), fault.reason, fault.mend, *cells], mapping)
    if headers is None:
        yield _written(OUR_HEADERS, mapping)


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it and doesn't run it."""
    return f"'{cell}" if MIGHT_RUN.match(cell) else cell


def _by_place(faults: Iterable[Unreadable]) -> Mapping[Place, Unreadable]:
    found: dict[Place, Unreadable] = {}
    for fault in faults:
        if place := PLACE.match(fault.place):
            found.setdefault((place["sheet"] or "", int(place["row"])), fault)
    return found


def _under(headers: Sequence[str], columns: Columns, line: Line, mapping: ListMapping) -> list[str]:
    """The row's cells; those of another sheet under the headers of the first that mean the same."""
    cells = [written_cell(cell, mapping) for cell in line.cells]
    if tuple(headers) == columns.headers:
        return cells
    by_header = dict(zip((_key(header, mapping) for header in columns.headers), cells, strict=False))
    return [by_header.get(_key(header, mapping), "") for header in headers]


def _key(header: str, mapping: ListMapping) -> str:
    plain = simplified(header)
    return mapping.accepted.whole.get(plain, plain)


def written_cell(cell: Cell, mapping: ListMapping) -> str:
    """A cell as text; a date in the first form that the mapping accepts."""
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if not isinstance(cell, date):
        return cell
    day = _day(cell, mapping.dates.formats[0])
    has_time = isinstance(cell, datetime) and cell.time() != time.min
    return f"{day} {cell:%H:%M:%S}" if has_time else day


def _day(day: date, form: str) -> str:
    parts = {"dd": f"{day.day:02}", "mmm": MONTH_NAMES[day.month - 1], "mm": f"{day.month:02}", "yyyy": str(day.year)}
    return "".join(parts.get(part, part) for part in re.findall(r"d+|m+|y+|.", form))


def _written(cells: Sequence[str], mapping: ListMapping) -> str:
    out = StringIO()
    csv.writer(out, delimiter=mapping.delimiter or ",").writerow([safe(cell) for cell in cells])
    return out.getvalue()
