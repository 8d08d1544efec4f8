"""A sentence as items: each phrase of the lexicon with what it means, in order, and the vertebral levels in it."""

import re
from collections.abc import Iterator, Sequence

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.levels import MAY_BE_LEVEL, level_at
from openfls.feeds.reports.lexicon import LEXICON, MISSPELT, SHORTEST_MISSPELT, UNKNOWN, Meaning, Node

MOST_WORDS = 150  # of a sentence that are read together; a longer one is cut
NUMERALS = frozenset(("ii", "iii", "iv", "vi", "vii"))
SUFFIXES = frozenset(("st", "nd", "rd", "th"))
SPECIAL = MAY_BE_LEVEL | NUMERALS | {"-", "#"}
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]{1,2}(?![a-z]))?|\d+|[^\s\w'\"*]")


class Items:
    """The items of a sentence, column by column: flags of `lexicon`, meanings, and places in the report."""

    __slots__ = ("ends", "kinds", "means", "starts")

    def __init__(self) -> None:
        self.kinds: list[int] = []
        self.means: list[Meaning] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def __len__(self) -> int:
        return len(self.kinds)

    def add(self, kinds: int, means: Meaning, start: int, end: int) -> None:
        self.kinds.append(kinds)
        self.means.append(means)
        self.starts.append(start)
        self.ends.append(end)

    def kind(self, at: int) -> int:
        """The flags at a place, none outside the sentence."""
        return self.kinds[at] if 0 <= at < len(self.kinds) else 0


def items_of(low: str, start: int, end: int) -> Iterator[Items]:
    """The items of a sentence, in pieces of at most `MOST_WORDS` words."""
    words: list[str] = []
    starts: list[int] = []
    for found in _TOKEN.finditer(low, start, end):
        words.append(found[0])
        starts.append(found.start())
    for begin in range(0, len(words), MOST_WORDS):
        yield _items(low, words[begin : begin + MOST_WORDS], starts[begin : begin + MOST_WORDS])


def _items(low: str, words: Sequence[str], starts: Sequence[int]) -> Items:
    items = Items()
    place, count = 0, len(words)
    while place < count:
        word = words[place]
        node = LEXICON.get(word)
        if word in SPECIAL or word[0] in "0123456789":
            taken = _special(items, low, words, starts, place)
            if taken:
                place += taken
                continue
        if node is None and len(word) >= SHORTEST_MISSPELT - 1:
            node = LEXICON.get(MISSPELT.get(word, ""))
        if node is None:
            items.add(lex.WORD if word[0].isalpha() else 0, UNKNOWN, starts[place], starts[place] + len(word))
            place += 1
        elif not node.after and node.means:
            items.add(node.means.kinds, node.means, starts[place], starts[place] + len(word))
            place += 1
        else:
            place += _phrase(items, low, words, starts, place, node)
    return items


def _special(items: Items, low: str, words: Sequence[str], starts: Sequence[int], place: int) -> int:
    """Levels, numbers, hyphens and signs of number: how many words they take, 0 where it is none of them."""
    word, start = words[place], starts[place]
    if word == "-":
        if (
            place
            and items.kinds
            and items.kinds[-1] & lex.NUMBER
            and words[place + 1 : place + 2]
            and words[place + 1].isdigit()
        ):
            items.add(lex.NUMBER, UNKNOWN, start, start + 1)  # a range: *the 5th-7th ribs*
            return 1
        return 1 if _inside_a_word(low, start) else 0
    level = level_at(words, starts, place)
    if level:
        end = starts[place + level.taken - 1] + len(words[place + level.taken - 1])
        if level.of_a_disc:
            items.add(lex.WORD | lex.DISC, UNKNOWN, start, end)
        else:
            items.add(lex.LEVEL, Meaning(lex.LEVEL, site=BodySite.SPINE, rank=2, levels=level.levels), start, end)
        return level.taken
    if word == "#":
        if _numbers(words, starts, place):
            items.add(lex.NUMBER, UNKNOWN, start, start + 1)
            return 1
        return 0
    if word in NUMERALS or word.isdigit():
        taken = 2 if _suffixed(words, starts, place) else 1
        items.add(lex.NUMBER, UNKNOWN, start, starts[place + taken - 1] + len(words[place + taken - 1]))
        return taken
    return 0


def _phrase(items: Items, low: str, words: Sequence[str], starts: Sequence[int], place: int, node: Node) -> int:
    """Add the longest phrase at this place; how many words it takes.

    A side or ``the`` may stand inside: *neck of the left femur*.
    """
    taken, means = 1, node.means
    inside: list[int] = []
    sides = 0
    at = place + 1
    while at < len(words) and node.after:
        word = words[at]
        below = node.after.get(word) or (node.after.get(MISSPELT[word]) if word in MISSPELT else None)
        if below:
            node = below
            if node.means:
                taken, means, sides = at - place + 1, node.means, len(inside)
        elif word in INSIDE:
            inside += [at] if INSIDE[word] else []
        elif not (word == "-" and _inside_a_word(low, starts[at])):
            break
        at += 1
    last = place + taken - 1
    kinds = means.kinds if means else lex.WORD if words[place][0].isalpha() else 0
    items.add(kinds, means or UNKNOWN, starts[place], starts[last] + len(words[last]))
    for side in inside[:sides]:
        items.add(lex.SIDE, INSIDE[words[side]] or UNKNOWN, starts[side], starts[side] + len(words[side]))
    return taken


INSIDE: dict[str, Meaning | None] = {
    word: LEXICON[word].means for word in ("left", "right", "lt", "rt", "l", "r")
} | {"the": None}  # fmt: skip


def _inside_a_word(low: str, start: int) -> bool:
    """A hyphen between two letters: *end-plate* is read as *end plate*."""
    return low[start - 1 : start].isalpha() and low[start + 1 : start + 2].isalpha()


def _suffixed(words: Sequence[str], starts: Sequence[int], place: int) -> bool:
    """A number in order: *5th*."""
    if place + 1 >= len(words) or words[place + 1] not in SUFFIXES:
        return False
    return starts[place + 1] == starts[place] + len(words[place])


def _numbers(words: Sequence[str], starts: Sequence[int], place: int) -> bool:
    """``#3`` counts something, ``#5th metatarsal`` and ``#L1`` are fractures."""
    if place + 1 == len(words) or not words[place + 1].isdigit() or starts[place + 1] > starts[place] + 2:
        return False
    return place + 2 == len(words) or words[place + 2] not in SUFFIXES
