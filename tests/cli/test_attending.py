"""The staff of the demonstration keep up with the feeds, in the order of time, and double nothing."""

from datetime import date

import pytest

from openfls.cli.demonstration import attending
from openfls.cli.demonstration.attending import BEHIND, Staff
from openfls.cli.demonstration.loading import send
from openfls.clinical.facts import FractureSighting
from openfls.clinical.histories import EpisodeStatus
from openfls.coordination.comparing import derived_digest
from openfls.demo.region import region
from openfls.inbox.currency import progress
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow
from tests.inbox.test_replay import EVERYTHING, starting_afresh

pytestmark = pytest.mark.django_db(databases=EVERYTHING)
AT_ONCE = 40


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(attending, "RECORDS_AT_ONCE", AT_ONCE)


@pytest.fixture(scope="module")
def there():
    return region(3, 0.006, today=date(2026, 11, 23))


def by_hand() -> set[str]:
    return set(FactRow.objects.exclude(by="").values_list("fact_id", flat=True))


def loaded(there, staff: Staff | None, seen: list | None = None) -> None:
    """The feeds in the order of their receipt, each batch read before the next; the staff between, if there are any."""
    worker = Worker()

    def between(done: int, total: int) -> None:
        worker.work_off()
        if staff:
            staff.catch_up(progress().as_of)
        if seen is not None:
            seen.append(waiting(progress().as_of - BEHIND))

    send(there, between)
    if staff:
        staff.finish(lambda done: None)


def waiting(before) -> tuple[int, int]:
    """Of the fractures that were first known before then: how many wait for triage, and how many there are."""
    first = FactRow.objects.filter(kind=FractureSighting.kind, known__lte=before).values_list("fact_id", flat=True)
    old = set(first)
    rows = [row for row in EpisodeRow.objects.exclude(status=EpisodeStatus.OUTSIDE) if old & set(row.sightings)]
    return sum(row.status == EpisodeStatus.TO_TRIAGE for row in rows), len(rows)


def test_who_looks_in_while_the_feeds_load_meets_no_more_untriaged_than_a_batch(there):
    seen: list[tuple[int, int]] = []
    with starting_afresh():
        loaded(there, Staff(there), seen)
        last = seen[-1]
    assert last[1] > 100
    assert all(untriaged <= AT_ONCE + 0.1 * old for untriaged, old in seen)


def test_care_entered_while_the_feeds_load_is_what_would_be_entered_after_them(there):
    with starting_afresh():
        loaded(there, Staff(there))
        meanwhile, digest = by_hand(), derived_digest()
        again = Staff(there)
        again.finish(lambda done: None)
        assert (again.entered, again.answered) == (0, 0)
        assert derived_digest() == digest
    with starting_afresh():
        loaded(there, None)
        late = Staff(there)
        late.finish(lambda done: None)
        afterwards = by_hand()
    assert len(meanwhile) > 300
    assert len(meanwhile ^ afterwards) <= 0.01 * len(meanwhile)


def test_nobody_answers_before_he_could_have_known(there):
    """A list says the same again, in a version of its own: what counts is when it first said so."""
    with starting_afresh():
        loaded(there, Staff(there))
        facts = [row.to_fact() for row in FactRow.objects.exclude(by="") if row.to_fact().about]
        told = FactRow.objects.filter(kind=FractureSighting.kind).order_by("known")
        statements = dict(told.values_list("fact_id", "statement"))
        since = dict(told.order_by("-known").values_list("statement", "known"))
    assert len(facts) > 300
    assert all(min(since[statements[about]] for about in fact.about) <= fact.known for fact in facts)
