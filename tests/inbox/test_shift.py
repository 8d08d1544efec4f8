"""The worker's day: until it is told to stop, through outages and midnights."""

from collections import Counter
from datetime import date
from threading import Event

import pytest
from django.db import OperationalError

from openfls import coordination
from openfls.inbox import shift as shifts
from openfls.inbox.models import Message, State
from openfls.inbox.shift import Shift
from tests.inbox.slips import send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips", "no_checkpoint"),
]


@pytest.fixture
def no_checkpoint(monkeypatch):
    monkeypatch.setattr("openfls.record.databases.checkpoint", lambda: None)  # not inside a test's transaction


def states() -> list[str]:
    return list(Message.objects.order_by("number").values_list("state", flat=True))


def test_once_ends_when_nothing_waits():
    send("Anne;2026-03-01", "boom")
    heard: Counter[State] = Counter()
    Shift(Event(), heard.update).work(once=True)
    assert states() == [State.DONE, State.QUARANTINED]
    assert heard == {State.DONE: 1, State.QUARANTINED: 1}


def test_it_works_on_what_comes_later_until_it_is_told_to_stop(monkeypatch):
    stop = Event()

    def meanwhile(_: float) -> None:
        if states() == []:
            send("Anne;2026-03-01")
        else:
            stop.set()

    monkeypatch.setattr(stop, "wait", meanwhile)
    Shift(stop).work()
    assert states() == [State.DONE]


def test_it_ends_between_batches_and_leaves_the_rest_waiting(monkeypatch):
    stop = Event()
    send(*(f"Anne{n};2026-03-01" for n in range(60)))
    Shift(stop, lambda _: stop.set()).work()
    assert Counter(states()) == {State.DONE: 50, State.NEW: 10}
    assert not Message.objects.filter(state=State.NEW).exclude(leased_until=None).exists()


def test_an_outage_is_waited_through(monkeypatch):
    send("Anne;2026-03-01", "Bea;2026-03-01")
    enter, stop, waits = coordination.enter, Event(), []
    monkeypatch.setattr(coordination, "enter", broken)

    def repaired(seconds: float) -> None:
        waits.append(seconds)
        monkeypatch.setattr(coordination, "enter", enter)
        if len(waits) > 1:
            stop.set()

    monkeypatch.setattr(stop, "wait", repaired)
    Shift(stop).work()
    assert waits[0] == shifts.AFTER_AN_OUTAGE
    assert states() == [State.DONE, State.DONE]


def test_once_an_outage_is_told(monkeypatch):
    send("Anne;2026-03-01")
    monkeypatch.setattr(coordination, "enter", broken)
    with pytest.raises(OperationalError):
        Shift(Event()).work(once=True)
    assert states() == [State.NEW]


def test_where_even_giving_back_fails_the_messages_come_back_at_the_next_batch(monkeypatch):
    send("Anne;2026-03-01", "Bea;2026-03-01")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coordination, "enter", broken)
        worker = shifts.Worker()
        patch.setattr("openfls.inbox.work.give_back", broken)
        with pytest.raises(OperationalError):
            worker.work_once()
    assert worker.work_off() == {State.DONE: 2}


def test_each_new_day_is_derived_once(monkeypatch):
    days, derived, stop = iter([1, 1, 2, 2, 3]), [], Event()

    def today() -> date:
        day = next(days)
        if day == 3:
            stop.set()
        return date(2026, 3, day)

    monkeypatch.setattr("django.utils.timezone.localdate", today)
    monkeypatch.setattr(coordination, "new_day", derived.append)
    monkeypatch.setattr(stop, "wait", lambda _: None)
    Shift(stop).work()
    assert derived == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]


def broken(*_, **__):
    raise OperationalError("gone")
