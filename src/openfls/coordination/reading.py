"""Reading the record in bulk: which records hang together, and the facts of a set of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Q

from openfls.clinical.facts import Fact, RecordsLinked, RecordsSeparated
from openfls.clinical.patients import PatientRecord
from openfls.record.models import FactRow, RecordLink, RecordNumber, RecordRow

CHUNK = 2000  # values in one IN list: below the limits of both engines, above which plans turn bad


@dataclass
class Neighbourhood:
    """Every record that could be the same person as those asked for, with the answers people gave about them."""

    records: dict[str, PatientRecord] = field(default_factory=dict)
    people_before: dict[str, str | None] = field(default_factory=dict)
    links: dict[str, RecordsLinked | RecordsSeparated] = field(default_factory=dict)


def in_chunks(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def neighbourhood(keys: Iterable[str]) -> Neighbourhood:
    """Follow shared numbers, names with date of birth, and links from these records until nothing new is found."""
    found = Neighbourhood()
    frontier = set(keys)
    while frontier:
        rows = _load(frontier, found)
        frontier = _next_to(rows, found) - found.records.keys()
    return found


def _load(keys: Collection[str], found: Neighbourhood) -> list[RecordRow]:
    rows: list[RecordRow] = []
    for chunk in in_chunks(keys):
        rows.extend(RecordRow.objects.filter(key__in=chunk).prefetch_related("numbers"))
    for row in rows:
        found.records[row.key] = row.to_record()
        found.people_before[row.key] = row.person_id
    return rows


def _next_to(rows: Collection[RecordRow], found: Neighbourhood) -> set[str]:
    return _sharing_nhs_number(rows) | _sharing_hospital_number(rows, found) | _namesakes(rows) | _linked(rows, found)


def _sharing_nhs_number(rows: Collection[RecordRow]) -> set[str]:
    keys: set[str] = set()
    for chunk in in_chunks({row.nhs_number for row in rows if row.nhs_number}):
        keys.update(RecordRow.objects.filter(nhs_number__in=chunk).values_list("key", flat=True))
    return keys


def _sharing_hospital_number(rows: Collection[RecordRow], found: Neighbourhood) -> set[str]:
    wanted = {(n.authority, n.value) for row in rows for n in found.records[row.key].hospital_numbers}
    keys: set[str] = set()
    for chunk in in_chunks({value for _, value in wanted}):
        numbers = RecordNumber.objects.filter(value__in=chunk).values_list("authority", "value", "record_id")
        keys.update(key for authority, value, key in numbers if (authority, value) in wanted)
    return keys


def _namesakes(rows: Collection[RecordRow]) -> set[str]:
    wanted = {
        (row.matching_family, row.matching_given, row.birth_date)
        for row in rows
        if row.birth_date and row.matching_family and row.matching_given
    }
    keys: set[str] = set()
    for chunk in in_chunks({family for family, _, _ in wanted}):
        days = {day for _, _, day in wanted}
        same = RecordRow.objects.filter(matching_family__in=chunk, birth_date__in=days)
        for key, *name in same.values_list("key", "matching_family", "matching_given", "birth_date"):
            if tuple(name) in wanted:
                keys.add(key)
    return keys


def _linked(rows: Collection[RecordRow], found: Neighbourhood) -> set[str]:
    """The records at the other end of people's answers; the answers themselves are kept."""
    keys: set[str] = set()
    for chunk in in_chunks(row.key for row in rows):
        for link in RecordLink.objects.filter(Q(left__in=chunk) | Q(right__in=chunk)).select_related("fact"):
            fact = link.fact.to_fact()
            if isinstance(fact, RecordsLinked | RecordsSeparated):
                found.links[fact.id] = fact
            keys |= {link.left_id, link.right_id}
    return keys


def facts_by_record(keys: Iterable[str]) -> dict[str, list[Fact]]:
    """All facts of these records."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for chunk in in_chunks(keys):
        for row in FactRow.objects.filter(record__in=chunk).only("record_id", "body").iterator(CHUNK):
            facts[row.record_id].append(row.to_fact())
    return facts
