"""The listener on the wire: what senders get to hear, what is kept, and that no sender can harm another."""

import socket
import struct
import threading
import time
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.feeds.hl7v2.framing import LARGEST
from openfls.feeds.hl7v2.mllp import framed
from openfls.inbox.listener import arrivals, listening
from openfls.inbox.listener.sending import UNASKED, Hospital, NoAnswer
from openfls.inbox.listener.store import Away, Unstorable
from openfls.record.logs import Discreet
from tests.inbox.listening import FEED, Gate, Line, adt, running

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)


@pytest.fixture
def gate(inbox):
    return Gate(inbox.store)


@pytest.fixture
def listener(gate):
    with running(gate, frame_seconds=0.6) as there:
        yield there


def codes(answers) -> list[str]:
    return [answer.code for answer in answers]


def ids(answers) -> list[bytes]:
    return [answer.message_id for answer in answers]


def until(condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


# --- What is kept and what is said ----------------------------------------------------------------------------------


def test_a_message_is_on_disk_before_it_is_acknowledged(listener, gate, inbox):
    gate.open.clear()
    with Line(listener.port).say(adt("M1")) as line:
        assert line.hear(within=0.2) == []
        gate.open.set()
        assert codes(line.hear()) == ["AA"]
    (row,) = inbox.rows()
    assert (bytes(row["content"]), row["message_id"], row["state"]) == (adt("M1"), "M1", "new")
    assert (row["source"], row["site"], row["finder"]) == (FEED.source, FEED.site, "admission message")


def test_the_same_again_is_acknowledged_and_kept_once(listener, inbox):
    with Line(listener.port).say(adt("M1"), adt("M1"), adt("M1")) as line:
        assert codes(line.hear(3)) == ["AA"] * 3
    assert inbox.contents() == [adt("M1")]


def test_the_same_id_with_other_bytes_is_acknowledged_kept_and_flagged(listener, inbox):
    with Line(listener.port).say(adt("M1", "one"), adt("M1", "two")) as line:
        assert codes(line.hear(2)) == ["AA"] * 2
    assert [(row["message_id"], bool(row["flagged"])) for row in inbox.rows()] == [("M1", False), ("M1", True)]


@pytest.mark.parametrize("content", [b"nonsense", b"", b"MSH|", b"PID|1\r", b"\x00\xff" * 50])
def test_what_has_no_header_is_kept_raw_under_its_digest_and_answered_with_an_error(listener, inbox, content):
    with Line(listener.port).say(content) as line:
        (answer,) = line.hear()
    assert (answer.code, answer.message_id) == ("AE", b"")
    assert "kept for a person" in answer.words
    (row,) = inbox.rows()
    assert (bytes(row["content"]), row["message_id"]) == (content, sha256(content).hexdigest())


def test_answers_come_in_the_order_of_the_messages(listener):
    sent = [adt(f"M{n}") for n in range(700)]
    with Line(listener.port).say(*sent) as line:
        assert ids(line.hear(700)) == [f"M{n}".encode() for n in range(700)]


def test_many_that_wait_together_are_committed_together(listener, gate):
    gate.open.clear()
    with Line(listener.port).say(*(adt(f"M{n}") for n in range(200))) as line:
        until(lambda: listener.listener.reception._waiting == 200)
        gate.open.set()
        assert len(line.hear(200)) == 200
    assert len(gate.groups) <= 2
    assert sum(gate.groups) == 200


def test_a_sender_that_wants_no_answer_gets_none_and_its_message_is_kept(listener, inbox):
    with Line(listener.port).say(adt("M1", modes="NE|NE"), adt("M2", modes="AL|NE")) as line:
        assert line.hear()[0].code == "CA"
    assert len(inbox.rows()) == 2


def test_two_messages_in_a_frame_are_kept_each_by_itself_and_answered_once(listener, inbox):
    with Line(listener.port).say(adt("M1") + adt("M2"), adt("M3")) as line:
        assert ids(line.hear(2)) == [b"M1", b"M3"]
    assert inbox.contents() == [adt("M1").rstrip(b"\r"), adt("M2").rstrip(b"\r"), adt("M3")]


def test_a_message_without_an_end_before_the_next_is_kept_and_answered(listener, inbox):
    with Line(listener.port).raw(b"\x0b" + adt("M1") + framed(adt("M2"))) as line:
        assert ids(line.hear(2)) == [b"M1", b"M2"]
    assert inbox.contents() == [adt("M1"), adt("M2")]


def test_line_feeds_and_a_byte_order_mark_are_borne(listener, inbox):
    content = b"\xef\xbb\xbf" + adt("M1").replace(b"\r", b"\n")
    with Line(listener.port).say(content) as line:
        assert ids(line.hear()) == [b"M1"]
    assert inbox.contents() == [content]


def test_a_message_that_is_too_large_is_rejected_by_its_id_and_the_next_goes_on(listener, inbox):
    with Line(listener.port).say(adt("BIG", "x" * LARGEST), adt("M2")) as line:
        big, small = line.hear(2)
    assert (big.code, big.message_id, small.code) == ("AR", b"BIG", "AA")
    assert inbox.contents() == [adt("M2")]


# --- Senders that are slow, broken or too many ----------------------------------------------------------------------


def test_a_sender_that_stops_amid_a_frame_is_closed_and_nothing_of_it_is_kept(listener, inbox):
    with Line(listener.port).raw(framed(adt("M1"))[:-20]) as slow, Line(listener.port) as quick:
        assert slow.is_closed()
        assert codes(quick.say(adt("M2")).hear()) == ["AA"]
    assert inbox.contents() == [adt("M2")]


def test_a_sender_of_a_byte_now_and_then_is_closed(listener, inbox):
    with Line(listener.port) as slow, pytest.raises(ConnectionError):
        slow.trickle(framed(adt("M1")), 1, 0.05)
    assert inbox.rows() == []


def test_a_sender_may_be_silent_between_messages_for_as_long_as_it_likes(listener):
    with Line(listener.port).say(adt("M1")) as line:
        assert codes(line.hear()) == ["AA"]
        time.sleep(1.5)
        assert codes(line.say(adt("M2")).hear()) == ["AA"]


def test_a_large_message_over_a_slow_line_has_the_time_it_needs(listener):
    with Line(listener.port) as line:
        line.trickle(framed(adt("M1", "x" * 300_000)), 20_000, 0.06)
        assert codes(line.hear()) == ["AA"]


def test_a_frame_that_is_cut_off_leaves_nothing(listener, inbox):
    with Line(listener.port).raw(framed(adt("M1"))[:-5]):
        pass
    with Line(listener.port).say(adt("M2")) as line:
        line.hear()
    assert inbox.contents() == [adt("M2")]


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"]
)
def test_who_does_not_speak_mllp_is_closed_at_once_and_nothing_is_kept(listener, inbox, said):
    with Line(listener.port).raw(said) as line:
        assert line.is_closed()
    assert inbox.rows() == []


