"""The database's machine dies and its synchronous standby takes over: nothing that was acknowledged is gone.

The standby has on its disk whatever the primary said was committed. So the listener must acknowledge nothing else: not
where the wait for the standby was broken off, nor where the sender repeats what is stored here and nowhere else yet.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.listeners import Senders, listening, nothing_lost, openfls, settle, stored
from tests.faults.standby import Pair, pair

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        "not (config.getoption('postgres') and config.getoption('soak'))",
        reason="two PostgreSQL clusters take half a minute each: run with --postgres --soak",
    ),
]
WAITING = """SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query NOT LIKE '%pg_stat%'"""
CANCEL = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture
def two() -> Iterator[Pair]:
    with (
        tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder,
        pair(Path(folder)) as both,
    ):
        yield both


def grows(senders: Senders, by: int = 100, seconds: float = 60) -> float:
    """Wait for so many acknowledgements more; the seconds until the first of them."""
    began, before, first = time.monotonic(), len(senders.acknowledged), 0.0
    while len(senders.acknowledged) < before + by:
        assert time.monotonic() < began + seconds, "nothing is acknowledged"
        if not first and len(senders.acknowledged) > before:
            first = time.monotonic() - began
        time.sleep(0.01)
    return first


def test_a_standby_takes_over_and_nothing_acknowledged_is_lost(two, tmp_path, record_property):
    env = {**os.environ, "OPENFLS_HOME": str(tmp_path), "OPENFLS_DATABASE_URL": two.address}
    port = settle(env)
    two.synchronous()
    with listening(env, port) as there, Senders(port, 8, timeout=60) as senders:
        grows(senders)
        two.kill_primary()
        time.sleep(1)  # nobody notices at once
        promoted = time.monotonic()
        two.promote()
        grows(senders)
        away = time.monotonic() - promoted
    record_property("seconds from the promotion to a hundred acknowledgements", round(away, 2))
    print(f"\nfrom the promotion to a hundred acknowledgements: {away:.1f} s")
    assert senders.refused == []
    assert "trying again" in there.complaints
    nothing_lost(env, senders.acknowledged)
    openfls(env, "work", "--once")
    openfls(env, "verify")


def test_while_the_standby_is_away_nobody_is_answered_even_if_somebody_breaks_off_the_wait(two, tmp_path):
    """An administrator cancels what hangs: PostgreSQL then calls it committed, with no more than a warning."""
    env = {**os.environ, "OPENFLS_HOME": str(tmp_path), "OPENFLS_DATABASE_URL": two.address}
    port = settle(env)
    two.synchronous()
    with listening(env, port) as there, Senders(port, 4, timeout=1) as senders:
        grows(senders)
        two.stop_standby()
        two.until(WAITING)
        time.sleep(0.5)
        before = set(senders.acknowledged)
        for _ in range(3):
            two.until(WAITING)
            two.on_primary(CANCEL)
            time.sleep(1.5)  # senders repeat what nobody answered
        assert senders.acknowledged == before
        only_here = set(stored_on_primary(two)) - before
        assert only_here  # committed there, and on no other disk
        two.start_standby()
        grows(senders)
    assert "trying again" in there.complaints
    two.kill_primary()
    two.promote()
    assert senders.acknowledged <= set(stored(env))


def stored_on_primary(two: Pair) -> list[str]:
    told = two.on_primary("SELECT string_agg(digest, ' ') FROM inbox_message")
    return str(told).split()
