"""Where a fracture is: the bones, levels and sides that belong to a trigger, told apart from the others of a sentence.

*Fracture of the left wrist and right hip* is two groups, *fracture of L1 and L3* is one.
"""

from dataclasses import dataclass

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.groups import (
    AHEAD,
    BONE,
    JOINTS,
    WITHIN,
    Group,
    gives_way,
    groups_of,
)
from openfls.feeds.reports.items import Items
from openfls.feeds.reports.sides import side_after, side_before, side_of_the_same

FARTHEST = 14  # items between a trigger and the bone that follows it
BEFORE = lex.PASSED | lex.SIDE | lex.AGE | lex.NUMBER | lex.MARK | lex.FRESH | lex.MILD | lex.ADVERB | lex.PART | BONE
BOUND = JOINTS | lex.BREAK | lex.PREP | lex.VERB | lex.WORD | lex.SMALL | lex.STOP


@dataclass(slots=True)
class Places:
    """``start``: where the words before the trigger that belong to it begin."""

    start: int
    groups: list[Group]


def places(items: Items, trigger: int, before: int, after: int) -> Places:
    """The bones of a trigger. ``before`` and ``after`` are the triggers next to it, -1 and the length without any."""
    start = _run_start(items, trigger, before)
    limit = _run_start(items, after, trigger) if after < len(items) else after
    if limit <= trigger + 1 or not items.kind(limit - 1) & BOUND:
        limit = after
    limit = next((at for at in range(trigger + 1, limit) if items.kinds[at] & lex.EXCEPT), limit)
    ahead = groups_of(items, trigger + 1, limit) if _points_ahead(items, trigger, limit) else []
    here = groups_of(items, start, trigger, whole=True)
    groups = _better(here, ahead) or _elsewhere(items, trigger, before, limit)
    named = items.means[trigger]
    if not groups and named.site and items.kinds[trigger] & (lex.NAMED | lex.FRACTURE):
        groups = [Group(named.site, 2, trigger, trigger)]
    if groups:
        _complete(items, groups, trigger, before, limit, start)
    return Places(start, groups)


def _run_start(items: Items, trigger: int, before: int) -> int:
    """Where the words before a trigger that belong to it begin; an *and* only where a bone is on both sides."""
    start, at, bone_seen = trigger, trigger - 1, False
    while at > before:
        kinds = items.kinds[at]
        if kinds & BEFORE and not kinds & lex.BREAK:
            bone_seen = bone_seen or bool(kinds & BONE)
            start = at
        elif kinds & JOINTS and (bone_seen or items.kinds[at + 1] & lex.SIDE) and _bone_ends(items, at - 1, before):
            pass
        elif not (kinds & lex.SMALL and bone_seen and at > before + 1 and items.kinds[at - 1] & JOINTS):
            break
        at -= 1
    return start


def _bone_ends(items: Items, at: int, before: int) -> bool:
    """Whether a bone or side stands just before, that no earlier trigger has taken."""
    if at <= before or not items.kinds[at] & (BONE | lex.SIDE | lex.PASSED):
        return False
    while at > before and items.kinds[at] & (BONE | WITHIN | JOINTS):
        at -= 1
    return not (before >= 0 and (at == before or items.kinds[at] & lex.LOCATING))


def _points_ahead(items: Items, trigger: int, limit: int) -> bool:
    """Whether a bone follows that the trigger speaks of: *of the left*, *in*, *at*, or at once."""
    words = 0
    for at in range(trigger + 1, min(limit, trigger + 1 + FARTHEST)):
        kinds = items.kinds[at]
        if kinds & BONE and not kinds & lex.BREAK:
            return True
        if kinds & lex.STOP and at == trigger + 1:
            continue
        if kinds & JOINTS and at + 1 < limit and items.kinds[at + 1] & (AHEAD | BONE) & ~lex.SMALL:
            continue
        if kinds & lex.WORD and not kinds & (lex.BREAK | lex.HARDWARE | lex.NEVER) and words == 0:
            words += 1
        elif not kinds & AHEAD or kinds & lex.BREAK:
            return False
    return False


