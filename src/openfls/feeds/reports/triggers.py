"""Which items of a sentence speak of a fracture: the word itself, a name, or a vertebra that has lost its shape.

*Collapse*, *compression*, *height* and the like count only where a vertebra is meant.
"""

from collections.abc import Callable
from functools import cache

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items

BESIDE = lex.PASSED | lex.OR | lex.AND | lex.MARK | lex.MILD | lex.SMALL | lex.PLACE | lex.SIDE | lex.FRESH | lex.AGE
BESIDE |= lex.NUMBER | lex.OPEN | lex.CLOSE
ABSORBED = lex.SHAPE | lex.NAMED | lex.UNUNITED | lex.CORTEX


def triggers(items: Items, spinal_before: Callable[[], bool]) -> list[int]:
    """The places of the triggers. ``spinal_before``: whether what was said before is about the spine."""
    spinal = spinal_before
    candidates = [at for at, kinds in enumerate(items.kinds) if kinds & lex.TRIGGER]
    if any(items.means[at].shape for at in candidates):
        here = any(_is_spine(items, at) for at in range(len(items)))
        spinal = cache(lambda: here or spinal_before())
    found = [at for at in candidates if _valid(items, at, spinal)]
    return _without_repeats(items, found) if len(found) > 1 else found


def _valid(items: Items, place: int, spinal: Callable[[], bool]) -> bool:
    kinds = items.kinds[place]
    if kinds & lex.NEVER:
        return False
    if kinds & lex.SHAPE and not kinds & (lex.FRACTURE | lex.NAMED):
        return _is_of_a_vertebra(items, place, spinal)
    return not (kinds & lex.FRACTURE and _is_of_hardware(items, place))


def _is_of_a_vertebra(items: Items, place: int, spinal: Callable[[], bool]) -> bool:
    shape = items.means[place].shape
    near = range(max(0, place - 6), min(len(items), place + 7))
    if shape == "genant":
        return True
    if any(items.means[at].shape == "endplate" and items.kinds[at] & lex.SITE for at in near if abs(at - place) < 3):
        return True
    if shape == "none" or any(
        items.kinds[at] & lex.NOT_SPINAL and not items.kinds[at] & lex.PLACE for at in near if abs(at - place) < 5
    ):
        return False
    if shape == "height":
        return _is_lost(items, place) and spinal()
    if shape == "endplate":
        return any(items.means[at].shape == "endplate" and items.kinds[at] & lex.SITE for at in near) or (
            items.means[place].kinds & lex.FRESH == 0
            and any(_is_spine(items, at) for at in near if abs(at - place) < 4)
        )
    if shape == "wedging":
        return spinal()
    return any(_is_spine(items, at) for at in near)


def _is_lost(items: Items, place: int) -> bool:
    return any(items.kinds[at] & lex.LOST for at in range(max(0, place - 7), min(len(items), place + 5)))


def _is_spine(items: Items, at: int) -> bool:
    return items.kinds[at] & lex.PLACE > 0 and items.means[at].site is BodySite.SPINE


def _is_of_hardware(items: Items, place: int) -> bool:
    """A screw, a lead or a tooth is fractured, no bone."""
    for at in range(place - 1, max(-1, place - 8), -1):
        if items.kinds[at] & lex.HARDWARE:
            return True
        if not items.kinds[at] & (lex.VERB | lex.SMALL | lex.PASSED | lex.PREP | lex.COMMA) or items.means[at] is _WITH:
            break
    for at in range(place + 1, min(len(items), place + 6)):
        if items.kinds[at] & lex.HARDWARE:
            return True
        if not items.kinds[at] & (lex.SMALL | lex.LOCATING | lex.PASSED | lex.SIDE | lex.NUMBER):
            break
    return False


def _without_repeats(items: Items, found: list[int]) -> list[int]:
    """Without what only says the same again: *wedge deformity … fracture*, *fracture with loss of height*."""
    kept: list[int] = []
    for place in found:
        if kept and _describes_the_next(items, kept[-1], place):
            kept[-1] = place
        elif not (kept and _describes_the_last(items, kept[-1], place)):
            kept.append(place)
    return kept


def _describes_the_next(items: Items, before: int, place: int) -> bool:
    """*Colles type fracture*, *compression or burst fracture*, *non-union of the fracture*."""
    if not items.kinds[place] & lex.FRACTURE:
        return False
    if not items.kinds[before] & ABSORBED:
        return items.kinds[before] & lex.FRACTURE > 0 and place == before + 1
    return place - before < 6 and all(items.kinds[at] & (BESIDE | lex.LOCATING) for at in range(before + 1, place))


def _describes_the_last(items: Items, before: int, place: int) -> bool:
    """*Fracture of T12 with 40% loss of height*; not *fracture of T12 with loss of height at L1*."""
    if not items.kinds[place] & ABSORBED or not items.kinds[before] & (lex.FRACTURE | lex.SHAPE | lex.NAMED):
        return False
    between = range(before + 1, place)
    if any(items.kinds[at] & (lex.BREAK | lex.EXCEPT) and not items.kinds[at] & lex.STOP for at in between):
        return False
    own = [at for at in range(place + 1, min(len(items), place + 6)) if items.kinds[at] & lex.PLACE]
    just_before = place and any(items.kinds[at] & lex.LEVEL for at in range(max(before + 1, place - 2), place))
    if items.kinds[place] & lex.NAMED and not items.kinds[place] & lex.SHAPE:
        return place - before < 8
    had = {level for at in between if items.kinds[at] & lex.LEVEL for level in items.means[at].levels}
    new = {level for at in own for level in items.means[at].levels} - had
    return not new and not (just_before and len(had) > 1)


_WITH = lex.LEXICON["with"].means
