"""How surely a fracture is said: stated, suspected, denied, only supposed, and whose.

One walk through a sentence, in the manner of NegEx and ConText: a denial or a doubt reaches forward until the clause
ends or it turns out to speak of something else (*no change in the fracture*); some words reach back (*is not seen*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items

REACH_BACK = 12  # items between a trigger and a word after it that denies or doubts it
BETWEEN = lex.PLACE | lex.SIDE | lex.PREP | lex.SMALL | lex.PASSED | lex.VERB | lex.NUMBER | lex.AGE | lex.NAMED
BETWEEN |= lex.PART | lex.MARK | lex.FRESH | lex.OPEN | lex.CLOSE | lex.SHAPE | lex.WORD | lex.STATED | lex.FRACTURE


class Certainty(StrEnum):
    DEFINITE = "definite"
    SUSPECTED = "suspected"
    NEGATED = "negated"


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
    elif kinds & (lex.CANNOT | lex.NOT | lex.DIFFICULT) and (end := _exclusion(items, at)):
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
        walk.noun, walk.blocked = False, walk.denied and bool(_next(items, at) & lex.PREP)
    elif kinds & lex.AGE and _next(items, at) & lex.PREP:
        walk.noun = True  # *no healing of the fracture*
    elif kinds & (lex.WORD | lex.SHAPE | lex.FRESH | lex.RECOMMENDED):
        noun = not kinds & (lex.PASSED | lex.SMALL)
        walk.noun, walk.doubt_word = walk.noun or noun or bool(kinds & lex.FRESH), walk.doubt_word or noun


def _comma(items: Items, at: int, walk: Walk) -> None:
    """A comma ends what was blocked or doubted; a denial may go on in a list: *no effusion, fracture or dislocation*."""
    if walk.denied and walk.blocked:
        walk.start_clause()
    walk.commas += 1
    walk.noun = False
    walk.doubted = walk.doubted and not walk.doubt_word


def _doubt(items: Items, at: int, kinds: int, walk: Walk) -> None:
    following = _next(items, at)
    if kinds & lex.ADVERB and (following & lex.AGE or _next(items, at + 1) & lex.AGE & ~lex.KNOWN and following & lex.SMALL):
        return  # *likely old*: the age is doubted
    if kinds & lex.ADVERB and following & (lex.VERB | lex.WORD | lex.OTHER_CAUSE) and not following & (lex.TRIGGER | lex.STATED | lex.PASSED):
        if items.means[at] is _MAY or following & lex.OTHER_CAUSE or following & lex.STATED == 0:
            walk.doubted = walk.doubted
    if following & lex.RECOMMENDED and not following & lex.PASSED:
        return  # *suggest CT*
    walk.doubt()


def _exclusion(items: Items, at: int) -> int:
    """*Cannot be entirely excluded*: the place of what ends it, else 0."""
    for on in range(at + 1, min(len(items), at + 5)):
        kinds = items.kinds[on]
        if kinds & lex.EXCLUDE:
            return on
        if kinds & (lex.BREAK | lex.COMMA | lex.TRIGGER):
            return 0
    return 0


def _reaches_on(items: Items, at: int) -> bool:
    """*I cannot see a …*, *is not thought to represent a …*, *is not a …*; not *is not displaced*, *not united*."""
    for on in range(at + 1, min(len(items), at + 5)):
        kinds = items.kinds[on]
        if kinds & (lex.SMALL | lex.TRIGGER | lex.STATED | lex.POINTS_AT | lex.EVIDENCE) and not kinds & lex.FRESH:
            return True
        if kinds & (lex.AGE | lex.FRESH | lex.BREAK | lex.COMMA | lex.AND):
            return False
    return any(items.kinds[on] & lex.SEEN for on in range(at + 1, min(len(items), at + 2)))


def _next(items: Items, at: int) -> int:
    return items.kinds[at + 1] if at + 1 < len(items) else 0


def _certainty(items: Items, at: int, walk: Walk) -> Certainty | None:
    if any(kinds & lex.MISSED for kinds in items.kinds[at + 1 : at + REACH_BACK]):
        return None
    after = _after(items, at)
    denied = walk.denied and not walk.blocked and not (walk.commas and _begins_anew(items, at))
    if items.kinds[at] & lex.DENIAL or after is Certainty.NEGATED:
        return Certainty.NEGATED
    if denied and after is not Certainty.SUSPECTED:
        return Certainty.NEGATED
    if walk.supposed and not walk.doubted:
        return None
    if walk.doubted or after is Certainty.SUSPECTED:
        return None if walk.supposed else Certainty.SUSPECTED
    return Certainty.DEFINITE


def of_trigger(items: Items, at: int, certainty: Certainty | None) -> Certainty | None:
    """How surely this kind of trigger tells of a fracture, None where it tells nothing.

    A shape that has another cause is no fracture; a slight one, or a step in the cortex, is only suspected. *Bony
    injury* tells something only where it is denied, a step in the cortex where it is not.
    """
    kinds, shape = items.kinds[at], items.means[at].shape
    if kinds & lex.CORTEX:
        return None if certainty is Certainty.NEGATED else Certainty.SUSPECTED if certainty else None
    if kinds & lex.INJURY:
        return Certainty.NEGATED if certainty is Certainty.NEGATED else None
    if certainty is Certainty.NEGATED or kinds & lex.FRACTURE or not kinds & lex.SHAPE:
        if certainty is Certainty.DEFINITE and _or_another_cause(items, at):
            return Certainty.SUSPECTED
        return certainty
    cause = _another_cause(items, at)
    if cause is not None:
        return cause
    mild = any(items.kinds[on] & lex.MILD for on in range(max(0, at - 5), min(len(items), at + 2)))
    graded = any(means.shape == "genant" for means in items.means) or shape in ("collapse", "genant")
    mild = mild or shape == "concavity"
    return Certainty.SUSPECTED if mild and not graded and certainty is Certainty.DEFINITE else certainty


def _another_cause(items: Items, at: int) -> Certainty | None:
    """*Physiological wedging*, *wedging … is degenerative*, *Schmorl's nodes with endplate depression*: no fracture;
    *wedging may be physiological*: suspected."""
    if any(means is _VERSUS or means is _VS for means in items.means):
        return Certainty.SUSPECTED
    for on in range(at - 1, -1, -1):
        kinds = items.kinds[on]
        if kinds & lex.OTHER_CAUSE:
            return Certainty.NEGATED
        if not kinds & (lex.PASSED | lex.MILD | lex.PLACE | lex.OR | lex.PART) or kinds & lex.BREAK:
            break
    for on in range(at + 1, len(items)):
        kinds = items.kinds[on]
        if kinds & lex.OTHER_CAUSE and not _next_back(items, on) & (lex.CANNOT | lex.NOT | lex.DENIAL):
            if _next_back(items, on) & lex.DOUBT and not _next_back(items, on) & (lex.ADVERB | lex.STATED):
                return Certainty.SUSPECTED
            return None if _next_back(items, on) & (lex.AND | lex.PREP) and not _points(items, on) else Certainty.NEGATED
        if kinds & lex.BREAK and not kinds & lex.STOP:
            break
    named = any(means.mark == "named" and means.kinds & lex.OTHER_CAUSE for means in items.means)
    return Certainty.NEGATED if named else None


def _points(items: Items, on: int) -> bool:
    return any(items.kinds[back] & (lex.STATED | lex.POINTS_AT | lex.VERB | lex.DOUBT) for back in range(max(0, on - 3), on))


def _next_back(items: Items, on: int) -> int:
    return items.kinds[on - 1] if on else 0


def _or_another_cause(items: Items, at: int) -> bool:
    """*Either a Schmorl's node or an old endplate fracture*."""
    for on in range(at - 1, max(-1, at - 8), -1):
        if items.kinds[on] & lex.OR:
            return any(items.kinds[back] & lex.OTHER_CAUSE for back in range(max(0, on - 4), on))
    return False


