"""The message id: MSH-10 for HL7 v2, the bundle's own id for FHIR, else the file's name.

Only the first bytes are looked at: what stands before the acknowledgement must stay cheap, whatever is sent.
"""

import re
import zlib

HEAD = 65536  # bytes looked at
LONGEST = 255  # characters kept of an id or a name
HL7_PREAMBLE = b"\xef\xbb\xbf\x0b \r\n\t"  # byte order mark, MLLP's start of block, blank lines
BUNDLE = re.compile(rb'\A\s*\{(?=[^\[]*"resourceType"\s*:\s*"Bundle")[^\[{]*"id"\s*:\s*"([A-Za-z0-9\-.]{1,64})"')


def message_id_of(content: bytes, name: str = "") -> str:
    """The sender's own id of the message, else the file's name; empty where there is neither."""
    head = _head(content)
    return (_control_id(head) or _bundle_id(head) or name)[:LONGEST]


def _control_id(head: bytes) -> str:
    """MSH-10, the message control id; the field separator is whatever follows ``MSH``."""
    start = head.lstrip(HL7_PREAMBLE)
    if not start.startswith(b"MSH") or len(start) < 9:
        return ""
    header = re.split(rb"[\r\n]", start, maxsplit=1)[0]
    fields = header.split(start[3:4], 10)
    return fields[9].decode("latin-1").strip() if len(fields) > 9 else ""


def _bundle_id(head: bytes) -> str:
    """The id of a FHIR bundle where it stands before the entries, as serialisers write it."""
    found = BUNDLE.match(head)
    return found[1].decode() if found else ""


def _head(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content[:HEAD]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content[:HEAD], HEAD)
    except zlib.error:
        return b""
