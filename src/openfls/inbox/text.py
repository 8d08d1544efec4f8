"""Text at the edges: a message that a person corrects in a form and back to bytes; words that every database can hold."""

import codecs

from openfls.inbox.models import Message

PACKED = (b"\x1f\x8b", b"PK\x03\x04")  # gzip; ZIP, and so XLSX
NEWLINES = ("\r\n", "\n", "\r")  # files, Unix, HL7


class NotText(ValueError):
    """The bytes can't be shown as text: the person mends a file and hands that over."""


def as_text(message: Message, encoding: str = "") -> str:
    """The message in its declared encoding, or the one that a person wants to try; lines end in a line feed.

    Raises `NotText` for packed bytes and for bytes that are not in that encoding.
    """
    content = bytes(message.content)
    if content.startswith(PACKED):
        raise NotText("it is packed or a spreadsheet: mend the file with the program that made it, and hand it over")
    encoding = encoding or encoding_of(message)
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as wrong:
        raise NotText(f"it is not written in {encoding}: try another encoding, or hand over a mended file") from wrong
    newline = _newline(text)
    return text if newline == "\n" else text.replace(newline, "\n")


def from_text(message: Message, text: str) -> bytes:
    """What a form gave, in the message's declared encoding and with its line ends. Raises `NotText`."""
    lines = text.replace("\r\n", "\n")
    try:
        return lines.replace("\n", _newline_of(message)).encode(encoding_of(message))
    except UnicodeEncodeError as wrong:
        character = wrong.object[wrong.start : wrong.end]
        raise NotText(f"{character!r} can't be written in {encoding_of(message)}, which the feed declares") from wrong


def storable(words: str) -> str:
    """The words without what PostgreSQL refuses: NUL characters and halves of characters."""
    return words.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def encoding_of(message: Message) -> str:
    return str(message.origin.get("encoding") or "utf-8")


def _newline_of(message: Message) -> str:
    return _newline(bytes(message.content).decode("utf-16" if _is_utf16(message) else "latin-1", "replace"))


def _is_utf16(message: Message) -> bool:
    return bytes(message.content).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _newline(text: str) -> str:
    """The first that is in use; a single line has none, and gets a line feed."""
    return next((newline for newline in NEWLINES if newline in text), "\n")
