"""The power goes: whatever was acknowledged by then is there when it comes back. Weaker settings lose messages here."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
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
from openfls.inbox.listener.store import Away
from openfls.inbox.listener.writer import Writer
from tests.faults.power import Acknowledged, Disk, Recording, Write
from tests.inbox import stores
from tests.inbox.listening import adt

pytestmark = [
    pytest.mark.django_db(databases=["default", "inbox"]),
    pytest.mark.skipif("config.getoption('postgres')", reason="SQLite's own writing is recorded here"),
]

AT = datetime(2026, 3, 2, tzinfo=UTC)
MESSAGE = Incoming(source="X9A/pas", site="X9A01", content=adt())
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
    store, _ = recording(folder / "inbox.sqlite3", disk, **pragmas)
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


def test_what_was_written_before_a_kill_and_not_synced_is_made_sure_of_when_it_comes_again(tmp_path):
    """It is there already, so that storing it writes nothing."""
    before = {"inbox.sqlite3": stores.empty_inbox(tmp_path).read_bytes()}
    store, system = recording(tmp_path / "inbox.sqlite3", Disk(before))
    store.is_durable()
    there = tmp_path / "as the process left it"
    system.instead_of_syncing = lambda: there.exists() or shutil.copytree(tmp_path, there)
    with pytest.raises(Away):
        store.store([MESSAGE], at=AT)
    log = Write("inbox.sqlite3-wal", 0, (there / "inbox.sqlite3-wal").read_bytes())
    disk = Disk(before, [log])
    again, _ = recording(there / "inbox.sqlite3", disk)
    (receipt,) = again.store([MESSAGE], at=AT)
    assert receipt.known_already
    assert what_stays(disk, tmp_path) == {receipt.digest}
    again.close()


def test_after_a_failed_sync_a_message_is_written_anew_before_it_is_acknowledged(tmp_path):
    disk = Disk({"inbox.sqlite3": stores.empty_inbox(tmp_path).read_bytes()})
    store, system = recording(tmp_path / "inbox.sqlite3", disk)
    store.is_durable()
    system.instead_of_syncing = lambda: None
    for _ in range(2):
        with pytest.raises(Away, match="the disk fails"):
            store.store([MESSAGE], at=AT)
    system.instead_of_syncing = None
    (receipt,) = store.store([MESSAGE], at=AT)
    assert what_stays(disk, tmp_path) == {receipt.digest}
    store.close()


def recording(file: Path, disk: Disk, **pragmas: object) -> tuple[sqlite.SqliteStore, Recording]:
    system = Recording(f"recording-{uuid4().hex}", disk)
    return sqlite.SqliteStore(file, stores.columns_on_sqlite(), vfs=system.name, **pragmas), system


class NothingUnsynced(Random):
    def choice(self, seq: Sequence[Any]) -> Any:
        return seq[0]


def what_stays(disk: Disk, folder: Path) -> set[str]:
    """The digests that are there where nothing survives that was not synced."""
    images, _ = disk.cut(len(disk.events), NothingUnsynced())
    there, damage = reopened(images, folder / "cut")
    assert damage == []
    return there


def test_a_store_that_is_not_durable_says_so(tmp_path):
    file, columns = stores.empty_inbox(tmp_path), stores.columns_on_sqlite()
    assert durable(sqlite.SqliteStore(file, columns))
    assert not durable(sqlite.SqliteStore(file, columns, synchronous="NORMAL"))


def durable(store: Any) -> bool:
    try:
        return store.is_durable()
    finally:
        store.close()
