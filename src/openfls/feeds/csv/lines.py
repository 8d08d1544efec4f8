"""What both forms of a list give: lines of cells, numbered as a spreadsheet numbers its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from openfls.feeds.reading import Unreadable

Cell: TypeAlias = str | datetime | date | time

LONGEST_CELL = 10_000  # letters
MOST_COLUMNS = 256
MOST_ROWS = 500_000
LAST_ROW = 1_048_576  # of any spreadsheet: blank rows may go on to it, and nothing comes after
LONGEST_LINE = 1_000_000  # letters between two line ends of a file
LARGEST = 200 * 1024 * 1024  # bytes, once unpacked


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list: its number from 1, its cells, and what makes the whole row unreadable."""

    number: int
    cells: tuple[Cell, ...]
    fault: Unreadable | None = None
    faulty: tuple[tuple[int, str], ...] = ()  # cells that can't be read: place from 0, why

    @property
    def blank(self) -> bool:
        filled = any(not isinstance(cell, str) or cell.strip() for cell in self.cells)
        return not (filled or self.fault or self.faulty)

    @property
    def place(self) -> str:
        return f"row {self.number}"


def counted(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, and a fault in place of those beyond the most that are read."""
    for line in lines:
        if line.number > MOST_ROWS and (not line.blank or line.number > LAST_ROW):
            reason = f"The list has more than {MOST_ROWS:,} rows; this row and those after it were not read."
            mend = "Divide the list into several files."
            yield Line(line.number, (), Unreadable(reason, f"row {line.number} and after", mend))
            return
        yield line