def _begins_anew(items: Items, at: int) -> bool:
    """After a comma: *no dislocation, old fracture of the radius*; a list goes on to its *or*."""
    begin = at
    while begin and not items.kinds[begin - 1] & (lex.COMMA | lex.OR):
        begin -= 1
    if begin and items.kinds[begin - 1] & lex.OR:
        return False
    for on in range(at + 1, len(items)):
        if items.kinds[on] & lex.BREAK:
            break
        if items.kinds[on] & lex.OR and items.means[on] is not _SLASH:
            return False
    said_itself = any(items.kinds[on] & (lex.AGE | lex.SMALL | lex.FRESH) for on in range(begin, at))
    return said_itself or bool(_next(items, at) & (lex.LOCATING | lex.VERB))


def _after(items: Items, at: int) -> Certainty | None:
    """What is said behind the trigger: *is not seen*, *cannot be excluded*, *: none*, *?*."""
    words = 0
    for on in range(at + 1, min(len(items), at + 1 + REACH_BACK)):
        kinds = items.kinds[on]
        if kinds & lex.DENIED_AFTER and (items.kinds[on - 1] & (lex.VERB | lex.STOP) or on == at + 1):
            return Certainty.NEGATED
        if kinds & lex.DENIAL and items.kinds[on - 1] & lex.STOP and items.kind(on + 1) == 0:
            return Certainty.NEGATED  # *parental hip fracture: no*
        if kinds & (lex.CANNOT | lex.NOT | lex.DENIAL) and not kinds & lex.KNOWN:
            return _denial_after(items, on)
        if kinds & lex.DIFFICULT:
            return Certainty.SUSPECTED if _exclusion(items, on) else None
        if kinds & lex.QUESTION:
            return Certainty.SUSPECTED if on + 1 == len(items) or items.kinds[on + 1] == 0 else None
        if kinds & lex.DOUBT_AFTER and not _next(items, on) & (lex.AGE | lex.OTHER_CAUSE) and _predicated(items, at, on):
            return Certainty.SUSPECTED
        words += bool(kinds & lex.WORD and not kinds & lex.PASSED)
        if kinds & lex.STOP and _next(items, on) & (lex.DENIED_AFTER | lex.DENIAL):
            continue
        if not kinds & BETWEEN or kinds & (lex.BREAK | lex.AND | lex.COMMA) or words > 3:
            return None
    return None


