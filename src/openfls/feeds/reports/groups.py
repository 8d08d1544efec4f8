"""The bones that stand together in a sentence, joined by *and*, *or* or a comma, each with its levels and sides."""

from dataclasses import dataclass, field
from itertools import takewhile

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items

JOINTS = lex.AND | lex.OR | lex.COMMA
BONE = lex.SITE | lex.LEVEL | lex.NAMED
WITHIN = lex.PASSED | lex.SIDE | lex.SMALL | lex.NUMBER | lex.MARK | lex.FRESH | lex.PART
AHEAD = WITHIN | lex.LOCATING | lex.OPEN | lex.CLOSE | lex.AGE


@dataclass(slots=True)
class Group:
    """One bone, or vertebrae, of a mention, and the items from ``first`` to ``last`` that name it.

    ``rank`` 2 is a bone, 1 the region of a joint. ``age``: flags that stand beside it alone: *T8 (old)*.
    """

    site: BodySite
    rank: int
    first: int
    last: int
    levels: list[str] = field(default_factory=list)
    sides: set[Side] = field(default_factory=set)
    age: int = 0
    part: str = ""

    @property
    def side(self) -> Side:
        if Side.BOTH in self.sides or len(self.sides) > 1:
            return Side.BOTH
        return next(iter(self.sides), Side.UNKNOWN)


# What is named beside a closer name of the same region gives way: *Colles' fracture of the radius*.
LESS_CLOSE: dict[BodySite, frozenset[BodySite]] = {
    BodySite.FEMUR: frozenset({BodySite.HIP}),
    BodySite.FOREARM: frozenset({BodySite.WRIST}),
    BodySite.LOWER_LEG: frozenset({BodySite.ANKLE}),
}


def gives_way(group: Group, site: BodySite) -> bool:
    return not group.part and site in LESS_CLOSE.get(group.site, ())


def groups_of(items: Items, first: int, limit: int, *, whole: bool = False) -> list[Group]:
    """The bones from ``first`` on, as far as they are joined. ``whole``: up to the limit, whatever stands between."""
    groups: list[Group] = []
    joined, sides = False, set[Side]()
    for at in range(first, limit):
        kinds = items.kinds[at]
        if kinds & BONE:
            _take_bone(items, at, groups, sides, joined)
            joined, sides = False, set()
        elif kinds & lex.SIDE:
            _take_side(items, at, limit, groups, sides, joined)
        elif kinds & JOINTS:
            joined = bool(groups)
        elif groups and kinds & (lex.PART | lex.AGE):
            _take_more(items, at, groups[-1])
        elif groups and not whole and (not kinds & AHEAD or kinds & lex.BREAK):
            break
    return groups


def _take_bone(items: Items, at: int, groups: list[Group], sides: set[Side], joined: bool) -> None:
    if joined or not groups:
        _add(groups, items, at, sides)
    else:
        _refine(groups[-1], items, at)
        groups[-1].sides |= sides


def _take_more(items: Items, at: int, group: Group) -> None:
    """A part of the femur, or an age that stands alone."""
    kinds = items.kinds[at]
    if kinds & lex.PART and group.site is BodySite.FEMUR:
        group.part, group.last = group.part or items.means[at].part, at
    elif kinds & lex.AGE and _stands_alone(items, at):
        group.age |= kinds & lex.AGE


def _stands_alone(items: Items, at: int) -> bool:
    """An age in brackets, or last before a joint: *T8 (old) and L1 (acute)*."""
    closed = at + 1 >= len(items) or bool(items.kinds[at + 1] & (lex.CLOSE | JOINTS | lex.BREAK))
    return closed and bool(items.kind(at - 1) & (lex.OPEN | BONE))


def _take_side(items: Items, at: int, limit: int, groups: list[Group], sides: set[Side], joined: bool) -> None:
    """A side belongs to the bone that follows it, else to the one before."""
    side = items.means[at].side
    if side is None or (side is Side.BOTH and not _of_bones(items, at, limit)):
        return
    ahead = (items.kinds[on] for on in range(at + 1, min(limit, at + 6)))
    follows = next((kinds for kinds in ahead if kinds & (BONE | JOINTS)), 0)
    in_brackets = not joined and items.kinds[at - 1] & lex.OPEN
    if groups and (in_brackets or not follows or (not joined and not follows & BONE)):
        groups[-1].sides.add(side)
        groups[-1].last = at
    else:
        sides.add(side)


def _of_bones(items: Items, at: int, limit: int) -> bool:
    """*Both pubic rami*, *bilateral*; not *both columns*, *both angulated*."""
    if items.means[at] is not _BOTH:
        return True
    ahead = (items.kinds[on] for on in range(at + 1, min(limit, at + 5)))
    return any(kinds & BONE for kinds in takewhile(lambda kinds: kinds & (WITHIN | BONE), ahead))


def _add(groups: list[Group], items: Items, at: int, sides: set[Side]) -> None:
    means = items.means[at]
    site = means.site or BodySite.SPINE
    same = next((group for group in groups if group.site is site), None)
    if same is None or (means.levels and same.age):
        groups.append(Group(site, means.rank, at, at, list(means.levels), set(sides), part=means.part))
    else:
        same.part = same.part or means.part
        same.levels += [level for level in means.levels if level not in same.levels]
        same.sides |= sides
        same.rank, same.last = max(same.rank, means.rank), max(at, same.last)


def _refine(group: Group, items: Items, at: int) -> None:
    """A further word for the same bone: *neck of the 5th metacarpal of the hand*; the closer one stands."""
    means = items.means[at]
    site = means.site or BodySite.SPINE
    if items.kinds[at] & lex.LEVEL:
        group.levels += [level for level in means.levels if level not in group.levels]
    if means.rank > group.rank:
        group.site, group.rank = site, means.rank
    elif gives_way(group, site):
        group.site = site
    group.part = group.part or (means.part if group.site is BodySite.FEMUR else "")
    group.last = at


_BOTH = lex.LEXICON["both"].means
