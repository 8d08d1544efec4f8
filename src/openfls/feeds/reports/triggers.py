"""Which items of a sentence speak of a fracture: the word itself, a name, or a vertebra that has lost its shape.

*Collapse*, *compression*, *height* and the like count only where a vertebra is meant.
"""

from collections.abc import Sequence

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Item

Items = Sequence[Item]

BESIDE = lex.PASSED | lex.OR | lex.AND | lex.MARK | lex.MILD | lex.SMALL | lex.PLACE | lex.SIDE | lex.FRESH | lex.AGE
BESIDE |= lex.NUMBER | lex.OPEN | lex.CLOSE
ABSORBED = lex.SHAPE | lex.NAMED | lex.UNUNITED | lex.CORTEX


def triggers(items: Items, spinal: bool) -> list[int]:
    """The places of the triggers. ``spinal``: what was said before is about the spine."""
    found = [place for place, item in enumerate(items) if item.kinds & lex.TRIGGER and _valid(items, place, spinal)]
    return _without_repeats(items, found)


def _valid(items: Items, place: int, spinal: bool) -> bool:
    kinds = items[place].kinds
    if kinds & lex.NEVER:
        return False
    if kinds & lex.SHAPE and not kinds & (lex.FRACTURE | lex.NAMED):
        return _is_of_a_vertebra(items, place, spinal)
    return not (kinds & lex.FRACTURE and _is_of_hardware(items, place))


def _is_of_a_vertebra(items: Items, place: int, spinal: bool) -> bool:
    shape = items[place].means.shape
    near = range(max(0, place - 6), min(len(items), place + 7))
    if shape == "genant":
        return True
    if shape == "none" or any(items[at].kinds & lex.NOT_SPINAL and not items[at].kinds & lex.PLACE for at in near if abs(at - place) < 5):
        return False
    if shape == "height":
        return _is_lost(items, place) and (spinal or _spine(items))
    if shape == "endplate":
        return any("endplate" in _named(items[at]) for at in near) or (
            items[place].means.kinds & lex.FRESH == 0 and any(_is_spine(items[at]) for at in near if abs(at - place) < 4)
        )
    if shape == "wedging":
        return spinal or _spine(items)
    return any(_is_spine(items[at]) for at in near)


def _is_lost(items: Items, place: int) -> bool:
    return any(items[at].kinds & lex.LOST for at in range(max(0, place - 7), min(len(items), place + 5)))


def _spine(items: Items) -> bool:
    return any(_is_spine(item) for item in items)


def _is_spine(item: Item) -> bool:
    return bool(item.kinds & lex.LEVEL) or (item.kinds & lex.SITE > 0 and item.means.site is BodySite.SPINE)


def _named(item: Item) -> str:
    return item.means.shape


def _is_of_hardware(items: Items, place: int) -> bool:
    """A screw, a lead or a tooth is fractured, no bone."""
    for at in range(place - 1, max(-1, place - 8), -1):
        if items[at].kinds & lex.HARDWARE:
            return True
        if not items[at].kinds & (lex.VERB | lex.SMALL | lex.PASSED | lex.PREP | lex.COMMA) or items[at].means is _WITH:
            break
    for at in range(place + 1, min(len(items), place + 6)):
        if items[at].kinds & lex.HARDWARE:
            return True
        if not items[at].kinds & (lex.SMALL | lex.LOCATING | lex.PASSED | lex.SIDE | lex.NUMBER):
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
    if not items[place].kinds & lex.FRACTURE:
        return False
    if not items[before].kinds & ABSORBED:
        return items[before].kinds & lex.FRACTURE > 0 and place == before + 1
    return place - before < 6 and all(items[at].kinds & (BESIDE | lex.LOCATING) for at in range(before + 1, place))


def _describes_the_last(items: Items, before: int, place: int) -> bool:
    """*Fracture of T12 with 40% loss of height*; not *fracture of T12 with loss of height at L1*."""
    if not items[place].kinds & ABSORBED or not items[before].kinds & (lex.FRACTURE | lex.SHAPE | lex.NAMED):
        return False
    between = range(before + 1, place)
    if any(items[at].kinds & (lex.BREAK | lex.EXCEPT) and not items[at].kinds & lex.STOP for at in between):
        return False
    own = [items[at] for at in range(place + 1, min(len(items), place + 6)) if items[at].kinds & lex.PLACE]
    just_before = place and any(items[at].kinds & lex.LEVEL for at in range(max(before + 1, place - 2), place))
    if items[place].kinds & lex.NAMED and not items[place].kinds & lex.SHAPE:
        return place - before < 8
    had = {level for at in between if items[at].kinds & lex.LEVEL for level in items[at].means.levels}
    new = {level for item in own for level in item.means.levels} - had
    return not new and not (just_before and len(had) > 1)


_WITH = lex.LEXICON["with"].means
