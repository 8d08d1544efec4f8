"""What all facts of one message share: who sent it, which version it is, when its event occurred."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from openfls.clinical.facts import Source
from openfls.clinical.when import When, at
from openfls.feeds.hl7v2 import times
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Message, Segment, tokenise
from openfls.feeds.reading import Origin, Problems


@dataclass(frozen=True, slots=True)
class Envelope:
    """``kind`` and ``trigger`` are MSH-9 (``ADT``, ``A01``); ``authority`` names numbers that come without one.

    ``event`` is when the event occurred: EVN-6, else EVN-2, else MSH-7, else the receipt. ``notes`` and
    ``unreadable`` fill while the message is read.
    """

    message: Message
    origin: Origin
    digest: str
    kind: str
    trigger: str
    authority: str
    version: datetime | None
    event: When
    notes: list[str] = field(default_factory=list)
    unreadable: Problems = field(default_factory=Problems)

    def common(self, place: str, *, key: str = "", **details: Any) -> dict[str, Any]:
        """What each fact of this message needs; ``place`` is its position, ``key`` its statement across versions."""
        source = Source(self.origin.source, self.digest, place)
        standard = {"known": self.origin.known, "source": source, "version": self.version, "key": key}
        return {"site": self.origin.site, **standard, **details}

    @property
    def ending(self) -> datetime | None:
        """The version of what ends something: of two messages of one second it stands above what began it."""
        return self.version and self.version + timedelta(microseconds=1)

    def when(self, segment: Segment, number: int) -> When | None:
        """When a field says something occurred; None where it is empty. Raises `Fault`."""
        return times.when(segment.text(number), segment.place(number), self.origin.known)


def opened(content: bytes, origin: Origin) -> Envelope:
    """The message in its envelope. Raises `Fault` where header or event can't be read."""
    message = tokenise(content, origin.encoding)
    header, event = message.one("MSH"), message.one("EVN")
    kind, trigger = _kind(header, event)
    version, note = _version(header, event, origin.known)
    envelope = Envelope(
        message=message,
        origin=origin,
        digest=sha256(content).hexdigest(),
        kind=kind,
        trigger=trigger,
        authority=header.text(4) or origin.site or origin.source,
        version=version,
        event=_event(header, event, origin.known),
        notes=[note] if note else [],
    )
    if header.text(11) not in ("", "P"):
        envelope.notes.append(f"MSH-11 says {header.text(11)}: the sender marks it as no message of daily work.")
    return envelope


def _kind(header: Segment, event: Segment) -> tuple[str, str]:
    """Message type and trigger: MSH-9, its trigger else from EVN-1 as HL7 2.1 to 2.3 allow."""
    if header.text(12) and not header.text(12).startswith("2."):
        mend = "Send HL7 v2.3 to v2.5."
        raise Fault("MSH-12", f"{header.text(12)[:20]!r} is no version of HL7 v2.", mend)
    kind, trigger = header.text(9).upper(), (header.text(9, 2) or event.text(1)).upper()
    if not kind:
        raise Fault("MSH-9", "the message does not say what kind it is.", "Ask the sender to fill MSH-9.")
    return kind, trigger


def _version(header: Segment, event: Segment, known: datetime) -> tuple[datetime | None, str]:
    segment, number = (event, 2) if event.text(2) else (header, 7)
    return times.version(segment.text(number), segment.place(number), known)


def _event(header: Segment, event: Segment, known: datetime) -> When:
    for segment, number in ((event, 6), (event, 2), (header, 7)):
        found = times.when(segment.text(number), segment.place(number), known)
        if found:
            return found
    return at(times.local(known))
