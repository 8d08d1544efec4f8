"""The lines of a report: whether a line break ends a sentence, or only the paper."""

import re

from openfls.feeds.reports.lexicon import HEADINGS

LONGEST_HEADING = 45  # characters
NARROWEST = 50  # characters: a column that text is wrapped to is wider
JOINS_LINES = frozenset(
    ("of", "the", "a", "an", "and", "or", "with", "at", "in", "to", "no", "is", "are", "for", "by", "from", "on",
     "left", "right", "which", "that", "was", "were", "has", "have", "be", "been", "may", "not", "as", "there", "&")
)  # fmt: skip

_BULLET = re.compile(r"[ ]*(?:[-*•]|\d{1,2}[.)](?!\d))")
_LEVEL = re.compile(r"[ ]*(?:[tldc]|th)\d{1,2}\b")


class Lines:
    """``lines`` in small letters, as they are broken."""

    __slots__ = ("_low", "_shouts", "_text", "_width", "_wrapped", "lines")

    def __init__(self, text: str, low: str) -> None:
        self._text, self._low = text, low
        self.lines = low.split("\n")
        self._shouts = text.isupper() or text.islower()  # then a capital says nothing
        lengths = [len(line) for line in self.lines]
        self._width = max(lengths)
        self._wrapped = self._width >= NARROWEST and sum(length > self._width - 15 for length in lengths) > 1

    def breaks_at(self, place: int) -> bool:
        """Whether the line break at this place ends a sentence."""
        low = self._low
        end = low.find("\n", place + 1)
        before = low[low.rfind("\n", 0, place) + 1 : place].rstrip()
        after = low[place + 1 : end if end >= 0 else len(low)]
        if not before or before[-1] in ".:;!?" or before in HEADINGS or _BULLET.match(after) or _begins_section(after):
            return True
        if not after.strip():
            return True
        if before[before.rfind(" ") + 1 :] in JOINS_LINES or before[-1] in ",-/" or _LEVEL.match(after):
            return False
        return self._starts_anew(place, len(before), after)

    def _starts_anew(self, place: int, length: int, after: str) -> bool:
        """By a capital; where all is in capitals, by a line that had room for the next word."""
        if not self._shouts:
            return not self._text[place + 1 : place + 40].lstrip()[:1].islower()
        word = after.split(None, 1)[0]
        return not (self._wrapped and length + 1 + len(word) > self._width - 3)


def _begins_section(line: str) -> bool:
    return line[:LONGEST_HEADING].partition(":")[0].strip(" *_") in HEADINGS
