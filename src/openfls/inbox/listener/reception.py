"""Where all connections meet: how much may wait to be stored, who stops reading meanwhile, who has been slow too long.

Everything here runs on the event loop, except that the writer says what it has settled.
"""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from openfls.feeds.hl7v2.mllp import framed
from openfls.inbox.listener.arrivals import Arrival
from openfls.inbox.listener.store import Store
from openfls.inbox.listener.writer import MOST, MOST_BYTES, Writer

logger = logging.getLogger(__name__)

MOST_WAITING = 2000  # arrivals that are read and not answered; beyond it nobody is read, so TCP makes senders wait
MOST_WAITING_BYTES = 64 * 1024 * 1024
FRAME_SECONDS = 30.0  # in which a frame must be complete, unless it comes at no less than `LEAST_RATE`
LEAST_RATE = 10_000  # bytes a second
LOOK = 0.5  # seconds between two looks at the slow, at most


class Reception:
    """Takes arrivals from connections, has them written, and answers each connection in its own order."""

    def __init__(
        self,
        store: Store,
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        most_waiting: int = MOST_WAITING,
        frame_seconds: float = FRAME_SECONDS,
    ) -> None:
        self.connections: set[Any] = set()
        self.told: Counter[str] = Counter()  # answers by their code
        self.closing = False
        self.failed = False
        self._frame_seconds, self._most_waiting = frame_seconds, most_waiting
        self._waiting = self._waiting_bytes = 0
        self._paused: deque[Any] = deque()
        self._numbers = count(1)
        self._began = f"{time.time_ns() // 1_000_000:x}"
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(store, self._settled, most=most, most_bytes=most_bytes)
        self._writer.start()

    @property
    def has_room(self) -> bool:
        return self._waiting < self._most_waiting and self._waiting_bytes < MOST_WAITING_BYTES

    @property
    def is_empty(self) -> bool:
        return self._waiting == 0

    def take(self, arrival: Arrival) -> None:
        self._waiting += 1
        self._waiting_bytes += arrival.size
        self._writer.put(arrival)

    def call_back(self, connection: Any) -> None:
        """Let the connection know when there is room again; who has waited longest comes first."""
        self._paused.append(connection)

    def forget(self, connection: Any) -> None:
        self.connections.discard(connection)

    async def watch(self) -> None:
        """Close whoever has been slow too long; end where the writer has died."""
        while self._writer.is_alive():
            await asyncio.sleep(min(LOOK, self._frame_seconds / 4))
            now = self._loop.time()
            for connection in [one for one in self.connections if one.is_overdue(now, self._frame_seconds, LEAST_RATE)]:
                connection.abort("too slow")
        self.failed = True

    async def close(self, patience: float) -> bool:
        """Have everything answered that was read, and end; False where a database that is away prevented it."""
        self.closing = True
        for connection in list(self.connections):
            connection.pump()
        end = self._loop.time() + patience
        while not self.is_empty and self._writer.is_alive() and self._loop.time() < end:
            await asyncio.sleep(0.01)
        answered = self.is_empty
        (self._writer.end if answered else self._writer.give_up)()
        for connection in list(self.connections):
            connection.close()
        await asyncio.to_thread(self._writer.join, patience)
        return answered and not self.failed

    def _settled(self, group: Sequence[Arrival]) -> None:
        """On the writer's thread."""
        self._loop.call_soon_threadsafe(self._answer, group)

    def _answer(self, group: Sequence[Arrival]) -> None:
        at = timezone.now()
        for arrival in group:
            self._waiting -= 1
            self._waiting_bytes -= arrival.size
            self.told[arrival.verdict.name.casefold()] += 1
            try:
                answer = arrival.answer(at=at, control_id=f"{self._began}-{next(self._numbers)}")
                arrival.connection.answered(framed(answer) if answer else b"")
            except Exception:  # one answer that trips us must not keep the others of its group
                logger.exception("a message was kept and its sender could not be told")
                arrival.connection.abort("it could not be answered")
        for connection in self._called_back():
            connection.pump()

    def _called_back(self) -> Iterator[Any]:
        """Those who wait, once half of what may wait has been worked off: not one by one, that would be jerky."""
        if self._waiting <= self._most_waiting // 2:
            for _ in range(len(self._paused)):
                yield self._paused.popleft()
