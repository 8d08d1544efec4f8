"""PostgreSQL, by the listener's door and by Django's: what is no commit although the server says so."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from django.db import OperationalError, connections

from openfls.inbox.keeping import Incoming
from openfls.inbox.listener.store import Away
from openfls.inbox.receive import receive
from tests.inbox import stores
from tests.inbox.listening import adt

AT = datetime(2026, 3, 2, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif("not config.getoption('postgres')", reason="PostgreSQL's own: run with --postgres"),
]


class Door(NamedTuple):
    """``store`` of messages, and what it raises where nothing may be acknowledged."""

    store: Callable
    away: type[Exception]


@pytest.fixture(params=["listener", "django"])
def door(request):
    if request.param == "django":
        yield Door(receive, OperationalError)
        return
    with stores.on_postgresql() as inbox:
        yield Door(inbox.store.store, Away)
        inbox.store.close()


def incoming(name: str) -> Incoming:
    return Incoming(source="X9A/pas", site="X9A01", content=adt(name), origin={"site": "X9A01"})


def written() -> int:
    """How far the server's log has come, in bytes."""
    return stores.through_django("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS far")[0]["far"]


@pytest.fixture
def server_that_warns():
    """As it does where somebody breaks off the wait for the standby: a warning, and COMMIT all the same."""
    with connections["inbox"].cursor() as cursor:
        cursor.execute("""CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
                          $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$""")
        cursor.execute("""CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON inbox_message DEFERRABLE INITIALLY DEFERRED
                          FOR EACH ROW EXECUTE FUNCTION warn()""")
    yield
    with connections["inbox"].cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS warn() CASCADE")


def test_a_commit_that_the_server_warns_of_is_none(door, server_that_warns):
    with pytest.raises(door.away):
        door.store([incoming("A")], at=AT)


def test_after_a_warning_the_same_is_tried_again_and_known(door, server_that_warns):
    with pytest.raises(door.away):
        door.store([incoming("A")], at=AT)
    (receipt,) = door.store([incoming("A")], at=AT)
    assert receipt.known_already


def test_a_message_that_is_there_already_waits_for_its_commit_as_a_new_one_does(door):
    """Without anything written, a commit waits neither for the disk nor for the standby."""
    door.store([incoming("A")], at=AT)
    before = written()
    door.store([incoming("A")], at=AT)
    assert written() > before
