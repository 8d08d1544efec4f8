"""Hospitals that send over MLLP as fast as they are answered: each connection sends, waits, sends the next."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter

END = b"\x1c\r"
TEXT = "Comminuted fracture of the neck of the left femur after a fall from standing height. "


def message(number: int) -> bytes:
    """A radiology report of 1.3 kB under an id of its own, in its frame."""
    body = "".join(f"OBX|{n}|TX|XR^Report||{TEXT}||||||F\r" for n in range(1, 10))
    return (
        f"\x0bMSH|^~\\&|RIS|X9A|FLS|X9A01|20260302093000||ORU^R01^ORU_R01|B{number:09}|P|2.4\r"
        "PID|1||H123^^^X9A^MR||SMITH^ANNE^^^MRS||19400201|F\rPV1|1|E|ED^^^X9A01\r"
        f"OBR|1||A{number}|XHIPL^XR Hip Left|||20260302092500||||||||||||||||||F\r{body}\x1c\r"
    ).encode()


@dataclass
class Answered:
    """The seconds that each acknowledged message took; what was not acknowledged positively."""

    seconds: list[float] = field(default_factory=list)
    faults: int = 0
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.lasted

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Sender(asyncio.Protocol):
    def __init__(self, hospitals: "Hospitals") -> None:
        self._hospitals, self._heard = hospitals, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._heard.endswith(END):
            self._hospitals.hear(self._number, self._heard, perf_counter() - self._sent)
            self._heard = b""
            if not self._hospitals.reconnect:
                self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._hospitals.lost()

    def _send(self) -> None:
        if self._hospitals.over:
            self._transport.close()
            return
        self._number, frame = self._hospitals.next()
        self._sent = perf_counter()
        self._transport.write(frame)


class Hospitals:
    """``reconnect``: for a server that closes the connection after each message."""

    def __init__(self, port: int, first: int, *, reconnect: bool) -> None:
        self.reconnect, self.over, self.answered = reconnect, False, Answered()
        self._port, self._number, self._open = port, first, 0

    def next(self) -> tuple[int, bytes]:
        self._number += 1
        return self._number, message(self._number)

    def hear(self, number: int, answer: bytes, seconds: float) -> None:
        if b"MSA|AA|B%09d" % number in answer:
            self.answered.seconds.append(seconds)
        else:
            self.answered.faults += 1

    def lost(self) -> None:
        self._open -= 1
        if self.reconnect and not self.over:
            asyncio.get_running_loop().create_task(self.connect())

    async def connect(self) -> None:
        self._open += 1
        await asyncio.get_running_loop().create_connection(lambda: Sender(self), "127.0.0.1", self._port)

    async def send(self, connections: int, seconds: float) -> Answered:
        began = perf_counter()
        await asyncio.gather(*(self.connect() for _ in range(connections)))
        await asyncio.sleep(seconds)
        self.over = True
        self.answered.lasted = perf_counter() - began
        for _ in range(50):
            if self._open <= 0:
                break
            await asyncio.sleep(0.1)
        return self.answered


def send(port: int, connections: int, seconds: float, *, first: int, reconnect: bool) -> Answered:
    return asyncio.run(Hospitals(port, first, reconnect=reconnect).send(connections, seconds))
