"""A message as segments and fields: a linear tokeniser that splits a segment only when one of its fields is asked for.

Numbers are HL7's own: field 1 is the first after the segment's name (in MSH the field delimiter itself), components
and sub-components begin at 1.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.framing import text_of

MOST_SEGMENTS = 20_000
MOST_REPETITIONS = 10_000
NOTHING = '""'  # HL7's explicit null: the sender deletes what stood here

_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}\Z")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What divides this message, as MSH-1 and MSH-2 declare; an empty one is not used."""

    field: str
    component: str
    repetition: str
    escape: str = ""
    subcomponent: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Field:
    """One repetition of a field, as written."""

    raw: str
    delimiters: Delimiters

    def text(self, component: int = 1, subcomponent: int = 1) -> str:
        """A component, unescaped and stripped; empty where it isn't there or is HL7's null."""
        part = _nth(self.raw, self.delimiters.component, component)
        part = _nth(part, self.delimiters.subcomponent, subcomponent) if part else ""
        return "" if part == NOTHING else unescape(part, self.delimiters).strip()

    def __bool__(self) -> bool:
        return bool(self.raw.strip())


class Segment:
    """One segment; ``place`` counts segments of its name: the second OBX is ``OBX[2]``."""

    __slots__ = ("_fields", "delimiters", "name", "number", "raw")

    def __init__(self, name: str, number: int, raw: str, delimiters: Delimiters) -> None:
        self.name, self.number, self.raw, self.delimiters = name, number, raw, delimiters
        self._fields: list[str] | None = None

    def place(self, field: int | None = None) -> str:
        """``PID-7`` as HL7 names a field; segments that repeat carry their count, ``DG1[2]-3``."""
        single = self.name in {"MSH", "EVN", "PID", "PD1", "PV1", "PV2", "ACC", "SCH", "TXA"} and self.number == 1
        name = self.name if single else f"{self.name}[{self.number}]"
        return name if field is None else f"{name}-{field}"

    def raw_field(self, number: int) -> str:
        """The whole field as written, with all its repetitions."""
        if self._fields is None:
            self._fields = self.raw.split(self.delimiters.field)
            if self.name == "MSH":
                self._fields.insert(1, self.delimiters.field)
        return self._fields[number] if number < len(self._fields) else ""

    def repetitions(self, number: int) -> list[Field]:
        """The repetitions of a field that hold anything. Raises `Fault` for more than anyone sends in earnest."""
        raw = self.raw_field(number)
        if raw.count(self.delimiters.repetition) >= MOST_REPETITIONS:
            reason = f"there are more than {MOST_REPETITIONS} repetitions."
            raise Fault(self.place(number), reason, "Ask the sender what went wrong.")
        return [Field(part, self.delimiters) for part in raw.split(self.delimiters.repetition) if part]

    def field(self, number: int) -> Field:
        """The first repetition of a field."""
        return Field(self.raw_field(number).split(self.delimiters.repetition, 1)[0], self.delimiters)

    def text(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """A component of the first repetition, unescaped; empty where it isn't there."""
        return self.field(number).text(component, subcomponent) if self.raw_field(number) else ""

    def prose(self, number: int) -> str:
        """A field of running text (TX, FT): repetitions are lines, and a stray component delimiter is part of it."""
        lines = self.raw_field(number).split(self.delimiters.repetition)
        return "\n".join(unescape(line, self.delimiters) for line in lines if line != NOTHING).strip()

    def deletes(self, number: int) -> bool:
        """Whether the sender says explicitly that there is nothing here any more (HL7's null)."""
        return self.raw_field(number) == NOTHING


class Message:
    """The segments of one message in order."""

    __slots__ = ("delimiters", "segments")

    def __init__(self, delimiters: Delimiters, segments: list[Segment]) -> None:
        self.delimiters, self.segments = delimiters, segments

    def all(self, name: str) -> Iterator[Segment]:
        return (segment for segment in self.segments if segment.name == name)

    def first(self, name: str) -> Segment | None:
        return next(self.all(name), None)

    def one(self, name: str) -> Segment:
        """The first segment of this name; an empty one where the message has none."""
        return self.first(name) or Segment(name, 1, name, self.delimiters)

    def need(self, name: str) -> Segment:
        """The first segment of this name. Raises `Fault` where the message has none."""
        found = self.first(name)
        if found is None:
            raise Fault(name, f"there is no {name} segment.", "Ask the sender for a complete message.")
        return found


def tokenise(content: bytes, encoding: str = "utf-8") -> Message:
    """One message from its bytes; ``encoding`` is the feed's, where MSH-18 names none. Raises `Fault`."""
    text, used = text_of(content, encoding)
    lines = _lines(text)
    delimiters = _delimiters(lines[0], used)
    if len(lines) > MOST_SEGMENTS:
        reason = f"{len(lines)} segments are more than {MOST_SEGMENTS}."
        raise Fault("message", reason, "Split the message and send it again.")
    return Message(delimiters, _segments(lines, delimiters))


def _lines(text: str) -> list[str]:
    """The segments as text. What ends MSH, which holds no text, ends every segment: a line feed in a message that
    uses carriage returns is a new line inside a field, unless a segment plainly begins after it."""
    end = re.search(r"\r\n|\n|\r", text)
    if end and end[0] == "\n":
        lines = text.replace("\r", "\n").split("\n")
    else:
        text = text.replace("\r\n", "\r")
        if "\n" in text:
            text = re.sub(rf"\n+(?=[A-Z][A-Z0-9]{{2}}{re.escape(text[3:4] or '|')})", "\r", text)
        lines = text.split("\r")
    return [line for line in lines if line and not line.isspace()] or [""]


def _delimiters(header: str, encoding: str) -> Delimiters:
    if not header.startswith("MSH") or len(header) < 4:
        mend = "Send whole HL7 v2 messages, or choose the right format for the feed."
        raise Fault("MSH", f"the message begins with {header[:10]!r}, not with MSH.", mend)
    field = header[3]
    declared = header[4:].split(field, 1)[0]
    used = [field, *declared[:4]]
    if len(declared) < 2 or len(set(used)) < len(used) or any(c.isalnum() or c.isspace() for c in used):
        mend = "The sender must declare its delimiters, usually |^~\\&."
        raise Fault("MSH-2", f"{declared[:10]!r} are no delimiters.", mend)
    component, repetition, escape, subcomponent = (list(declared) + ["", ""])[:4]
    return Delimiters(field, component, repetition, escape, subcomponent, encoding)


def _segments(lines: list[str], delimiters: Delimiters) -> list[Segment]:
    segments: list[Segment] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(lines):
        name = line[:3]
        if line[3:4] not in ("", delimiters.field) or (name not in counts and not _SEGMENT.match(name)):
            raise _stray(line, name, number, segments)
        if name == "MSH" and number:
            raise _stray(line, name, number, segments)
        counts[name] = counts.get(name, 0) + 1
        segments.append(Segment(name, counts[name], line, delimiters))
    return segments


def _stray(line: str, name: str, number: int, before: list[Segment]) -> Fault:
    place = f"segment {number + 1}, after {before[-1].place() if before else 'nothing'}"
    if name == "MSH":
        return Fault(place, "a second message begins here.", "Split the file into its messages.")
    mend = "A carriage return inside a text must be sent as \\.br\\."
    return Fault(place, f"{line[:20]!r} does not begin with the name of a segment.", mend)


def _nth(raw: str, delimiter: str, number: int) -> str:
    if not delimiter or delimiter not in raw:
        return raw if number == 1 else ""
    parts = raw.split(delimiter, number)
    return parts[number - 1] if number <= len(parts) else ""


def unescape(text: str, delimiters: Delimiters) -> str:
    """Text as it was meant. Escapes for layout become spaces or new lines, for highlighting nothing; what is no
    escape of the standard stays as it was written."""
    if not delimiters.escape or delimiters.escape not in text:
        return text
    return _escapes(delimiters.escape).sub(_meant(delimiters), text)


@lru_cache(maxsize=64)
def _escapes(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    known = r"[FSTREHN]|X(?:[0-9A-Fa-f]{2})+|\.[A-Za-z]{2}(?:[+-]?[0-9]{1,3})?|[CM][0-9A-Fa-f]{4,6}|Z[0-9A-Za-z]*"
    return re.compile(f"{e}({known}){e}")


@lru_cache(maxsize=64)
def _meant(delimiters: Delimiters) -> Callable[[re.Match[str]], str]:
    d = delimiters
    single = {"F": d.field, "S": d.component, "T": d.subcomponent, "R": d.repetition, "E": d.escape}

    def meant(found: re.Match[str]) -> str:
        sequence = found[1]
        if sequence in single:
            return single[sequence]
        if sequence[0] == "X":
            return _hexadecimal(sequence[1:], d.encoding)
        if sequence[:3].lower() in {".br", ".sp", ".ce"}:
            return "\n"
        return " " if sequence[:3].lower() in {".sk", ".ti", ".in"} else ""

    return meant


def _hexadecimal(digits: str, encoding: str) -> str:
    try:
        return _CONTROLS.sub("", bytes.fromhex(digits).decode(encoding))
    except UnicodeDecodeError:
        return "\ufffd"
