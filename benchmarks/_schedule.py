"""Hospitals that send by the clock: so many messages a second whatever the answers do, over so many connections.

Each message has its moment. Where every connection still waits for an answer it waits as well, and the seconds until
its acknowledgement count from its moment, not from when it could be sent: else a server that stalls would look quick,
because nobody asked it meanwhile.
"""

import asyncio
from array import array
from collections import deque
from time import perf_counter

from _hospitals import END, message

TICK = 0.001  # seconds between two looks at the clock
PATIENCE = 30.0  # seconds to wait for the last answers


class Told:
    """What became of the messages. ``seconds`` until each was acknowledged, from when it was due; ``waited``: those of
    the longest answer from when it was sent; ``taken``: 1 for each message that was acknowledged, else 0."""

    def __init__(self, most: int) -> None:
        self.seconds = array("f")
        self.taken = bytearray(most)
        self.sent = self.refused = self.lost = 0  # lost: connections
        self.waited = 0.0

    @property
    def unanswered(self) -> int:
        return self.sent - len(self.seconds) - self.refused

    def milliseconds(self, *shares: float) -> list[float]:
        ordered = sorted(self.seconds)
        return [1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in shares]


class Line(asyncio.Protocol):
    """One connection: sends, waits for the answer, sends the next."""

    def __init__(self, clock: "Clock") -> None:
        self._clock, self._heard = clock, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._clock.free.append(self)

    def send(self, number: int, due: float) -> None:
        self._number, self._due, self._sent = number, due, perf_counter()
        self._transport.write(message(number))

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._heard.endswith(END):
            self._clock.hear(self._number, self._due, self._sent, self._heard)
            self._heard = b""
            self._clock.free.append(self)
            self._clock.give()

    def connection_lost(self, exc: Exception | None) -> None:
        self._clock.told.lost += not self._clock.over


class Clock:
    def __init__(self, rate: float, seconds: float) -> None:
        self.told = Told(int(rate * seconds))
        self.free: deque[Line] = deque()
        self.over = False
        self._due: deque[tuple[int, float]] = deque()
        self._rate = rate

    def hear(self, number: int, due: float, sent: float, answer: bytes) -> None:
        now = perf_counter()
        self.told.waited = max(self.told.waited, now - sent)
        if b"MSA|AA|B%09d" % number in answer:
            self.told.seconds.append(now - due)
            self.told.taken[number] = 1
        else:
            self.told.refused += 1

    def give(self) -> None:
        while self._due and self.free:
            number, due = self._due.popleft()
            self.free.popleft().send(number, due)
            self.told.sent += 1

    async def run(self, port: int, connections: int) -> Told:
        loop = asyncio.get_running_loop()
        lines = [await loop.create_connection(lambda: Line(self), "127.0.0.1", port) for _ in range(connections)]
        began, number = perf_counter(), 0
        while number < len(self.told.taken):
            while number < len(self.told.taken) and (due := began + number / self._rate) <= perf_counter():
                self._due.append((number, due))
                number += 1
            self.give()
            await asyncio.sleep(TICK)
        await self._last_answers()
        self.over = True
        for transport, _ in lines:
            transport.close()
        return self.told

    async def _last_answers(self) -> None:
        until = perf_counter() + PATIENCE
        while perf_counter() < until and (self._due or self.told.unanswered):
            await asyncio.sleep(0.01)


def send(port: int, *, rate: float, seconds: float, connections: int) -> Told:
    return asyncio.run(Clock(rate, seconds).run(port, connections))