def test_a_sender_that_vanishes_after_sending_harms_nobody(listener, inbox):
    for n in range(20):
        line = Line(listener.port).say(adt(f"M{n}"))
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no goodbye
        line.socket.close()
    with Line(listener.port).say(adt("LAST")) as line:
        assert codes(line.hear()) == ["AA"]
    until(lambda: listener.ask(lambda: listener.listener.reception.is_empty))
    assert set(inbox.contents()) <= {adt(f"M{n}") for n in range(20)} | {adt("LAST")}
    until(lambda: listener.ask(lambda: len(listener.listener.reception.connections)) == 0)


def test_a_sender_that_shuts_its_side_still_gets_its_answers(listener):
    with Line(listener.port).say(adt("M1"), adt("M2")) as line:
        line.socket.shutdown(socket.SHUT_WR)
        assert ids(line.hear(3)) == [b"M1", b"M2"]


def test_a_sender_that_takes_no_answers_is_closed_and_its_messages_are_kept(listener, inbox):
    with Line(listener.port) as line, pytest.raises(ConnectionError):
        line.say(*(adt(f"M{n}-{'x' * 20_000}") for n in range(2_000)))  # each answer is as long
    until(lambda: listener.ask(lambda: listener.listener.reception.is_empty))
    with Line(listener.port).say(adt("OTHER")) as line:
        assert codes(line.hear()) == ["AA"]
    assert len(inbox.contents()) == len(set(inbox.contents()))


