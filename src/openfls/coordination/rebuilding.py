"""Deriving again: everybody from all facts, or whom a new day changes. In steps, so that others can write between."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from itertools import islice

from django.db import transaction

from openfls.clinical.standards import Verdict
from openfls.coordination.deriving import derive_around
from openfls.coordination.reading import in_chunks
from openfls.coordination.resembling import settle_crowds
from openfls.coordination.saving import forget
from openfls.coordination.setting_aside import set_aside_all
from openfls.record.locks import give_way, one_writer
from openfls.record.models import Person, RecordRow, StandingRow

A_STEP = 200  # records or people derived in one transaction: a page that wants to write waits for one step at most

Progress = Callable[[int, int], None]


def rebuild(today: date, progress: Progress = lambda done, total: None) -> int:
    """Derive everybody again from the facts, whatever stands there now; the number of people.

    Each step puts whole people in the place of whole people. So between two steps, and wherever it is stopped,
    everybody is on the worklists, as before or anew; it is finished by running it again.
    """
    set_aside_all()
    total = RecordRow.objects.count()
    ahead: set[str] = set()  # records that were derived with a neighbour before their turn
    for done, keys in _every_record():
        people = _step([key for key in keys if key not in ahead], today, anew=True)
        ahead = {key for key in ahead | _records_of(people) if key > keys[-1]}
        progress(min(done, total), total)
    _settle_crowds(today)
    _forget_people_without_records()
    return int(Person.objects.count())


def new_day(today: date) -> int:
    """Derive those again whom the passing of time changes: what was due is past, what lay ahead has come. How many."""
    overdue = StandingRow.objects.filter(verdict=Verdict.DUE, due__lt=today)
    begun = Person.objects.filter(changes_on__lte=today)
    changing = {*overdue.values_list("episode__person", flat=True), *begun.values_list("key", flat=True)}
    people = iter(sorted(changing))
    derived = 0
    while keys := list(islice(people, A_STEP)):
        _step(keys, today)
        derived += len(keys)
    return derived


def _step(keys: Sequence[str], today: date, *, anew: bool = False) -> frozenset[str]:
    with transaction.atomic():
        one_writer()
        people = derive_around(keys, today, anew=anew)
    give_way()
    return people


def _every_record() -> Iterator[tuple[int, list[str]]]:
    """All records by key, a step at a time, with how many are done then."""
    done, last = 0, ""
    while keys := list(RecordRow.objects.filter(key__gt=last).order_by("key").values_list("key", flat=True)[:A_STEP]):
        done, last = done + len(keys), keys[-1]
        yield done, keys


def _records_of(people: Collection[str]) -> set[str]:
    """Deriving a record takes its neighbours along."""
    chunks = (RecordRow.objects.filter(person__in=some).values_list("key", flat=True) for some in in_chunks(people))
    return {key for keys in chunks for key in keys}


def _settle_crowds(today: date) -> None:
    """What was counted while some records still had the blocks of earlier facts or rules is counted again."""
    with transaction.atomic():
        one_writer()
        reopened = iter(sorted(settle_crowds()))
    while keys := list(islice(reopened, A_STEP)):
        _step(keys, today)


def _forget_people_without_records() -> None:
    """Whoever is left over from earlier facts or rules: no record leads there any more."""
    with transaction.atomic():
        one_writer()
        forget(list(Person.objects.filter(records=None).values_list("key", flat=True)))
