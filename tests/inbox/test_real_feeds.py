"""The same with feeds as hospitals send them: HL7 messages, lists and bundles of the demonstration region."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.cli.demonstration.loading import incoming
from openfls.clinical.ethnic_categories import EthnicGroup
from openfls.coordination.comparing import derived_digest
from openfls.demo.region import region
from openfls.inbox.models import Message, Remark, State
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, Person, TaskRow
from tests.inbox.test_replay import EVERYTHING, starting_afresh

pytestmark = pytest.mark.django_db(databases=EVERYTHING)
MESSAGES = 250
SAMPLES = sorted((Path(__file__).parents[2] / "src/openfls/feeds/hl7v2/samples").glob("*.hl7"))
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def sent():
    """The last that two trusts sent: admissions, corrections, cancellations, merges, deaths, reports, lists."""
    there = region(3, 0.03, today=date(2026, 11, 23))
    chosen = [sending for sending in there.sendings if sending.feed.source.startswith(("X1A", "X1G"))]
    return [incoming(sending.message(there.seed)) for sending in chosen[-MESSAGES:]]


def test_feeds_twice_and_shuffled_give_the_same_people_episodes_and_tasks(sent):
    with starting_afresh():
        take(sent)
        once = derived_digest()
        counts = Person.objects.count(), EpisodeRow.objects.count(), TaskRow.objects.count()
        broken = [f.detail for f in verify() if not f.ok]
    assert min(counts) > 20
    assert broken == []
    for seed in range(3):
        twice = sent * 2
        Random(seed).shuffle(twice)
        with starting_afresh():
            for start in range(0, len(twice), 120):
                take(twice[start : start + 120])
            assert derived_digest() == once
            assert [f.detail for f in verify() if not f.ok] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(st.permutations(SAMPLES), st.integers(1, 6))
def test_admissions_updates_merges_and_cancellations_may_come_in_any_order(order, batch):
    """Among them A01, A02, A03, A08, A11, A12, A13, A31, A37, A40 and R01."""
    with starting_afresh():
        take([message_of(file) for file in SAMPLES])
        once = derived_digest()
        assert TaskRow.objects.exists()
    with starting_afresh():
        for start in range(0, len(order), batch):
            take([message_of(file) for file in order[start : start + batch]])
        assert derived_digest() == once


def test_an_ethnic_category_on_no_list_is_not_known_and_stands_among_the_remarks():
    sample = SAMPLES[0].read_bytes()
    assert b"|B^White - Irish|" in sample
    with starting_afresh():
        take([message_of(SAMPLES[0])])
        assert [person.ethnic_group for person in Person.objects.all()] == [EthnicGroup.WHITE]
        assert not Remark.objects.filter(words__contains="ethnic").exists()
    with starting_afresh():
        take([replace(message_of(SAMPLES[0]), content=sample.replace(b"|B^White - Irish|", b"|WBRI|"))])
        assert [person.ethnic_group for person in Person.objects.all()] == [EthnicGroup.NOT_KNOWN]
        (remark,) = Remark.objects.filter(words__contains="ethnic")
        assert remark.words == "PID-22: 'WBRI': not one ethnic category that is known; it is not read."


def test_every_planted_fault_waits_in_quarantine_and_nothing_else_does():
    there = region(3, 0.01, today=date(2026, 11, 23))
    planted = [sending for sending in there.planted if sending.received.month == 11]
    others = [sending for sending in there.sendings if sending.feed.source == "X1A/pas" and not sending.unreadable]
    take([incoming(sending.message(there.seed)) for sending in planted + others[-60:]])
    waiting = set(Message.objects.filter(state=State.QUARANTINED).values_list("name", flat=True))
    assert waiting == {sending.name for sending in planted}
    assert waiting
    assert all(Message.objects.filter(name=name).exclude(reason="").exists() for name in waiting)
    assert FactRow.objects.exists()


def message_of(file: Path) -> Incoming:
    return Incoming(source="X1A/pas", content=file.read_bytes(), site="X1A", name=file.name)


def take(messages) -> None:
    receive(messages, at=AT)
    Worker().work_off()
