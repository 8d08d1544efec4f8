"""The tables of a list: where its headers stand, which rows below them are about people, and what was not read."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from openfls.feeds.csv import text, workbook
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.headers import Columns, columns
from openfls.feeds.csv.lines import LARGEST, Line
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.row import Table
from openfls.feeds.reading import Origin, Unreadable

HEADERS_WITHIN = 10  # rows: lists have titles above their headers
EXAMPLES_WITHIN = 30  # rows, of which some show what a column holds


def tables_of(content: bytes, mapping: Mapping, origin: Origin) -> tuple[list[tuple[Table, Iterable[Line]]], list[str]]:
    """Each table of the list with the lines below its headers, and notes on what was not read."""
    if len(content) > LARGEST:
        raise Fault(f"The list has {len(content):,} bytes; at most {LARGEST:,} are read.", "file", "Divide the list.")
    message = sha256(content).hexdigest()
    if content.startswith(workbook.OLE_MAGIC):
        reason = "This is an old .xls workbook, or one with a password."
        raise Fault(reason, "file", "Save it as XLSX without a password.")
    if content.startswith(workbook.XLSX_MAGIC):
        return _workbook_tables(content, mapping, origin, message)
    letters = text.decoded(content, origin.encoding)
    head, found, delimiter = _head(letters, mapping)
    table = Table(mapping, found, origin, message)
    return [(table, _below(text.lines(letters, delimiter), head, found, strict=True))], _unknown(found)


def whole_rows(content: bytes, mapping: Mapping, origin: Origin) -> Iterator[tuple[str, Columns, Line]]:
    """Every row below the headers just as it stands, with its columns and, where there are several, its sheet.

    Raises `Fault` as `tables_of` does.
    """
    if content.startswith(workbook.XLSX_MAGIC):
        sheets = [(sheet, *_best_header(sheet.lines[:HEADERS_WITHIN], mapping)) for sheet in workbook.sheets(content)]
        fitting = [(sheet, head, found) for sheet, head, found in sheets if found.fit]
        for sheet, head, found in fitting:
            title = sheet.title if len(fitting) > 1 else ""
            yield from ((title, found, line) for line in sheet.lines if line.number > head)
        return
    letters = text.decoded(content, origin.encoding)
    head, found, delimiter = _head(letters, mapping)
    yield from (("", found, line) for line in text.lines(letters, delimiter) if line.number > head)


def headers_found(content: bytes, mapping: Mapping, origin: Origin) -> tuple[Columns, list[Line]]:
    """The columns of the list's headers, and a few rows below; where the headers don't fit, those of the row that looks
    most like headers.

    Raises `Fault` for what is no list in the declared encoding.
    """
    if content.startswith(workbook.XLSX_MAGIC):
        tops = [sheet.lines for sheet in workbook.sheets(content, EXAMPLES_WITHIN) if not sheet.hidden]
    else:
        letters = text.decoded(content, origin.encoding)
        delimiters = [mapping.delimiter] if mapping.delimiter else text.DELIMITERS
        tops = [tuple(text.first_lines(letters, delimiter, EXAMPLES_WITHIN)) for delimiter in delimiters]
    tried = [(*_best_header(top[:HEADERS_WITHIN], mapping), top) for top in tops]
    head, found, top = max(tried, key=lambda one: _likeness(one[1]), default=(0, columns([], mapping), ()))
    return found, [line for line in top if line.number > head]


def _workbook_tables(
    content: bytes, mapping: Mapping, origin: Origin, message: str
) -> tuple[list[tuple[Table, Iterable[Line]]], list[str]]:
    sheets = workbook.sheets(content)
    best = [(sheet, *_best_header(sheet.lines[:HEADERS_WITHIN], mapping)) for sheet in sheets if not sheet.hidden]
    fitting = [(sheet, head, found) for sheet, head, found in best if found.fit]
    if not fitting:
        raise _unfit([found for _, _, found in best], mapping)
    others = [sheet.title for sheet, _, found in best if sheet.lines and not found.fit]
    notes = [f"sheet {title!r} was not read: its headers don't fit" for title in others]
    notes += [f"sheet {sheet.title!r} is hidden and was not read" for sheet in sheets if sheet.hidden]
    tables: list[tuple[Table, Iterable[Line]]] = []
    for sheet, head, found in fitting:
        table = Table(mapping, found, origin, message, sheet.title if len(fitting) > 1 else "")
        tables.append((table, _below(sheet.lines, head, found, strict=False)))
        notes += _unknown(found)
    return tables, notes


def _head(letters: str, mapping: Mapping) -> tuple[int, Columns, str]:
    """The row of the headers, the columns, and the delimiter under which they fit best."""
    tried = []
    for delimiter in [mapping.delimiter] if mapping.delimiter else text.DELIMITERS:
        head, found = _best_header(text.first_lines(letters, delimiter, HEADERS_WITHIN), mapping)
        if found.fit:
            return head, found, delimiter
        tried.append(found)
    raise _unfit(tried, mapping)


def _best_header(lines: Sequence[Line], mapping: Mapping) -> tuple[int, Columns]:
    """The first row that fits, else the one that comes nearest, with its number."""
    tried = [(0, columns([], mapping))]
    for line in lines:
        if not line.blank:
            tried.append((line.number, columns([str(cell) for cell in line.cells], mapping)))
            if tried[-1][1].fit:
                return tried[-1]
    return max(tried, key=lambda pair: _likeness(pair[1]))


def _likeness(found: Columns) -> tuple[bool, int, int]:
    """How much a row looks like headers: it fits, else most of its columns are known, else it is the widest."""
    return found.fit, len(found.by_meaning), sum(bool(header) for header in found.headers)


def _unfit(tried: Sequence[Columns], mapping: Mapping) -> Fault:
    found = max(tried, key=_likeness, default=columns([], mapping))
    said = []
    if found.unmet:
        said.append("No column for " + "; nor for ".join(_wanted(group, mapping) for group in found.unmet) + ".")
    if found.twice:
        twice = [" and ".join(column.header for column in found.by_meaning[meaning]) for meaning in found.twice]
        said.append(f"Several columns mean the same: {'; '.join(twice)}.")
    headers = ", ".join(header[:60] for header in found.headers[:60] if header) or "none"
    said.append(f"Headers found: {headers}.")
    if any("\0" in header for header in found.headers):
        said.append("They hold NUL characters: is the declared encoding right?")
    mend = f"Rename the columns as the mapping {mapping.name} names them, or have a mapping made for this list."
    return Fault(" ".join(said), f"headers, in the first {HEADERS_WITHIN} rows", mend)


def _wanted(group: Sequence[str], mapping: Mapping) -> str:
    return " or ".join(mapping.columns[meaning][0] for meaning in group)


def _below(lines: Iterable[Line], head: int, found: Columns, strict: bool) -> Iterator[Line]:
    """The lines with people: below the headers, neither blank nor the headers again, and as long as the headers are."""
    for line in lines:
        if line.number <= head or line.blank or tuple(str(cell).strip() for cell in line.cells) == found.headers:
            continue
        yield _measured(line, len(found.headers)) if strict and not line.fault else line


def _measured(line: Line, width: int) -> Line:
    """The line, or what is wrong with one that has another number of cells: its cells may stand under wrong headers."""
    extra = [cell for cell in line.cells[width:] if str(cell).strip()]
    if len(line.cells) >= width and not extra:
        return line
    reason = f"The row has {len(line.cells)} cells under {width} headers."
    mend = "Put quotes round a cell that holds the delimiter; if the file was cut off here, send it again."
    return Line(line.number, (), Unreadable(reason, line.place, mend))


def _unknown(found: Columns) -> list[str]:
    if not found.unknown:
        return []
    return [f"columns that the mapping doesn't know and that were not read: {', '.join(found.unknown)}"]
