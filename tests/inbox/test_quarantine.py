"""Quarantine: a person sees why, mends or dismisses; the original stays, and who did what is on the trail."""

import pytest

from openfls.clinical.standards import Role
from openfls.inbox.currency import data_as_of
from openfls.inbox.models import Message, State
from openfls.inbox.quarantine import NotWaiting, dismiss, mend, message_for, preview, retry, retry_all, waiting
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.access import NotVisible, Viewer
from openfls.record.models import FactRow, Person, Site, Trail, Trust
from tests.inbox.slips import SITE, SOURCE, send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips"),
]
LIST = "Anne;2026-03-01\n??\nBea;2026-03-02"
MENDED = b"Anne;2026-03-01\nCleo;2026-03-03\nBea;2026-03-02"


def viewer(site: str = SITE, role: Role = Role.COORDINATOR) -> Viewer:
    return Viewer(user="carol", sites=frozenset({site}), roles={site: frozenset({role})})


def held(text: str = LIST, **more) -> Message:
    (receipt,) = send(text, **more)
    Worker().work_off()
    return Message.objects.get(number=receipt.number)


def actions() -> list[tuple[str, str]]:
    return list(Trail.objects.exclude(action="enter").order_by("number").values_list("user", "action"))


def test_a_coordinator_sees_what_waits_at_her_site_longest_first():
    first, second = held(), held("boom")
    assert [m.number for m in waiting(viewer())] == [first.number, second.number]
    assert list(waiting(viewer("X9B01"))) == []


def test_reading_a_message_leaves_a_row_on_the_trail():
    message = held()
    assert bytes(message_for(viewer(), message.number).content) == LIST.encode()
    assert actions() == [("carol", "read a message")]
    assert Trail.objects.last().detail == {"message": message.number}


@pytest.mark.parametrize(
    "looking",
    [viewer("X9B01"), viewer(role=Role.MANAGER), viewer(role=Role.GENERAL_PRACTICE)],
    ids=["another site", "a manager", "a general practice"],
)
def test_a_message_that_may_not_be_seen_looks_like_one_that_does_not_exist(looking):
    message = held()
    said = []
    for number in (message.number, 10**9):
        with pytest.raises(NotVisible) as refused:
            message_for(looking, number)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert list(waiting(looking)) == []
    assert actions() == [("carol", "read of a message refused")] * 2


def test_mending_makes_a_new_message_and_keeps_the_original():
    original = held()
    mended = mend(original, MENDED, by="carol")
    original.refresh_from_db()
    assert (original.state, original.replaced_by, bytes(original.content)) == (State.MENDED, mended, LIST.encode())
    assert (mended.state, mended.mended_by, bytes(mended.content)) == (State.NEW, "carol", MENDED)
    assert (mended.source, mended.site, mended.origin) == (original.source, original.site, original.origin)
    assert actions() == [("carol", "mended a message")]


def test_rows_that_counted_before_the_mending_are_not_counted_twice():
    mended = mend(held(), MENDED, by="carol")
    Worker().work_off()
    mended.refresh_from_db()
    assert (mended.state, mended.facts) == (State.DONE, 1)
    assert (Person.objects.count(), FactRow.objects.count()) == (3, 3)
    assert [f.detail for f in verify() if not f.ok] == []


def test_a_message_may_be_mended_twice():
    once = mend(held(), b"Anne;2026-03-01\n??\nBea;2026-03-02\n??", by="carol")
    Worker().work_off()
    twice = mend(once, MENDED, by="dave")
    Worker().work_off()
    twice.refresh_from_db()
    assert (twice.state, twice.facts, twice.mends) == (State.DONE, 1, once)
    assert FactRow.objects.count() == 3


def test_what_would_come_of_mended_bytes_can_be_seen_before():
    original = held()
    reading = preview(original, MENDED)
    assert (len(reading.facts), reading.unreadable) == (3, ())
    assert "line 1" in str(preview(original, b"??").unreadable[0])
    assert Message.objects.count() == 1


def test_bytes_that_were_not_changed_are_not_mended():
    with pytest.raises(ValueError, match="nothing was changed"):
        mend(held(), LIST.encode(), by="carol")
    assert Message.objects.get().state == State.QUARANTINED


def test_where_the_source_sent_the_same_bytes_itself_that_message_stands():
    original = held()
    (receipt,) = send(MENDED.decode(), message_id=original.message_id)
    assert mend(original, MENDED, by="carol").number == receipt.number
    original.refresh_from_db()
    assert (original.state, original.dismissed_by) == (State.DISMISSED, "carol")
    assert original.reason == f"the same as message {receipt.number}"
    Worker().work_off()
    assert FactRow.objects.count() == 5  # the list's two readable rows, and the whole of the corrected list


def test_a_message_is_dismissed_by_a_named_person_with_a_reason():
    message = held()
    dismiss(message, " a test of the sender's ", by="carol")
    message.refresh_from_db()
    assert (message.state, message.dismissed_by, message.reason) == (State.DISMISSED, "carol", "a test of the sender's")
    assert actions() == [("carol", "dismissed a message")]
    assert FactRow.objects.count() == 2  # what could be read still counts


@pytest.mark.parametrize(("reason", "by"), [("  ", "carol"), ("a test", "")])
def test_without_a_reason_or_a_name_nothing_is_dismissed(reason, by):
    message = held()
    with pytest.raises(ValueError, match="give both"):
        dismiss(message, reason, by=by)
    assert Message.objects.get().state == State.QUARANTINED


def test_two_people_do_not_answer_the_same_message():
    message = held()
    dismiss(message, "a test", by="carol")
    with pytest.raises(NotWaiting, match="dismissed by a person"):
        mend(message, MENDED, by="dave")
    with pytest.raises(NotWaiting):
        dismiss(message, "mine too", by="dave")
    assert Message.objects.count() == 1


def test_after_a_reader_was_improved_what_waits_is_read_again(monkeypatch):
    message = held("boom\nAnne;2026-03-01")
    monkeypatch.setattr("openfls.inbox.reading.read_bytes", improved)
    retry(message, by="carol")
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.reason, message.unreadable, message.facts) == (State.DONE, "", [], 1)


def test_a_dismissal_can_be_taken_back():
    message = held()
    dismiss(message, "a test", by="carol")
    retry(message, by="carol")
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.dismissed_by) == (State.QUARANTINED, "")


def test_everything_of_one_source_is_retried_in_one_act():
    held()
    held("boom", source="X9B/slips")
    assert retry_all(by="admin", source=SOURCE) == 1
    assert retry_all(by="admin", source="nobody") == 0
    assert sorted(Message.objects.values_list("source", "state")) == [
        ("X1A/slips", State.NEW), ("X9B/slips", State.QUARANTINED)
    ]  # fmt: skip
    assert actions() == [("admin", "retried messages")]


def improved(content, name, origin, mappings):
    from tests.inbox.slips import read

    return read(content.replace(b"boom\n", b""), name, origin, mappings)


def test_what_a_trusts_own_feed_sent_is_seen_at_each_of_its_sites():
    trust = Trust.objects.create(code="X1A", name="Trust")
    Site.objects.create(code=SITE, name="One", trust=trust)
    message = held(site="X1A", origin={})
    assert list(waiting(viewer())) == [message]
    assert list(waiting(viewer("X9B01"))) == []
    assert data_as_of([SITE])[0].site == "X1A"
