"""``openfls listen``: the MLLP listener that hospitals send HL7 v2 messages to."""

import argparse
import asyncio
import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from openfls.cli.asking import Refused
from openfls.cli.home import opened

if TYPE_CHECKING:
    from openfls.inbox.listener.declared import Declared
    from openfls.inbox.listener.store import Store

HELP = "take HL7 v2 messages over MLLP as listeners.json declares; a worker goes beside it (openfls work)"
EXAMPLE = "openfls listen --check"

logger = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether listeners.json can be used")
    parser.add_argument("--listeners", type=Path, metavar="FILE", help="default: listeners.json in OPENFLS_HOME")
    parser.add_argument(
        "--allow-plain", action="store_true",
        help="also ports beyond this machine that ask senders for no certificate: the network must keep others out",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Until it is stopped: 0; 1 where messages that were read could not be stored and answered any more."""
    opened()
    ports = _declared(args)
    if args.check:
        print("\n".join(_lines(ports)))
        return 0
    with ExitStack() as held:
        return asyncio.run(_listen(ports, _store(held)))


def _declared(args: argparse.Namespace) -> "list[Declared]":
    from django.conf import settings

    from openfls.inbox.intake import known_owners
    from openfls.inbox.listener.declared import NAME as FILE
    from openfls.inbox.listener.declared import Undeclared, declared_in

    file = args.listeners or settings.OPENFLS_HOME / FILE
    try:
        return declared_in(file, known_owners(), allow_plain=args.allow_plain)
    except Undeclared as wrong:
        raise Refused("\n  ".join(wrong.faults)) from None


def _store(held: ExitStack) -> "Store":
    """The way into the inbox; on SQLite this process is held to be the only listener."""
    from django.conf import settings
    from django.db import connections

    if connections["inbox"].vendor == "postgresql":
        return _on_postgresql()
    from openfls.inbox.listener.sqlite import SqliteStore, hand_over
    from openfls.inbox.listener.store import Away, Columns, Unstorable
    from openfls.record.locks import INBOX_LOG, Taken, place

    try:
        held.enter_context(place("listener.lock"))
    except Taken:
        raise Refused("another listener is running on this home: stop it first") from None
    held.enter_context(place(INBOX_LOG, wait=True))
    _warn_of_the_library()
    store = SqliteStore(settings.OPENFLS_HOME / "inbox.sqlite3", Columns(hand_over()))
    try:
        durable = store.is_durable()
    except (Away, Unstorable) as fault:
        raise Refused(f"the inbox can't be opened: {fault}") from None
    if not durable:
        raise Refused("the inbox can't be written durably here (WAL, synchronous=FULL): move the home to another disk")
    return store


def _on_postgresql() -> "Store":
    from django.db import connections

    from openfls.inbox.listener.postgresql import PostgresqlStore

    store = PostgresqlStore()
    connections.close_all()
    if not store.is_durable():
        logger.warning("this PostgreSQL runs with fsync off: a power cut may lose messages that were acknowledged")
    return store


def _warn_of_the_library() -> None:
    import apsw

    from openfls.inbox.listener.sqlite import FIXED, is_fixed

    versions = {"the listener's": apsw.sqlite_lib_version(), "the other processes'": sqlite3.sqlite_version}
    for whose, version in versions.items():
        if not is_fixed(version):
            logger.warning(
                "%s SQLite is %s; before %s a rare fault may damage a file that two processes write back at once. One "
                "process at a time is let do that; a newer SQLite, or PostgreSQL, is safer", whose, version,
                ".".join(map(str, FIXED)),
            )  # fmt: skip


async def _listen(ports: "list[Declared]", store: "Store") -> int:
    from openfls.inbox.listener.listening import Listener

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = Listener(ports, store)
    try:
        await listener.start()
    except OSError as taken:
        raise Refused(f"a port can't be opened: {taken.strerror or taken}") from None
    print("\n".join([*_lines(ports), "listening; Ctrl-C stops"]), flush=True)
    answered = await listener.until(stop)
    told = listener.reception.told
    print(", ".join(f"{number} {what}" for what, number in sorted(told.items())) or "nothing came", flush=True)
    return 0 if answered else 1


def _lines(ports: "list[Declared]") -> Iterator[str]:
    for one in ports:
        how = "TLS with client certificates" if one.proves_senders else "TLS" if one.tls else "plain"
        yield f"{one.address}:{one.port} {one.feed.source} for {one.feed.site}, {how}"
