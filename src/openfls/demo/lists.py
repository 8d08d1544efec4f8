"""Lists as files: the rows of one sending, laid out and encoded as their sender does, CSV or XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from openpyxl import Workbook

from openfls.demo.habits import ListHabit
from openfls.demo.layouts import LAYOUTS, Layout, written_date
from openfls.demo.rows import Cells

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can hold
Row = list[str]


def layout_of(habit: ListHabit) -> Layout:
    layouts = LAYOUTS[habit.finder]
    return layouts[habit.style % len(layouts)]


def content(habit: ListHabit, rows: Sequence[Cells], broken: Sequence[Row] = ()) -> bytes:
    """The bytes of one list; ``broken`` rows (planted: nobody could read them) come last, as they are."""
    if habit.form == "xlsx":
        return _xlsx(habit, rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([heading for heading, _ in layout_of(habit)])
    writer.writerows(_texts(habit, row) for row in rows)
    writer.writerows(broken)
    return out.getvalue().encode(habit.encoding)


def _texts(habit: ListHabit, row: Cells) -> Iterator[str]:
    for _, what in layout_of(habit):
        value = row.get(what)
        yield written_date(value, habit.style) if isinstance(value, date) else value or ""


def _xlsx(habit: ListHabit, rows: Sequence[Cells]) -> bytes:
    """Dates are date cells and NHS numbers are numbers, as they are once somebody has opened the list in Excel."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.append([heading for heading, _ in layout_of(habit)])
    for row in rows:
        sheet.append([_cell(what, row.get(what)) for _, what in layout_of(habit)])
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _cell(what: str, value: str | date | None) -> str | int | datetime | None:
    if isinstance(value, date):
        return datetime.combine(value, time())
    if what == "nhs_number" and value:
        return int(value.replace(" ", ""))
    return value


def _timeless(content: bytes) -> bytes:
    """The same workbook without the time of its making, so that one seed gives the same bytes whenever it is run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still:
        for name in book.namelist():
            if name != "docProps/core.xml":
                still.writestr(zipfile.ZipInfo(name, LONG_AGO), book.read(name))
            else:
                still.writestr(zipfile.ZipInfo(name, LONG_AGO), _CORE)
    return out.getvalue()


_CORE = (
    '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Theatre office</dc:creator></cp:coreProperties>'
)
