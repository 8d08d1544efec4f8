"""The worker: everything that can be read counts, whatever can't waits for a person, nothing blocks the rest."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from openfls import coordination
from openfls.coordination.comparing import derived_digest
from openfls.feeds.reading import Reading, Unreadable
from openfls.inbox import leases, work
from openfls.inbox.leases import AnotherWorker, claim, give_back, only_worker
from openfls.inbox.models import Message, State
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, Person, TaskRow
from tests.inbox.slips import send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips"),
]


def state_of(receipt) -> str:
    return Message.objects.get(number=receipt.number).state


def broken_promises() -> list[str]:
    return [f"{f.invariant}: {f.detail}" for f in verify() if not f.ok]


def test_a_message_becomes_people_episodes_and_tasks():
    (receipt,) = send("Anne;2026-03-01\nBea;2026-03-02")
    assert Worker().work_off() == Counter({State.DONE: 1})
    message = Message.objects.get(number=receipt.number)
    assert (message.state, message.facts, message.leased_until) == (State.DONE, 2, None)
    assert Person.objects.count() == EpisodeRow.objects.count() == TaskRow.objects.count() == 2
    assert broken_promises() == []


def test_facts_carry_the_time_of_receipt_not_of_processing():
    send("Anne;2026-03-01")
    Worker().work_off()
    assert FactRow.objects.get().known == Message.objects.get().received_at


def test_the_same_bytes_under_another_id_change_nothing():
    send("Anne;2026-03-01")
    Worker().work_off()
    before = derived_digest()
    send("Anne;2026-03-01", message_id="again")
    assert Worker().work_off() == Counter({State.DONE: 1})
    assert derived_digest() == before
    assert FactRow.objects.count() == 1


def test_a_kind_of_message_is_ignored_by_a_named_rule():
    (receipt,) = send("ping")
    Worker().work_off()
    message = Message.objects.get(number=receipt.number)
    assert (message.state, message.rule) == (State.IGNORED, "a sign of life, edition 1")


def test_the_readable_rows_of_a_list_count_at_once_and_the_list_waits_with_the_others():
    (receipt,) = send("Anne;2026-03-01\n??\nBea;2026-03-02")
    assert Worker().work_off() == Counter({State.QUARANTINED: 1})
    message = Message.objects.get(number=receipt.number)
    assert message.facts == Person.objects.count() == 2
    assert message.unreadable == [{"place": "line 2", "reason": "no name.", "mend": "Write it."}]
    assert message.reason == "line 2: no name. Write it."
    assert broken_promises() == []


def test_a_message_that_trips_the_reader_waits_and_the_rest_goes_on():
    good, bad, after = send("Anne;2026-03-01", "boom", "Bea;2026-03-02")
    Worker().work_off()
    assert [state_of(r) for r in (good, bad, after)] == [State.DONE, State.QUARANTINED, State.DONE]
    assert "RuntimeError: the reader tripped" in Message.objects.get(number=bad.number).reason


def test_a_reason_that_quotes_odd_characters_can_be_kept(monkeypatch):
    odd = Unreadable("half a \ud800 and a \0.", "line \0", "None.")
    monkeypatch.setattr("openfls.inbox.reading.read_bytes", lambda *_: Reading(unreadable=(odd,)))
    (receipt,) = send("x")
    Worker().work_off()
    assert Message.objects.get(number=receipt.number).reason == "line \ufffd: half a ? and a \ufffd. None."


def test_what_the_door_refuses_waits_with_its_place_and_its_neighbours_still_count():
    good, bad, after = send("Anne;2026-03-01", "Bea;2026-03-02\nnul;2026-03-02\nCleo;2026-03-02", "Dora;2026-03-03")
    Worker().work_off()
    assert [state_of(r) for r in (good, bad, after)] == [State.DONE, State.QUARANTINED, State.DONE]
    message = Message.objects.get(number=bad.number)
    assert (message.facts, Person.objects.count()) == (2, 4)
    assert [fault["place"] for fault in message.unreadable] == ["line 2"]
    assert "a NUL character" in message.reason
    assert broken_promises() == []


def test_a_failing_database_is_no_messages_fault(monkeypatch):
    receipts = send("Anne;2026-03-01", "Bea;2026-03-02")
    enter = coordination.enter
    monkeypatch.setattr(coordination, "enter", raises(OperationalError("the disk is full")))
    worker = Worker()
    with pytest.raises(OperationalError):
        worker.work_once()
    assert [(m.state, m.attempts, m.leased_until) for m in Message.objects.all()] == [(State.NEW, 0, None)] * 2
    monkeypatch.setattr(coordination, "enter", enter)
    assert worker.work_off() == Counter({State.DONE: 2})
    assert [state_of(r) for r in receipts] == [State.DONE] * 2


def test_a_message_at_which_the_database_always_fails_does_not_block_the_others(monkeypatch):
    bad, good = send("Anne;2026-03-01", "Bea;2026-03-02")
    enter = coordination.enter

    def fails_for_anne(facts, *, by):
        if any(fact.record.family_name == "Anne" for fact in facts):
            raise OperationalError("no room for Anne")
        return enter(facts, by=by)

    monkeypatch.setattr(coordination, "enter", fails_for_anne)
    worker = Worker()
    for _ in range(2):
        with pytest.raises(OperationalError):
            worker.work_once()
    assert worker.work_off() == Counter({State.DONE: 1})
    assert [state_of(r) for r in (bad, good)] == [State.NEW, State.DONE]
    assert not next(f for f in verify(now=timezone.now() + timedelta(hours=1)) if "waits too long" in f.invariant).ok


def test_taken_messages_are_nobody_elses_until_the_lease_ends():
    send("Anne;2026-03-01", "Bea;2026-03-02")
    now = timezone.now()
    first = claim(1, now=now)
    second = claim(5, now=now)
    assert ([m.number for m in first], len(second)) == ([first[0].number], 1)
    assert claim(5, now=now) == []
    back = claim(5, now=now + leases.LEASE)
    assert [(m.number, m.attempts) for m in back] == [(m.number, 2) for m in (*first, *second)]


def test_what_was_given_back_is_as_if_never_taken():
    send("Anne;2026-03-01")
    give_back(claim(1, now=timezone.now()))
    assert [m.attempts for m in claim(1, now=timezone.now())] == [1]


def test_messages_that_outlived_two_workers_are_read_alone():
    send("Anne;2026-03-01", "Bea;2026-03-02", "Cleo;2026-03-02")
    Message.objects.filter(number__lt=Message.objects.last().number).update(attempts=leases.SUSPECT)
    batches = [claim(10, now=timezone.now()) for _ in range(3)]
    assert [len(batch) for batch in batches] == [1, 1, 1]


def test_a_message_that_came_back_again_and_again_holds_up_nothing_else():
    suspect, good = send("Anne;2026-03-01", "Bea;2026-03-02")
    Message.objects.filter(number=suspect.number).update(attempts=leases.SUSPECT)
    taken = [[message.number for message in claim(10, now=timezone.now())] for _ in range(3)]
    assert taken == [[good.number], [suspect.number], []]


def test_a_message_that_ends_every_worker_waits_in_quarantine_unread(monkeypatch):
    (receipt,) = send("boom")
    Message.objects.update(attempts=leases.HOPELESS)
    monkeypatch.setattr(work, "read_all", lambda messages: [] if not messages else pytest.fail("read once more"))
    assert Worker().work_off() == Counter({State.QUARANTINED: 1})
    assert "ended 5 times" in Message.objects.get(number=receipt.number).reason


def test_a_batch_holds_no_more_bytes_than_fit_unless_one_message_alone_does(monkeypatch):
    monkeypatch.setattr(leases, "MOST_BYTES", 40)
    send("Anne;2026-03-01", "Bea;2026-03-01", "Cleo;2026-03-01\nDora;2026-03-01\nElla;2026-03-01")
    assert [len(claim(10, now=timezone.now())) for _ in range(3)] == [2, 1, 0]


def test_batches_grow_while_they_are_quick():
    send(*(f"Anne{n};2026-03-01" for n in range(300)))
    sizes = []
    Worker().work_off(lambda batch: sizes.append(batch.total()))
    assert sum(sizes) == 300
    assert sizes[1] > sizes[0] == 50


@pytest.mark.skipif("config.getoption('postgres')", reason="PostgreSQL takes many workers")
def test_on_sqlite_there_is_one_worker_and_what_a_dead_one_left_is_free_at_once(tmp_path):
    send("Anne;2026-03-01")
    claim(1, now=timezone.now())
    with only_worker(tmp_path):
        with pytest.raises(AnotherWorker, match="stop it first"), only_worker(tmp_path):
            pass
        assert len(claim(1, now=timezone.now())) == 1
    with only_worker(tmp_path):
        pass


def raises(fault):
    def broken(*_, **__):
        raise fault

    return broken
