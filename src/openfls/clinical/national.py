"""What was published for a whole nation: lines to compare with, never a target, each with its source and its doubt."""

from dataclasses import dataclass

WEBTOOL = "RCP FLS-DB, national results of the webtool"
READ_WITHOUT_SEPARATORS = (
    "read from a table that had lost its separators; exactly one split of each row into its columns is possible. "
    "Figures of the annual report may differ after cleaning"
)
SPINE_NOT_SETTLED = "KPI 3 is no check: how the table counts the spine fractures to be expected isn't settled"


@dataclass(frozen=True, slots=True)
class NationalLine:
    """One published percentage. ``usable``: False where it may be shown but nothing may be checked against it."""

    year: int
    percent: float
    records: int
    source: str = WEBTOOL
    note: str = READ_WITHOUT_SEPARATORS
    usable: bool = True


# KPI 2 to 11 of FLS-DB, in the order of the row, by the name of the standard that counts the same.
COLUMNS = (
    "fls-db-identification",
    "fls-db-spine-identification",
    "assessed-within-90-days",
    "dxa-within-90-days",
    "falls-assessed",
    "treatment-recommended",
    "strength-and-balance-by-16-weeks",
    "followed-up-at-12-to-16-weeks",
    "on-treatment-by-first-follow-up",
    "on-treatment-at-48-to-56-weeks",
)
ROWS = (
    (2019, 69_926, (37.1, 17.9, 70.0, 46.8, 62.0, 52.5, 6.1, 20.7, 22.9, 20.8)),
    (2021, 49_327, (26.2, 7.5, 72.7, 47.9, 52.7, 48.5, 4.1, 14.4, 23.8, 20.4)),
)


def national(standard: str) -> tuple[NationalLine, ...]:
    """The national lines of a standard, by year; none where nothing was published."""
    if standard not in COLUMNS:
        return ()
    place = COLUMNS.index(standard)
    return tuple(_line(standard, year, records, percents[place]) for year, records, percents in ROWS)


def _line(standard: str, year: int, records: int, percent: float) -> NationalLine:
    if standard == "fls-db-spine-identification":
        note = f"{READ_WITHOUT_SEPARATORS}. {SPINE_NOT_SETTLED}"
        return NationalLine(year, percent, records, note=note, usable=False)
    return NationalLine(year, percent, records)
