"""The sections of a report by their headings, and where the requester's words end.

What the requester asked is no finding. Without a heading after it, a request ends with its line, or in a text of one
line with its sentence, unless a question follows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from openfls.feeds.reports.lexicon import HEADINGS
from openfls.feeds.reports.lines import LONGEST_HEADING

MOST_SENTENCES_OF_A_REQUEST = 20
END_A_REQUEST = frozenset({"report", "technique", "prior"})

_CLINICAL = re.compile(
    r"\b(?:fall|fell|fallen|pain\w*|tender\w*|foosh|trauma|injur\w+|trip\w*|slip\w*|swelling|swollen|unable|rtc|rta|yrs?|"
    r"inversion|inverted|assault|hobbling|shortened|rotated|rot|off)\b"
)
_ADVISES = re.compile(r"\b(?:suggest|recommend|advis|seen|noted|there is|appear)")


class Section(NamedTuple):
    """From ``start`` the text plays this ``role``, until the next section."""

    start: int
    role: str


def sections_of(text: str, low: str, lines: Sequence[str], ends: Sequence[int]) -> list[Section]:
    headings = list(_headings(lines))
    if not any(heading.role == "request" for heading in headings):
        headings[:0] = _bare_request(lines)
    last_report = max((heading.start for heading in headings if heading.role in END_A_REQUEST), default=-1)
    sections: list[Section] = []
    for heading, following in pairwise([*headings, Section(len(low) + 1, "")]):
        sections.append(heading)
        if heading.role == "request" and heading.start > last_report:
            end = _end_of_request(text, low, ends, heading.start)
            if end is not None and end < following.start:
                sections.append(Section(end, "report"))
    return sections


def _headings(lines: Sequence[str]) -> Iterator[Section]:
    """Every heading: before a colon, before a dash at the beginning of a line, or a line of its own."""
    start = 0
    for line in lines:
        if line:
            yield from _in_line(line, start)
        start += len(line) + 1


def _in_line(line: str, start: int) -> Iterator[Section]:
    if len(line) < LONGEST_HEADING:
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
    elif line.lstrip().startswith("clin") and HEADINGS.get(" ".join(line.split(None, 2)[:2])) == "request":
        yield Section(start, "request")


def _end_of_request(text: str, low: str, ends: Sequence[int], start: int) -> int | None:
    """Where the requester's words end, after which no heading of the report comes."""
    first = bisect_right(ends, start)
    candidates = [*ends[first : first + MOST_SENTENCES_OF_A_REQUEST], len(low)]
    if any(low[end - 1] == "\n" for end in candidates[:-1]):
        of_lines = [end for end in candidates[:-1] if low[end - 1] == "\n" or low[end : end + 1] == "\n"]
        candidates = [*of_lines, len(low)]
    for end, next_end in pairwise(candidates):
        only_heading = low[start:end].rstrip("\n ").endswith(":")
        if not only_heading and "?" not in low[end:next_end] and text[end : end + 40].strip():
            return end
    return None


def _bare_request(lines: Sequence[str]) -> list[Section]:
    """A question in one of the first two lines, before the report, without any heading: ``?fracture distal radius``."""
    start, seen = 0, 0
    for number, line in enumerate(lines[:6]):
        if line.strip():
            seen += 1
            if seen <= 2 and _asks(line) and any(rest.strip() for rest in lines[number + 1 :]):
                return [Section(start, "request"), Section(start + len(line) + 1, "report")]
        start += len(line) + 1
    return []


def _asks(line: str) -> bool:
    """A line that asks without a heading: ``?# distal radius``, ``Fall onto buttocks. ?#``."""
    if "?" not in line or _ADVISES.search(line):
        return False
    return line.lstrip().startswith("?") or bool(_CLINICAL.search(line))