def _predicated(items: Items, at: int, on: int) -> bool:
    """Whether the doubt is said of the fracture (*is likely*), not of something after it (*likely haemorrhage*)."""
    closes = on + 1 == len(items) or bool(items.kinds[on + 1] & (lex.BREAK | lex.COMMA | lex.CLOSE | lex.PREP | lex.AND)) or items.kinds[on + 1] == 0
    return closes and (on == at + 1 or bool(items.kinds[on - 1] & (lex.VERB | lex.SMALL | lex.PLACE | lex.PASSED | lex.SIDE)))


def _denial_after(items: Items, on: int) -> Certainty | None:
    if _exclusion(items, on):
        return Certainty.SUSPECTED
    for later in range(on + 1, min(len(items), on + 5)):
        kinds = items.kinds[later]
        if kinds & lex.SEEN:
            following = _next(items, later)
            earlier = following & (lex.EARLIER | lex.OLD | lex.PREP) and is_earlier(items, later)
            return None if earlier else Certainty.NEGATED
        if kinds & (lex.BREAK | lex.COMMA | lex.TRIGGER):
            return None
    return None


def is_earlier(items: Items, at: int) -> bool:
    """*Not seen on the previous film*, *not present in 2019*: then it is new, not absent."""
    return any(items.kinds[on] & lex.EARLIER or is_year(items, on) for on in range(at + 1, min(len(items), at + 8)))


def is_year(items: Items, at: int) -> bool:
    return items.kinds[at] & lex.NUMBER > 0 and items.ends[at] - items.starts[at] == 4


def _means(word: str) -> object:
    node = lex.LEXICON[word]
    return node.means


_MAY, _SLASH, _VERSUS, _VS = (_means(word) for word in ("may", "/", "versus", "vs"))
