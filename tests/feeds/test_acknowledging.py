"""Acknowledgements: in the sender's own delimiters, character set and version, in the mode that it asks for."""

from datetime import UTC, datetime, timedelta, timezone

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds.hl7v2.acknowledging import (
    WANTED,
    Acknowledgement,
    Verdict,
    acknowledgement_of,
    answer,
    code_for,
)
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.header import HEAD, Header, header_of
from openfls.feeds.hl7v2.message import tokenise
from openfls.feeds.reading import Unreadable

AT = datetime(2026, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=1)))
ADT = b"MSH|^~\\&|PAS|X9A|FLS|X9A01|20260302||ADT^A01^ADT_A01|MSG 7|P|2.4||||||8859/1\rPID|1\r"


def header(content: bytes = ADT) -> Header:
    found = header_of(content)
    assert isinstance(found, Header)
    return found


def with_modes(accept: str, application: str) -> Header:
    return header(f"MSH|^~\\&|PAS|X9A|||20260302||ADT^A01|M1|P|2.4|||{accept}|{application}\r".encode())


def answered(found: Header | None, verdict: Verdict = Verdict.ACCEPTED, words: str = "") -> bytes:
    return answer(found, verdict, words, at=AT, control_id="A1")


def test_an_answer_goes_back_to_whoever_sent_in_its_version_and_character_set():
    assert answered(header()) == (
        b"MSH|^~\\&|FLS|X9A01|PAS|X9A|20260302093000+0000||ACK^A01^ACK|A1|P|2.4||||||8859/1\rMSA|AA|MSG 7\r"
    )


def test_an_answer_uses_the_senders_delimiters_and_no_word_of_ours_breaks_them():
    found = header(b"MSH#*~.&#PAS#X9A#FLS##20260302##ORU*R01#M.1#P#2.5.1\r")
    assert answered(found, Verdict.ERROR, "No room. Try # later.") == (
        b"MSH#*~.&#FLS##PAS#X9A#20260302093000+0000##ACK*R01*ACK#A1#P#2.5.1\rMSA#AE#M.1#No room  Try   later \r"
    )


def test_letters_of_any_character_set_come_back_as_they_were_sent():
    found = header("MSH|^~\\&|PÄS|X9A|||20260302||ADT^A01|Ü1|P|2.4\r".encode("cp1252"))
    assert b"|P\xc4S|X9A|" in answered(found)
    assert answered(found).endswith(b"MSA|AA|\xdc1\r")


@pytest.mark.parametrize(
    ("version", "kind"),
    [("2.2", b"ACK"), ("2.3", b"ACK^A01"), ("2.3.1", b"ACK^A01"), ("2.4", b"ACK^A01^ACK"), ("", b"ACK^A01^ACK")],
)
def test_the_kind_of_an_answer_is_written_as_the_senders_version_has_it(version, kind):
    found = header(ADT.replace(b"|2.4|", f"|{version}|".encode()))
    assert header(answered(found)).field(9) == kind


def test_what_has_no_header_is_answered_by_the_book():
    assert answered(None, Verdict.ERROR, "Unreadable.") == (
        b"MSH|^~\\&|||||20260302093000+0000||ACK|A1|P|2.4\rMSA|AE||Unreadable.\r"
    )


@pytest.mark.parametrize(
    ("accept", "application", "codes"),
    [
        ("", "", ("AA", "AE", "AR")),
        ("AL", "NE", ("CA", "CE", "CR")),
        ("AL", "AL", ("CA", "CE", "CR")),
        ("al", "", ("CA", "CE", "CR")),
        ("NE", "AL", ("AA", "AE", "AR")),
        ("", "AL", ("AA", "AE", "AR")),
        ("ER", "NE", ("", "CE", "CR")),
        ("SU", "NE", ("CA", "", "")),
        ("ER", "AL", ("AA", "CE", "CR")),
        ("NE", "NE", ("", "", "")),
        ("NE", "ER", ("", "AE", "AR")),
        ("??", "", ("CA", "CE", "CR")),
    ],
)
def test_the_sender_says_in_msh_15_and_16_how_it_wants_to_be_told(accept, application, codes):
    found = with_modes(accept, application)
    assert tuple(code_for(found, verdict) for verdict in Verdict) == codes
    for verdict, code in zip(Verdict, codes, strict=True):
        told = answered(found, verdict)
        assert (told == b"") == (code == "")
        assert not told or acknowledgement_of(told) == Acknowledgement(code, b"M1")


