"""How a report is laid out: its sections by their headings, its sentences, whatever the lines were wrapped to.

Everything here keeps the length of the text, so that a place in what is read is a place in what was written.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from openfls.feeds.reports.lexicon import HEADINGS, SPEAKS_OF_FRACTURE, TABLE

SAME_LENGTH = str.maketrans("’‘´`–—−‐‑\u00a0\t\r\x0b\x0c“”", "''''-----     \"\"")
LONGEST_HEADING = 45  # characters
MOST_SENTENCES_OF_A_REQUEST = 20
REPORT_ROLES = frozenset({"report", "technique", "prior"})
ABBREVIATIONS = frozenset(TABLE["abbreviations_with_a_stop"])
JOINS_LINES = frozenset(
    ("of", "the", "a", "an", "and", "or", "with", "at", "in", "to", "no", "is", "are", "for", "by", "from", "on", "left",
     "right", "which", "that", "was", "were", "has", "have", "be", "been", "may", "not", "as", "there", "&")
)  # fmt: skip

_END = re.compile(r"[.!](?=\s|\Z)|\?(?=\s+\S)|\n")
_BULLET = re.compile(r"[ ]*(?:[-*•]|\d{1,2}[.)](?!\d))")
_LEVEL = re.compile(r"[ ]*(?:[tldc]|th)\d{1,2}\b")


def lowered(text: str) -> str:
    """In small letters with plain quotes and dashes, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return low if low.isascii() and not _ODD.search(low) else low.translate(SAME_LENGTH)


_ODD = re.compile(r"[\t\r\x0b\x0c`]")


@dataclass(frozen=True, slots=True)
class Section:
    """From ``start`` the text plays this ``role``, until the next section."""

    start: int
    role: str


class Layout:
    """A report, its sections and sentences worked out where they are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = lowered(text)

    @cached_property
    def speaks(self) -> list[int]:
        """Where words stand that may speak of a fracture."""
        return [found.start() for found in SPEAKS_OF_FRACTURE.finditer(self.low)]

    @cached_property
    def ends(self) -> list[int]:
        """Where sentences end, in order."""
        lines = _Lines(self.text, self.low)
        return [found.end() for found in _END.finditer(self.low) if self._ends(found, lines)]

    def _ends(self, found: re.Match[str], lines: "_Lines") -> bool:
        place, sign = found.start(), found[0]
        if sign == "\n":
            return lines.breaks_at(place)
        if sign == "?":
            return self.low[place - 1 : place].isalnum() and _first(self.text, found.end()).isupper()
        return sign == "!" or not _abbreviates(self.low, place)

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence round a place: where it starts and ends."""
        number = bisect_right(self.ends, place)
        start = self.ends[number - 1] if number else 0
        return start, self.ends[number] if number < len(self.ends) else len(self.low)

    @cached_property
    def sections(self) -> list[Section]:
        return list(_sections(self))

    def role_at(self, place: int) -> str:
        number = bisect_right(self._starts, place)
        return self.sections[number - 1].role if number else "report"

    @cached_property
    def _starts(self) -> list[int]:
        return [section.start for section in self.sections]


def _first(text: str, place: int) -> str:
    """The first letter or sign after a place, within a few spaces."""
    return text[place : place + 40].lstrip()[:1]


def _abbreviates(low: str, place: int) -> bool:
    """Whether the full stop belongs to a short form (``vs.``, ``L.``) or a number of a list."""
    begin = max(low.rfind(" ", max(0, place - 6), place), low.rfind("\n", max(0, place - 6), place)) + 1
    word = low[begin:place] if begin else low[max(0, place - 6) : place]
    return word in ABBREVIATIONS or (word.isdigit() and len(word) < 3 and low[place - len(word) - 1 : place - len(word)] in ("", "\n"))


class _Lines:
    """Whether a line break ends a sentence, or only the paper."""

    def __init__(self, text: str, low: str) -> None:
        self._text, self._low = text, low
        self._lengths = [len(line) for line in low.split("\n")]
        self._width = max(self._lengths)
        self._wrapped = self._width >= 50 and sum(length > self._width - 15 for length in self._lengths) > 1

    @cached_property
    def _shouts(self) -> bool:
        """All in capitals, or all in small letters: then a capital says nothing."""
        return self._text == self._text.upper() or self._text == self._low

    def breaks_at(self, place: int) -> bool:
        begin = self._low.rfind("\n", 0, place) + 1
        end = self._low.find("\n", place + 1)
        before, after = self._low[begin:place].rstrip(), self._low[place + 1 : end if end >= 0 else len(self._low)]
        last = before[before.rfind(" ") + 1 :]
        if not before or not after.strip() or _BULLET.match(after):
            return True
        if last in JOINS_LINES or last[-1] in ",-/" or _LEVEL.match(after):
            return before[-1] in ".:;!?" or before in HEADINGS or _begins_section(after)
        if before[-1] in ".:;!?" or before in HEADINGS or _begins_section(after):
            return True
        return self._starts_anew(place, len(before), after)

    def _starts_anew(self, place: int, length: int, after: str) -> bool:
        if not self._shouts:
            return not _first(self._text, place + 1).islower()
        word = after.split(None, 1)[0]
        return not (self._wrapped and length + 1 + len(word) > self._width - 3)


