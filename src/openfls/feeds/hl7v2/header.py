"""The header of a message as bytes: all that is looked at before a message is acknowledged.

Nothing is decoded, so whatever the sender's character set is, an answer can repeat its words as they came.
"""

import re
from dataclasses import dataclass

from openfls.feeds.hl7v2.framing import unframed
from openfls.feeds.reading import Unreadable

HEAD = 65536  # bytes looked at
_END = re.compile(rb"[\r\n]")
_MEND = "Send whole HL7 v2 messages that begin with MSH and declare their delimiters, usually |^~\\&."


@dataclass(frozen=True, slots=True)
class Header:
    """MSH, not decoded. ``delimiters`` is MSH-1 and MSH-2 together: ``|^~\\&``."""

    delimiters: bytes
    fields: tuple[bytes, ...]

    def field(self, number: int) -> bytes:
        """A field as written, by its number in the standard; empty where it isn't there."""
        return self.fields[number - 1] if number <= len(self.fields) else b""

    def text(self, number: int, component: int = 1) -> str:
        """A component of the first repetition of a field, for comparing: stripped, each byte a character."""
        repetition = self.field(number).split(self.delimiters[2:3], 1)[0]
        components = repetition.split(self.delimiters[1:2])
        return components[component - 1].decode("latin-1").strip() if component <= len(components) else ""

    @property
    def message_id(self) -> bytes:
        """MSH-10, the sender's own id of the message."""
        return self.field(10)


def header_of(content: bytes) -> Header | Unreadable:
    """The header of a message, or why there is none. Takes what the reader takes: framing, a byte order mark, any
    delimiters of ASCII."""
    line = _END.split(unframed(content[:HEAD]), maxsplit=1)[0]
    if not line.startswith(b"MSH"):
        return Unreadable("The message does not begin with MSH.", "MSH", _MEND)
    separator = line[3:4]
    declared = line[4:].split(separator, 1)[0] if separator else b""
    if not _are_delimiters(separator + declared[:4], len(declared)):
        return Unreadable("MSH-2 declares no delimiters.", "MSH-2", _MEND)
    return Header(separator + declared, (separator, *line[4:].split(separator)))


def _are_delimiters(used: bytes, declared: int) -> bool:
    distinct = len(set(used)) == len(used)
    return declared >= 2 and distinct and used.isascii() and not any(chr(byte).isalnum() or byte <= 32 for byte in used)
