"""How surely a fracture is said: stated, suspected, denied, only supposed, and whose.

One walk through a sentence, in the manner of NegEx and ConText: a denial or a doubt reaches forward until the clause
ends or it turns out to speak of something else (*no change in the fracture*); some words reach back (`afterwards`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.afterwards import exclusion, may_be_missed, said_after
from openfls.feeds.reports.items import Items
from openfls.feeds.reports.mention import Certainty


@dataclass(frozen=True, slots=True)
class Judgement:
    """``certainty`` is None where the fracture is only supposed: *if a fracture is suspected, …*."""

    certainty: Certainty | None
    family: bool = False


class Walk:
    """What governs the words from here on, while a sentence is walked through."""

    __slots__ = ("blocked", "caused", "commas", "denied", "doubt_word", "doubted", "family", "noun", "supposed")

    def __init__(self) -> None:
        self.family = self.supposed = False
        self.start_clause()

    def start_clause(self) -> None:
        self.denied = self.blocked = self.noun = False  # blocked: what is denied turned out to be something else
        self.doubted = self.doubt_word = self.caused = False
        self.commas = 0

    def deny(self) -> None:
        self.denied, self.blocked, self.noun, self.commas = True, False, False, 0

    def doubt(self) -> None:
        self.doubted, self.doubt_word, self.caused = True, False, False


def judged(items: Items, triggers: Sequence[int]) -> dict[int, Judgement]:
    """What is said of each trigger."""
    walk, found = Walk(), {}
    wanted = set(triggers)
    skip = 0
    for at, kinds in enumerate(items.kinds):
        if at in wanted:
            found[at] = Judgement(_certainty(items, at, walk), walk.family)
            walk.noun = walk.doubt_word = False
            if kinds & lex.DENIAL:
                walk.deny()
        elif at >= skip:
            skip = _step(items, at, kinds, walk)
    return found


def _step(items: Items, at: int, kinds: int, walk: Walk) -> int:
    """Take one item into account; from which item to go on."""
    walk.family = walk.family or bool(kinds & lex.FAMILY)
    walk.supposed = walk.supposed or bool(kinds & lex.IF)
    if kinds & (lex.BREAK | lex.EXCEPT):
        walk.start_clause()
        if kinds & lex.DOUBT:
            walk.doubt()
    elif kinds & (lex.CANNOT | lex.NOT | lex.DIFFICULT) and (end := exclusion(items, at)):
        walk.start_clause()
        walk.doubt()
        return end
    elif kinds & lex.DENIAL and not kinds & lex.KNOWN:
        walk.deny()
    elif kinds & (lex.CANNOT | lex.NOT):
        if _reaches_on(items, at):
            walk.deny()
    elif kinds & lex.QUESTION and walk.commas:
        walk.start_clause()
        walk.doubt()
    elif kinds & lex.POINTS_AT and walk.denied:
        walk.blocked = walk.noun = False
    elif kinds & lex.DOUBT and not walk.denied:
        _doubt(items, at, kinds, walk)
    else:
        _pass(items, at, kinds, walk)
    return at


def _pass(items: Items, at: int, kinds: int, walk: Walk) -> None:
    if kinds & lex.OR:
        walk.blocked = walk.noun = False
    elif kinds & lex.COMMA:
        _comma(items, at, walk)
    elif kinds & lex.AND:
        walk.doubted = walk.doubted and not walk.doubt_word
        walk.blocked = walk.blocked and walk.denied
    elif kinds & lex.STATED and walk.doubted:
        walk.caused = True
    elif kinds & lex.PREP and not kinds & lex.EVIDENCE:
        walk.blocked = walk.blocked or (walk.denied and walk.noun)
        walk.doubted = walk.doubted and not walk.doubt_word
    elif kinds & lex.EVIDENCE:
        walk.noun = False
    elif kinds & lex.THE and walk.caused:
        walk.doubted = False
    elif kinds & lex.KNOWN:
        walk.noun, walk.blocked = False, walk.denied and bool(items.kind(at + 1) & lex.PREP)
    elif kinds & lex.AGE and items.kind(at + 1) & lex.PREP:
        walk.noun = True  # *no healing of the fracture*
    elif kinds & (lex.WORD | lex.SHAPE | lex.FRESH | lex.RECOMMENDED):
        noun = not kinds & (lex.PASSED | lex.SMALL)
        walk.noun, walk.doubt_word = walk.noun or noun or bool(kinds & lex.FRESH), walk.doubt_word or noun


def _comma(items: Items, at: int, walk: Walk) -> None:
    """A comma ends what was blocked or doubted; a denial may go on: *no effusion, fracture or dislocation*."""
    if walk.denied and walk.blocked:
        walk.start_clause()
    walk.commas += 1
    walk.noun = False
    walk.doubted = walk.doubted and not walk.doubt_word


def _doubt(items: Items, at: int, kinds: int, walk: Walk) -> None:
    """A doubt, unless it is of the age (*likely old*) or advice (*suggest CT*)."""
    following, second = items.kind(at + 1), items.kind(at + 2)
    of_age = following & lex.AGE or (following & lex.SMALL and second & lex.AGE & ~lex.KNOWN)
    advice = following & lex.RECOMMENDED and not following & lex.PASSED
    if not (kinds & lex.ADVERB and of_age) and not advice:
        walk.doubt()


def _reaches_on(items: Items, at: int) -> bool:
    """*I cannot see a …*, *is not thought to represent a …*; not *is not displaced*, *is not united*."""
    for on in range(at + 1, min(len(items), at + 5)):
        kinds = items.kinds[on]
        if kinds & (lex.SMALL | lex.TRIGGER | lex.STATED | lex.POINTS_AT | lex.EVIDENCE) and not kinds & lex.FRESH:
            return True
        if kinds & (lex.AGE | lex.FRESH | lex.BREAK | lex.COMMA | lex.AND):
            return False
    return bool(items.kind(at + 1) & lex.SEEN)


def _certainty(items: Items, at: int, walk: Walk) -> Certainty | None:
    if may_be_missed(items, at):
        return None
    after = said_after(items, at)
    denied = walk.denied and not walk.blocked and not (walk.commas and _begins_anew(items, at))
    if items.kinds[at] & lex.DENIAL or after is Certainty.NEGATED or (denied and after is not Certainty.SUSPECTED):
        return Certainty.NEGATED
    if walk.supposed:
        return None
    return Certainty.SUSPECTED if walk.doubted or after is Certainty.SUSPECTED else Certainty.DEFINITE


def _begins_anew(items: Items, at: int) -> bool:
    """After a comma: *no dislocation, old fracture of the radius*; a list goes on to its *or*."""
    begin = at
    while begin and not items.kinds[begin - 1] & (lex.COMMA | lex.OR):
        begin -= 1
    if items.kind(begin - 1) & lex.OR or _or_follows(items, at):
        return False
    said_itself = any(items.kinds[on] & (lex.AGE | lex.SMALL | lex.FRESH) for on in range(begin, at))
    return said_itself or bool(items.kind(at + 1) & (lex.LOCATING | lex.VERB))


def _or_follows(items: Items, at: int) -> bool:
    for on in range(at + 1, len(items)):
        if items.kinds[on] & lex.BREAK:
            return False
        if items.kinds[on] & lex.OR and items.means[on] is not _SLASH:
            return True
    return False


_SLASH = lex.LEXICON["/"].means
