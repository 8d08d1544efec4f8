"""The checks themselves: each finds what it is there to find, and nothing where all is well."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Triage, TriageDecision
from openfls.clinical.standards import Role
from openfls.clinical.when import on
from openfls.inbox.models import Message, State
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record import organisations, users
from openfls.record.models import (
    EpisodeRow,
    EpisodeSite,
    FactRow,
    PersonSite,
    RecordRow,
    SharingAgreement,
    TaskRow,
    Trail,
)
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
    assert len(verify()) == 15


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


# ---- where people and doubts can be seen

TWO_TRUSTS = {
    "trusts": [
        {"code": code, "name": code, "sites": [{"code": f"{code}0{number}", "name": code} for number in (1, 2)]}
        for code in ("X1A", "X1E")
    ]
}


def one_doubt(here: str = "X1A01", there: str = "X1E01") -> None:
    """Two sightings of one number, at two sites, with other names."""
    organisations.load(TWO_TRUSTS, by="a test")
    anne, agatha = stories.record(), stories.record("Agatha", family="Brown", number="2")
    coordination.enter([stories.sighting(anne, site=here), stories.sighting(agatha, site=there)], by="a test")


def told(promise: str) -> str:
    return next(finding.detail for finding in verify() if finding.invariant == promise)


DOUBTS = "I4: every doubt of identity is on somebody's page"


@pytest.mark.parametrize(
    ("works_at", "agreement", "there", "detail"),
    [
        (["X1A01"], None, "X1E01", "doubts: 1; seen whole by nobody who may answer: 1 (X1A and X1E: 1)"),
        (["X1A01"], None, "X1A02", "doubts: 1; seen whole by nobody who may answer: 1 (within X1A: 1)"),
        (["X1A01", "X1E01"], None, "X1E01", "doubts: 1; seen whole by nobody who may answer: 0"),
        (["X1A01"], ("X1E", "X1A"), "X1E01", "doubts: 1; seen whole by nobody who may answer: 0"),
        (["X1E01"], ("X1E", "X1A"), "X1E01", "doubts: 1; seen whole by nobody who may answer: 1 (X1A and X1E: 1)"),
    ],
)
def test_doubts_that_nobody_sees_whole_are_counted_by_the_trusts_that_share_nothing(works_at, agreement, there, detail):
    one_doubt(there=there)
    users.create_user("anne", "seven green bicycles", {site: [Role.NURSE] for site in works_at}, by="a test")
    users.create_user("mo", "seven green bicycles", {s: [Role.MANAGER] for s in ("X1A01", there)}, by="a test")
    if agreement:
        giver, receiver = agreement
        SharingAgreement.objects.create(giver_id=giver, receiver_id=receiver, reference="x", begins=AT.date())
    assert told(DOUBTS) == detail
    assert DOUBTS not in broken()


def test_a_doubt_at_no_site_that_there_is_breaks_the_promise():
    one_doubt("ZZZ01", "ZZZ02")
    PersonSite.objects.exclude(site__startswith="ZZZ").delete()
    assert DOUBTS in broken()


def test_an_open_task_at_a_site_that_nobody_knows_breaks_the_promise():
    promise = "I4: every open task is at a site of ours"
    one_doubt()
    assert promise not in broken()
    TaskRow.objects.update(site="MAIN")
    assert "triage of" in broken()[promise]
    TaskRow.objects.update(site=None)
    assert promise not in broken()
    EpisodeSite.objects.update(site="MAIN")
    assert promise in broken()


def test_a_standard_of_the_sites_own_that_can_not_be_used_is_named(settings, tmp_path):
    settings.OPENFLS_HOME = tmp_path
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "ours.json").write_text("{")
    assert "ours.json" in broken()["the site's own standards are used"]
