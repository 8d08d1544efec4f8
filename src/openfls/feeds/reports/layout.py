"""How a report is laid out: its sections by their headings, its sentences, whatever the lines were wrapped to.

Everything here keeps the length of the text, so that a place in what is read is a place in what was written.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from openfls.feeds.reports.lexicon import SPEAKS_OF_FRACTURE, TABLE
from openfls.feeds.reports.lines import Lines
from openfls.feeds.reports.sections import Section, sections_of

SAME_LENGTH = str.maketrans("’‘´`–—−‐‑\u00a0\t\r\x0b\x0c“”", "''''-----     \"\"")
ABBREVIATIONS = frozenset(TABLE["abbreviations_with_a_stop"])

_ODD = re.compile(r"[\t\r\x0b\x0c`]")
_END = re.compile(r"[.!](?=\s|\Z)|\?(?=\s+\S)|\n")


def lowered(text: str) -> str:
    """In small letters with plain quotes and dashes, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return low if low.isascii() and not _ODD.search(low) else low.translate(SAME_LENGTH)


def places_that_speak(low: str) -> list[int]:
    """Where words stand that may speak of a fracture."""
    return [found.start() for found in SPEAKS_OF_FRACTURE.finditer(low)]


class Layout:
    """A report with its sentences and sections."""

    __slots__ = ("_starts", "ends", "low", "sections", "text")

    def __init__(self, text: str, low: str) -> None:
        self.text = text
        self.low = low
        lines = Lines(text, low)
        self.ends = list(_ends(text, low, lines))
        self.sections: list[Section] = sections_of(text, low, lines.lines, self.ends)
        self._starts = [section.start for section in self.sections]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence round a place: where it starts and ends."""
        number = bisect_right(self.ends, place)
        start = self.ends[number - 1] if number else 0
        return start, self.ends[number] if number < len(self.ends) else len(self.low)

    def role_at(self, place: int) -> str:
        number = bisect_right(self._starts, place)
        return self.sections[number - 1].role if number else "report"


def _ends(text: str, low: str, lines: Lines) -> Iterator[int]:
    """Where sentences end, in order."""
    for found in _END.finditer(low):
        place = found.start()
        sign = low[place]
        if sign == ".":
            ends = not _abbreviates(low, place)
        elif sign == "\n":
            ends = lines.breaks_at(place)
        else:
            ends = sign == "!" or (
                low[place - 1 : place].isalnum() and text[place + 1 : place + 40].lstrip()[:1].isupper()
            )
        if ends:
            yield place + 1


def _abbreviates(low: str, place: int) -> bool:
    """Whether the full stop belongs to a short form (``vs.``) or a number of a list (``1.``)."""
    word = low[max(0, place - 6) : place].replace("\n", " ").rpartition(" ")[2]
    if word in ABBREVIATIONS:
        return True
    return word.isdigit() and len(word) < 3 and low[place - len(word) - 1 : place - len(word)] in ("", "\n")
