"""The power goes: whatever was acknowledged by then is there when it comes back. Weaker settings lose messages here."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import apsw
import pytest

from openfls.inbox.keeping import Incoming
from openfls.inbox.listener import sqlite
from openfls.inbox.listener.arrivals import Arrival
from openfls.inbox.listener.writer import Writer
from tests.faults.power import Acknowledged, Disk, Recording, Write
from tests.inbox import stores
from tests.inbox.listening import adt

pytestmark = [
    pytest.mark.django_db(databases=["default", "inbox"]),
    pytest.mark.skipif("config.getoption('postgres')", reason="SQLite's own writing is recorded here"),
]

CUTS, CUTS_WHEN_SOAKED = 120, 3000


@pytest.fixture
def cuts(request) -> int:
    return CUTS_WHEN_SOAKED if request.config.getoption("soak") else CUTS


@pytest.fixture
def short_log(monkeypatch):
    """The log is written back every few commits, so that cuts meet that as well."""
    monkeypatch.setattr(sqlite, "LONG_LOG", 60)


def recorded(folder: Path, **pragmas: object) -> Disk:
    """What happens to the disk while the listener's own writer stores messages in groups."""
    disk = Disk({"inbox.sqlite3": stores.empty_inbox(folder).read_bytes()})
    file_system = Recording(f"recording-{uuid4().hex}", disk)
    store = sqlite.SqliteStore(folder / "inbox.sqlite3", stores.columns_on_sqlite(), vfs=file_system.name, **pragmas)
    writer = Writer(store, lambda group: acknowledge(disk, group), most=7)
    for number in range(400):
        writer.put(arrival(adt(f"M{number}", "x" * Random(number).randrange(20, 3000))))
    writer.start()
    writer.end()
    writer.join()
    return disk


def arrival(content: bytes) -> Arrival:
    return Arrival(None, None, [Incoming(source="X9A/pas", site="X9A01", content=content)])


def acknowledge(disk: Disk, group: Sequence[Arrival]) -> None:
    disk.events += [Acknowledged(sha256(m.content).hexdigest()) for one in group for m in one.messages]


def after_cuts(disk: Disk, folder: Path, cuts: int) -> tuple[list[int], list[str]]:
    """How many acknowledged messages each cut loses; what SQLite finds wrong with its files."""
    dice, lost, damage = Random(7), [], []
    for number in range(cuts):
        images, acknowledged = disk.cut(dice.randrange(len(disk.events) + 1), dice)
        there, wrong = reopened(images, folder / str(number))
        lost.append(len(acknowledged - there))
        damage += wrong
    return lost, damage


def reopened(images: dict[str, bytes], folder: Path) -> tuple[set[str], list[str]]:
    folder.mkdir()
    for name, image in images.items():
        (folder / name).write_bytes(image)
    connection = apsw.Connection(str(folder / "inbox.sqlite3"))
    try:
        wrong = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        return {digest for (digest,) in connection.execute("SELECT digest FROM inbox_message")}, wrong
    except (apsw.Error, UnicodeDecodeError) as fault:
        return set(), [str(fault)]
    finally:
        connection.close()


@pytest.mark.usefixtures("short_log")
def test_no_power_cut_loses_an_acknowledged_message_or_damages_the_file(tmp_path, cuts):
    disk = recorded(tmp_path)
    written_back = sum(isinstance(e, Write) and e.file == "inbox.sqlite3" for e in disk.events)
    acknowledged = sum(isinstance(e, Acknowledged) for e in disk.events)
    assert acknowledged == 400
    assert written_back > 50, "no cut would meet the log being written back"
    lost, damage = after_cuts(disk, tmp_path, cuts)
    assert sum(lost) == 0
    assert damage == []


@pytest.mark.usefixtures("short_log")
def test_the_usual_weaker_setting_loses_acknowledged_messages(tmp_path, cuts):
    """Otherwise the test above would show nothing."""
    lost, damage = after_cuts(recorded(tmp_path, synchronous="NORMAL"), tmp_path, cuts)
    assert sum(one > 0 for one in lost) > cuts // 10
    assert damage == []


@pytest.mark.usefixtures("short_log")
def test_no_syncing_at_all_damages_the_file(tmp_path, cuts):
    lost, damage = after_cuts(recorded(tmp_path, synchronous="OFF"), tmp_path, cuts)
    assert sum(lost) > 0
    assert damage != []


def test_a_store_that_is_not_durable_says_so(tmp_path):
    file, columns = stores.empty_inbox(tmp_path), stores.columns_on_sqlite()
    assert durable(sqlite.SqliteStore(file, columns))
    assert not durable(sqlite.SqliteStore(file, columns, synchronous="NORMAL"))


def durable(store: Any) -> bool:
    try:
        return store.is_durable()
    finally:
        store.close()
