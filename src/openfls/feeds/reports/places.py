"""Where a fracture is: the bones, levels and sides that belong to a trigger, told apart from the others of a sentence.

*Fracture of the left wrist and right hip* is two groups, *fracture of L1 and L3* is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Item

Items = Sequence[Item]

FARTHEST = 14  # items between a trigger and the bone that follows it
JOINTS = lex.AND | lex.OR | lex.COMMA
BONE = lex.SITE | lex.LEVEL | lex.NAMED
BEFORE = lex.PASSED | lex.SIDE | lex.AGE | lex.NUMBER | lex.MARK | lex.FRESH | lex.MILD | lex.ADVERB | lex.PART | BONE
WITHIN = lex.PASSED | lex.SIDE | lex.SMALL | lex.NUMBER | lex.MARK | lex.FRESH | lex.PART
AHEAD = WITHIN | lex.LOCATING | lex.OPEN | lex.CLOSE | lex.AGE


@dataclass(slots=True)
class Group:
    """One bone, or vertebrae, of a mention, and the items from ``first`` to ``last`` that name it. ``age``: flags that
    stand beside it alone: *T8 (old)*."""

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


@dataclass(slots=True)
class Places:
    """``start``: where the words before the trigger that belong to it begin."""

    start: int
    groups: list[Group]


def places(items: Items, trigger: int, before: int, after: int) -> Places:
    """The bones of a trigger. ``before`` and ``after`` are the triggers next to it, -1 and the length without any."""
    start = _run_start(items, trigger, before)
    limit = _run_start(items, after, trigger) if after < len(items) else after
    if limit <= trigger + 1 or not _joint_before(items, limit):
        limit = after
    ahead = _groups(items, trigger + 1, limit) if _ahead(items, trigger, limit) is not None else []
    here = _groups(items, start, trigger, whole=True)
    groups = _better(here, ahead)
    if not groups:
        groups = _elsewhere(items, trigger, before, limit, start)
    named = items[trigger].means
    if not groups and named.site and items[trigger].kinds & (lex.NAMED | lex.FRACTURE):
        groups = [Group(named.site, 2, trigger, trigger)]
    _complete(items, groups, trigger, before, limit, start)
    return Places(start, groups)


def _joint_before(items: Items, place: int) -> bool:
    return place > 0 and bool(items[place - 1].kinds & (JOINTS | lex.BREAK | lex.PREP | lex.VERB | lex.WORD | lex.SMALL | lex.STOP))


def _run_start(items: Items, trigger: int, before: int) -> int:
    """Where the words that stand before a trigger and belong to it begin; an *and* only where a bone is on both sides."""
    start, at = trigger, trigger - 1
    bone_seen = False
    while at > before:
        kinds = items[at].kinds
        if kinds & BEFORE and not kinds & lex.BREAK:
            bone_seen = bone_seen or bool(kinds & BONE)
            start = at
        elif kinds & JOINTS and (bone_seen or items[at + 1].kinds & lex.SIDE) and _bone_ends(items, at - 1, before):
            pass
        elif not (kinds & lex.SMALL and bone_seen and at > before + 1 and items[at - 1].kinds & JOINTS):
            break
        at -= 1
    return start


def _bone_ends(items: Items, at: int, before: int) -> bool:
    """Whether a bone or side stands just before, that no earlier trigger has taken."""
    if at <= before or not items[at].kinds & (BONE | lex.SIDE | lex.PASSED):
        return False
    while at > before and items[at].kinds & (BONE | WITHIN | JOINTS):
        at -= 1
    return not (before >= 0 and (at == before or items[at].kinds & lex.LOCATING))


def _ahead(items: Items, trigger: int, limit: int) -> int | None:
    """The first bone after the trigger that it speaks of: *of the left*, *in*, *at*, or at once."""
    words = 0
    for at in range(trigger + 1, min(limit, trigger + 1 + FARTHEST)):
        kinds = items[at].kinds
        if kinds & BONE and not kinds & lex.BREAK:
            return at
        if kinds & JOINTS and at + 1 < limit and items[at + 1].kinds & (lex.SIDE | BONE | lex.PASSED | lex.NUMBER):
            continue
        if kinds & lex.WORD and not kinds & (lex.BREAK | lex.HARDWARE | lex.NEVER) and words == 0:
            words += 1
        elif not kinds & AHEAD or kinds & lex.BREAK:
            return None
    return None


def _groups(items: Items, first: int, limit: int, *, whole: bool = False) -> list[Group]:
    """The bones from ``first`` on that are joined by *and*, *or* or a comma. ``whole``: up to the limit."""
    groups: list[Group] = []
    joined, sides, at = False, set[Side](), first
    while at < limit:
        item = items[at]
        kinds = item.kinds
        if kinds & BONE:
            if joined or not groups:
                _add(groups, item, at, sides)
                joined, sides = False, set()
            else:
                _refine(groups[-1], item, at)
                groups[-1].sides |= sides
                sides = set()
        elif kinds & lex.SIDE and item.means.side:
            _take_side(items, at, limit, groups, sides, joined)
        elif kinds & JOINTS:
            joined = bool(groups)
        elif kinds & lex.PART and groups and groups[-1].site is BodySite.FEMUR:
            groups[-1].part, groups[-1].last = groups[-1].part or item.means.part, at
        elif kinds & lex.AGE and groups and _stands_alone(items, at, limit):
            groups[-1].age |= kinds & lex.AGE
        elif not whole and groups and (not kinds & (AHEAD | lex.NUMBER) or kinds & lex.BREAK):
            break
        at += 1
    return groups


def _take_side(items: Items, at: int, limit: int, groups: list[Group], sides: set[Side], joined: bool) -> None:
    side = items[at].means.side
    if side is None or (side is Side.BOTH and not _of_bones(items, at, limit)):
        return
    follows = next((items[on].kinds for on in range(at + 1, min(limit, at + 6)) if items[on].kinds & (BONE | JOINTS)), 0)
    to_the_last = groups and not joined and (not follows & BONE or items[at - 1].kinds & lex.OPEN)
    if to_the_last or (groups and not follows & BONE and not follows):
        groups[-1].sides.add(side)
        groups[-1].last = at
    else:
        sides.add(side)


def _of_bones(items: Items, at: int, limit: int) -> bool:
    """*Both pubic rami*, *bilateral*; not *both columns*, *both angulated*."""
    if items[at].means is not _BOTH:
        return True
    ahead = (items[on].kinds for on in range(at + 1, min(limit, at + 5)))
    return any(kinds & BONE for kinds in takewhile(lambda kinds: kinds & (WITHIN | BONE), ahead))


def _stands_alone(items: Items, at: int, limit: int) -> bool:
    """An age in brackets, or last before a joint: *T8 (old) and L1 (acute)*."""
    closed = at + 1 >= len(items) or bool(items[at + 1].kinds & (lex.CLOSE | JOINTS | lex.BREAK))
    return closed and bool(items[at - 1].kinds & (lex.OPEN | BONE))


def _add(groups: list[Group], item: Item, at: int, sides: set[Side]) -> None:
    site = item.means.site or BodySite.SPINE
    levels = list(item.means.levels)
    same = next((group for group in groups if group.site is site), None)
    if same is None or (levels and same.age):
        rank = 2 if item.kinds & (lex.LEVEL | lex.NAMED) else item.means.rank
        groups.append(Group(site, rank, at, at, levels, set(sides), part=item.means.part))
    else:
        same.part = same.part or item.means.part
        same.levels += [level for level in levels if level not in same.levels]
        same.sides |= sides
        same.rank, same.last = max(same.rank, item.means.rank), max(at, same.last)


def _refine(group: Group, item: Item, at: int) -> None:
    """A further word for the same bone: *neck of the 5th metacarpal of the hand*; the closer one stands."""
    site = item.means.site or BodySite.SPINE
    if item.kinds & lex.LEVEL:
        group.levels += [level for level in item.means.levels if level not in group.levels]
        group.site, group.rank = (site, 2) if group.rank < 2 or group.site is BodySite.SPINE else (group.site, group.rank)
    elif item.means.rank > group.rank:
        group.site, group.rank = site, item.means.rank
    elif _gives_way(group, site):
        group.site = site
    group.part = group.part or (item.means.part if group.site is BodySite.FEMUR else "")
    group.last = at


# What is named beside a closer name of the same region gives way: *Colles' fracture of the radius*.
LESS_CLOSE: dict[BodySite, frozenset[BodySite]] = {
    BodySite.FEMUR: frozenset({BodySite.HIP}),
    BodySite.FOREARM: frozenset({BodySite.WRIST}),
    BodySite.LOWER_LEG: frozenset({BodySite.ANKLE}),
}


def _gives_way(group: Group, site: BodySite) -> bool:
    return not group.part and site in LESS_CLOSE.get(group.site, ())


def _better(here: list[Group], ahead: list[Group]) -> list[Group]:
    """What stands before the trigger, or what follows it: the closer name of the bone, with what the other adds."""
    if not here or not ahead:
        return here or ahead
    one, other = here[0], ahead[0]
    if one.site is other.site or other.rank <= one.rank:
        chosen, rest = (ahead, one) if _gives_way(one, other.site) or (other.levels and not one.levels) else (here, other)
    else:
        chosen, rest = ahead, one
    first = chosen[0]
    if rest.site is first.site:
        first.levels += [level for level in rest.levels if level not in first.levels]
    if not first.sides and (rest.site is first.site or rest.rank < 2 or len(rest.sides) == 1):
        first.sides = set(rest.sides)
    first.first, first.last = min(first.first, rest.first), max(first.last, rest.last)
    return chosen


def _elsewhere(items: Items, trigger: int, before: int, limit: int, start: int) -> list[Group]:
    """The bone that the clause is about: *the L4 vertebra shows collapse*, *a fracture is seen in the left hip*."""
    near = _backwards(items, trigger, max(before, _clause_start(items, trigger)))
    if near is None:
        near = _forwards(items, trigger, limit)
    if near is None:
        near = _backwards(items, trigger, before)
    if near is None:
        return []
    if near < trigger:
        return _groups(items, _list_start(items, near, before), near + 1)
    return _groups(items, near, limit)


def _clause_start(items: Items, trigger: int) -> int:
    return next((at for at in range(trigger - 1, -1, -1) if items[at].kinds & lex.BREAK), -1)


def _backwards(items: Items, trigger: int, stop: int) -> int | None:
    return next((at for at in range(trigger - 1, stop, -1) if items[at].kinds & BONE), None)


def _forwards(items: Items, trigger: int, limit: int) -> int | None:
    for at in range(trigger + 1, limit):
        kinds = items[at].kinds
        if kinds & BONE:
            return at if any(items[back].kinds & lex.LOCATING for back in range(trigger + 1, at)) else None
        if kinds & (lex.BREAK | lex.COMMA | lex.AND):
            return None
    return None


def _list_start(items: Items, near: int, before: int) -> int:
    """The first bone of the list that ends here."""
    at = near
    while at - 1 > before and items[at - 1].kinds & (BONE | WITHIN | JOINTS) and not items[at - 1].kinds & lex.BREAK:
        at -= 1
    while at < near and items[at].kinds & JOINTS:
        at += 1
    return at


def _complete(items: Items, groups: list[Group], trigger: int, before: int, limit: int, start: int) -> None:
    """Levels and sides that stand a little farther off."""
    if not groups:
        return
    first = groups[0]
    if first.site is BodySite.SPINE and not first.levels:
        first.levels = _levels_near(items, trigger, before, limit)
        first.levels = first.levels or list(items[trigger].means.levels)
    if not any(group.sides for group in groups):
        run = {items[at].means.side for at in range(start, trigger) if items[at].kinds & lex.SIDE}
        found = {side for side in run if side and side is not Side.BOTH} or _side_after(items, groups[-1].last, trigger, limit)
        found = found or _side_of_the_same(items, first.site, trigger)
        for group in groups:
            if group.site is not BodySite.SPINE or run:
                group.sides = set(found)
    elif len(groups) > 1 and not groups[-1].sides and groups[0].last < trigger:
        for group in groups[1:]:
            group.sides = group.sides or set(groups[0].sides)


def _levels_near(items: Items, trigger: int, before: int, limit: int) -> list[str]:
    after = next((at for at in range(trigger + 1, min(limit, trigger + 12)) if items[at].kinds & lex.LEVEL), None)
    stopped = after is not None and any(
        items[at].kinds & lex.BREAK and not items[at].kinds & lex.STOP for at in range(trigger, after)
    )
    if after is None or stopped:
        after = _backwards_level(items, trigger, before)
    if after is None:
        return []
    groups = _groups(items, _list_start(items, after, before if after < trigger else trigger), max(after + 1, min(limit, after + 12)))
    return [level for group in groups for level in group.levels]


def _backwards_level(items: Items, trigger: int, stop: int) -> int | None:
    return next((at for at in range(trigger - 1, stop, -1) if items[at].kinds & lex.LEVEL), None)


def _side_after(items: Items, last: int, trigger: int, limit: int) -> set[Side]:
    """*On the left*, *, right side*; not *displaced to the left*, *the left lung*."""
    for at in range(max(last, trigger) + 1, min(limit, max(last, trigger) + 8)):
        kinds = items[at].kinds
        if kinds & lex.SIDE and items[at].means.side:
            before = [items[back].kinds for back in (at - 1, at - 2) if back > trigger]
            free = at + 1 >= len(items) or not items[at + 1].kinds & (lex.WORD | lex.NOT_SPINAL)
            led = not before or bool(before[0] & (lex.COMMA | lex.OPEN | lex.SMALL | lex.LOCATING | BONE | lex.PASSED))
            return {items[at].means.side} if free and led and not _is_to_the(items, at) else set()  # type: ignore[arg-type]
        if kinds & (lex.BREAK | lex.AND | lex.DENIAL):
            return set()
    return set()


def _side_of_the_same(items: Items, site: BodySite, trigger: int) -> set[Side]:
    """The side that the sentence gives to the same bone before: *the right femoral neck … an intracapsular fracture*."""
    sides: set[Side] = set()
    for at in range(trigger):
        if items[at].kinds & lex.SIDE and items[at].means.side:
            near = (item for item in items[at + 1 : at + 4] if item.kinds & lex.SITE)
            if next((item.means.site for item in near), None) is site:
                sides.add(items[at].means.side)  # type: ignore[arg-type]
    return sides if len(sides) == 1 else set()


def _is_to_the(items: Items, at: int) -> bool:
    """*Displaced to the left* says nothing of the side."""
    return at > 1 and bool(items[at - 1].kinds & lex.THE) and items[at - 2].means is _TO


_TO, _BOTH = lex.LEXICON["to"].means, lex.LEXICON["both"].means


def sides_in(items: Items) -> Iterator[Side]:
    """Every side that the items name."""
    yield from (item.means.side for item in items if item.kinds & lex.SIDE and item.means.side)
