"""From a frame to what is stored and how its sender is answered: only the header is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from openfls.feeds.hl7v2.acknowledging import Verdict, answer
from openfls.feeds.hl7v2.framing import split
from openfls.feeds.hl7v2.header import Header, header_of
from openfls.feeds.hl7v2.mllp import Frame, Kind
from openfls.feeds.reading import Unreadable
from openfls.inbox.keeping import Incoming
from openfls.inbox.listener.senders import Sender, fault_of
from openfls.inbox.message_ids import message_id_of

NAME = "message.hl7"  # of a message that came without one: whatever it is, the HL7 reader says what is wrong
MOST_APART = 500  # messages of one frame that are stored each by itself; of more, the frame as it is
TOO_LARGE = "The message is larger than 8 MB and was not taken."


@dataclass(frozen=True, slots=True)
class Feed:
    """What is declared of every message that comes to one port."""

    source: str
    site: str
    origin: dict[str, str]


@dataclass(slots=True, eq=False)
class Arrival:
    """What came in one frame. ``messages``: to be stored. ``verdict``: what becomes of it once they are on disk."""

    connection: Any
    header: Header | None
    messages: Sequence[Incoming]
    verdict: Verdict = Verdict.ACCEPTED
    words: str = ""

    @property
    def size(self) -> int:
        return sum(len(message.content) for message in self.messages)

    def answer(self, *, at: datetime, control_id: str) -> bytes:
        return answer(self.header, self.verdict, self.words, at=at, control_id=control_id)


def arrival_of(frame: Frame, feed: Feed, senders: Sequence[Sender], connection: Any) -> Arrival:
    """What to do with a frame. Two messages in a frame are stored each by itself and answered once, by the first's id:
    a sender that waits for a second answer sends the second message again, which is harmless."""
    if frame.kind is Kind.TOO_LARGE:
        return Arrival(connection, _header(frame.content), (), Verdict.REJECTED, TOO_LARGE)
    contents = _messages(frame.content)
    headers = [header_of(content) for content in contents]
    readable = [header for header in headers if isinstance(header, Header)]
    if fault := next((fault for header in readable if (fault := fault_of(header, senders))), ""):
        return Arrival(connection, readable[0], (), Verdict.REJECTED, fault)
    incoming = [_incoming(content, feed) for content in contents]
    if readable:
        return Arrival(connection, readable[0], incoming)
    words = next(header.reason for header in headers if isinstance(header, Unreadable))
    return Arrival(connection, None, incoming, Verdict.ERROR, f"{words} It was kept for a person to look at.")


def _header(content: bytes) -> Header | None:
    header = header_of(content)
    return header if isinstance(header, Header) else None


def _messages(content: bytes) -> list[bytes]:
    """The messages of a frame, nearly always one, byte for byte as it came."""
    if content.count(b"MSH") < 2 and not content.startswith((b"FHS", b"BHS")):
        return [content]
    pieces = split(content)
    return pieces if 0 < len(pieces) <= MOST_APART else [content]


def _incoming(content: bytes, feed: Feed) -> Incoming:
    message_id = message_id_of(content) or sha256(content).hexdigest()
    return Incoming(
        source=feed.source, content=content, site=feed.site, name=NAME, message_id=message_id, origin=feed.origin
    )