def _begins_section(line: str) -> bool:
    return line[: LONGEST_HEADING].partition(":")[0].strip(" *_") in HEADINGS


def _headings(layout: Layout) -> Iterator[Section]:
    """Every heading: before a colon, before a dash at the beginning of a line, or a line of its own."""
    start = 0
    for line in layout.low.split("\n"):
        yield from _in_line(line, start)
        start += len(line) + 1


def _in_line(line: str, start: int) -> Iterator[Section]:
    bare = line.strip(" *_=:-.")
    if bare in HEADINGS and len(bare) > 2:
        yield Section(start + len(line), HEADINGS[bare])
        return
    colon, begin = line.find(":"), 0
    if colon < 0 or colon > LONGEST_HEADING:
        yield from _without_colon(line, start)
    while colon >= 0:
        low = max(begin, colon - LONGEST_HEADING)
        begin = max(low, *(line.rfind(mark, low, colon) + 1 for mark in ".?;"))
        words = line[begin:colon].strip(" *_(")
        if words in HEADINGS:
            yield Section(start + begin, HEADINGS[words])
        begin = colon + 1
        colon = line.find(":", begin)


def _without_colon(line: str, start: int) -> Iterator[Section]:
    words, dash, rest = line[: LONGEST_HEADING + 1].partition("-")
    if dash and words.strip(" *_") in HEADINGS and (rest[:1] in (" ", "") or len(words.strip()) > 6):
        yield Section(start, HEADINGS[words.strip(" *_")])
    elif line.lstrip().startswith("clin"):
        two = " ".join(line.split(None, 2)[:2])
        if HEADINGS.get(two) == "request":
            yield Section(start, "request")


def _sections(layout: Layout) -> Iterator[Section]:
    headings = list(_headings(layout))
    if not any(heading.role == "request" for heading in headings):
        yield from _bare_request(layout)
    for number, heading in enumerate(headings):
        yield heading
        if heading.role == "request":
            later = headings[number + 1 :]
            end = _end_of_request(layout, heading.start, later)
            if end is not None and not (later and later[0].start <= end):
                yield Section(end, "report")


def _end_of_request(layout: Layout, start: int, later: list[Section]) -> int | None:
    """Where the requester's words end without a heading; None where a heading of the report ends them.

    They end with a line, or in a text of one line with a sentence, that is followed by one without a question.
    """
    if any(heading.role in REPORT_ROLES for heading in later):
        return None
    first = bisect_right(layout.ends, start)
    ends = [*layout.ends[first : first + MOST_SENTENCES_OF_A_REQUEST], len(layout.low)]
    if any(layout.low[end - 1] == "\n" for end in ends[:-1]):
        ends = [end for end in ends[:-1] if layout.low[end - 1] == "\n" or layout.low[end : end + 1] == "\n"]
        ends.append(len(layout.low))
    for end, next_end in pairwise(ends):
        only_heading = layout.low[start:end].rstrip("\n ").endswith(":")
        if not only_heading and "?" not in layout.low[end:next_end] and _first(layout.text, end)[:1] not in ("", "?"):
            return end
    return None


def _bare_request(layout: Layout) -> Iterator[Section]:
    """A question in one of the first two lines, before the report, without any heading: ``?fracture distal radius``."""
    start, seen = 0, 0
    lines = layout.low.split("\n")
    for number, line in enumerate(lines[:6]):
        if line.strip():
            seen += 1
            if seen <= 2 and _asks(line) and any(rest.strip() for rest in lines[number + 1 :]):
                yield Section(start, "request")
                yield Section(start + len(line) + 1, "report")
                return
        start += len(line) + 1


_CLINICAL = re.compile(
    r"\b(?:fall|fell|fallen|pain\w*|tender\w*|foosh|trauma|injur\w+|trip\w*|slip\w*|swelling|swollen|unable|rtc|rta|yrs?|"
    r"inversion|inverted|assault|hobbling|shortened|rotated|rot|off)\b"
)
_ADVISES = re.compile(r"\b(?:suggest|recommend|advis|seen|noted|there is|appear)")


def _asks(line: str) -> bool:
    """A line that asks without a heading: ``?# distal radius``, ``Fall onto buttocks. ?#``."""
    if "?" not in line or _ADVISES.search(line):
        return False
    return line.lstrip()[:2] in ("?#", "? ") or line.lstrip().startswith("?") or bool(_CLINICAL.search(line))
