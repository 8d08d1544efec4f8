"""A listener in this process: on an event loop in a thread of its own, at a port that was free."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from openfls.feeds.hl7v2.acknowledging import Acknowledgement, acknowledgement_of
from openfls.feeds.hl7v2.mllp import Frames, framed
from openfls.inbox.keeping import Incoming, Receipt
from openfls.inbox.listener.arrivals import Feed
from openfls.inbox.listener.declared import Declared
from openfls.inbox.listener.listening import Listener
from openfls.inbox.listener.senders import Sender, Tls
from openfls.inbox.listener.store import Store

FEED = Feed("X9A/pas", "X9A01", {"site": "X9A01", "finder": "admission message", "encoding": "utf-8"})
SOON = 20  # seconds in which anything that a test waits for has long happened


def adt(message_id: str = "M1", text: str = "", modes: str = "") -> bytes:
    """A message; ``modes`` are MSH-15 and MSH-16: ``AL|NE``."""
    return f"MSH|^~\\&|PAS|X9A|FLS|X9A01|20260302||ADT^A01|{message_id}|P|2.4|||{modes}\rPID|1||{text}\r".encode()


class Running:
    """A listener that listens."""

    def __init__(self, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        self.listener, self.loop = listener, loop

    @property
    def port(self) -> int:
        return self.listener.ports[0].number

    def ask(self, question: Callable[[], Any]) -> Any:
        """What it answers on its own thread."""

        async def asked() -> Any:
            return question()

        return asyncio.run_coroutine_threadsafe(asked(), self.loop).result(SOON)

    def stop(self, patience: float = SOON) -> bool:
        return asyncio.run_coroutine_threadsafe(self.listener.stop(patience), self.loop).result(2 * SOON)


@contextmanager
def running(
    store: Store, *, senders: Sequence[Sender] = (), tls: Tls | None = None, connections: int = 100, **limits: Any
) -> Iterator[Running]:
    declared = Declared(port=0, feed=FEED, senders=tuple(senders), tls=tls, connections=connections)
    listener = Listener([declared], store, **limits)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(listener.start(), loop).result(SOON)
        there = Running(listener, loop)
        yield there
        there.stop(0.1)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SOON)
        loop.close()


class Line:
    """A sender as raw as a test likes: bytes out, answers in."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), SOON)
        self._frames = Frames()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *fault: object) -> None:
        self.socket.close()

    def say(self, *contents: bytes) -> "Line":
        self.socket.sendall(b"".join(map(framed, contents)))
        return self

    def trickle(self, data: bytes, size: int, pause: float) -> "Line":
        """The same, a little at a time."""
        for start in range(0, len(data), size):
            self.raw(data[start : start + size])
            time.sleep(pause)
        return self

    def raw(self, data: bytes) -> "Line":
        self.socket.sendall(data)
        return self

    def hear(self, count: int = 1, within: float = SOON) -> list[Acknowledgement]:
        """So many answers; fewer where the connection ends or ``within`` has passed."""
        self.socket.settimeout(within)
        found: list[Acknowledgement] = []
        while len(found) < count:
            if frame := self._frames.pop():
                said = acknowledgement_of(frame.content)
                assert isinstance(said, Acknowledgement), said
                found.append(said)
                continue
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, ConnectionError):
                break
            if not data:
                break
            self._frames.push(data)
        return found

    def is_closed(self) -> bool:
        """Whether the other end closes the connection soon; what it still says doesn't matter."""
        self.socket.settimeout(SOON)
        try:
            while self.socket.recv(65536):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            pass
        return True


class Gate:
    """A store that stands before another, holds everything up while it is shut, and fails where it is told to."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.open = threading.Event()
        self.open.set()
        self.fault: Callable[[Sequence[Incoming]], None] = lambda _: None
        self.groups: list[int] = []

    def store(self, messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
        self.open.wait(SOON)
        self.fault(messages)
        self.groups.append(len(messages))
        return self._store.store(messages, at=at)

    def tidy(self, *, idle: bool) -> None:
        self._store.tidy(idle=idle)

    def close(self) -> None:
        self._store.close()


def files_of(folder: Path, issued: Any, name: str) -> tuple[Path, Path]:
    """A certificate and its key as files."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    issued.private_key_pem.write_to_path(str(key))
    certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    return certificate, key
