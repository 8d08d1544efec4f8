"""Vertebral levels as they are written: T12, D12, L/1, Th 8, T7/8, T4, 5 and 7, T11 to L1, the twelfth thoracic."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from openfls.feeds.reports.lexicon import LEXICON
from openfls.feeds.reports import lexicon as lex

LETTERS = {"t": "T", "th": "T", "d": "T", "l": "L", "c": "C"}
HIGHEST = {"C": 7, "T": 12, "L": 5}
SPINE = tuple(f"{letter}{number}" for letter in "CTL" for number in range(1, HIGHEST[letter] + 1))  # from the top
REGIONS = {"cervical": "C", "thoracic": "T", "dorsal": "T", "lumbar": "L"}
ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
         "twelfth"), start=1,
    )
}  # fmt: skip
TO = frozenset({"-", "to", "through", "thru"})
ALSO = frozenset({",", "/", "and", "&", "+", "or"})
COUNTED = frozenset(
    ("mm", "cm", "%", "percent", "per", "days", "day", "weeks", "week", "months", "month", "years", "year", "yrs", "degrees",
     "st", "nd", "rd", "th", "part", "x", "views", "view", "of", "mg", "ml", "hours", "point", "year", "yr")
)  # fmt: skip


class _Token(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def word(self) -> str: ...


class Levels(NamedTuple):
    """``taken`` words name these ``levels``. ``of_a_disc``: they name a disc, joint or nerve root, no vertebra."""

    taken: int
    levels: tuple[str, ...]
    of_a_disc: bool


def level_at(tokens: Sequence[_Token], place: int) -> Levels | None:
    """The levels named at this place, with those that a list or a range adds."""
    word = tokens[place].word
    if word in LETTERS:
        found = _lettered(tokens, place)
    elif word in ORDINALS or word.isdigit():
        return _in_words(tokens, place)
    else:
        return None
    if found is None or _is_no_level(tokens, place, found):
        return None
    taken, level = found
    levels, taken = _with_more(tokens, place, taken, level)
    return Levels(taken, levels, _of_a_disc(tokens, place, taken))


def _lettered(tokens: Sequence[_Token], place: int) -> tuple[int, str] | None:
    """A letter and a number: T12, T-12, L/1, T 12."""
    letter, at = LETTERS[tokens[place].word], place + 1
    if at < len(tokens) and tokens[at].word in "-/." and tokens[at].start == tokens[place].end:
        at += 1
    level = _level(letter, tokens, at)
    if level is None:
        return None
    apart = tokens[at].start > tokens[place].end + 1
    spaced = tokens[at].start > tokens[at - 1].end
    if apart or (spaced and tokens[at - 1].word in "-/.") or (spaced and _word(tokens, at + 1) in COUNTED):
        return None
    return at + 1 - place, level


def _level(letter: str, tokens: Sequence[_Token], at: int) -> str | None:
    if at >= len(tokens) or not tokens[at].word.isdigit() or len(tokens[at].word) > 2:
        return None
    number = int(tokens[at].word)
    return f"{letter}{number}" if 1 <= number <= HIGHEST[letter] else None


def _is_no_level(tokens: Sequence[_Token], place: int, found: tuple[int, str]) -> bool:
    """*T2 weighted*, *vitamin D3*, the *5th*."""
    if place and tokens[place - 1].word == "vitamin":
        return True
    if tokens[place].word == "th" and place and tokens[place - 1].end == tokens[place].start:
        return True
    after = _word(tokens, place + found[0])
    return found[1] in ("T1", "T2") and _kinds(after) & lex.NO_LEVEL > 0


def _with_more(tokens: Sequence[_Token], place: int, taken: int, level: str) -> tuple[tuple[str, ...], int]:
    levels = [level]
    while True:
        at = place + taken
        joint = _word(tokens, at)
        if joint in ALSO and _word(tokens, at + 1) in ("and", "&"):
            at += 1
        if joint not in TO and joint not in ALSO:
            return tuple(dict.fromkeys(levels)), taken
        found = _next_level(tokens, at + 1, levels[-1], joint)
        if found is None:
            return tuple(dict.fromkeys(levels)), taken
        width, named = found
        levels += _between(levels[-1], named) if joint in TO else [named]
        taken = at + 1 + width - place


def _next_level(tokens: Sequence[_Token], at: int, before: str, joint: str) -> tuple[int, str] | None:
    word = _word(tokens, at)
    if word in LETTERS:
        found = _lettered(tokens, at)
        return None if found and _is_no_level(tokens, at, found) else found
    level = _level(before[0], tokens, at)
    if level is None or _word(tokens, at + 1) in COUNTED:
        return None
    return (1, level) if SPINE.index(level) > SPINE.index(before) else None


def _between(first: str, last: str) -> list[str]:
    """The levels after the first up to the last; the last alone where the two don't make a range."""
    begin, end = SPINE.index(first), SPINE.index(last)
    return list(SPINE[begin + 1 : end + 1]) if begin < end else [last]


def _in_words(tokens: Sequence[_Token], place: int) -> Levels | None:
    """*The twelfth thoracic*, *12th thoracic*."""
    word, width = tokens[place].word, 1
    if word.isdigit():
        if _word(tokens, place + 1) not in ("st", "nd", "rd", "th") or len(word) > 2:
            return None
        number, width = int(word), 2
    else:
        number = ORDINALS[word]
    letter = REGIONS.get(_word(tokens, place + width))
    if letter is None or not 1 <= number <= HIGHEST[letter]:
        return None
    return Levels(width + 1, (f"{letter}{number}",), False)


def _of_a_disc(tokens: Sequence[_Token], place: int, taken: int) -> bool:
    """*The L4/5 disc*, *spondylolisthesis of L4 on L5*, *the L5 nerve root*."""
    near = [_word(tokens, place + taken), *(_word(tokens, place - back) for back in (1, 2, 3) if place >= back)]
    if any(_kinds(word) & lex.DISC for word in near):
        return True
    return _word(tokens, place - 1) == "on" and place > 1 and tokens[place - 2].word.isdigit()


def _word(tokens: Sequence[_Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _kinds(word: str) -> int:
    node = LEXICON.get(word)
    return node.means.kinds if node and node.means else 0
