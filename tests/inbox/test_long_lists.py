"""A long list is entered piece by piece, with others between, and gives what it would give at once."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from openfls import coordination
from openfls.coordination.comparing import derived_digest
from openfls.inbox import long_lists, work
from openfls.inbox.models import ListProgress, Message, State
from openfls.inbox.quarantine import mend
from openfls.inbox.reading import read_all
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.replay import prove
from openfls.inbox.work import Worker
from openfls.record.models import EpisodeRow, FactRow, Person, Site, Trust

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])

AT = datetime(2026, 4, 1, 8, tzinfo=UTC)
HEADERS = "Meeting Date,Referral ID,NHS No,Hosp No,Surname,Forename,DOB,Sex,Injury Date,Diagnosis,Side,Ward,Mechanism"


def rows(count: int, start: int = 0, diagnosis: str = "# NOF") -> list[str]:
    """Two rows a person."""
    return [
        f"12/03/2026,T{n},,H{n // 2},SMITH{n // 2},Anne,01/02/1940,F,11/03/2026,{diagnosis},L,T1,fell from standing"
        for n in range(start, start + count)
    ]


def listing(lines: list[str]) -> bytes:
    return "\r\n".join([HEADERS, *lines, ""]).encode()


def send(content: bytes, name: str = "list.csv", source: str = "X1A/trauma") -> Message:
    origin = {"site": "X1A01", "mapping": "trauma_meeting"}
    (receipt,) = receive([Incoming(source=source, content=content, site="X1A01", name=name, origin=origin)], at=AT)
    return Message.objects.get(number=receipt.number)


@pytest.fixture
def pieces_of_two(monkeypatch):
    """Every list of more than a few rows is long, and a piece of it is two rows."""
    for place in (long_lists, work):
        monkeypatch.setattr(place, "LONG", 400)
    monkeypatch.setattr(long_lists, "ROWS", 2)


def test_a_long_list_gives_what_it_gives_at_once(pieces_of_two):
    message = send(listing(rows(9)))
    (at_once,) = read_all([message])
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.facts) == (State.DONE, 9)
    assert sorted(FactRow.objects.values_list("fact_id", flat=True)) == sorted(fact.id for fact in at_once.facts)
    in_pieces = derived_digest()
    coordination.rebuild(timezone.localdate())
    assert derived_digest() == in_pieces
    assert (Person.objects.count(), EpisodeRow.objects.count()) == (5, 5)


def test_each_piece_goes_through_the_door_by_itself(pieces_of_two, monkeypatch):
    entered = []
    enter = coordination.enter
    monkeypatch.setattr(coordination, "enter", lambda facts, by: entered.append(len(facts)) or enter(facts, by=by))
    send(listing(rows(9)))
    Worker().work_off()
    assert entered == [2, 2, 2, 2, 1]


def test_other_messages_have_their_turn_between_two_pieces(pieces_of_two):
    long = send(listing(rows(9)))
    worker = Worker(most=1)
    worker.work_once()
    others = [send(listing(rows(1, 100 + n)), f"short{n}.csv", "X1A/theatre") for n in range(2)]
    for _ in range(4):
        worker.work_once()
    assert [Message.objects.get(number=one.number).state for one in (long, *others)] == [
        State.NEW, State.DONE, State.DONE,
    ]  # fmt: skip
    worker.work_off()
    assert Message.objects.get(number=long.number).state == State.DONE


def test_two_long_lists_follow_each_other(pieces_of_two):
    send(listing(rows(9)))
    send(listing(rows(9, 50)), "second.csv")
    assert Worker().work_off() == {State.DONE: 2}
    assert [m.attempts for m in Message.objects.order_by("number")] == [1, 1]


def test_it_tells_how_far_it_is(pieces_of_two):
    message = send(listing(rows(9)))
    worker = Worker()
    for _ in range(3):
        worker.work_once()
    told = ListProgress.objects.get(message=message)
    assert (told.rows, told.total, told.facts) == (4, 10, 4)
    worker.work_off()
    told.refresh_from_db()
    assert (told.rows, told.facts) == (9, 9)


def test_rows_that_cannot_be_read_wait_and_the_others_count(pieces_of_two):
    lines = rows(9)
    lines[3] = lines[3].replace("11/03/2026", "31/02/2026")
    message = send(listing(lines))
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.facts) == (State.QUARANTINED, 8)
    assert [fault["place"] for fault in message.unreadable] == ["row 5, column Injury Date"]


def test_of_very_many_that_cannot_be_read_the_rest_is_counted(pieces_of_two, monkeypatch):
    monkeypatch.setattr("openfls.feeds.reading.MOST_TOLD", 3)
    message = send(listing([line.replace("11/03/2026", "someday") for line in rows(9)]))
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.facts, len(message.unreadable)) == (State.QUARANTINED, 0, 4)
    assert message.unreadable[-1]["reason"].startswith("6 more places can't be read")


def test_what_the_door_refuses_stays_out_with_its_place(pieces_of_two, monkeypatch):
    enter = coordination.enter

    def refusing(facts, *, by):
        if any(fact.key.endswith("T4/fracture/1") for fact in facts):
            raise ValueError("no")
        return enter(facts, by=by)

    monkeypatch.setattr(coordination, "enter", refusing)
    message = send(listing(rows(9)))
    Worker().work_off()
    message.refresh_from_db()
    assert (message.state, message.facts) == (State.QUARANTINED, 8)
    assert [fault["place"] for fault in message.unreadable] == ["row 6, fracture 1"]


def test_a_failing_database_puts_it_down_and_it_is_begun_again(pieces_of_two, monkeypatch):
    message = send(listing(rows(9)))
    enter, times = coordination.enter, iter(range(100))

    def failing(facts, *, by):
        if next(times) == 2:
            raise OperationalError("the disk is full")
        return enter(facts, by=by)

    monkeypatch.setattr(coordination, "enter", failing)
    worker = Worker()
    with pytest.raises(OperationalError):
        worker.work_off()
    message.refresh_from_db()
    assert (message.state, message.attempts, FactRow.objects.count()) == (State.NEW, 0, 4)
    Message.objects.update(leased_until=None)
    assert worker.work_off() == {State.DONE: 1}
    assert FactRow.objects.count() == 9


def test_put_down_it_is_free_at_once(pieces_of_two):
    message = send(listing(rows(9)))
    worker = Worker()
    worker.work_once()
    worker.put_down()
    message.refresh_from_db()
    assert (message.leased_until, message.attempts) == (None, 0)
    assert Worker().work_off() == {State.DONE: 1}


def test_while_it_goes_on_its_lease_is_renewed(pieces_of_two):
    message = send(listing(rows(9)))
    worker = Worker()
    worker.work_once()
    first = Message.objects.get(number=message.number).leased_until
    worker.work_once()
    assert Message.objects.get(number=message.number).leased_until > first


def test_a_mended_long_list_gives_only_what_its_original_did_not(pieces_of_two):
    lines = rows(9)
    original = send(listing([lines[0].replace("11/03/2026", "someday"), *lines[1:]]))
    Worker().work_off()
    original.refresh_from_db()
    mended = mend(original, listing(lines), by="carys", at=AT)
    Worker().work_off()
    mended.refresh_from_db()
    assert (mended.state, mended.facts, FactRow.objects.count()) == (State.DONE, 1, 9)


@pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)
def test_a_replay_gives_the_same(pieces_of_two):
    Site.objects.create(code="X1A01", name="One", trust=Trust.objects.create(code="X1A", name="Trust"))
    send(listing(rows(9)))
    send(listing(rows(3, 4, "hip pain ?#")), "short.csv")
    Worker().work_off()
    proof = prove(AT.date(), shuffle=3)
    assert (proof.different, proof.replayed.facts) == ([], 12)


def test_a_long_message_that_is_no_list_is_read_at_once(pieces_of_two):
    message = send(b"MSH|^~\\&|" + b"x" * 1000, "long.hl7")
    assert not long_lists.is_long(message)
    Worker().work_off()
    message.refresh_from_db()
    assert message.state == State.QUARANTINED
