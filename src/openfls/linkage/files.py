"""CSV files to rows: which column says what, by its name or by a word of the caller; what can't be read is told."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

from openfls.clinical.likeness_levels import comparable_postcode
from openfls.clinical.patients import PatientRecord, Sex, checked_nhs_number, matching_name
from openfls.feeds.csv.dates import DateFormats, day_of
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.text import decoded
from openfls.feeds.reading import Unreadable
from openfls.linkage.rows import Row

# The headers by which a column is known, in small letters without spaces and signs.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uniqueid", "recid", "recordid", "rowid"),
    "nhs_number": ("nhsnumber", "nhsno", "nhs"),
    "family_name": ("familyname", "surname", "lastname"),
    "given_name": ("givenname", "forename", "firstname", "forenames"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "born"),
    "sex": ("sex", "gender"),
    "postcode": ("postcode", "postalcode", "zip"),
}
COMPARED = ("family_name", "given_name", "birth_date", "postcode")
SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "2": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE, "1": Sex.MALE}
DATES = ("yyyy-mm-dd", "dd/mm/yyyy", "yyyymmdd", "dd-mm-yyyy", "dd mmm yyyy", "dd-mmm-yyyy")


@dataclass(frozen=True)
class Columns:
    """What the caller says. ``named``: detail -> header, before what `HEADERS` knows. ``also``: headers of further
    details. ``truth``: the header that says who it is."""

    named: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    truth: str = ""


@dataclass(frozen=True)
class ReadFile:
    """The rows, and what could not be read in them. ``columns``: detail -> header that it was read from."""

    rows: tuple[Row, ...]
    unreadable: tuple[Unreadable, ...]
    columns: Mapping[str, str]


def read_file(
    path: Path, columns: Columns, *, source: str, today: date, encoding: str = "utf-8", dates: Sequence[str] = DATES
) -> ReadFile:
    """The rows of a file; ids are ``source/id``, or the row's number where no column has one. Raises `Fault`."""
    text = decoded(path.read_bytes(), encoding)
    reader = csv.DictReader(StringIO(text, newline=""), skipinitialspace=True, strict=True)
    found = _columns(reader.fieldnames or (), columns)
    reading = _Reading(found, columns, source, DateFormats(tuple(dates)), today)
    try:
        rows = tuple(reading.row(number, cells) for number, cells in enumerate(_filled(reader), start=2))
    except csv.Error as error:
        mend = "Close every quote, write a quote inside a cell twice."
        raise Fault(f"The file breaks the rules of CSV: {error}.", f"line {reader.line_num}", mend) from None
    return ReadFile(rows, tuple(reading.unreadable), found)


def _filled(reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    for cells in reader:
        yield {header: cell.strip() for header, cell in cells.items() if header and isinstance(cell, str)}


def _columns(headers: Sequence[str], wanted: Columns) -> dict[str, str]:
    """Detail -> header. Raises `Fault` where a column that was asked for isn't there, or nothing can be compared."""
    asked = [*wanted.named.values(), *wanted.also, *([wanted.truth] if wanted.truth else [])]
    if missing := [header for header in asked if header not in headers]:
        raise Fault(f"There is no column {missing[0]!r}.", "header", f"The file has: {', '.join(headers)}.")
    plain = {matching_name(header): header for header in reversed(headers)}
    known = {what: next((plain[h] for h in told if h in plain), "") for what, told in HEADERS.items()}
    found = {what: header for what, header in {**known, **wanted.named}.items() if header}
    if not {*COMPARED} & {*found} and not wanted.also:
        mend = "Name them: --column family_name=HEADER --column birth_date=HEADER."
        raise Fault("No column is known as a name, date of birth or postcode.", "header", mend)
    return found


class _Reading:
    """The rows of one file, one after the other: ids must be unique, and what is wrong is collected."""

    def __init__(
        self, columns: Mapping[str, str], wanted: Columns, source: str, dates: DateFormats, today: date
    ) -> None:
        self._columns, self._wanted, self._source, self._dates, self._today = columns, wanted, source, dates, today
        self._ids: dict[str, int] = {}
        self.unreadable: list[Unreadable] = []

    def row(self, number: int, cells: Mapping[str, str]) -> Row:
        told = {what: cells.get(header, "") for what, header in self._columns.items()}
        record = PatientRecord(
            nhs_number=self._nhs_number(number, told.get("nhs_number", "")),
            family_name=told.get("family_name", ""),
            given_name=told.get("given_name", ""),
            birth_date=self._birth_date(number, told.get("birth_date", "")),
            sex=SEXES.get(told.get("sex", "").casefold(), Sex.UNKNOWN),
        )
        also = tuple(matching_name(cells.get(header, "")) for header in self._wanted.also)
        truth = cells.get(self._wanted.truth, "") if self._wanted.truth else ""
        postcode = comparable_postcode(told.get("postcode", ""))
        return Row(self._id(number, told.get("id", "")), record, postcode, self._source, also, truth)

    def _id(self, number: int, told: str) -> str:
        one = told or f"row {number}"
        if one in self._ids:
            mend = "Give every row an id of its own, or name another column: --column id=HEADER."
            raise Fault(f"The id {one!r} is that of row {self._ids[one]} too.", f"row {number}", mend)
        self._ids[one] = number
        return f"{self._source}/{one}"

    def _nhs_number(self, number: int, text: str) -> str | None:
        checked = checked_nhs_number(text)
        if text and not checked:
            self._tell(number, f"The NHS number {text!r} fails its check; it links nothing.", "Correct it.")
        return checked

    def _birth_date(self, number: int, text: str) -> date | None:
        try:
            return day_of(self._dates.moment(text, self._today)) if text else None
        except ValueError as error:
            mend = "Correct it, or say how dates are written: --dates dd/mm/yyyy."
            self._tell(number, f"The date of birth {text!r} {error}; it is compared as not given.", mend)
            return None

    def _tell(self, number: int, reason: str, mend: str) -> None:
        self.unreadable.append(Unreadable(reason, f"{self._source}, row {number}", mend))
