"""The listener's PostgreSQL: what is no commit although the server says so."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from openfls.inbox.keeping import Incoming
from openfls.inbox.listener.store import Away
from tests.inbox import stores
from tests.inbox.listening import adt

AT = datetime(2026, 3, 2, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif("not config.getoption('postgres')", reason="PostgreSQL's own: run with --postgres"),
]


@pytest.fixture
def store():
    with stores.on_postgresql() as inbox:
        yield inbox.store
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


def test_a_commit_that_the_server_warns_of_is_none(store, server_that_warns):
    with pytest.raises(Away, match="OperationalError"):
        store.store([incoming("A")], at=AT)


def test_after_a_warning_the_same_is_tried_again_and_known(store, server_that_warns):
    with pytest.raises(Away):
        store.store([incoming("A")], at=AT)
    (receipt,) = store.store([incoming("A")], at=AT)
    assert receipt.known_already


def test_a_message_that_is_there_already_waits_for_its_commit_as_a_new_one_does(store):
    """Without anything written, a commit waits neither for the disk nor for the standby."""
    store.store([incoming("A")], at=AT)
    before = written()
    store.store([incoming("A")], at=AT)
    assert written() > before
