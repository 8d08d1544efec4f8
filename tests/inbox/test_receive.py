"""Receiving: on disk before anybody is told, byte for byte, exactly once."""

import gzip
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from openfls.inbox.message_ids import message_id_of
from openfls.inbox.models import Message, State
from openfls.inbox.receive import Incoming, receive

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADT = b"MSH|^~\\&|PAS|RX9|FLS|RX9|20260302093000||ADT^A01|MSG0001|P|2.4\rPID|1||123^^^RX9\r"

pytestmark = pytest.mark.django_db(databases=["default", "inbox"])


def sent(content: bytes = ADT, source: str = "RX9/pas", **more) -> Incoming:
    return Incoming(source=source, content=content, site="RX901", **more)


def test_a_message_is_kept_byte_for_byte_and_waits():
    content = bytes(range(256)) * 10
    (receipt,) = receive([sent(content, name="list.bin")], at=AT)
    kept = Message.objects.get(number=receipt.number)
    assert bytes(kept.content) == content
    assert (kept.digest, kept.size, kept.received_at) == (sha256(content).hexdigest(), 2560, AT)
    assert (kept.state, kept.message_id, kept.site) == (State.NEW, "list.bin", "RX901")
    assert not receipt.known_already


def test_the_same_again_is_stored_once_and_the_receipt_says_so():
    first, second = receive([sent(), sent()], at=AT)
    (third,) = receive([sent()], at=AT)
    assert [first.known_already, second.known_already, third.known_already] == [False, True, True]
    assert first.number == second.number == third.number
    assert Message.objects.count() == 1
    assert not Message.objects.get().flagged


def test_the_same_id_with_other_bytes_is_kept_beside_the_first_and_flagged():
    (first,) = receive([sent()], at=AT)
    (other,) = receive([sent(ADT + b"ZZZ|1\r")], at=AT)
    assert Message.objects.count() == 2
    assert (first.flag, other.flag) == ("", "this message id came before with other bytes")
    assert Message.objects.get(number=other.number).flagged
    (resent,) = receive([sent()], at=AT)
    assert (resent.known_already, resent.flag) == (True, "")


def test_two_sources_may_use_the_same_message_id():
    receipts = receive([sent(), sent(source="X9B/pas")], at=AT)
    assert len({receipt.number for receipt in receipts}) == 2
    assert [receipt.flag for receipt in receipts] == ["", ""]


def test_the_same_bytes_declared_otherwise_are_flagged_and_named():
    declared = {"finder": "trauma list"}
    receive([sent(b"a,b\r\n", name="one.csv", origin=declared)], at=AT)
    again, other_name = receive(
        [sent(b"a,b\r\n", name=name, origin={"finder": "theatre list"}) for name in ("one.csv", "two.csv")], at=AT
    )
    expected = "these bytes came before, declared as finder trauma list, and are read as that"
    assert (again.known_already, again.flag) == (True, expected)
    assert (other_name.known_already, other_name.flag) == (False, expected)


def test_nothing_of_a_call_is_stored_when_one_message_cannot_be():
    broken = sent(b"x", name="b", origin={"finder": object()})
    with pytest.raises(TypeError), transaction.atomic(using="inbox"):
        receive([sent(), broken], at=AT)
    assert Message.objects.count() == 0


def test_history_keeps_its_own_time_of_receipt():
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    receive([sent(received=long_ago)], at=AT)
    assert Message.objects.get().received_at == long_ago
    assert Message.objects.get().stored_at > AT.replace(year=2025)


@pytest.mark.parametrize("missing", ["source", "site"])
def test_a_message_without_a_source_or_an_owner_is_refused_before_it_is_stored(missing):
    with pytest.raises(ValueError, match="name both"):
        Incoming(**{"source": "RX9/pas", "site": "RX901", "content": b"x", missing: ""})


def test_an_unknown_declaration_is_refused():
    with pytest.raises(ValueError, match="nothing is known about fnder"):
        sent(origin={"fnder": "trauma list"})


