"""CSV bytes to lines: the encoding is the declared one, the delimiter the mapping's or the one that the headers fit."""

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from itertools import islice

from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.lines import LONGEST_CELL, LONGEST_LINE, MOST_COLUMNS, Line, counted
from openfls.feeds.reading import Unreadable

ENCODINGS = {  # what may be declared: Python's name of it
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf16": "utf-16",
    "utf-16-le": "utf-16-le", "utf-16le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-16be": "utf-16-be",
    "cp1252": "cp1252", "windows-1252": "cp1252",
}  # fmt: skip
MARKS = {  # byte order marks: what they say, and the encodings that agree
    BOM_UTF8: ("UTF-8", {"utf-8-sig"}),
    BOM_UTF16_LE: ("UTF-16, low byte first", {"utf-16", "utf-16-le"}),
    BOM_UTF16_BE: ("UTF-16, high byte first", {"utf-16", "utf-16-be"}),
}
KEPT_FROM_RUNNING = re.compile(r"'+[=+\-@\t\r]")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
DELIMITERS = (",", ";", "\t")


def decoded(content: bytes, declared: str) -> str:
    """The text in the declared encoding. Raises `Fault` where the bytes are not in it, with row and byte."""
    encoding = ENCODINGS.get(declared.strip().casefold())
    if encoding is None:
        mend = "Declare utf-8, utf-16 or cp1252 in the feed's manifest."
        raise Fault(f"The declared encoding {declared!r} is none that lists are read in.", "file", mend)
    _refuse_another_mark(content, encoding)
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        row = _rows_before(content[: error.start], encoding) + 1
        reason = f"The bytes are not {declared}: {content[error.start : error.start + 1].hex()} at byte {error.start}."
        mend = "Declare the encoding in which the list was saved (utf-8, utf-16 or cp1252), or save it as UTF-8."
        raise Fault(reason, f"row {row}, byte {error.start}", mend) from None


def _refuse_another_mark(content: bytes, encoding: str) -> None:
    """A byte order mark that contradicts the declared encoding; UTF-16 without a mark doesn't say its byte order."""
    said, agreeing = next((of for mark, of in MARKS.items() if content.startswith(mark)), ("", {encoding}))
    if encoding not in agreeing:
        reason = f"The file begins with the mark of {said}, and {encoding.removesuffix('-sig')} is declared."
        raise Fault(reason, "byte 0", "Declare the encoding in which the list was saved.")
    if encoding == "utf-16" and not said and content:
        mend = "Declare utf-16-le or utf-16-be, or save the list with a byte order mark."
        raise Fault("UTF-16 is declared and the file begins with no byte order mark.", "byte 0", mend)


def _rows_before(content: bytes, encoding: str) -> int:
    text = content.decode(encoding, errors="replace")
    return text.count("\n") or text.count("\r")


def lines(text: str, delimiter: str) -> Iterator[Line]:
    """Each record of the text. Quotes are read strictly: a quote that is never closed would swallow people."""
    return counted(_records(text, delimiter))


def first_lines(text: str, delimiter: str, count: int) -> list[Line]:
    """The first few records."""
    return list(islice(lines(text, delimiter), count))


class _Physical:
    """The lines of the file as they stand, one too long for any list refused before it is cut into cells.

    As ``StringIO(text, newline="")`` gives them, which would take four bytes for each letter of a long list.
    """

    def __init__(self, text: str) -> None:
        self._lines = LINE.finditer(text)

    def __iter__(self) -> "_Physical":
        return self

    def __next__(self) -> str:
        line = next(self._lines)[0]
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"a line of {len(line):,} letters; at most {LONGEST_LINE:,} are read")
        return line


def _records(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(_Physical(text), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        started = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(number, started, error, text)
            continue
        yield _line(number, cells)


def _line(number: int, cells: list[str]) -> Line:
    place = f"row {number}"
    if len(cells) > MOST_COLUMNS:
        reason = f"The row has {len(cells)} cells; at most {MOST_COLUMNS} are read."
        return Line(number, (), Unreadable(reason, place, "Save the list again with its own columns only."))
    for column, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            reason = f"Cell {column} has {len(cell):,} letters; at most {LONGEST_CELL:,} are read."
            mend = "Look for a quote that is not closed, or shorten the cell."
            return Line(number, (), Unreadable(reason, place, mend))
        if "\0" in cell:
            mend = "Check the declared encoding; else remove the NUL from the cell."
            return Line(number, (), Unreadable(f"Cell {column} holds a NUL character.", place, mend))
    return Line(number, tuple(_plain(cell) for cell in cells))


def _plain(cell: str) -> str:
    """The cell without the apostrophe by which whoever wrote the file kept spreadsheets from running it."""
    return cell[1:] if cell[:1] == "'" and KEPT_FROM_RUNNING.match(cell) else cell


def _broken(number: int, started: int, error: csv.Error, text: str) -> Line:
    """A record that breaks CSV's rules. At an unclosed quote everything to the end of the file is in it."""
    reason = f"The row, from line {started} of the file, breaks the rules of CSV: {error}."
    if "unexpected end" in str(error):
        lost = text.count("\n") - started + 1
        reason = f"A quote opened in this row, from line {started} of the file, is never closed."
        reason += f" Nothing after it was read (about {max(lost, 0)} lines)."
    mend = "Close the quote, write a quote inside a cell twice, and send the list again."
    return Line(number, (), Unreadable(reason, f"row {number}", mend))
