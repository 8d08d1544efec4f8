"""Reads a list: CSV or XLSX bytes to facts, row by row; a row that can't be read never holds up the others."""

from collections.abc import Iterator, Sequence

from openfls.clinical.facts import Answer, Fact, FractureSighting
from openfls.clinical.patients import PatientRecord
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.lines import Line
from openfls.feeds.csv.mapping import Gives
from openfls.feeds.csv.mappings import Mappings, packaged
from openfls.feeds.csv.medicines import medicines
from openfls.feeds.csv.operations import surgery
from openfls.feeds.csv.people import demographics, record_of
from openfls.feeds.csv.row import Row, Table
from openfls.feeds.csv.sightings import sightings
from openfls.feeds.csv.spells import spell
from openfls.feeds.csv.tables import tables_of
from openfls.feeds.csv.tally import Tally
from openfls.feeds.reading import Origin, Problems, Reading, Unreadable


def read(content: bytes, origin: Origin, mappings: Mappings | None = None) -> Reading | Unreadable:
    """The facts of the list in ``content``, read by the mapping that ``origin`` names; without ``mappings`` one of
    those that come with the program.

    Gives `Unreadable` where the whole list can't be read: mapping unknown, encoding wrong, headers that don't fit.
    Rows that can't be read stand in ``Reading.unreadable`` with row, column, reason and how to mend them.
    """
    known = mappings or packaged()
    mapping = known.named(origin.mapping)
    if mapping is None:
        return known.why_not(origin.mapping)
    try:
        tables, notes = tables_of(content, mapping, origin)
    except Fault as fault:
        return fault.unreadable
    tally = Tally()
    facts: list[Fact] = []
    unreadable = Problems()
    for table, lines in tables:
        for line in lines:
            found = _facts(line, table, tally)
            unreadable.append(found) if isinstance(found, Unreadable) else facts.extend(found)
    return Reading(tuple(facts), unreadable.told(), notes=(*notes, *tally.notes()))


def _facts(line: Line, table: Table, tally: Tally) -> list[Fact] | Unreadable:
    row = Row(line, table)
    if line.fault:
        return line.fault
    try:
        record = record_of(row)
        facts = [*_told(row, record)]
        _after_birth(row, record, facts)
    except Fault as fault:
        return fault.unreadable
    tally.count(row, record, facts)
    return facts


def _told(row: Row, record: PatientRecord) -> Iterator[Fact]:
    if row.table.mapping.gives is not Gives.SIGHTINGS:
        return _of_medicines(row, record)
    return _of_stay(row, record) if "icd10_codes" in row.table.mapping.columns else _of_list(row, record)


def _of_medicines(row: Row, record: PatientRecord) -> Iterator[Fact]:
    """Where the person lives is told only beside a bone drug: of others nothing is kept."""
    facts = medicines(row, record)
    yield from facts
    if facts:
        yield from demographics(row, record)


def _of_list(row: Row, record: PatientRecord) -> Iterator[Fact]:
    seen = sightings(row, record)
    yield from seen
    if any(sighting.certain is not Answer.NO for sighting in seen):
        yield from surgery(row, record)
        yield from demographics(row, record)


def _of_stay(row: Row, record: PatientRecord) -> Iterator[Fact]:
    facts = spell(row, record)
    yield from facts
    if any(isinstance(fact, FractureSighting) for fact in facts):
        yield from demographics(row, record)


def _after_birth(row: Row, record: PatientRecord, facts: Sequence[Fact]) -> None:
    early = next((f for f in facts if record.birth_date and f.occurred.end < record.birth_date), None)
    if early:
        reason = f"{early.kind.capitalize()} {early.occurred} is before the date of birth."
        raise Fault(reason, row.place, "Correct one of the two dates.")