def test_no_more_connections_than_declared(gate):
    with running(gate, connections=2) as there, Line(there.port) as one, Line(there.port) as two:
        assert codes(one.say(adt("M1")).hear() + two.say(adt("M2")).hear()) == ["AA", "AA"]
        with Line(there.port) as third:
            assert third.is_closed()
        assert codes(one.say(adt("M3")).hear()) == ["AA"]


def test_whoever_has_been_silent_longest_makes_room(gate, monkeypatch):
    monkeypatch.setattr(listening, "QUIET", 0.0)
    with running(gate, connections=2) as there, Line(there.port) as one, Line(there.port) as two:
        one.say(adt("M1")).hear()
        two.say(adt("M2")).hear()
        with Line(there.port) as third:
            assert codes(third.say(adt("M3")).hear()) == ["AA"]
            assert one.is_closed()
            assert codes(two.say(adt("M4")).hear()) == ["AA"]


pieces = st.sampled_from(
    [b"\x0b", b"\x1c\r", b"\r", b"MSH|^~\\&|", b"\x0bMSH", b"|", b"\xff\x00", adt("F1"), framed(adt("F2"))]
)


def test_whatever_comes_over_a_line_the_listener_goes_on(listener, inbox):
    @settings(max_examples=60)
    @given(st.lists(pieces | st.binary(max_size=20), max_size=12).map(b"".join))
    def say(stream: bytes) -> None:
        with Line(listener.port) as line:
            line.raw(stream)
            line.socket.shutdown(socket.SHUT_WR)
            assert line.is_closed()

    say()
    with Line(listener.port).say(adt("AFTER")) as line:
        assert codes(line.hear()) == ["AA"]
    kept = inbox.contents()
    assert adt("AFTER") in kept
    assert len(kept) == len(set(kept))
    assert all(row["digest"] == sha256(bytes(row["content"])).hexdigest() for row in inbox.rows())


def test_an_answer_that_trips_the_program_keeps_no_other(listener, gate, inbox, monkeypatch):
    true = arrivals.answer

    def trips(header, *more, **told):
        if header.message_id == b"BAD":
            raise RuntimeError("tripped")
        return true(header, *more, **told)

    monkeypatch.setattr(arrivals, "answer", trips)
    gate.open.clear()
    with Line(listener.port).say(adt("BAD")) as bad, Line(listener.port).say(adt("M1")) as good:
        until(lambda: listener.listener.reception._waiting == 2)
        gate.open.set()
        assert codes(good.hear()) == ["AA"]
        assert bad.is_closed()
    assert len(inbox.rows()) == 2


# --- Never losing, by making senders wait ---------------------------------------------------------------------------


def test_where_too_much_waits_nobody_is_read_and_nothing_is_lost(gate, inbox):
    with running(gate, most_waiting=50) as there:
        gate.open.clear()
        lines = [Line(there.port) for _ in range(6)]
        sent = {line: [adt(f"{n}-{m}") for m in range(300)] for n, line in enumerate(lines)}
        senders = [threading.Thread(target=line.say, args=messages) for line, messages in sent.items()]
        for sender in senders:
            sender.start()
        until(lambda: there.listener.reception._waiting >= 50)
        time.sleep(0.2)
        assert there.ask(lambda: there.listener.reception._waiting) <= 50
        gate.open.set()
        heard = {line: line.hear(300) for line in lines}
        for sender in senders:
            sender.join()
    for n, line in enumerate(lines):
        assert ids(heard[line]) == [f"{n}-{m}".encode() for m in range(300)]
        line.socket.close()
    assert sorted(inbox.contents()) == sorted(message for messages in sent.values() for message in messages)


def test_one_sender_cannot_take_all_the_room(listener, gate, inbox):
    gate.open.clear()
    with Line(listener.port) as greedy, Line(listener.port) as modest:
        sending = threading.Thread(target=greedy.say, args=[adt(f"G{n}") for n in range(1500)])
        sending.start()
        until(lambda: listener.listener.reception._waiting >= 256)
        modest.say(adt("MODEST"))
        until(lambda: listener.listener.reception._waiting == 257)
        gate.open.set()
        assert codes(modest.hear()) == ["AA"]
        assert len(greedy.hear(1500)) == 1500
        sending.join()


