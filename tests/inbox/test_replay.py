"""Whatever the order, however often: the same messages give the same people, episodes and tasks."""

from random import Random

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls import coordination
from openfls.clinical.facts import FractureSighting
from openfls.coordination.comparing import derived_digest
from openfls.inbox.models import Message
from openfls.inbox.quarantine import dismiss, mend
from openfls.inbox.replay import entered_by_hand, prove, replay
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, Person, SiteParameter, TaskRow, Trust
from tests.coordination import stories
from tests.inbox.slips import send

EVERYTHING = ["default", "inbox", "audit", "sessions"]
TODAY = timezone.localdate()

names = st.sampled_from(["Anne", "Bea", "Cleo"])
days = st.sampled_from(["2026-03-01", "2026-03-02", "2026-04-29", "2026-04-30", "2026-09-01"])
lines = st.one_of(
    st.builds("{};{}".format, names, days),
    st.builds("{}={}".format, names, names).filter(lambda line: len(set(line.split("="))) == 2),
    st.builds("{}-{}".format, names, days),
    st.just("??"),
    st.just("nul;2026-03-01"),
)
texts = st.one_of(st.lists(lines, min_size=1, max_size=4).map("\n".join), st.sampled_from(["ping", "boom"]))


@pytest.mark.django_db(databases=EVERYTHING)
@pytest.mark.usefixtures("reading_slips")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6), st.randoms(use_true_random=False), st.integers(1, 5))
def test_everything_twice_in_shuffled_order_gives_the_same_people_episodes_and_tasks(sent, random, batch):
    with starting_afresh():
        send(*sent)
        Worker().work_off()
        once = derived_digest()
    twice = sent * 2
    random.shuffle(twice)
    with starting_afresh():
        for start in range(0, len(twice), batch):
            send(*twice[start : start + batch])
            Worker(most=batch).work_off()
        assert derived_digest() == once
        assert [finding.detail for finding in verify() if not finding.ok] == []


class starting_afresh:
    """Inside, every database is as it was; nothing of it stays."""

    def __enter__(self) -> None:
        self.parts = [transaction.atomic(using=alias) for alias in EVERYTHING]
        for part in self.parts:
            part.__enter__()

    def __exit__(self, *fault: object) -> None:
        for alias, part in zip(EVERYTHING, self.parts, strict=True):
            transaction.set_rollback(True, using=alias)
            part.__exit__(*fault)


def a_busy_day() -> None:
    """Feeds, a mended and a dismissed list, a merge, and what people entered by hand."""
    sent = send(
        "Anne;2026-03-01\n??", "Bea;2026-03-02\n??", "Cleo;2026-04-01", "Dora;2026-04-02", "Cleo=Dora", "ping", "boom",
        "Bea-2026-06-01",
    )  # fmt: skip
    Worker().work_off()
    mend(Message.objects.get(number=sent[0].number), b"Anne;2026-03-01\nElla;2026-03-05", by="carol")
    dismiss(Message.objects.get(number=sent[1].number), "an empty line", by="carol")
    Worker().work_off()
    sighting = FactRow.objects.filter(kind=FractureSighting.kind).first().to_fact()
    coordination.enter([stories.enrolled(sighting), stories.assessed(sighting)], by="nurse")


@pytest.mark.django_db(databases=EVERYTHING, transaction=True)
@pytest.mark.usefixtures("reading_slips")
@pytest.mark.parametrize("shuffle", [None, 1, 2])
def test_an_empty_record_is_filled_again_from_the_inbox_and_what_people_entered(shuffle):
    a_busy_day()
    people, episodes, tasks = Person.objects.count(), EpisodeRow.objects.count(), TaskRow.objects.count()
    proof = prove(TODAY, shuffle=shuffle)
    assert proof.different == []
    assert (proof.replayed.messages, proof.replayed.by_hand) == (9, 2)
    assert proof.replayed.new == FactRow.objects.count() == 9
    assert (people, episodes, tasks) == (Person.objects.count(), EpisodeRow.objects.count(), TaskRow.objects.count())
    assert people == 4


@pytest.mark.django_db(databases=EVERYTHING, transaction=True)
@pytest.mark.usefixtures("reading_slips")
def test_a_proof_shows_what_no_message_and_no_person_gave():
    a_busy_day()
    Person.objects.filter(name="ANNE, Ada").update(name="SOMEBODY, Else")
    assert prove(TODAY).different == ["people"]


@pytest.mark.django_db(databases=EVERYTHING, transaction=True)
@pytest.mark.usefixtures("reading_slips")
def test_a_proof_uses_the_parameters_of_the_sites():
    trust = Trust.objects.create(code="X1A", name="Trust")
    site = trust.sites.create(code="X1A01", name="One")
    SiteParameter.objects.create(site=site, name="triage_days", value=40, set_by="admin", set_at=timezone.now())
    send("Anne;2026-03-01")
    Worker().work_off()
    assert prove(TODAY).different == []
    assert TaskRow.objects.get().due.isoformat() == "2026-04-12"


@pytest.mark.django_db(databases=EVERYTHING)
@pytest.mark.usefixtures("reading_slips")
def test_replaying_into_the_record_as_it_is_changes_nothing():
    a_busy_day()
    before = derived_digest()
    replayed = replay(entered_by_hand(), shuffle=Random(3).randrange(100))
    assert (replayed.new, replayed.by_hand) == (0, 2)
    assert derived_digest() == before


@pytest.mark.django_db(databases=EVERYTHING)
@pytest.mark.usefixtures("reading_slips")
def test_what_a_restored_record_lacks_comes_back_from_the_inbox(monkeypatch):
    send("Anne;2026-03-01", "Bea;2026-03-02")
    with monkeypatch.context() as before_the_backup:
        before_the_backup.setattr("openfls.coordination.enter", lambda facts, *, by: None)
        Worker().work_off()
    assert [f.invariant for f in verify() if not f.ok] == ["I3: the record holds what the messages gave"]
    assert replay().new == 2
    assert [f.invariant for f in verify() if not f.ok] == []


@pytest.mark.django_db(databases=EVERYTHING)
@pytest.mark.usefixtures("reading_slips")
def test_messages_that_still_wait_are_left_to_the_worker():
    send("Anne;2026-03-01")
    assert replay().messages == 0
    assert not FactRow.objects.exists()
