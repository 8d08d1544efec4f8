"""A sentence as items: each phrase of the lexicon with what it means, in order, and the vertebral levels in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.levels import level_at
from openfls.feeds.reports.lexicon import LEXICON, MISSPELT, SHORTEST_MISSPELT, UNKNOWN, Meaning, Node

MOST_WORDS = 150  # of a sentence that are read together; a longer one is cut
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]{1,2}(?![a-z]))?|\d+|[^\s\w]")


class Item(NamedTuple):
    """``kinds`` are the flags of `lexicon`. ``start`` and ``end`` are places in the report."""

    start: int
    end: int
    kinds: int
    means: Meaning


class Token(NamedTuple):
    start: int
    end: int
    word: str


def items_of(low: str, start: int, end: int) -> Iterator[list[Item]]:
    """The items of a sentence, in pieces of at most `MOST_WORDS` words."""
    tokens = [Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(low, start, end)]
    for begin in range(0, len(tokens), MOST_WORDS):
        yield _items(low, tokens[begin : begin + MOST_WORDS])


def _items(low: str, tokens: list[Token]) -> list[Item]:
    items: list[Item] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.word == "-" and _inside_a_word(low, token):
            place += 1
            continue
        level = level_at(tokens, place)
        if level:
            items.append(_level(tokens, place, level.taken, level.levels, level.of_a_disc))
            place += level.taken
            continue
        if token.word in NUMERALS or (token.word.isdigit() and _suffixed(tokens, place)):
            taken = 1 if token.word in NUMERALS else 2
            items.append(Item(token.start, tokens[place + taken - 1].end, lex.NUMBER, UNKNOWN))
            place += taken
            continue
        node = LEXICON.get(token.word) or _misspelt(token.word)
        taken, means, sides = _longest(tokens, place, node, low) if node else (1, None, [])
        place = _append(items, tokens, place, taken, means, sides)
    return items


def _append(
    items: list[Item], tokens: list[Token], place: int, taken: int, means: Meaning | None, sides: list[Item]
) -> int:
    first, last = tokens[place], tokens[place + taken - 1]
    if means is None:
        kinds = lex.NUMBER if first.word.isdigit() else lex.WORD if first.word[0].isalpha() else 0
        items.append(Item(first.start, first.end, kinds, UNKNOWN))
    elif first.word == "#" and _numbers(tokens, place):
        items.append(Item(first.start, first.end, lex.NUMBER, UNKNOWN))
    else:
        items.append(Item(first.start, last.end, means.kinds, means))
        items.extend(sides)
    return place + taken


def _level(tokens: list[Token], place: int, taken: int, levels: tuple[str, ...], of_a_disc: bool) -> Item:
    start, end = tokens[place].start, tokens[place + taken - 1].end
    if of_a_disc:
        return Item(start, end, lex.WORD | lex.DISC, UNKNOWN)
    return Item(start, end, lex.LEVEL, Meaning(lex.LEVEL, levels=levels))


def _longest(tokens: list[Token], place: int, node: Node, low: str) -> tuple[int, Meaning | None, list[Item]]:
    """How many words the longest phrase at this place takes, what it means, the sides that stood inside it.

    A side or ``the`` may stand inside: *neck of the left femur*.
    """
    taken, means, sides = 1, node.means, []
    passed: list[Item] = []
    at = place + 1
    while at < len(tokens):
        token = tokens[at]
        below = node.after.get(token.word) or node.after.get(MISSPELT.get(token.word, ""))
        if below:
            node = below
            if node.means:
                taken, means, sides = at - place + 1, node.means, list(passed)
        elif token.word in INSIDE and node.after:
            side = INSIDE[token.word]
            passed += [Item(token.start, token.end, lex.SIDE, side)] if side else []
        elif not (token.word == "-" and _inside_a_word(low, token)):
            break
        at += 1
    return taken, means, sides


INSIDE: dict[str, Meaning | None] = {
    word: LEXICON[word].means for word in ("left", "right", "lt", "rt", "l", "r")
} | {"the": None}  # fmt: skip


def _misspelt(word: str) -> Node | None:
    if len(word) < SHORTEST_MISSPELT - 1:
        return None
    return LEXICON.get(MISSPELT.get(word, ""))


def _inside_a_word(low: str, token: Token) -> bool:
    """A hyphen between two letters: *end-plate* is read as *end plate*."""
    return low[token.start - 1 : token.start].isalpha() and low[token.end : token.end + 1].isalpha()


NUMERALS = frozenset(("ii", "iii", "iv", "vi", "vii"))
SUFFIXES = frozenset(("st", "nd", "rd", "th"))


def _suffixed(tokens: list[Token], place: int) -> bool:
    """A number in order: *5th*."""
    return place + 1 < len(tokens) and tokens[place + 1].word in SUFFIXES and tokens[place + 1].start == tokens[place].end


def _numbers(tokens: list[Token], place: int) -> bool:
    """``#3`` counts something, ``#5th metatarsal`` and ``#L1`` are fractures."""
    if place + 1 == len(tokens) or not tokens[place + 1].word.isdigit():
        return False
    if tokens[place + 1].start > tokens[place].end + 1:
        return False
    return place + 2 == len(tokens) or tokens[place + 2].word not in SUFFIXES
