"""XLSX bytes to lines: values only, bounded, through openpyxl with defusedxml."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from openfls.feeds.csv.archive import MEND, holds, refuse_hostile
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.lines import LAST_ROW, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Line, counted

XLSX_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old .xls, or an XLSX with a password
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAMAGED = (  # what openpyxl and the libraries below it raise for a workbook that is none
    BadZipFile, ZlibError, EOFError, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError,
    NotImplementedError, OSError, RuntimeError, OverflowError, AssertionError,
)  # fmt: skip
EXACT_DIGITS = 15  # of a number in a spreadsheet (IEEE 754); longer ones were rounded when they were typed


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its lines, none where it is hidden."""

    title: str
    lines: tuple[Line, ...]
    hidden: bool = False


def sheets(content: bytes, rows: int | None = None) -> tuple[Sheet, ...]:
    """Each sheet in order, with its first ``rows`` or all of them. Raises `Fault` for what is no workbook or would
    unpack too large."""
    refuse_hostile(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are no values
            return tuple(_sheets(content, rows))
    except DAMAGED as error:
        raise _damaged(error) from error


def _damaged(error: BaseException) -> Fault:
    """openpyxl wraps what the XML parser found in errors of its own."""
    found: BaseException | None = error
    while found:
        if isinstance(found, DefusedXmlException):
            return Fault(f"The workbook declares XML entities ({type(found).__name__}).", "workbook", MEND)
        found = found.__cause__ or found.__context__
    return Fault(f"This is no readable XLSX workbook ({type(error).__name__}).", "workbook", MEND)


def _sheets(content: bytes, rows: int | None) -> Iterator[Sheet]:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            hidden = sheet.sheet_state != "visible"
            yield Sheet(sheet.title, () if hidden else tuple(counted(_rows(sheet, content, rows))), hidden)
    finally:
        workbook.close()


def _rows(sheet: Any, content: bytes, most: int | None) -> Iterator[Line]:
    sheet.reset_dimensions()  # the workbook's own word about its size is often wrong
    uncalculated = {} if most else _uncalculated(sheet, content)
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=most or LAST_ROW, values_only=True)
    for number, values in enumerate(rows, start=1):
        read = [_cell(value) for value in _trimmed(values)]
        faulty = [(place, wrong) for place, (_, wrong) in enumerate(read) if wrong]
        yield Line(number, tuple(cell for cell, _ in read), faulty=(*uncalculated.get(number, ()), *faulty))


def _trimmed(values: Sequence[object]) -> Sequence[object]:
    last = len(values)
    if values.count(None) == last:  # formatted blank rows may go on to the last of the sheet: counting is quicker
        return ()
    while last and values[last - 1] in (None, ""):
        last -= 1
    return values[:last]


def _cell(value: object) -> tuple[Cell, str]:
    """A cell's value as text or time, and why it can't be read where it can't."""
    match value:
        case None:
            return "", ""
        case str():
            return _text(value)
        case bool():
            return str(value), ""
        case int() | float():
            return _number(value)
        case datetime() | date() | time():
            return value, ""
    return "", f"holds a {type(value).__name__}"


def _text(value: str) -> tuple[str, str]:
    if len(value) > LONGEST_CELL:
        return "", f"has {len(value):,} letters; at most {LONGEST_CELL:,} are read"
    if value in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"):
        return "", f"shows the error {value}"
    return value.replace("\0", ""), ""


def _number(value: int | float) -> tuple[str, str]:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if isinstance(value, int) and len(text.lstrip("-")) > EXACT_DIGITS:
        return "", f"holds a number of more than {EXACT_DIGITS} digits, which the spreadsheet has rounded"
    return text, ""


def _uncalculated(sheet: Any, content: bytes) -> dict[int, list[tuple[int, str]]]:
    """Cells with a formula and no stored value, which openpyxl shows as blank: row -> (place from 0, why)."""
    found: dict[int, list[tuple[int, str]]] = {}
    with ZipFile(BytesIO(content)) as archive:
        path = sheet._worksheet_path
        if not holds(archive, path, b"<f"):
            return found
        with archive.open(path) as source:
            for _, element in iterparse(source):
                if element.tag == f"{SHEET}c" and _lacks_its_value(element):
                    letters, row = coordinate_from_string(element.get("r", ""))
                    if row > MOST_ROWS:
                        return found  # nothing below is read
                    why = "holds a formula whose value was never stored"
                    found.setdefault(row, []).append((column_index_from_string(letters) - 1, why))
                elif element.tag == f"{SHEET}row":
                    element.clear()
    return found


def _lacks_its_value(cell: Any) -> bool:
    """Whether a cell has a formula and no value; text may be empty, a number can't."""
    if cell.find(f"{SHEET}f") is None:
        return False
    value = cell.find(f"{SHEET}v")
    return value is None or (not value.text and cell.get("t") != "str")
