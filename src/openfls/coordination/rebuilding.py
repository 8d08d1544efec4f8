"""Deriving everything again: from all facts, or for a new day."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction

from openfls.clinical.standards import Verdict
from openfls.coordination.deriving import derive_around
from openfls.coordination.reading import in_chunks
from openfls.coordination.setting_aside import set_aside_all
from openfls.record.locks import one_writer
from openfls.record.models import DoubtRow, EpisodeRow, EpisodeSite, Person, PersonSite, RecordRow, StandingRow, TaskRow

BATCH = 1000  # records derived in one step: bounds memory

Progress = Callable[[int, int], None]


def rebuild(today: date, progress: Progress = lambda done, total: None) -> int:
    """Throw away everything derived and derive it again from the facts, in one transaction; the number of people."""
    with transaction.atomic():
        one_writer()
        _forget_derived()
        set_aside_all()
        total = RecordRow.objects.count()
        for done, keys in _undone():
            derive_around(keys, today)
            progress(done, total)
    return int(Person.objects.count())


def _forget_derived() -> None:
    RecordRow.every.update(person=None)
    for derived in (DoubtRow, TaskRow, StandingRow, EpisodeSite, PersonSite, EpisodeRow, Person):
        derived.objects.all().delete()


def _undone() -> Iterator[tuple[int, list[str]]]:
    """Records without a person, a batch at a time: deriving one takes its neighbours along."""
    total = RecordRow.objects.count()
    while keys := list(RecordRow.objects.filter(person=None).order_by("key").values_list("key", flat=True)[:BATCH]):
        yield total - RecordRow.objects.filter(person=None).count(), keys


def new_day(today: date) -> int:
    """Derive those again whose verdicts the passing of time changes: what was due and is now past. How many people."""
    overdue = StandingRow.objects.filter(verdict=Verdict.DUE, due__lt=today)
    people = sorted(set(overdue.values_list("episode__person", flat=True)))
    for keys in in_chunks(people):
        with transaction.atomic():
            one_writer()
            derive_around(keys, today)
    return len(people)
