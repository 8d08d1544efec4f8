"""What a trigger of its kind can tell: a shape that has another cause is no fracture, a slight one only suspected."""

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items
from openfls.feeds.reports.mention import Certainty

BESIDE = lex.PASSED | lex.MILD | lex.PLACE | lex.OR | lex.PART
DENIED = lex.CANNOT | lex.NOT | lex.DENIAL
POINTS = lex.STATED | lex.POINTS_AT | lex.VERB | lex.DOUBT


def told_by(items: Items, at: int, certainty: Certainty | None) -> Certainty | None:
    """How surely this kind of trigger tells of a fracture, None where it tells nothing.

    *Bony injury* tells something only where it is denied, a step in the cortex only where it is not.
    """
    kinds = items.kinds[at]
    if certainty is None:
        return None
    if kinds & lex.CORTEX:
        return None if certainty is Certainty.NEGATED else Certainty.SUSPECTED
    if kinds & lex.INJURY:
        return certainty if certainty is Certainty.NEGATED else None
    if certainty is Certainty.NEGATED:
        return certainty
    if kinds & lex.SHAPE and not kinds & lex.FRACTURE:
        return _of_shape(items, at, certainty)
    return Certainty.SUSPECTED if _or_another_cause(items, at) else certainty


def _of_shape(items: Items, at: int, certainty: Certainty) -> Certainty:
    if any(means is _VERSUS or means is _VS for means in items.means):
        return Certainty.SUSPECTED  # *Schmorl's node versus fracture*
    found = _cause_before(items, at) or _cause_after(items, at)
    if found:
        return found
    if any(means.mark == "named" and means.kinds & lex.OTHER_CAUSE for means in items.means):
        return Certainty.NEGATED  # *Schmorl's nodes with endplate depression*
    return Certainty.SUSPECTED if _is_slight(items, at) else certainty


def _is_slight(items: Items, at: int) -> bool:
    """*Mild wedging* without a grade, or *concave*, which osteopenic endplates are."""
    shape = items.means[at].shape
    if shape in ("collapse", "genant") or any(means.shape == "genant" for means in items.means):
        return False
    mild = any(items.kinds[on] & lex.MILD for on in range(max(0, at - 5), min(len(items), at + 2)))
    return mild or shape == "concavity"


def _cause_before(items: Items, at: int) -> Certainty | None:
    """*Physiological wedging*."""
    for on in range(at - 1, -1, -1):
        kinds = items.kinds[on]
        if kinds & lex.OTHER_CAUSE:
            return Certainty.NEGATED
        if not kinds & BESIDE or kinds & lex.BREAK:
            break
    return None


def _cause_after(items: Items, at: int) -> Certainty | None:
    """*Wedging … is degenerative*; *may be physiological* leaves a suspicion, *with degenerative change* nothing."""
    for on in range(at + 1, len(items)):
        kinds, back = items.kinds[on], items.kinds[on - 1]
        if kinds & lex.OTHER_CAUSE and not back & DENIED:
            if back & lex.DOUBT and not back & (lex.ADVERB | lex.STATED):
                return Certainty.SUSPECTED
            points = any(items.kinds[near] & POINTS for near in range(max(0, on - 3), on))
            return Certainty.NEGATED if points or not back & (lex.AND | lex.PREP) else None
        if kinds & lex.BREAK and not kinds & lex.STOP:
            break
    return None


def _or_another_cause(items: Items, at: int) -> bool:
    """*Either a Schmorl's node or an old endplate fracture*."""
    for on in range(at - 1, max(-1, at - 8), -1):
        if items.kinds[on] & lex.OR:
            return any(items.kinds[back] & lex.OTHER_CAUSE for back in range(max(0, on - 4), on))
    return False


_VERSUS, _VS = lex.LEXICON["versus"].means, lex.LEXICON["vs"].means
