"""The loads of a busy region on the real programs, `openfls listen` and `openfls work`: reported, never asserted.

- *L1*, steady: messages of 1.3 kB over 32 connections, 500 a second on SQLite and 1,000 on PostgreSQL, for SECONDS
  (60; 3600 for the whole hour): how long acknowledgements take, whether the listener's memory, files and logs grow;
- *L2*, a burst: 2,000 a second for BURST_SECONDS (60) over 100 connections: nothing refused, nothing lost;
- *L3*, after an outage: a backlog of MESSAGES (50,000) of the made-up region, worked off to tasks; "data as of" moves
  meanwhile. Extrapolated to the million of a night's outage.

`python benchmarks/loads.py L1 L3 SQLite` runs some. Hospitals send by the clock and on the same machine, of which they
take their share: seconds count from when a message was due (`_schedule.py`).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from _machine import machine
from _schedule import Told, send
from processing import MESSAGES as MESSAGES_OF_SCALE
from processing import SCALE, postgresql, store

SECONDS = float(os.environ.get("SECONDS", "60"))
BURST_SECONDS = float(os.environ.get("BURST_SECONDS", "60"))
MESSAGES = int(os.environ.get("MESSAGES", "50000"))
MILLION = 1_000_000
OPENFLS = [sys.executable, "-m", "openfls"]
MB = 1024 * 1024


# --- The programs ---------------------------------------------------------------------------------------------------


class Home:
    """A service of its own: an empty home, and its database where ``url`` names one."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        told = {"OPENFLS_HOME": str(folder), "OPENFLS_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
        self.env = os.environ | told

    def run(self, *words: str) -> None:
        subprocess.run([*OPENFLS, *words], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def ids(self) -> Iterator[str]:
        """The id of every message in the inbox."""
        if self.url:
            import psycopg

            with psycopg.connect(self.url) as connection, connection.cursor("ids") as cursor:
                cursor.execute("SELECT message_id FROM inbox_message")
                yield from (message_id for (message_id,) in cursor)
        else:
            import sqlite3

            connection = sqlite3.connect(self.folder / "inbox.sqlite3")
            yield from (message_id for (message_id,) in connection.execute("SELECT message_id FROM inbox_message"))
            connection.close()

    def log_bytes(self) -> int:
        """Of the write-ahead log: its length on SQLite, all that was ever written to it on PostgreSQL."""
        if not self.url:
            log = self.folder / "inbox.sqlite3-wal"
            return log.stat().st_size if log.exists() else 0
        import psycopg

        with psycopg.connect(self.url) as connection:
            (far,) = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint").fetchone()
            return int(far)


@contextmanager
def home(url: str) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="openfls-loads-") as folder:
        yield Home(Path(folder), url)


@contextmanager
def listening(there: Home) -> Iterator[tuple[int, int]]:
    """`openfls listen`: its process and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    site = {"source": "X9A/ris", "site": "X9A01"}
    organisations = Path(__file__).parents[1] / "docs/tutorials/files/organisations.json"
    there.run("organisations", "load", str(organisations))
    declared = {"listeners": [{"port": port, **site, "connections": 200}]}
    (there.folder / "listeners.json").write_text(json.dumps(declared))
    with subprocess.Popen([*OPENFLS, "listen"], env=there.env, stdout=subprocess.PIPE, text=True) as process:
        try:
            while not (line := process.stdout.readline()).startswith("listening"):
                assert line, "the listener did not start"
            yield process.pid, port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


# --- What a listener takes of its machine ---------------------------------------------------------------------------


class Watch(Thread):
    """Once a second: memory and open files of a process, and the length of the log."""

    def __init__(self, pid: int, log_bytes: Callable[[], int]) -> None:
        super().__init__(daemon=True)
        self.rss: list[int] = []
        self.files: list[int] = []
        self.log: list[int] = []
        self._pid, self._log_bytes, self._enough = pid, log_bytes, Event()

    def run(self) -> None:
        while not self._enough.wait(1):
            status = Path(f"/proc/{self._pid}/status").read_text()
            self.rss.append(int(status.split("VmRSS:")[1].split()[0]) * 1024)
            self.files.append(len(os.listdir(f"/proc/{self._pid}/fd")))
            self.log.append(self._log_bytes())

    def end(self) -> None:
        self._enough.set()
        self.join()


def thirds(values: list[int]) -> tuple[int, int, int]:
    """After two seconds, in the middle, at the end."""
    return values[min(1, len(values) - 1)], values[len(values) // 2], values[-1]


# --- L1 and L2 ------------------------------------------------------------------------------------------------------


def load(name: str, engine: str, url: str, *, rate: int, seconds: float, connections: int) -> None:
    with home(url) as there:
        with listening(there) as (pid, port):
            watch = Watch(pid, there.log_bytes)
            watch.start()
            began = perf_counter()
            told = send(port, rate=rate, seconds=seconds, connections=connections)
            took = perf_counter() - began
            watch.end()
        print(f"{name} {engine}: {rate:,} a second for {seconds:.0f} s over {connections} connections")
        tell_answers(told, took, lost(told, there.ids()))
        tell_machine(watch, engine)


def lost(told: Told, ids: Iterator[str]) -> tuple[int, int]:
    """Acknowledged messages that aren't there, and messages that are there more than once."""
    missing, twice, seen = bytearray(told.taken), 0, bytearray(len(told.taken))
    for message_id in ids:
        number = int(message_id[1:])
        twice += seen[number]
        missing[number], seen[number] = 0, 1
    return sum(missing), twice


