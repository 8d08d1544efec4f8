"""Everybody's histories out of the record, by the same derivation that stands behind the pages: to count elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from openfls.clinical.caseload import first_sighted_at
from openfls.coordination.deriving import derived
from openfls.coordination.places import Places
from openfls.coordination.reading import facts_by_record
from openfls.measures.engines.writing import Placed
from openfls.record.models import Person, RecordRow
from openfls.record.parameters import parameters_of_sites

A_STEP = 500  # people whose facts are held at a time


def histories(today: date, progress: Callable[[int], None] = lambda done: None) -> Iterator[Placed]:
    """Each episode's history as of ``today``, with the site that answers for it in the record."""
    settings, places = parameters_of_sites(), Places.known()
    done = 0
    for people in _every_person():
        groups = _records_of(people)
        facts = facts_by_record(record for group in groups.values() for record in group)
        for group in groups.values():
            person = derived(group, facts, settings, today)
            judged_at = first_sighted_at(person.facts)
            for care in person.caseload.episodes:
                yield Placed(care.history, places.answering(care), judged_at)
        done += len(people)
        progress(done)


def _every_person() -> Iterator[Sequence[str]]:
    last = ""
    while keys := list(Person.objects.filter(key__gt=last).order_by("key").values_list("key", flat=True)[:A_STEP]):
        yield keys
        last = keys[-1]


def _records_of(people: Sequence[str]) -> dict[str, list[str]]:
    """The records of each person."""
    groups: dict[str, list[str]] = defaultdict(list)
    for record, person in RecordRow.objects.filter(person__in=people).values_list("key", "person"):
        groups[person].append(record)
    return groups
