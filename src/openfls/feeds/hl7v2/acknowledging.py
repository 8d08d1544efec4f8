"""Acknowledgements: what a sender is told, in its own delimiters, character set and version; and reading one.

HL7 v2.5, 2.9: without MSH-15 and MSH-16 the *original mode* holds, and every message is answered by AA, AE or AR. With
one of them the *enhanced mode* does: an accept acknowledgement (CA, CE, CR) where MSH-15 asks for it, else an
application acknowledgement where MSH-16 does. One message gets one answer at most.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from openfls.feeds.hl7v2.framing import unframed
from openfls.feeds.hl7v2.header import Header, header_of
from openfls.feeds.reading import Unreadable

DELIMITERS = b"|^~\\&"  # where the sender's can't be known
VERSION = b"2.4"  # likewise
POSITIVE = ("AA", "CA")


class Verdict(StrEnum):
    """What became of a message: it is on disk; it is not, or can't be told apart; it was not taken."""

    ACCEPTED = "A"
    ERROR = "E"
    REJECTED = "R"


WANTED = {  # HL7 table 0155: in which cases a sender wants to be told
    "AL": frozenset(Verdict),
    "NE": frozenset[Verdict](),
    "ER": frozenset({Verdict.ERROR, Verdict.REJECTED}),
    "SU": frozenset({Verdict.ACCEPTED}),
}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What an answer says: MSA-1, MSA-2 as bytes, MSA-3."""

    code: str
    message_id: bytes
    words: str = ""

    @property
    def positive(self) -> bool:
        return self.code in POSITIVE


def code_for(header: Header | None, verdict: Verdict) -> str:
    """``AA``, ``CE``, …; empty where the sender wants no answer in this case."""
    accept, application = (header.text(number).upper() if header else "" for number in (15, 16))
    if not accept and not application:
        return f"A{verdict}"
    if verdict in WANTED.get(accept, WANTED["AL"] if accept else WANTED["NE"]):
        return f"C{verdict}"
    if verdict in WANTED.get(application, WANTED["AL"] if application else WANTED["NE"]):
        return f"A{verdict}"
    return ""


def answer(header: Header | None, verdict: Verdict, words: str = "", *, at: datetime, control_id: str) -> bytes:
    """The acknowledgement as bytes, without framing; empty where none is wanted. ``words`` are ASCII, for MSA-3."""
    code = code_for(header, verdict)
    if not code:
        return b""
    told = header or Header(DELIMITERS, ())
    field = told.delimiters[:1]
    said = [b"MSA", code.encode(), told.message_id, *([_plain(words, told.delimiters)] if words else [])]
    return field.join(_msh(told, at, control_id)) + b"\r" + field.join(said) + b"\r"


def _msh(header: Header, at: datetime, control_id: str) -> list[bytes]:
    """Addressed to where the message came from, in the sender's version and character set."""
    time = at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000").encode()
    addresses = [header.field(number) for number in (5, 6, 3, 4)]
    processing, version = header.field(11) or b"P", header.field(12) or VERSION
    fields = [b"MSH", header.delimiters[1:], *addresses, time, b"", _kind(header), control_id.encode()]
    fields += [processing, version]
    character_set = header.field(18)
    return [*fields, *[b""] * 5, character_set] if character_set else fields


def _kind(header: Header) -> bytes:
    """MSH-9 as the sender's version has it: ACK, ACK^A01, ACK^A01^ACK."""
    version = header.text(12)
    trigger = header.text(9, 2).encode("latin-1")
    if not trigger or version.startswith(("2.1", "2.2")):
        return b"ACK"
    parts = [b"ACK", trigger] if version.startswith("2.3") else [b"ACK", trigger, b"ACK"]
    return header.delimiters[1:2].join(parts)


def _plain(words: str, delimiters: bytes) -> bytes:
    """Words without anything that divides in this message."""
    return bytes(32 if byte in delimiters or byte < 32 else byte for byte in words.encode("ascii", "replace"))


def acknowledgement_of(content: bytes) -> Acknowledgement | Unreadable:
    """What an answer says, or why it is none."""
    header = header_of(content)
    if isinstance(header, Unreadable):
        return header
    field = header.delimiters[:1]
    for line in re.split(rb"[\r\n]+", unframed(content)):
        if line.startswith(b"MSA" + field):
            said = [*line.split(field), b"", b"", b""]
            return Acknowledgement(said[1].decode("latin-1").strip(), said[2], said[3].decode("latin-1").strip())
    return Unreadable("The answer has no MSA segment.", "MSA", "Ask the receiver for an HL7 acknowledgement.")
