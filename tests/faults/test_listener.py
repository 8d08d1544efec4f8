"""A listener that is killed, starved of disk, cut off from its database or held up: what it acknowledged is there."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from openfls.inbox.listener.sending import Hospital
from tests.faults.listeners import Env, Senders, free_port, listening, nothing_lost, openfls, settle, stored
from tests.inbox.listening import adt
from tests.record import own_database

ON_SQLITE = pytest.mark.skipif("config.getoption('postgres')", reason="SQLite's own faults")


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> Iterator[Env]:
    """One home for all of these tests: each goes on with what those before have left."""
    with own_database.environment(tmp_path_factory.mktemp("home")) as env:
        yield env


@pytest.fixture(scope="module")
def port(env) -> int:
    return settle(env)


@pytest.fixture
def soak(request) -> bool:
    return request.config.getoption("soak")


def test_killed_amid_its_work_again_and_again_it_loses_and_doubles_nothing(env, port, soak):
    dice = random.Random(3)
    with Senders(port, 8) as senders:
        for _ in range(40 if soak else 3):
            with listening(env, port) as there:
                before = len(senders.acknowledged)
                while len(senders.acknowledged) < before + 50:
                    time.sleep(0.01)
                time.sleep(dice.uniform(0, 0.3))
                there.kill()
    assert len(senders.acknowledged) >= 150
    assert senders.refused == []
    nothing_lost(env, senders.acknowledged)


def test_told_to_stop_under_load_it_ends_well_and_loses_nothing(env, port, soak):
    for _ in range(10 if soak else 1):
        with listening(env, port) as there, Senders(port, 8) as senders:
            while len(senders.acknowledged) < 100:
                time.sleep(0.01)
            assert there.stop() == 0
            assert "accepted" in there.last_words
        nothing_lost(env, senders.acknowledged)


def test_a_worker_killed_beside_a_busy_listener_loses_nothing(env, port, soak):
    """The two write the same inbox, through two libraries on SQLite."""
    with listening(env, port) as there, Senders(port, 4) as senders:
        for _ in range(10 if soak else 2):
            worker = subprocess.Popen([sys.executable, "-m", "openfls", "work"], env=env)
            time.sleep(3)
            worker.kill()
            worker.wait()
        assert there.is_alive
    assert len(senders.acknowledged) > 100
    openfls(env, "work", "--once", ends=None)
    nothing_lost(env, senders.acknowledged)


@ON_SQLITE
@pytest.mark.parametrize("held", ["record", "audit"])
def test_a_long_write_elsewhere_delays_no_acknowledgement(env, port, held):
    """It ends only when all have been acknowledged."""
    with listening(env, port), Hospital("127.0.0.1", port) as hospital, _write_lock(env, held):
        assert all(hospital.send(adt(f"{held}-{number}")).positive for number in range(50))


@ON_SQLITE
def test_while_another_process_holds_the_inbox_senders_wait_and_then_hear(env, port):
    with listening(env, port) as there, Hospital("127.0.0.1", port, timeout=30) as hospital:
        with _write_lock(env, "inbox") as holder:
            threading.Timer(7, holder.rollback).start()  # longer than the listener itself has patience
            assert hospital.send(adt("held")).positive
        assert there.stop() == 0
        assert "another process holds the inbox: trying again" in there.complaints


@contextmanager
def _write_lock(env: Env, name: str) -> Iterator[sqlite3.Connection]:
    """As a long derivation or a backup gone wrong would hold it."""
    file = Path(env["OPENFLS_HOME"]) / f"{name}.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield holder


@ON_SQLITE
def test_on_a_full_disk_senders_are_told_so_and_with_room_again_it_goes_on(tmp_path):
    with _small_disk(tmp_path / "small", megabytes=8) as (home, enlarge):
        env = {**os.environ, "OPENFLS_HOME": str(home)}
        port = settle(env)
        taken: list[bytes] = []
        with listening(env, port) as there, Hospital("127.0.0.1", port) as hospital:
            taken += _send_until_refused(hospital)
            refused = [hospital.send(adt(f"still-full-{n}", "x" * 40_000)) for n in range(5)]
            assert {answer.code for answer in refused} == {"AE"}
            assert "no room on the disk" in refused[0].words
            assert there.is_alive
            enlarge()
            for number in range(100):
                content = adt(f"room-{number}", "x" * 40_000)
                assert hospital.send(content).positive
                taken.append(content)
            assert there.stop() == 0
        nothing_lost(env, {sha256(content).hexdigest() for content in taken})
        assert len(stored(env)) == len(taken)


def _send_until_refused(hospital: Hospital) -> list[bytes]:
    taken = []
    for number in range(1000):
        content = adt(f"filling-{number}", "x" * 40_000)
        if not hospital.send(content).positive:
            return taken
        taken.append(content)
    raise AssertionError("the disk never got full")


@contextmanager
def _small_disk(folder: Path, megabytes: int):
    """A disk of its own, and what enlarges it. Only an administrator may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "openfls-small", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only an administrator may mount a small disk")
    try:
        yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_duplicates_in_any_order_over_many_connections_are_kept_once(env, port):
    dice = random.Random(11)
    contents = [adt(f"dup-{n}", text) for n in range(60) for text in ("one", "two", "one")]
    before = set(stored(env))
    with listening(env, port):
        threads = []
        for _ in range(6):
            mixed = dice.sample(contents, len(contents))
            threads.append(threading.Thread(target=_send_all, args=[port, mixed]))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(stored(env)) - before) == 120
    nothing_lost(env, set())


def _send_all(port: int, contents: list[bytes]) -> None:
    with Hospital("127.0.0.1", port) as hospital:
        assert all(hospital.send(content).positive for content in contents)


@pytest.mark.skipif("not config.getoption('postgres')", reason="on SQLite there is one listener")
def test_two_listeners_of_one_feed_on_postgresql_keep_and_flag_alike(env, port, tmp_path):
    """The same id with other bytes at the same moment: exactly one of the two is flagged, which `verify` asks for."""
    second = free_port()
    other = {**env, "OPENFLS_HOME": str(tmp_path)}
    shutil.copytree(env["OPENFLS_HOME"], tmp_path, dirs_exist_ok=True)
    settle(other, second)
    with listening(env, port), listening(other, second):
        sides = [
            threading.Thread(target=_send_all, args=[p, [adt(f"both-{n}", side) for n in range(300)]])
            for p, side in ((port, "one"), (second, "two"))
        ]
        for side in sides:
            side.start()
        for side in sides:
            side.join()
    nothing_lost(env, set())
