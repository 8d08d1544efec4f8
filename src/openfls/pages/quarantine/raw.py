"""Bytes that could not be read, as text that a person can look at and mend without losing a byte.

Each byte that is no text in the message's encoding, and each control character, shows as a backslash escape
(``\\xe9``); a backslash shows doubled. What is sent back becomes bytes the same way, so that an untouched text gives
the same bytes.
"""

import re

MOST_SHOWN = 200_000  # bytes; a longer message is mended at its source
ESCAPE = re.compile(r"\\(?:\\|x([0-9a-fA-F]{2}))")
LONE_BYTES = range(0xDC80, 0xDD00)  # where "surrogateescape" puts bytes that are no text
TAB, DELETE = 9, 127


class NotText(ValueError):
    """The mended text can't be written in the encoding of the message; the words say which character."""


def mendable(content: bytes, encoding: str) -> bool:
    """Whether a person could mend it by hand: not too long, and its text gives the same bytes again."""
    if len(content) > MOST_SHOWN:
        return False
    try:
        return mended(shown(content, encoding), encoding, content) == content
    except (UnicodeError, NotText, LookupError):
        return False


def shown(content: bytes, encoding: str) -> str:
    """The bytes as text, one line feed at the end of each line."""
    text = _decoded(content, encoding)
    return "\n".join("".join(map(_visible, line)) for line in text.split(_line_end(text)))


def mended(text: str, encoding: str, like: bytes) -> bytes:
    """The bytes of a text as `shown` writes it. A browser ends lines in its own way: ``like``, the original, says how
    they end. Raises `NotText`."""
    end = _line_end(_decoded(like, encoding))
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", end)
    written, place = bytearray(), 0
    for escape in ESCAPE.finditer(unified):
        written += _encoded(unified[place : escape.start()], encoding)
        written += bytes([int(escape[1], 16)]) if escape[1] else b"\\"
        place = escape.end()
    return bytes(written + _encoded(unified[place:], encoding))


def _visible(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if code in LONE_BYTES:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if (code < 32 and code != TAB) or code == DELETE else character


def _line_end(text: str) -> str:
    """How most lines end; another way within the same message shows as an escape."""
    if "\r\n" in text:
        return "\r\n"
    return "\r" if "\r" in text else "\n"


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="surrogateescape")


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding) if text else b""
    except UnicodeEncodeError as fault:
        raise NotText(f"“{text[fault.start]}” can't be written in {encoding}, the encoding of this message") from None
