"""Reads a list: CSV or XLSX bytes to facts, row by row; a row that can't be read never holds up the others."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from openfls.clinical.facts import Answer, Fact, FractureSighting
from openfls.clinical.patients import PatientRecord
from openfls.feeds.csv.audit_records import audit_record, nobody
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.lines import MOST_ROWS, Line
from openfls.feeds.csv.mapping import Gives
from openfls.feeds.csv.mappings import Mappings, packaged
from openfls.feeds.csv.medicines import medicines
from openfls.feeds.csv.operations import surgery
from openfls.feeds.csv.opt_outs import opt_out
from openfls.feeds.csv.people import demographics, record_of
from openfls.feeds.csv.row import Row, Table
from openfls.feeds.csv.sightings import sightings
from openfls.feeds.csv.spells import spell
from openfls.feeds.csv.tables import tables_of
from openfls.feeds.csv.tally import Tally
from openfls.feeds.reading import Origin, Reading, Unreadable, joined


def read(content: bytes, origin: Origin, mappings: Mappings | None = None) -> Reading | Unreadable:
    """The facts of the list in ``content``, read by the mapping that ``origin`` names; without ``mappings`` one of
    those that come with the program.

    Gives `Unreadable` where the whole list can't be read: mapping unknown, encoding wrong, headers that don't fit.
    Rows that can't be read stand in ``Reading.unreadable`` with row, column, reason and how to mend them.
    """
    opened = _opened(content, origin, mappings)
    return opened if isinstance(opened, Unreadable) else joined(_pieces(*opened, MOST_ROWS))


def pieces(content: bytes, origin: Origin, rows: int, mappings: Mappings | None = None) -> Iterator[Reading]:
    """The same, ``rows`` of the list at a time, so that a long one never lies in memory as a whole.

    The last piece holds the notes. Where the whole list can't be read, the one piece says why.
    """
    opened = _opened(content, origin, mappings)
    if isinstance(opened, Unreadable):
        yield Reading(unreadable=(opened,))
    else:
        yield from _pieces(*opened, rows)


def _opened(
    content: bytes, origin: Origin, mappings: Mappings | None
) -> tuple[list[tuple[Table, Iterable[Line]]], list[str]] | Unreadable:
    """The tables of the list, with notes on what was not read."""
    known = mappings or packaged()
    mapping = known.named(origin.mapping)
    if mapping is None:
        return known.why_not(origin.mapping)
    try:
        return tables_of(content, mapping, origin)
    except Fault as fault:
        return fault.unreadable


def _pieces(tables: Sequence[tuple[Table, Iterable[Line]]], notes: Sequence[str], most: int) -> Iterator[Reading]:
    tally = Tally()
    every = ((line, table) for table, lines in tables for line in lines)
    while some := list(islice(every, most)):
        found = [_facts(line, table, tally) for line, table in some]
        facts = tuple(fact for one in found if not isinstance(one, Unreadable) for fact in one)
        yield Reading(facts, tuple(one for one in found if isinstance(one, Unreadable)), rows=len(some))
    yield Reading(notes=(*notes, *tally.notes()), tally=tally.counts())


def _facts(line: Line, table: Table, tally: Tally) -> list[Fact] | Unreadable:
    row = Row(line, table)
    if line.fault:
        return line.fault
    try:
        record = _whose(row)
        facts = [*_told(row, record)]
        _after_birth(row, record, facts)
    except Fault as fault:
        return fault.unreadable
    tally.count(row, record, facts)
    return facts


def _whose(row: Row) -> PatientRecord:
    try:
        return record_of(row)
    except Fault as fault:
        raise (nobody(fault) if row.table.mapping.gives is Gives.AUDIT_RECORDS else fault) from None


def _told(row: Row, record: PatientRecord) -> Iterator[Fact]:
    match row.table.mapping.gives:
        case Gives.AUDIT_RECORDS:
            return audit_record(row, record)
        case Gives.OPT_OUTS:
            return iter(opt_out(row, record))
        case Gives.PRESCRIPTIONS | Gives.SUPPLIES | Gives.DOSES:
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