def tell_answers(told: Told, took: float, faults: tuple[int, int]) -> None:
    middle, p95, p99, longest = told.milliseconds(0.5, 0.95, 0.99, 1)
    print(f"  acknowledged {len(told.seconds):,} ({len(told.seconds) / took:,.0f} a second), refused {told.refused}, "
          f"unanswered {told.unanswered}, connections lost {told.lost}; "
          f"lost {faults[0]}, doubled {faults[1]}")  # fmt: skip
    print(f"  ms until acknowledged, from when it was due: p50 {middle:.1f}, p95 {p95:.1f}, p99 {p99:.1f}, "
          f"longest {longest:.0f}; from when it was sent, longest {1000 * told.waited:.0f}")  # fmt: skip


def tell_machine(watch: Watch, engine: str) -> None:
    start, middle, end = thirds(watch.rss)
    print(f"  listener's memory in MB at start, middle, end: {start / MB:.1f}, {middle / MB:.1f}, {end / MB:.1f}; "
          f"files open {', '.join(map(str, thirds(watch.files)))}")  # fmt: skip
    if engine == "SQLite":
        lengths = ", ".join(f"{length / MB:.1f}" for length in [*thirds(watch.log), max(watch.log)])
        print(f"  write-ahead log in MB at start, middle, end, at most: {lengths}", flush=True)
    else:
        print(f"  written to the log: {(watch.log[-1] - watch.log[0]) / MB:.0f} MB", flush=True)


# --- L3 -------------------------------------------------------------------------------------------------------------


def clear(engine: str, url: str, workers: int) -> None:
    with home(url) as there:
        scale = SCALE * MESSAGES / MESSAGES_OF_SCALE * 1.2
        program = [sys.executable, __file__]
        subprocess.run([*program, "store", str(MESSAGES), str(scale)], env=there.env, check=True)
        looking = subprocess.Popen([*program, "look"], env=there.env, stdout=subprocess.PIPE, text=True)
        began = perf_counter()
        working = [subprocess.Popen([*OPENFLS, "work", "--once"], env=there.env, stdout=subprocess.DEVNULL)
                   for _ in range(workers)]  # fmt: skip
        assert [process.wait() for process in working] == [0] * workers
        took = perf_counter() - began
        looking.send_signal(signal.SIGTERM)
        tell_clearing(engine, workers, took, [json.loads(line) for line in looking.communicate()[0].splitlines()])


def tell_clearing(engine: str, workers: int, took: float, looks: list[dict]) -> None:
    last = looks[-1]
    rate = last["done"] / took
    moments = [look["as_of"] for look in looks]
    print(f"L3 {engine}, {workers} worker{'s' * (workers > 1)}: {last['received']:,} messages in {took:.0f} s, "
          f"{rate:,.0f} a second; {last['waiting']} left, {last['quarantined']} wait for a person, "
          f"{last['tasks']:,} tasks open")  # fmt: skip
    print(f"  a million at this rate: {MILLION / rate / 60:.0f} minutes")
    print(f"  data as of: {len(set(moments))} different answers in {len(moments)} looks, "
          f"{'never back' if moments == sorted(moments) else 'AND BACK'}, "
          f"from {moments[0][:16]} to {moments[-1][:16]}", flush=True)  # fmt: skip


def look() -> None:
    """What the line above every page says, every two seconds until told to stop; once more then."""
    import django

    django.setup()
    from django.utils import timezone

    from openfls.inbox.currency import progress
    from openfls.record.reckoning import open_tasks

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    over = False
    while not over:
        over = stop.wait(2)
        told = progress()
        found = {"as_of": told.as_of.isoformat(), "received": told.received, "done": told.done}
        found |= {"waiting": told.waiting, "quarantined": told.quarantined}
        found["tasks"] = sum(row[-1] for row in open_tasks(timezone.localdate())) if over else 0
        print(json.dumps(found), flush=True)


LOADS = ("L1", "L2", "L3")
ENGINES = ("SQLite", "PostgreSQL")


def main(wanted: list[str]) -> None:
    print(f"{machine()}; load {os.getloadavg()[0]:.1f} before")
    for name in [name for name in LOADS if name in wanted] or LOADS:
        for engine in [engine for engine in ENGINES if engine in wanted] or ENGINES:
            with postgresql() if engine == "PostgreSQL" else nullcontext("") as url:
                one(name, engine, url)
    print(f"load {os.getloadavg()[0]:.1f} after")


def one(name: str, engine: str, url: str) -> None:
    if name == "L1":
        load(name, engine, url, rate=1000 if url else 500, seconds=SECONDS, connections=32)
    elif name == "L2":
        load(name, engine, url, rate=2000, seconds=BURST_SECONDS, connections=100)
    else:
        clear(engine, url, workers=2 if url else 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["store"]:
        store(int(sys.argv[2]), float(sys.argv[3]))
    elif sys.argv[1:2] == ["look"]:
        look()
    else:
        main(sys.argv[1:])