@given(st.sampled_from([*WANTED, ""]), st.sampled_from([*WANTED, ""]))
def test_a_sender_that_wants_to_hear_of_faults_hears_of_them(accept, application):
    wants = {"AL", "ER"} & {accept, application} or not (accept or application)
    assert all(bool(code_for(with_modes(accept, application), v)) == bool(wants) for v in ("E", "R"))


def test_an_independent_library_reads_the_answer_and_writes_one_that_we_read():
    ours = hl7.parse(answered(header()).decode("latin-1"))
    assert (str(ours["MSA.F1"]), str(ours["MSA.F2"])) == ("AA", "MSG 7")
    theirs = str(hl7.parse(ADT.decode("latin-1")).create_ack("AE")).encode()
    assert acknowledgement_of(theirs) == Acknowledgement("AE", b"MSG 7")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "does not begin with MSH"),
        (b"PID|1\r", "does not begin with MSH"),
        (b"MSH", "no delimiters"),
        (b"MSH|^\r", "no delimiters"),
        (b"MSH|||||", "no delimiters"),
        (b"MSHxABCD", "no delimiters"),
        (b"MSH|^~\\^|PAS", "no delimiters"),
        (b"MSH\xa7^~\\&\xa7PAS", "no delimiters"),
    ],
)
def test_what_is_no_header_says_why(content, reason):
    found = header_of(content)
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_an_answer_without_a_verdict_says_so():
    assert "no MSA" in acknowledgement_of(b"MSH|^~\\&|A\rPID|1\r").reason


def test_a_header_is_looked_for_in_the_first_bytes_only():
    assert header(b"MSH|^~\\&|" + b"A" * 10 * HEAD).field(3) == b"A" * (HEAD - 9)


messages = st.builds(
    lambda start, sep, declared, rest, end: start + b"MSH" + sep + declared + sep + rest + end + b"PID" + sep + b"1",
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\x0b", b"\r\n"]),
    st.sampled_from([b"|", b"!", b"#"]),
    st.sampled_from([b"^~\\&", b"^~", b"*.", b"^~\\&#", b"^", b"^^", b"a~", b""]),
    st.lists(st.sampled_from([b"PAS", b"", b"|", b"ADT^A01", b"2.4"]), max_size=12).map(b"|".join),
    st.sampled_from([b"\r", b"\n", b"\r\n"]),
)


@given(messages | st.binary(max_size=40))
def test_whatever_the_reader_reads_has_a_header_here(content):
    """Else a message would be refused to its sender that is read all the same."""
    try:
        read = tokenise(content, "latin-1")
    except Fault:
        return
    found = header(content)
    assert [found.text(n) for n in (3, 4, 9, 10)] == [read.segments[0].text(n) for n in (3, 4, 9, 10)]


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(content):
    found = header_of(content)
    told = answered(found if isinstance(found, Header) else None, Verdict.ERROR, "no")
    assert told == b"" or isinstance(acknowledgement_of(told), Acknowledgement)


def test_times_are_those_that_the_caller_gives():
    told = answer(header(), Verdict.ACCEPTED, at=datetime(2026, 7, 1, tzinfo=UTC), control_id="A9")
    assert (header(told).field(7), header(told).message_id) == (b"20260701000000+0000", b"A9")
