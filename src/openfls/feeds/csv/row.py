"""A row of a list, asked by what its columns mean."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from openfls.clinical.facts import Finder, Source
from openfls.clinical.when import When
from openfls.feeds.csv.dates import day_of, exactly
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.headers import Column, Columns
from openfls.feeds.csv.lines import Cell, Line
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.reading import Origin

# What people write where they know nothing.
BLANKS = frozenset({"", "-", "--", ".", "?", "n/a", "na", "nil", "none", "null", "unknown", "not known", "nk", "tbc"})
SITE_CODE = re.compile(r"(?=.*\d)[A-Z0-9]{3,9}")  # an organisation code of the NHS (ODS), or one made like it
SPARE_DAYS = 1  # a list may be a day ahead of the receipt in UTC
OLDEST = 120  # years; an older person is taken for a slip of the pen


@dataclass(frozen=True)
class Table:
    """What the rows of a list share. ``message``: the digest of its bytes; ``sheet``: given where there are several."""

    mapping: Mapping
    columns: Columns
    origin: Origin
    message: str
    sheet: str = ""

    @property
    def received(self) -> date:
        return self.origin.known.astimezone(UTC).date()

    @property
    def latest(self) -> date:
        return self.received + timedelta(days=SPARE_DAYS)


@dataclass(frozen=True)
class Row:
    """One row. What can't be read raises `Fault` with the row and the column's own header."""

    line: Line
    table: Table
    read: dict[str, list[tuple[Column, str]]] = field(default_factory=dict, repr=False)  # by meaning, kept for speed

    @cached_property
    def place(self) -> str:
        return f"sheet {self.table.sheet}, {self.line.place}" if self.table.sheet else self.line.place

    def text(self, meaning: str) -> str:
        """The text of that column, empty where there is none or it says that nothing is known."""
        found = self.texts(meaning)
        return found[0][1] if found else ""

    def texts(self, meaning: str) -> list[tuple[Column, str]]:
        """Each column of that meaning that isn't blank, in order."""
        if meaning not in self.read:
            found = [(column, self._plain(column)) for column in self.table.columns.by_meaning.get(meaning, ())]
            self.read[meaning] = [(column, text) for column, text in found if text.casefold() not in BLANKS]
        return self.read[meaning]

    def value(self, meaning: str) -> str:
        """What the mapping says that the word in this cell stands for; empty for other words and a blank."""
        return self.table.mapping.values.get(meaning, {}).get(self.text(meaning).casefold(), "")

    def when(self, meaning: str) -> When | None:
        """When, by that column; None where it is blank. May lie in the future: a planned day."""
        column = next((column for column, _ in self.texts(meaning)), None)
        return self._when(column) if column else None

    def past(self, meaning: str) -> When | None:
        """When, by that column; a day after the receipt can't have been and raises `Fault`."""
        found = self.when(meaning)
        if found and found.start > self.table.latest:
            raise self.fault(meaning, f"{found} is after the list was received", "Correct the date.")
        return found

    def whens(self, meaning: str) -> dict[int, When]:
        """The dates of numbered columns by their number."""
        found = ((column.number, self._when(column)) for column, _ in self.texts(meaning))
        return {number: when for number, when in found if when}

    def birth_date(self) -> date | None:
        column = next((column for column, _ in self.texts("birth_date")), None)
        if not column:
            return None
        exact = replace(self.table.mapping.dates, inexact=False)
        try:
            cell = self._cell(column)
            born = day_of(cell if isinstance(cell, date) else exact.moment(self._plain(column), self.table.received))
        except ValueError as error:
            raise self.wrong(column, f"{self._plain(column)!r} {error}", self._mend_date()) from None
        age = self.table.received.year - born.year
        if born > self.table.latest or age > OLDEST:
            raise self.wrong(column, f"{born:%d %b %Y} can't be a date of birth", "Correct the date of birth.")
        return born

    def fault(self, meaning: str, reason: str, mend: str) -> Fault:
        """That the cell of this meaning is wrong."""
        return self.wrong(self.table.columns.by_meaning[meaning][0], reason, mend)

    def wrong(self, column: Column, reason: str, mend: str) -> Fault:
        return Fault(f"{reason}.", f"{self.place}, column {column.header}", mend)

    def _mend_date(self) -> str:
        return f"Write it as {', '.join(self.table.mapping.dates.formats)}."

    def _when(self, column: Column) -> When | None:
        cell = self._cell(column)
        if isinstance(cell, date):
            return exactly(cell)
        try:
            return self.table.mapping.dates.when(self._plain(column), self.table.received)
        except ValueError as error:
            raise self.wrong(column, f"{self._plain(column)!r} {error}", self._mend_date()) from None

    def _cell(self, column: Column) -> Cell:
        if self.line.faulty and (wrong := dict(self.line.faulty).get(column.place)):
            raise self.wrong(column, f"The cell {wrong}", "Type the value itself into the cell.")
        return self.line.cells[column.place] if column.place < len(self.line.cells) else ""

    def _plain(self, column: Column) -> str:
        cell = self._cell(column)
        if isinstance(cell, datetime | date | time):
            return cell.isoformat()
        lines = [" ".join(line.split()) for line in cell.splitlines()]
        return ", ".join(line for line in lines if line)

    @property
    def finder(self) -> Finder:
        """The feed's own, else that of the list."""
        return self.table.origin.finder or self.table.mapping.finder or Finder.CODED_RECORD

    @cached_property
    def site(self) -> str | None:
        """The organisation code in the site column, or that of the origin: a name is no code."""
        said = self.value("site") or self.text("site").upper()
        return said if SITE_CODE.fullmatch(said) else self.table.origin.site

    @cached_property
    def version(self) -> datetime:
        """When the sender made this version: the list's own date (its midnight in UTC), else the receipt."""
        listed = self.when("list_date")
        if not listed:
            return self.table.origin.known
        return (listed.at or datetime.combine(listed.start, time.min)).replace(tzinfo=UTC)

    def common(self, part: str, key: str) -> dict[str, Any]:
        """What every fact of this row says of itself. ``part`` names the fact within the row."""
        source = Source(self.table.origin.source, self.table.message, f"{self.place}, {part}" if part else self.place)
        return {
            "known": self.table.origin.known, "source": source, "site": self.site, "version": self.version, "key": key,
        }  # fmt: skip
