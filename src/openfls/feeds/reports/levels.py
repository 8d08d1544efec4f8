"""Vertebral levels as they are written: T12, D12, L/1, Th 8, T7/8, T4, 5 and 7, T11 to L1, the twelfth thoracic."""

from collections.abc import Sequence
from typing import NamedTuple

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.lexicon import LEXICON

LETTERS = {"t": "T", "th": "T", "d": "T", "l": "L", "c": "C"}
HIGHEST = {"C": 7, "T": 12, "L": 5}
SPINE = tuple(f"{letter}{number}" for letter in "CTL" for number in range(1, HIGHEST[letter] + 1))  # from the top
PLACE_OF = {level: place for place, level in enumerate(SPINE)}
REGIONS = {"cervical": "C", "thoracic": "T", "dorsal": "T", "lumbar": "L"}
ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
         "twelfth"), start=1,
    )
}  # fmt: skip
MAY_BE_LEVEL = frozenset((*LETTERS, *ORDINALS))
TO = frozenset({"-", "to", "through", "thru"})
ALSO = frozenset({",", "/", "and", "&", "+", "or"})
SUFFIXES = frozenset({"st", "nd", "rd", "th"})
COUNTED = SUFFIXES | frozenset(
    ("mm", "cm", "%", "percent", "per", "days", "day", "weeks", "week", "months", "month", "years", "year", "yrs", "yr",
     "degrees", "part", "x", "views", "view", "of", "mg", "ml", "hours", "point")
)  # fmt: skip


class Levels(NamedTuple):
    """``taken`` words name these ``levels``. ``of_a_disc``: they name a disc or a nerve root, no vertebra."""

    taken: int
    levels: tuple[str, ...]
    of_a_disc: bool


class _Words:
    """The words of a sentence with their places; nothing beyond its ends."""

    __slots__ = ("starts", "words")

    def __init__(self, words: Sequence[str], starts: Sequence[int]) -> None:
        self.words, self.starts = words, starts

    def __getitem__(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def touches(self, at: int) -> bool:
        """Whether nothing stands between this word and the one before."""
        return 0 < at < len(self.words) and self.starts[at] == self.starts[at - 1] + len(self.words[at - 1])

    def near(self, at: int) -> bool:
        """Whether at most a space stands between."""
        return 0 < at < len(self.words) and self.starts[at] <= self.starts[at - 1] + len(self.words[at - 1]) + 1


def level_at(words: Sequence[str], starts: Sequence[int], place: int) -> Levels | None:
    """The levels named at this place, with those that a list or a range adds."""
    text = _Words(words, starts)
    if words[place] not in LETTERS:
        return _in_words(text, place)
    found = _lettered(text, place)
    if found is None or _is_no_level(text, place, found):
        return None
    taken, level = found
    levels, taken = _with_more(text, place, taken, level)
    return Levels(taken, levels, _of_a_disc(text, place, taken))


def _lettered(text: _Words, place: int) -> tuple[int, str] | None:
    """A letter and a number: T12, T-12, L/1, T 12."""
    at = place + 1
    if text[at] in ("-", "/", ".") and text.touches(at):
        at += 1
    level = _level(LETTERS[text[place]], text[at])
    if level is None or not text.near(at) or (at > place + 1 and not text.touches(at)):
        return None
    if not text.touches(at) and text[at + 1] in COUNTED:
        return None
    return at + 1 - place, level


def _level(letter: str, number: str) -> str | None:
    if not number.isdigit() or len(number) > 2:
        return None
    level = f"{letter}{int(number)}"
    return level if level in PLACE_OF else None


def _is_no_level(text: _Words, place: int, found: tuple[int, str]) -> bool:
    """*T2 weighted*, *vitamin D3*, the *5th*."""
    if text[place - 1] == "vitamin" or (text[place] == "th" and text.touches(place)):
        return True
    return found[1] in ("T1", "T2") and _kinds(text[place + found[0]]) & lex.NO_LEVEL > 0


def _with_more(text: _Words, place: int, taken: int, level: str) -> tuple[tuple[str, ...], int]:
    levels = [level]
    while True:
        at = place + taken
        joint = text[at]
        if joint in ALSO and text[at + 1] in ("and", "&"):
            at += 1
        found = _next_level(text, at + 1, levels[-1]) if joint in TO or joint in ALSO else None
        if found is None:
            return tuple(dict.fromkeys(levels)), taken
        width, named = found
        levels += _between(levels[-1], named) if joint in TO else [named]
        taken = at + 1 + width - place


def _next_level(text: _Words, at: int, before: str) -> tuple[int, str] | None:
    if text[at] in LETTERS:
        found = _lettered(text, at)
        return None if found and _is_no_level(text, at, found) else found
    level = _level(before[0], text[at])
    if (
        level is None
        or text[at + 1] in COUNTED
        or (text[at + 1] == "." and text[at + 2].isdigit() and text.touches(at + 2))
    ):
        return None
    return (1, level) if PLACE_OF[level] > PLACE_OF[before] else None


def _between(first: str, last: str) -> list[str]:
    """The levels after the first up to the last; the last alone where the two don't make a range."""
    begin, end = PLACE_OF[first], PLACE_OF[last]
    return list(SPINE[begin + 1 : end + 1]) if begin < end else [last]


def _in_words(text: _Words, place: int) -> Levels | None:
    """*The twelfth thoracic*, *12th thoracic*."""
    number, width = ORDINALS.get(text[place], 0), 1
    if text[place].isdigit() and text[place + 1] in SUFFIXES and len(text[place]) < 3:
        number, width = int(text[place]), 2
    letter = REGIONS.get(text[place + width]) if number else None
    level = f"{letter}{number}"
    return Levels(width + 1, (level,), False) if level in PLACE_OF else None


def _of_a_disc(text: _Words, place: int, taken: int) -> bool:
    """*The L4/5 disc*, *spondylolisthesis of L4 on L5*, *the L5 nerve root*."""
    near = (text[place + taken], text[place - 1], text[place - 2], text[place - 3])
    return any(_kinds(word) & lex.DISC for word in near if word) or (
        text[place - 1] == "on" and text[place - 2].isdigit()
    )


def _kinds(word: str) -> int:
    node = LEXICON.get(word)
    return node.means.kinds if node and node.means else 0