@pytest.mark.parametrize(
    "change", [{"content": b"other"}, {"digest": "0" * 64}, {"received_at": AT.replace(year=2020)}, {"source": "x"}]
)
def test_the_database_refuses_to_change_what_was_received(change):
    receive([sent()], at=AT)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(using="inbox"):
        Message.objects.update(**change)


def test_the_database_refuses_to_forget_a_message():
    receive([sent()], at=AT)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(using="inbox"):
        Message.objects.all().delete()


BUNDLE = b'{\n "resourceType": "Bundle",\n "id": "bundle-7",\n "entry": [{"resource": {"id": "p1"}}]}'


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (ADT, "", "MSG0001"),
        (b"\x0b" + ADT + b"\x1c\r", "", "MSG0001"),
        (b"\xef\xbb\xbf" + ADT.replace(b"\r", b"\n"), "f.hl7", "MSG0001"),
        (ADT.replace(b"|", b"!"), "", "MSG0001"),
        (ADT.replace(b"MSG0001", b""), "f.hl7", "f.hl7"),
        (b"MSH|^~\\&|PAS\rPID|a|b|c|d|e|f|g|h|NOT-ME|\r", "f.hl7", "f.hl7"),
        (BUNDLE, "b.json", "bundle-7"),
        (gzip.compress(BUNDLE, mtime=0), "b.json.gz", "bundle-7"),
        (BUNDLE.replace(b'"id": "bundle-7",', b""), "b.json", "b.json"),
        (b'{"resourceType": "Patient", "id": "p1"}', "p.json", "p.json"),
        (b'{"id": "early", "resourceType": "Bundle", "entry": []}', "b.json", "early"),
        (b"\x1f\x8b broken", "b.gz", "b.gz"),
        (b"NHS number,Name\r\n", "trauma.csv", "trauma.csv"),
        (b"", "", ""),
    ],
    ids=[
        "HL7",
        "in an MLLP frame",
        "with a byte order mark and line feeds",
        "with another field separator",
        "HL7 without an id",
        "HL7 with a short header",
        "a bundle",
        "a packed bundle",
        "a bundle without an id",
        "a resource that is no bundle",
        "an id before the type",
        "broken packing",
        "a list",
        "nothing",
    ],
)
def test_the_message_id_is_the_senders_own_else_the_file_name(content, name, expected):
    assert message_id_of(content, name) == expected


def test_a_message_without_any_id_is_known_by_its_digest():
    (receipt,) = receive([sent(b"nothing to go by")], at=AT)
    assert receipt.message_id == receipt.digest


contents = st.sampled_from([ADT, ADT + b"\r", ADT.replace(b"0001", b"0002"), b"a,b", b"a,c", b"", b"\x00\xff"])
arrivals = st.lists(st.tuples(contents, st.sampled_from(["RX9/pas", "RX9/lists"]), st.sampled_from(["x", "y"])))


class EveryMessageIsStoredExactlyOnce(TestCase):
    databases = {"default", "inbox"}

    @settings(deadline=None)
    @given(st.lists(arrivals, max_size=4))
    def test_however_they_arrive_and_however_often(self, batches):
        expected = set()
        for batch in batches:
            messages = [sent(content, source, name=name) for content, source, name in batch]
            receipts = receive(messages, at=AT)
            for message, receipt in zip(messages, receipts, strict=True):
                key = message.source, receipt.message_id, message.content
                assert receipt.known_already == (key in expected)
                expected.add(key)
                assert bytes(Message.objects.get(number=receipt.number).content) == message.content
        assert Message.objects.count() == len(expected)

    @settings(deadline=None)
    @given(st.binary(max_size=300), st.text(max_size=300))
    def test_whatever_bytes_under_whatever_name(self, content, name):
        (receipt,) = receive([sent(content, name=name)], at=AT)
        assert bytes(Message.objects.get(number=receipt.number).content) == content