def _better(here: list[Group], ahead: list[Group]) -> list[Group]:
    """What stands before the trigger, or what follows it: the closer name of the bone, with what the other adds."""
    if not here or not ahead:
        return here or ahead
    one, other = here[0], ahead[0]
    following = other.rank > one.rank if one.site is not other.site else bool(other.levels and not one.levels)
    chosen, rest = (ahead, one) if following or gives_way(one, other.site) else (here, other)
    first = chosen[0]
    if rest.site is first.site:
        first.levels += [level for level in rest.levels if level not in first.levels]
    if not first.sides and (rest.site is first.site or rest.rank < 2 or len(rest.sides) == 1):
        first.sides = set(rest.sides)
    first.first, first.last = min(first.first, rest.first), max(first.last, rest.last)
    return chosen


def _elsewhere(items: Items, trigger: int, before: int, limit: int) -> list[Group]:
    """The bone that the clause is about: *the L4 vertebra shows collapse*, *a fracture is seen in the left hip*."""
    near = _backwards(items, trigger, max(before, _clause_start(items, trigger)), BONE)
    if near is None:
        near = _forwards(items, trigger, limit)
    if near is None:
        near = _backwards(items, trigger, before, BONE)
    if near is None:
        return []
    return (
        groups_of(items, _list_start(items, near, before), near + 1)
        if near < trigger
        else groups_of(items, near, limit)
    )


def _clause_start(items: Items, trigger: int) -> int:
    return next((at for at in range(trigger - 1, -1, -1) if items.kinds[at] & lex.BREAK), -1)


def _backwards(items: Items, trigger: int, stop: int, wanted: int) -> int | None:
    return next((at for at in range(trigger - 1, stop, -1) if items.kinds[at] & wanted), None)


def _forwards(items: Items, trigger: int, limit: int) -> int | None:
    for at in range(trigger + 1, limit):
        kinds = items.kinds[at]
        if kinds & BONE:
            return at if any(items.kinds[back] & lex.LOCATING for back in range(trigger + 1, at)) else None
        if kinds & (lex.BREAK | lex.COMMA | lex.AND):
            return None
    return None


def _list_start(items: Items, near: int, before: int) -> int:
    """The first bone of the list that ends here."""
    at = near
    while at - 1 > before and items.kinds[at - 1] & (BONE | WITHIN | JOINTS) and not items.kinds[at - 1] & lex.BREAK:
        at -= 1
    while at < near and items.kinds[at] & JOINTS:
        at += 1
    return at


def _complete(items: Items, groups: list[Group], trigger: int, before: int, limit: int, start: int) -> None:
    """Levels and sides that stand a little farther off."""
    first = groups[0]
    if first.site is BodySite.SPINE and not first.levels:
        first.levels = _levels_near(items, trigger, before, limit) or list(items.means[trigger].levels)
    if not any(group.sides for group in groups):
        beside = side_before(items, start, trigger)
        found = beside or side_after(items, groups[-1].last, trigger, limit)
        found = found or side_of_the_same(items, first.site, trigger)
        for group in groups:
            if group.site is not BodySite.SPINE or beside:
                group.sides = set(found)
    elif len(groups) > 1 and groups[0].last < trigger:
        for group in groups[1:]:
            group.sides = group.sides or set(groups[0].sides)


def _levels_near(items: Items, trigger: int, before: int, limit: int) -> list[str]:
    after = next((at for at in range(trigger + 1, min(limit, trigger + 12)) if items.kinds[at] & lex.LEVEL), None)
    if after is None or _breaks_between(items, trigger, after):
        linked = any(items.kinds[at] & (lex.STATED | lex.POINTS_AT) for at in range(max(before, 0), trigger))
        before = -1 if linked else before
        after = _backwards(items, trigger, before, lex.LEVEL)
    if after is None:
        return []
    start = _list_start(items, after, before if after < trigger else trigger)
    groups = groups_of(items, start, max(after + 1, min(limit, after + 12)))
    return [level for group in groups for level in group.levels]


def _breaks_between(items: Items, trigger: int, after: int) -> bool:
    return any(items.kinds[at] & lex.BREAK and not items.kinds[at] & lex.STOP for at in range(trigger, after))
