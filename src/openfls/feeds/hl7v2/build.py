"""Writes HL7 v2 messages: text goes in as it is meant, delimiters in it come out escaped.

message([
    segment("MSH", {3: "PAS", 4: "X9A", 7: "20250301101500", 9: ["ADT", "A01"], 10: "M1", 11: "P", 12: "2.4"}),
    segment("PID", {
        3: repeated(["H123", "", "", "X9A", "MR"], ["9990000018", "", "", "NHS", "NH"]),
        5: ["O'Neill", "Anne"],
    }),
])
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Part: TypeAlias = "str | Sequence[str]"  # a component, or its sub-components
Field: TypeAlias = "str | Sequence[Part] | Repeated | None"  # a text, components, repetitions, or nothing

FIELD, COMPONENT, REPETITION, ESCAPE, SUBCOMPONENT = "|^~\\&"
END = "\r"  # of a segment
HEADERS = frozenset({"MSH", "FHS", "BHS"})  # their first two fields are the delimiters
ESCAPES = str.maketrans(
    {
        FIELD: "\\F\\", COMPONENT: "\\S\\", REPETITION: "\\R\\", ESCAPE: "\\E\\", SUBCOMPONENT: "\\T\\",
        "\n": "\\.br\\", "\r": "\\X0D\\", "\x0b": "\\X0B\\", "\x1c": "\\X1C\\",
    }
)  # fmt: skip
NEEDS_ESCAPE = re.compile("[" + re.escape("".join(map(chr, ESCAPES))) + "]")  # most text needs none: looking is quicker


class Repeated(tuple[Field, ...]):
    """The repetitions of one field, each a text or a list of components."""


def repeated(*fields: Field) -> Repeated:
    """The repetitions of one field: ``repeated(["H1", "", "", "X9A", "MR"], ["9990000018", "", "", "NHS", "NH"])``."""
    return Repeated(fields)


def escape(text: str) -> str:
    """Text that may stand in any field: delimiters escaped, a new line as ``\\.br\\``, framing bytes in hexadecimal."""
    return text.replace("\r\n", "\n").translate(ESCAPES) if NEEDS_ESCAPE.search(text) else text


def segment(name: str, fields: Mapping[int, Field]) -> list[Field]:
    """A segment from its fields by their number in the standard: ``segment("PV1", {2: "I", 19: "V1"})``.

    MSH-1 and MSH-2, the delimiters, are written by `message`: giving them raises ``ValueError``.
    """
    first = _first_number(name)
    wrong = [number for number in fields if number < first]
    if wrong:
        raise ValueError(f"{name}-{wrong[0]} can't be given: the fields of {name} begin at {first}")
    return [name, *(fields.get(number) for number in range(first, max(fields, default=0) + 1))]


def message(segments: Sequence[Sequence[Field]], *, encoding: str = "utf-8") -> bytes:
    """The bytes of a message, each segment ended by a carriage return, without MLLP framing.

    A segment is its name, then its fields in order (in MSH, FHS and BHS from the third). ``encoding`` says only how
    letters become bytes: a character set other than the receiver's default must be named in MSH-18 by the caller.
    Raises ``UnicodeEncodeError`` for letters that the encoding lacks.
    """
    return "".join(_segment(fields) + END for fields in segments).encode(encoding)


def _first_number(name: str) -> int:
    return 3 if name in HEADERS else 1


def _segment(fields: Sequence[Field]) -> str:
    name, *rest = fields
    if not isinstance(name, str) or len(name) != 3 or not name.isalnum():
        raise ValueError(f"a segment begins with its name of three letters or digits, not {name!r}")
    delimiters = [COMPONENT + REPETITION + ESCAPE + SUBCOMPONENT] if name in HEADERS else []
    return FIELD.join([name, *delimiters, *map(_field, rest)])


def _field(field: Field) -> str:
    match field:
        case None:
            return ""
        case str():
            return escape(field)
        case Repeated():
            return REPETITION.join(map(_field, field))
        case _:
            return COMPONENT.join(map(_part, field)).rstrip(COMPONENT)


def _part(part: Part) -> str:
    return escape(part) if isinstance(part, str) else SUBCOMPONENT.join(map(escape, part))
