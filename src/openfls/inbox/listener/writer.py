"""The one writer: takes whatever waits, commits it as one group, and only then says what became of each.

There is no timer. A group is what arrived while the disk was busy with the one before, so a lone message waits for
nobody and a thousand cost few commits.
"""

import logging
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread

from django.utils import timezone

from openfls.feeds.hl7v2.acknowledging import Verdict
from openfls.inbox.listener.arrivals import Arrival
from openfls.inbox.listener.store import Away, Store, Unstorable

logger = logging.getLogger(__name__)

MOST = 256  # messages in one commit
MOST_BYTES = 4 * 1024 * 1024
IDLE = 2.0  # seconds without a message after which there is time for upkeep
AGAIN = (0.05, 2.0)  # seconds until a database that is away is tried again: at first, at most
LOST = "The message could not be stored: "


class Writer(Thread):
    """``settled`` hears of each group, in the order of arrival, on this thread."""

    def __init__(
        self,
        store: Store,
        settled: Callable[[Sequence[Arrival]], None],
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        super().__init__(name="inbox writer", daemon=True)
        self._store, self._settled, self._most, self._most_bytes = store, settled, most, most_bytes
        self._waiting: SimpleQueue[Arrival | None] = SimpleQueue()
        self._giving_up = Event()
        self._ending = False

    def put(self, arrival: Arrival) -> None:
        self._waiting.put(arrival)

    def end(self) -> None:
        """Store what waits, then end."""
        self._waiting.put(None)

    def give_up(self) -> None:
        """Wait no longer for a database that is away: what is not stored by now stays unanswered."""
        self._giving_up.set()
        self.end()

    def run(self) -> None:
        try:
            while not self._ending and (group := self._group()):
                if not self._write(group):
                    break
                self._settled(group)
                self._store.tidy(idle=False)
        finally:
            self._store.close()

    def _group(self) -> list[Arrival]:
        """What waits, at least one; empty where the end has come first."""
        group: list[Arrival] = []
        messages = size = 0
        arrival = self._first()
        while arrival is not None:
            group.append(arrival)
            messages, size = messages + len(arrival.messages), size + arrival.size
            if messages >= self._most or size >= self._most_bytes:
                return group
            try:
                arrival = self._waiting.get_nowait()
            except Empty:
                return group
        self._ending = True
        return group

    def _first(self) -> Arrival | None:
        while True:
            try:
                return self._waiting.get(timeout=IDLE)
            except Empty:
                self._store.tidy(idle=True)

    def _write(self, group: Sequence[Arrival]) -> bool:
        """Whether what became of the whole group is known; where one message is at fault, it alone stays out."""
        messages = [message for arrival in group for message in arrival.messages]
        pause = AGAIN[0]
        while True:
            try:
                if messages:
                    self._store.store(messages, at=timezone.now())
                return True
            except Away as away:
                logger.error("%s: trying again, nothing is acknowledged meanwhile", away)
                if self._giving_up.wait(pause):
                    return False
                pause = min(2 * pause, AGAIN[1])
            except Exception as fault:  # one message that trips us must not stop the others
                if len(group) > 1:
                    return all(self._write([arrival]) for arrival in group)
                self._tell_fault(group[0], fault)
                return True

    def _tell_fault(self, arrival: Arrival, fault: Exception) -> None:
        known = isinstance(fault, Unstorable)
        logger.error("a message was not stored and its sender was told so", exc_info=None if known else fault)
        arrival.verdict, arrival.words = Verdict.ERROR, f"{LOST}{fault if known else 'a fault of the program'}."
