"""One connection: frames in, acknowledgements out, in the same order. It stops reading rather than lose anything."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Any, cast

from openfls.feeds.hl7v2.mllp import Frames, Kind
from openfls.inbox.listener.arrivals import Feed, arrival_of
from openfls.inbox.listener.reception import Reception
from openfls.inbox.listener.senders import Sender

logger = logging.getLogger(__name__)

MOST_UNANSWERED = 256  # of one connection: nobody takes all the room
KEEP_ALIVE = (60, 15, 4)  # seconds until the first probe, between probes; probes until a silent peer counts as gone


class Connection(asyncio.Protocol):
    """``senders``: those who may send here, as far as its certificate has told already; empty: anybody."""

    def __init__(self, reception: Reception, feed: Feed, port: Any) -> None:
        self._reception, self._feed, self._port = reception, feed, port
        self._senders: Sequence[Sender] = ()
        self._frames = Frames()
        self._unanswered = 0
        self._called_back = self._reading_stopped = self._ended = False
        self._begun: float | None = None  # when the frame began that is not complete
        self._stalled: float | None = None  # since when the sender takes no answers
        self.idle_since = asyncio.get_running_loop().time()

    # --- what asyncio tells -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.peer = str((transport.get_extra_info("peername") or ("?",))[0])
        _keep_alive(transport.get_extra_info("socket"))
        self._reception.connections.add(self)
        refusal = self._port.admit(self, transport.get_extra_info("ssl_object"))
        if isinstance(refusal, str):
            self.abort(refusal)
        else:
            self._senders = refusal

    def data_received(self, data: bytes) -> None:
        self._frames.push(data)
        self.pump()

    def eof_received(self) -> bool:
        """The sender says no more, and may still want to hear."""
        self._ended = True
        self._close_if_done()
        return True

    def pause_writing(self) -> None:
        """The sender doesn't take its answers."""
        self._stalled = self._now()

    def resume_writing(self) -> None:
        self._stalled = None
        self.pump()

    def connection_lost(self, exc: Exception | None) -> None:
        """What was read is stored all the same; its sender will send it again, which is harmless."""
        if cut := self._frames.unfinished:
            logger.info("%s: a frame was cut off after %s bytes; nothing of it was taken", self._port, cut)
        self._port.left(self)
        self._reception.forget(self)

    # --- what it does -----------------------------------------------------------------------------------------------

    def pump(self) -> None:
        """Take frames as long as there is room for them, and read on or not."""
        self._called_back = False
        while not self._is_held():
            frame = self._frames.pop()
            if frame is None or self._transport.is_closing():
                break
            self._begun = None
            if frame.kind is Kind.NO_MLLP:
                self.abort("it does not speak MLLP")
                return
            if frame.kind is Kind.CUT:
                logger.warning("%s: a frame broke off and another began; nothing of the first was taken", self._port)
                continue
            self._unanswered += 1
            self._reception.take(arrival_of(frame, self._feed, self._senders, self))
        self._regulate()
        self._close_if_done()

    def answered(self, answer: bytes) -> None:
        """One of its arrivals is settled; ``answer`` is empty where the sender wanted none."""
        self._unanswered -= 1
        if self._transport.is_closing():
            return
        if answer:
            self._transport.write(answer)
        if not self._called_back and (self._reading_stopped or self._ended):
            self.pump()
        if self._unanswered == 0:
            self.idle_since = self._now()

    def is_overdue(self, now: float, seconds: float, least_rate: int) -> bool:
        """Whether its frame, or its taking of answers, has lasted too long; a frame that is large has longer."""
        if self._stalled is not None and now - self._stalled > seconds:
            return True
        return self._begun is not None and now - self._begun > seconds + self._frames.unfinished / least_rate

    @property
    def is_idle(self) -> bool:
        return self._unanswered == 0 and self._frames.unfinished == 0

    def close(self) -> None:
        """After what was written has gone out."""
        self._transport.close()

    def abort(self, because: str) -> None:
        logger.warning("%s: the connection from %s was closed: %s", self._port, self.peer, because)
        self._transport.abort()

    def _is_held(self) -> bool:
        if not self._reception.has_room:
            if not self._called_back:
                self._called_back = True
                self._reception.call_back(self)
            return True
        return self._has_enough

    @property
    def _has_enough(self) -> bool:
        return self._stalled is not None or self._unanswered >= MOST_UNANSWERED

    def _regulate(self) -> None:
        """Stop reading while nothing more can be taken. The time that we make a sender wait is not counted as its."""
        stop = self._called_back or self._has_enough or self._reception.closing
        if stop and not self._reading_stopped:
            self._transport.pause_reading()
        elif self._reading_stopped and not stop:
            self._transport.resume_reading()
        self._reading_stopped = stop
        waits = not stop and self._frames.unfinished
        self._begun = (self._begun or self._now()) if waits else None

    def _close_if_done(self) -> None:
        if self._ended and self._unanswered == 0 and not self._called_back:
            self._transport.close()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _keep_alive(connection: socket.socket | None) -> None:
    """Find out about peers that vanished without a word: an idle connection would stay for ever."""
    if connection is None:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in zip(("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"), KEEP_ALIVE, strict=True):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
