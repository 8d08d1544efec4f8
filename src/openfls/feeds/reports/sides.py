"""The side of a fracture where it doesn't stand beside the bone."""

from collections.abc import Iterator

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items

LED = lex.COMMA | lex.OPEN | lex.SMALL | lex.LOCATING | lex.SITE | lex.LEVEL | lex.NAMED | lex.PASSED


def sides_in(items: Items) -> Iterator[tuple[int, Side]]:
    """Every side that the items name, with its place."""
    for at, kinds in enumerate(items.kinds):
        side = items.means[at].side if kinds & lex.SIDE else None
        if side is not None:
            yield at, side


def side_before(items: Items, start: int, trigger: int) -> set[Side]:
    """Among the words that belong to the trigger: *left intertrochanteric fracture*."""
    found = (items.means[at].side for at in range(start, trigger) if items.kinds[at] & lex.SIDE)
    return {side for side in found if side and side is not Side.BOTH}


def side_after(items: Items, last: int, trigger: int, limit: int) -> set[Side]:
    """*On the left*, *, right side*; not *displaced to the left*, *the left lung*."""
    begin = max(last, trigger) + 1
    for at in range(begin, min(limit, begin + 7)):
        kinds = items.kinds[at]
        side = items.means[at].side if kinds & lex.SIDE else None
        if side is not None:
            free = not items.kind(at + 1) & (lex.WORD | lex.NOT_SPINAL) and items.means[at] is not _BOTH
            led = at - 1 <= trigger or bool(items.kinds[at - 1] & LED)
            return {side} if free and led and not _is_to_the(items, at) else set()
        if kinds & (lex.BREAK | lex.AND | lex.DENIAL):
            return set()
    return set()


def side_of_the_same(items: Items, site: BodySite, trigger: int) -> set[Side]:
    """The side that the sentence gives to the same bone before: *the right femoral neck … a fracture*."""
    sides: set[Side] = set()
    for at, side in sides_in(items):
        if at < trigger:
            near = (items.means[on].site for on in range(at + 1, min(len(items), at + 4)) if items.kinds[on] & lex.SITE)
            sides |= {side} if next(near, None) is site else set()
    return sides if len(sides) == 1 else set()


def _is_to_the(items: Items, at: int) -> bool:
    """*Displaced to the left* says nothing of the side."""
    return at > 1 and bool(items.kinds[at - 1] & lex.THE) and items.means[at - 2] is _TO


_TO, _BOTH = lex.LEXICON["to"].means, lex.LEXICON["both"].means
