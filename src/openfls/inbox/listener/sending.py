"""Sending over MLLP as a hospital's system does: one message, its answer, the next. For trying a listener out.

An answer counts only if it names the message that was sent. Where none comes, or another's, the connection is given up:
an answer that came late would be taken for that of the next message.
"""

import socket
import ssl
from contextlib import suppress
from pathlib import Path

from openfls.feeds.hl7v2.acknowledging import Acknowledgement, Verdict, acknowledgement_of, code_for
from openfls.feeds.hl7v2.header import Header, header_of
from openfls.feeds.hl7v2.mllp import Frames, Kind, framed
from openfls.feeds.reading import Unreadable
from openfls.inbox.listener.senders import OLDEST_TLS

TIMEOUT = 30.0  # seconds to connect, and to be answered
UNASKED = Acknowledgement("", b"", "the message asks for no answer")


class NoAnswer(OSError):
    """Nobody knows what became of the message: send it again, which does no harm."""


class Hospital:
    """A sender with one connection, made when it is needed and again after each fault."""

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        self.to, self._tls, self._timeout = (host, port), tls, timeout
        self._socket: socket.socket | None = None
        self._frames = Frames()

    def __enter__(self) -> "Hospital":
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def send(self, content: bytes) -> Acknowledgement:
        """What the receiver says to this message. Raises `NoAnswer`."""
        header = header_of(content)
        wanted = not isinstance(header, Header) or bool(code_for(header, Verdict.ACCEPTED))
        try:
            connection = self._connected()
            connection.sendall(framed(content))
            return self._answer(connection, header) if wanted else UNASKED
        except OSError as fault:  # NoAnswer among them
            self.close()
            raise fault if isinstance(fault, NoAnswer) else NoAnswer(f"no answer ({fault})") from fault

    def send_again(self, content: bytes, attempts: int) -> Acknowledgement:
        """Send until an answer comes, as hospitals' systems do. Raises the last `NoAnswer`."""
        for _ in range(attempts - 1):
            with suppress(NoAnswer):
                return self.send(content)
        return self.send(content)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._frames = None, Frames()

    def _connected(self) -> socket.socket:
        if self._socket is None:
            plain = socket.create_connection(self.to, self._timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket = self._tls.wrap_socket(plain, server_hostname=self.to[0]) if self._tls else plain
            except OSError:
                plain.close()
                raise
        return self._socket

    def _answer(self, connection: socket.socket, header: Header | Unreadable) -> Acknowledgement:
        while (frame := self._frames.pop()) is None:
            data = connection.recv(65536)
            if not data:
                raise NoAnswer("the receiver closed the connection without an answer")
            self._frames.push(data)
        found = acknowledgement_of(frame.content) if frame.kind is Kind.WHOLE else None
        if not isinstance(found, Acknowledgement):
            raise NoAnswer(f"what came is no acknowledgement: {found.reason if found else frame.kind.name}")
        expected = header.message_id if isinstance(header, Header) else b""
        if found.message_id.strip() != expected.strip():
            raise NoAnswer(f"the answer is for {found.message_id!r}, not for {expected!r}")
        return found


def client_context(authorities: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """TLS towards a listener: whom to trust, and how to prove who we are. Raises ``OSError``."""
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = OLDEST_TLS
    if certificate:
        context.load_cert_chain(certificate, key)
    return context
