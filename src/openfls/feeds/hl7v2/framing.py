"""From bytes to the text of one message: framing, batch envelopes, byte order marks and character sets."""

import codecs
import re

from openfls.feeds.hl7v2.faults import Fault

LARGEST = 8 * 1024 * 1024  # bytes of one message; docs: reliability, bad inputs

# HL7 table 0211, and names that senders write in its place. ASCII says nothing about other letters: then the
# encoding that the feed declares stands.
CHARACTER_SETS = {
    "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8",
    "WINDOWS-1252": "cp1252", "CP1252": "cp1252",
} | {f"8859/{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)} | {
    f"ISO-8859-{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)
} | {f"ISO8859-{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)}  # fmt: skip
ASCII = {"", "ASCII", "US-ASCII", "ISO IR6"}

_FRAME = b"\x0b\x1c\r\n"  # MLLP's start and end bytes, and the line ends round them
_MESSAGE_START = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c]))MSH(?=[^\w\s])")
_ENVELOPE = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c]))(?:FHS|BHS|BTS|FTS)(?=[^\w\s])[^\r\n]*(?:[\r\n]+|\Z)")


def split(content: bytes) -> list[bytes]:
    """The messages of a file, framing and batch envelopes (FHS, BHS, BTS, FTS) taken away.

    What stands before the first MSH and is no envelope comes first as a piece of its own, so that nothing is lost:
    `read` says that it can't be read. A message alone comes back byte for byte, so that its digest stays.
    """
    bare = unframed(content)
    starts = [found.start() for found in _MESSAGE_START.finditer(bare)]
    if bare and starts in ([], [0]) and not _ENVELOPE.search(bare):
        return [content]
    bounds = [0, *starts, len(bare)]
    pieces = (_ENVELOPE.sub(b"", bare[start:end]) for start, end in zip(bounds, bounds[1:], strict=False))
    return [piece for piece in map(unframed, pieces) if piece]


def unframed(content: bytes) -> bytes:
    """The bytes without byte order mark, MLLP framing and blank lines round them."""
    return content.removeprefix(codecs.BOM_UTF8).strip(_FRAME).removeprefix(codecs.BOM_UTF8)


def text_of(content: bytes, declared: str) -> tuple[str, str]:
    """The text of a message and its encoding: MSH-18 says it, else ``declared``, the encoding of the feed.

    Raises `Fault` where the bytes are no message, too many, or don't agree with the encoding.
    """
    if len(content) > LARGEST:
        raise Fault("message", f"{len(content)} bytes are more than {LARGEST}.", "Split the message and send it again.")
    content = unframed(content)
    if not content:
        raise Fault("message", "there is nothing in it.", "Send the message again.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Fault("message", "it is written in UTF-16.", "Ask the sender for UTF-8.")
    encoding, because = _encoding(content, declared)
    return _decoded(content, encoding, because), encoding


def _encoding(content: bytes, declared: str) -> tuple[str, str]:
    named = _character_set(content)
    if named in ASCII:
        return declared, "the feed's settings"
    if named not in CHARACTER_SETS:
        mend = f"Ask the sender for UNICODE UTF-8, or for one of: {', '.join(sorted(CHARACTER_SETS))}."
        raise Fault("MSH-18", f"the character set {named!r} is not known.", mend)
    return CHARACTER_SETS[named], "MSH-18"


def _character_set(content: bytes) -> str:
    """MSH-18, first repetition, in capitals; read before anything is decoded, so only from ASCII."""
    head = re.split(rb"[\r\n]", content, maxsplit=1)[0][:4096]
    if len(head) < 8:
        return ""
    fields = head.split(head[3:4])
    repetition = head[5:6]
    return fields[17].split(repetition)[0].decode("latin-1").strip().upper() if len(fields) > 17 else ""


def _decoded(content: bytes, encoding: str, because: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"byte 0x{content[error.start]:02X} at {error.start} is no {encoding}, which {because} declares."
        mend = "Ask the sender to declare the right set in MSH-18, or change the encoding of the feed."
        raise Fault(_segment_at(content, error.start), reason, mend) from error
    except LookupError as error:
        raise Fault("MSH-18", f"the encoding {encoding!r} is not known.", "Change the encoding of the feed.") from error
    if "\0" in text:
        place = _segment_at(text.encode(), len(text[: text.index("\0")].encode()))
        raise Fault(place, "there is a NUL character in it.", "Ask the sender to send the message without it.")
    return text.removeprefix("\ufeff")


def _segment_at(content: bytes, offset: int) -> str:
    start = max(content.rfind(b"\r", 0, offset), content.rfind(b"\n", 0, offset)) + 1
    return content[start : start + 3].decode("ascii", "replace")
