"""The checks themselves: each finds what it is there to find, and nothing where all is well."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Triage, TriageDecision
from openfls.clinical.when import on
from openfls.inbox.models import Message, State
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, RecordRow, TaskRow, Trail
from tests.coordination import stories
from tests.databases import _execute, _lift
from tests.inbox.slips import AT, person, send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips"),
]


def loaded() -> None:
    send("Anne;2026-03-01\nBea;2026-03-02", "Anne;2026-03-01\n??", "ping", "boom")
    Worker().work_off()
    send("Anne;2026-09-01", "Anne-2026-10-01")
    Worker().work_off()


def broken() -> dict[str, str]:
    return {finding.invariant: finding.detail for finding in verify() if not finding.ok}


def test_after_ordinary_work_every_promise_holds():
    loaded()
    assert broken() == {}
    assert len(verify()) == 12


def test_an_empty_house_keeps_its_promises():
    assert broken() == {}


def tamper(alias: str, statement: str) -> None:
    """What the triggers refuse, done by somebody who can switch them off."""
    connection, statements = _lift(connections[alias])
    _execute(connection, [statement])
    _execute(connection, statements)


def the_bytes():
    tamper(
        "inbox",
        "UPDATE inbox_message SET content = content || content WHERE number = (SELECT min(number) FROM inbox_message)",
    )


def a_whole_message():
    tamper("inbox", "DELETE FROM inbox_message WHERE number = (SELECT min(number) FROM inbox_message)")


def a_fact():
    fact = FactRow.objects.filter(kind="fracture sighting").last()
    tamper("default", f"DELETE FROM record_factrow WHERE number = {fact.number}")


def the_reason_for_waiting():
    Message.objects.filter(state=State.QUARANTINED).update(reason="")


def the_rule():
    Message.objects.filter(state=State.IGNORED).update(rule="")


def an_episode():
    EpisodeRow.objects.first().delete()


def the_tasks():
    TaskRow.objects.all().delete()


def the_owner():
    TaskRow.objects.update(owner_role="")


def a_person():
    RecordRow.objects.update(person=None)


def a_row_of_the_trail():
    number = Trail.objects.order_by("number").values_list("number", flat=True)[0]
    tamper("audit", f"DELETE FROM record_trail WHERE number = {number}")


@pytest.mark.parametrize(
    ("lost", "promise"),
    [
        (the_bytes, "I1: every message is kept byte for byte"),
        (a_whole_message, "I3: the record holds what the messages gave"),
        (a_fact, "I3: the record holds what the messages gave"),
        (the_reason_for_waiting, "I2: what is not read says why"),
        (the_rule, "I2: what is not read says why"),
        (an_episode, "I3: every sighting has its episode"),
        (the_tasks, "I4: every episode is on somebody's list"),
        (the_owner, "I4: every episode is on somebody's list"),
        (a_person, "I3: every record belongs to a person"),
        (a_row_of_the_trail, "I8: the audit trail is unbroken"),
    ],
)
def test_whatever_is_lost_is_found(lost, promise):
    loaded()
    assert promise not in broken()
    lost()
    assert promise in broken()


def test_a_message_that_waits_past_the_alarm_is_named():
    (receipt,) = send("Anne;2026-03-01")
    assert broken() == {}
    (late,) = [f for f in verify(now=timezone.now() + timedelta(minutes=16)) if not f.ok]
    assert late.detail == f"message {receipt.number} (1 waiting, alarm after 0:15:00)"


def test_history_that_is_imported_now_raises_no_alarm():
    send("Anne;2026-03-01", at=AT - timedelta(days=300))
    assert broken() == {}


def test_other_bytes_under_one_id_must_be_flagged():
    send("Anne;2026-03-01", "Bea;2026-03-01", message_id="MSG1")
    Worker().work_off()
    assert broken() == {}
    Message.objects.update(flagged=False)
    assert "I1: every message is there exactly once" in broken()


def test_a_decision_without_a_name_is_found():
    loaded()
    sighting = FactRow.objects.filter(kind="fracture sighting").first().to_fact()
    nameless = TriageDecision(
        record=person("Anne"), occurred=on(AT.date()), known=AT, source=stories.source("X1A/slips"),
        about=(sighting.id,), answer=Triage.ENROL,
    )  # fmt: skip
    coordination.enter([nameless], by="a job")
    assert "I4: only a named person closes" in broken()


def test_findings_are_told_as_they_are_made():
    told = []
    assert verify(progress=told.append) == told
