"""Holds every length in a file against the bytes that are there, before a library reads any of it.

The library gives a dataset for a file that was cut off, and for an element that claims two gigabytes, without a word.
Explicit and implicit little endian alone: no structured report of a densitometer comes otherwise.
"""

from dataclasses import dataclass
from typing import NoReturn

from openfls.feeds.dicom.faults import Fault

PREAMBLE = 128
MAGIC = b"DICM"
LARGEST = 16 * 1024 * 1024  # bytes; a structured report has some tens of kilobytes
DEEPEST = 32  # sequences within sequences
MOST_ELEMENTS = 200_000
UNDEFINED = 0xFFFFFFFF

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_ITEM, _ITEM_ENDS, _SEQUENCE_ENDS = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
META_GROUP = 0x0002
SYNTAX, SOP_CLASS = 0x00020010, 0x00020002
LONGEST_UID = 64
MEND = "Send the file again, whole, from the scanner or the archive."


@dataclass(frozen=True, slots=True)
class Header:
    """What the meta elements say: transfer syntax and class of the object; ``ends`` is the byte after them."""

    syntax: str
    sop_class: str
    ends: int


@dataclass(slots=True)
class _Cursor:
    content: bytes
    explicit: bool
    elements: int = 0


def is_dicom(content: bytes) -> bool:
    """Whether the bytes begin as a DICOM file does: the magic word after 128 bytes of preamble."""
    return content[PREAMBLE : PREAMBLE + 4] == MAGIC


def header(content: bytes) -> Header:
    """The file's meta elements, which are always explicit little endian. Raises `Fault`."""
    if not is_dicom(content):
        raise Fault("byte 128", "The file does not begin as a DICOM file does (DICM).", "Send a DICOM file (Part 10).")
    cursor, place = _Cursor(content, explicit=True), PREAMBLE + 4
    found: dict[int, str] = {}
    while place + 8 <= len(content) and int.from_bytes(content[place : place + 2], "little") == META_GROUP:
        tag, start, length = _element(cursor, place)
        if start + length > len(content):
            _cut_off(tag, place)
        found[tag] = content[start : min(start + length, start + LONGEST_UID)].decode("ascii", "replace").strip("\0 ")
        place = start + length
    if SOP_CLASS not in found or len(content) - place < 8:
        _cut_off(0, place)
    return Header(found.get(SYNTAX, ""), found.get(SOP_CLASS, ""), place)


def check(content: bytes, told: Header) -> None:
    """Raises `Fault` where an element or an item claims more than is there, or what stands is cut off."""
    if len(content) > LARGEST:
        raise Fault("file", f"The report has {len(content):,} bytes; at most {LARGEST:,} are read.", MEND)
    if told.syntax not in (EXPLICIT, IMPLICIT):
        mend = "Have it sent uncompressed, as explicit or implicit VR little endian."
        raise Fault("TransferSyntaxUID", f"The transfer syntax {told.syntax or 'nothing'!r} is not read.", mend)
    cursor = _Cursor(content, explicit=told.syntax == EXPLICIT)
    _elements(cursor, told.ends, len(content), 0, in_item=False)


def _elements(cursor: _Cursor, place: int, end: int, depth: int, *, in_item: bool) -> int:
    """Walks the elements from ``place``; an item of undefined length ends at its delimiter, else at ``end``."""
    while place < end:
        tag, start, length = _element(cursor, place)
        if tag == _ITEM_ENDS and in_item:
            return start + length
        if length == UNDEFINED:
            inside = _Cursor(cursor.content, False, cursor.elements) if _is_unknown(cursor, place) else cursor
            place = _sequence(inside, start, end, depth + 1, defined=False)
        elif start + length > end:
            _cut_off(tag, place)
        elif _is_sequence(cursor, place, tag):
            place = _sequence(cursor, start, start + length, depth + 1, defined=True)
        else:
            place = start + length
    return place


def _sequence(cursor: _Cursor, place: int, end: int, depth: int, *, defined: bool) -> int:
    if depth > DEEPEST:
        raise Fault(f"byte {place}", f"Sequences are nested more than {DEEPEST} deep.", MEND)
    while place < end:
        tag, start, length = _element(cursor, place)
        if tag == _SEQUENCE_ENDS and not defined:
            return start + length
        if tag != _ITEM:
            raise Fault(f"byte {place}", "Something other than an item stands in a sequence.", MEND)
        if length == UNDEFINED:
            place = _elements(cursor, start, end, depth, in_item=True)
        elif start + length > end:
            _cut_off(tag, place)
        else:
            place = _elements(cursor, start, start + length, depth, in_item=False)
    if not defined:
        _cut_off(_SEQUENCE_ENDS, place)
    return place


def _element(cursor: _Cursor, place: int) -> tuple[int, int, int]:
    """The tag of the element at ``place``, where its value starts and how long it is."""
    cursor.elements += 1
    if cursor.elements > MOST_ELEMENTS:
        raise Fault(f"byte {place}", f"The file has more than {MOST_ELEMENTS:,} elements.", MEND)
    head = cursor.content[place : place + 12]
    if len(head) < 8:
        _cut_off(0, place)
    tag = int.from_bytes(head[0:2], "little") << 16 | int.from_bytes(head[2:4], "little")
    if tag >> 16 == 0xFFFE or not cursor.explicit:
        return tag, place + 8, int.from_bytes(head[4:8], "little")
    if head[4:6] not in LONG:
        return tag, place + 8, int.from_bytes(head[6:8], "little")
    if len(head) < 12:
        _cut_off(tag, place)
    return tag, place + 12, int.from_bytes(head[8:12], "little")


def _is_unknown(cursor: _Cursor, place: int) -> bool:
    """A sequence of unknown kind (UN) is implicit inside whatever the file is."""
    return cursor.explicit and cursor.content[place + 4 : place + 6] == b"UN"


def _is_sequence(cursor: _Cursor, place: int, tag: int) -> bool:
    """In explicit form the element says so; in implicit form only the sequences of reports are looked into."""
    if cursor.explicit:
        return cursor.content[place + 4 : place + 6] == b"SQ"
    return tag in IMPLICIT_SEQUENCES


# Content, concept name, measured value, units, code value, other patient ids: what a report's values stand in.
IMPLICIT_SEQUENCES = frozenset({0x0040A730, 0x0040A043, 0x0040A300, 0x004008EA, 0x0040A168, 0x00101002})


def _cut_off(tag: int, place: int) -> NoReturn:
    named = f"element ({tag >> 16:04X},{tag & 0xFFFF:04X}), " if tag else ""
    raise Fault(f"{named}byte {place}", "It claims more bytes than the file has: the file was cut off.", MEND)
