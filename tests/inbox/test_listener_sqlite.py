"""The listener's SQLite: full and failing disks, a log that stays short, a file that no other library touches."""

from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from openfls.inbox.keeping import Incoming
from openfls.inbox.listener import sqlite
from openfls.inbox.listener.sqlite import SqliteStore, hand_over, is_fixed
from openfls.inbox.listener.store import Away, Unstorable
from openfls.record import databases
from openfls.record.locks import INBOX_LOG, Taken, place
from tests.inbox import stores
from tests.inbox.listening import adt

AT = datetime(2026, 3, 2, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(databases=["default", "inbox", "audit"]),
    pytest.mark.skipif("config.getoption('postgres')", reason="SQLite's own"),
]


@pytest.fixture
def file(tmp_path) -> Path:
    return stores.empty_inbox(tmp_path)


@pytest.fixture
def store(file):
    opened = SqliteStore(file, stores.columns_on_sqlite())
    assert opened.is_durable()
    yield opened
    opened.close()


def message(number: int, size: int = 2000) -> Incoming:
    return Incoming(source="X9A/pas", site="X9A01", content=adt(f"M{number}", "x" * size))


def fill(store: SqliteStore, first: int, count: int) -> None:
    for number in range(first, first + count):
        store.store([message(number)], at=AT)
        store.tidy(idle=False)


def log_of(file: Path) -> int:
    """The size of its write-ahead log."""
    log = file.with_name(f"{file.name}-wal")
    return log.stat().st_size if log.exists() else 0


def test_a_full_disk_is_told_nothing_is_kept_and_with_room_again_it_goes_on(store, file):
    fill(store, 0, 5)
    store._connection.pragma("max_page_count", store._connection.pragma("page_count"))
    with pytest.raises(Unstorable, match="no room on the disk"):
        store.store([message(number, 20_000) for number in range(10, 20)], at=AT)
    store._connection.pragma("max_page_count", 1_000_000)
    fill(store, 10, 10)
    with apsw.Connection(str(file)) as reader:
        assert reader.execute("SELECT count(*) FROM inbox_message").fetchone() == (15,)


def test_a_file_that_another_holds_is_waited_for(store, file, monkeypatch):
    store._connection.set_busy_timeout(50)
    with apsw.Connection(str(file)) as holder:  # a transaction that writes
        holder.execute("UPDATE inbox_message SET rule = rule")
        with pytest.raises(Away, match="another process holds the inbox"):
            store.store([message(1)], at=AT)
    assert not store.store([message(1)], at=AT)[0].known_already


def test_the_log_is_written_back_when_it_is_long_and_when_nothing_else_is_to_do(store, file, monkeypatch):
    monkeypatch.setattr(sqlite, "LONG_LOG", 100)
    fill(store, 0, 200)
    assert log_of(file) < 200 * 4096
    fill(store, 200, 3)
    assert log_of(file) > 0
    store.tidy(idle=True)
    assert log_of(file) == 0


def test_while_somebody_reads_the_log_waits_and_nobody_waits_for_it(store, file, monkeypatch):
    monkeypatch.setattr(sqlite, "LONG_LOG", 10)
    fill(store, 0, 3)
    reader = apsw.Connection(str(file))
    with reader:
        assert reader.execute("SELECT count(*) FROM inbox_message").fetchone() == (3,)
        fill(store, 3, 20)
        store.tidy(idle=True)
        assert log_of(file) > 0
    reader.close()
    store.tidy(idle=True)
    assert log_of(file) == 0


def test_the_worker_leaves_the_log_of_the_inbox_to_the_listener(monkeypatch):
    written = []
    monkeypatch.setattr(databases, "_write_back", written.append)
    with place(INBOX_LOG):
        databases.checkpoint()
    databases.checkpoint()
    assert written.count("inbox") == 1
    assert written.count("default") == 2


def test_a_place_is_held_by_one():
    with place("some.lock"), pytest.raises(Taken), place("some.lock"):
        pass
    with place("some.lock"):
        pass


def test_from_the_handing_over_on_django_cannot_open_the_inbox(monkeypatch):
    before, settings = connections["inbox"], connections.settings["inbox"]
    monkeypatch.setattr(connections, "close_all", lambda: None)
    try:
        assert hand_over() is before
        with pytest.raises(ImproperlyConfigured), connections["inbox"].cursor():
            pass
    finally:
        connections.settings["inbox"] = settings
        connections["inbox"] = before


@pytest.mark.parametrize(
    ("version", "fixed"), [("3.40.1", False), ("3.51.2", False), ("3.51.3", True), ("3.100.0", True)]
)
def test_which_library_has_the_fault(version, fixed):
    assert is_fixed(version) == fixed
    assert is_fixed(apsw.sqlite_lib_version())
