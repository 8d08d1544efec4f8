"""The listener and `receive` keep the same: fed the same messages, they give the same rows, receipts and flags."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.inbox.keeping import Incoming, Receipt
from openfls.inbox.receive import receive
from tests.inbox.stores import exactly, through_django

AT = datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)
ADT = b"MSH|^~\\&|PAS|X9A|||20260302093000||ADT^A01|MSG1|P|2.4\rPID|1\r"
ALSO = ADT.replace(b"MSG1", b"MSG2")
MARK = "/listener"

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"], transaction=True)


def sent(content: bytes = ADT, **more: Any) -> Incoming:
    return Incoming(**{"source": "X9A/pas", "site": "X9A01", "content": content, "origin": {"site": "X9A01"}} | more)


def elsewhere(message: Incoming) -> Incoming:
    """The same of a feed of its own, so that both ways can be tried on one database."""
    return replace(message, source=message.source + MARK)


def differences(inbox: Any) -> list[object]:
    """What the two ways have kept otherwise, feed by feed."""
    theirs = [row for row in through_django(exactly(connections["inbox"].vendor)) if not of_the_listener(row)]
    ours = [row for row in inbox.exact_rows() if of_the_listener(row)]
    ours = [row | {"source": row["source"].replace(MARK, "")} for row in ours]
    return [pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]]


def of_the_listener(row: dict[str, Any]) -> bool:
    return MARK in row["source"]


def told(receipts: list[Receipt]) -> list[tuple[object, ...]]:
    """Receipts without their numbers, but with whether two are of one message."""
    numbers = sorted({receipt.number for receipt in receipts})
    return [(numbers.index(r.number), r.message_id, r.digest, r.known_already, r.flag) for r in receipts]


def compare(inbox: Any, batches: list[list[Incoming]]) -> None:
    for batch in batches:
        ours = inbox.store.store([elsewhere(message) for message in batch], at=AT)
        assert told(ours) == told(receive(batch, at=AT))
    assert differences(inbox) == []


@pytest.mark.parametrize(
    "batches",
    [
        [[sent()], [sent()]],
        [[sent(), sent(), sent(ALSO)]],
        [[sent()], [sent(ADT + b"ZZZ|1\r"), sent()], [sent(ADT + b"ZZZ|1\r")]],
        [[sent(b"nothing to go by", name="message.hl7"), sent(b"", name="")]],
        [[sent(origin={"site": "X9A01", "finder": "trauma list", "encoding": "cp1252"})], [sent(name="x.hl7")]],
        [[sent(received=datetime(2025, 1, 1, tzinfo=UTC)), sent(ALSO, received=datetime(2025, 1, 1, 1, 2, 3, 4, UTC))]],
        [[sent(ADT.replace(b"MSG1", b"\xe9\x00" * 300), name="n\0" * 300)]],
        [[sent(bytes(range(256)) * 4000)]],
        [[]],
    ],
    ids=[
        "the same again",
        "the same in one batch",
        "the same id with other bytes",
        "without an id",
        "declared otherwise",
        "history",
        "odd characters",
        "large",
        "nothing",
    ],
)
def test_both_ways_keep_the_same(inbox, batches):
    compare(inbox, batches)


contents = st.sampled_from([ADT, ALSO, ADT + b"\r", b"", b"\x00\xff", ADT.replace(b"MSG1", "Ü".encode())])
origins = st.sampled_from([{}, {"site": "X9A01"}, {"site": "X9A01", "finder": "trauma list", "encoding": ""}])
messages = st.builds(
    sent,
    contents | st.binary(max_size=60),
    source=st.sampled_from(["X9A/pas", "X9A/ris"]),
    origin=origins,
    name=st.sampled_from(["", "a.hl7"]),
    message_id=st.sampled_from(["", "own"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(messages, max_size=6), max_size=3))
def test_both_ways_keep_the_same_whatever_comes(inbox, batches):
    """Each example goes on with what the ones before have left: only the two ways must agree."""
    compare(inbox, batches)


def test_what_the_database_refuses_is_told_and_the_next_is_kept(inbox):
    from openfls.inbox.listener.store import Unstorable

    if connections["inbox"].vendor == "sqlite":
        pytest.skip("SQLite takes a word of any length")
    with pytest.raises(Unstorable, match="the database refuses it"):
        inbox.store.store([sent(), sent(ALSO, site="x" * 101)], at=AT)
    assert inbox.rows() == []
    inbox.store.store([sent()], at=AT)
    assert len(inbox.rows()) == 1


@pytest.mark.skipif("not config.getoption('postgres')", reason="SQLite has no check that waits for the commit")
def test_a_commit_that_fails_is_told_although_every_statement_went_well(inbox):
    from openfls.inbox.listener.store import Unstorable

    with connections["inbox"].cursor() as cursor:
        cursor.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$")
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON inbox_message DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        try:
            with pytest.raises(Unstorable, match="the database refuses it"):
                inbox.store.store([sent()], at=AT)
        finally:
            cursor.execute("DROP FUNCTION refuse CASCADE")
    assert inbox.rows() == []
    assert not inbox.store.store([sent()], at=AT)[0].known_already
    assert len(inbox.rows()) == 1
