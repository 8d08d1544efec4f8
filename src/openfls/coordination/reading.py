"""Reading the record in bulk: which records hang together, their namesakes, and the facts of a set of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord, matching_name
from openfls.clinical.people import LinkFact
from openfls.clinical.plain import from_plain
from openfls.record.models import FactRow, RecordLink, RecordNumber, RecordRow

Value = TypeVar("Value", str, int)
CHUNK = 2000  # values in one IN list: below the limits of both engines, above which plans turn bad


@dataclass
class Neighbourhood:
    """Every record that hangs together with those asked for, with the answers people gave about them."""

    records: dict[str, PatientRecord] = field(default_factory=dict)
    people_before: dict[str, str | None] = field(default_factory=dict)
    postcodes: dict[str, str | None] = field(default_factory=dict)  # that it was compared by; None where it never was
    links: dict[str, LinkFact] = field(default_factory=dict)


def in_chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def neighbourhood(keys: Iterable[str]) -> Neighbourhood:
    """Follow shared numbers and links from these records until nothing new is found."""
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
        found.postcodes[row.key] = row.postcode
    return rows


def _next_to(rows: Collection[RecordRow], found: Neighbourhood) -> set[str]:
    return _sharing_nhs_number(rows) | _sharing_hospital_number(rows, found) | _linked(rows, found)


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


def namesakes(records: Iterable[PatientRecord]) -> set[str]:
    """The keys of all records with the full name and date of birth of one of these."""
    wanted = {
        (family, given, record.birth_date)
        for record in records
        if record.birth_date
        and (family := matching_name(record.family_name))
        and (given := matching_name(record.given_name))
    }
    keys: set[str] = set()
    for chunk in in_chunks({family for family, _, _ in wanted}):
        days = {day for family, _, day in wanted if family in chunk}
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
            if isinstance(fact, LinkFact):
                found.links[fact.id] = fact
            keys |= {link.left_id, link.right_id}
    return keys


def facts_by_record(keys: Iterable[str]) -> dict[str, list[Fact]]:
    """All facts of these records."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for chunk in in_chunks(keys):
        for record, body in FactRow.objects.filter(record__in=chunk).values_list("record_id", "body").iterator(CHUNK):
            facts[record].append(from_plain(body))
    return facts