def test_while_the_database_is_away_nobody_is_told_anything_and_then_all_are(listener, gate, inbox):
    away = threading.Event()
    away.set()

    def fault(_):
        if away.is_set():
            raise Away("gone")

    gate.fault = fault
    with Line(listener.port).say(adt("M1"), adt("M2")) as line:
        assert line.hear(within=1.0) == []
        away.clear()
        assert codes(line.hear(2)) == ["AA", "AA"]
    assert len(inbox.rows()) == 2


def test_of_a_group_the_one_that_cannot_be_stored_is_answered_with_an_error_alone(listener, gate, inbox):
    def fault(messages):
        if any(b"BAD" in message.content for message in messages):
            raise Unstorable("there is no room on the disk")

    gate.fault = fault
    gate.open.clear()
    with Line(listener.port).say(adt("M1"), adt("BAD"), adt("M3")) as line:
        until(lambda: listener.listener.reception._waiting == 3)
        gate.open.set()
        answers = line.hear(3)
    assert codes(answers) == ["AA", "AE", "AA"]
    assert "no room on the disk" in answers[1].words
    assert inbox.contents() == [adt("M1"), adt("M3")]


def test_told_to_stop_it_answers_what_was_read(gate, inbox):
    with running(gate) as there:
        gate.open.clear()
        with Line(there.port).say(*(adt(f"M{n}") for n in range(100))) as line:
            until(lambda: there.listener.reception._waiting == 100)
            threading.Timer(0.2, gate.open.set).start()
            assert there.stop()
            assert len(line.hear(100)) == 100
            assert line.is_closed()
        with pytest.raises(OSError):  # noqa: PT011 (refused or reset, as the system likes)
            Line(there.port).say(adt("LATE")).hear()
    assert len(inbox.rows()) == 100


def test_told_to_stop_while_the_database_is_away_it_says_that_not_all_was_answered(gate, inbox):
    def fault(_):
        raise Away("gone")

    gate.fault = fault
    with running(gate) as there, Line(there.port).say(adt("M1")) as line:
        until(lambda: there.listener.reception._waiting == 1)
        assert not there.stop(patience=0.3)
        assert line.hear() == []
    assert inbox.rows() == []


def test_a_fault_that_nobody_foresaw_is_told_to_the_sender_without_its_words(listener, gate, inbox, caplog):
    def fault(messages):
        if any(b"BAD" in message.content for message in messages):
            raise RuntimeError("Mrs Smith, 999 000 0018")

    gate.fault = fault
    with Line(listener.port).say(adt("M1"), adt("BAD"), adt("M3")) as line:
        answers = line.hear(3)
    assert codes(answers) == ["AA", "AE", "AA"]
    assert "Smith" not in answers[1].words
    shown = [Discreet().format(record) for record in caplog.records]
    assert len(shown) == 1
    assert "Smith" not in shown[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_where_nobody_writes_any_more_nothing_is_acknowledged_and_it_ends(gate, inbox):
    def fault(_):
        raise SystemExit

    gate.fault = fault
    with running(gate) as there, Line(there.port).say(adt("M1")) as line:
        assert line.hear(within=1.0) == []
        until(lambda: there.listener._watch.done())
        assert not there.stop(patience=0.1)


# --- The hospital's side --------------------------------------------------------------------------------------------


def test_a_hospital_hears_what_became_of_each_message(listener):
    with Hospital("127.0.0.1", listener.port) as hospital:
        told = [hospital.send(content) for content in (adt("M1"), b"nonsense", adt("M2", modes="AL|NE"))]
        assert codes(told) == ["AA", "AE", "CA"]
        assert hospital.send(adt("M3", modes="NE|NE")) == UNASKED


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (framed(b"MSH|^~\\&|A\rMSA|AA|OTHER\r"), "the answer is for b'OTHER'"),
        (framed(b"MSH|^~\\&|A\rPID|1\r"), "no acknowledgement"),
        (b"", "without an answer"),
        (b"hello", "no acknowledgement"),
    ],
    ids=["another's", "none", "closed", "no MLLP"],
)
def test_a_hospital_takes_no_wrong_answer_for_its_own(answer, why):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def receive() -> None:
            line, _ = server.accept()
            line.recv(65536)
            line.sendall(answer)
            line.close()

        thread = threading.Thread(target=receive)
        thread.start()
        with Hospital("127.0.0.1", server.getsockname()[1]) as hospital, pytest.raises(NoAnswer, match=why):
            hospital.send(adt("M1"))
        thread.join()
