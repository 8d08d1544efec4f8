"""How old a fracture is, as far as words say: new, old, or indeterminate where they don't, and whether it was known.

A fracture of a limb that is described as fresh ones are (*displaced*, *comminuted*, *with a haemarthrosis*) counts as
new; vertebrae are new only where the report says so.
"""

from typing import NamedTuple

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.afterwards import is_earlier, is_year
from openfls.feeds.reports.items import Items
from openfls.feeds.reports.mention import Acuity

FARTHEST = 16  # items between a trigger and what is said of its age
MOSTLY_PREDICATE = lex.BREAK | lex.COMMA | lex.CLOSE | lex.AND | lex.OR | lex.PREP | lex.VERB | lex.STOP | lex.STATED


class Age(NamedTuple):
    """``said``: by words of age, not by how the fracture is described."""

    acuity: Acuity
    known: bool = False
    said: bool = True


UNTOLD = Age(Acuity.INDETERMINATE, said=False)


def age(items: Items, trigger: int, start: int, end: int, before: int, after: int, *, spine: bool) -> Age:
    """``start`` to ``end``: the items of the mention; ``before``, ``after``: the triggers next to it."""
    told = (
        _age_of(items.kinds[trigger] & lex.AGE)
        or _age_of(_beside(items, range(trigger - 1, start - 1, -1)))
        or _age_of(_said_after(items, trigger, min(after, max(end, trigger) + FARTHEST)))
        or _age_of(_said_before(items, start, before))
        or _dated(items, max(end, trigger), after)
    )
    if told:
        return told
    fresh = not spine and any(items.kinds[at] & lex.FRESH for at in range(max(0, before + 1), min(len(items), after)))
    return Age(Acuity.NEW, said=False) if fresh else UNTOLD


def _age_of(kinds: int) -> Age | None:
    if kinds & lex.AGELESS:
        return Age(Acuity.INDETERMINATE)
    if kinds & lex.NEW:
        return Age(Acuity.NEW)
    return Age(Acuity.OLD, bool(kinds & lex.KNOWN)) if kinds & (lex.OLD | lex.KNOWN) else None


def of_flags(kinds: int) -> Age | None:
    """The age that flags of the lexicon tell."""
    return _age_of(kinds)


def _beside(items: Items, places: range) -> int:
    """The ages among the words that stand before the fracture and belong to it: *acute*, *old healed*."""
    found = 0
    for at in places:
        kinds = items.kinds[at]
        if kinds & lex.AGE and not (at and items.kinds[at - 1] & lex.NOT):
            found |= kinds & lex.AGE
    return found


def _said_after(items: Items, trigger: int, limit: int) -> int:
    for at in range(trigger + 1, min(limit, len(items))):
        kinds = items.kinds[at]
        if kinds & lex.BREAK and not kinds & lex.STOP:
            return 0
        if kinds & lex.QUESTION and at + 1 < len(items) and items.kinds[at + 1] & lex.AGE:
            return lex.AGELESS
        if kinds & lex.AGE and _is_said_of_it(items, at):
            return _turned(items, at, kinds & lex.AGE)
    return _seen_before(items, trigger, limit)


def _is_said_of_it(items: Items, at: int) -> bool:
    """Whether an age stands by itself (*is old*), not before something else (*new effusion*, *previous CT*)."""
    kinds = items.kinds[at]
    if kinds & (lex.AGELESS | lex.KNOWN | lex.PREDICATE):
        return True
    if at + 1 >= len(items):
        return True
    following = items.kinds[at + 1]
    if following & (lex.AGE_NOUN | lex.TRIGGER):
        return False
    return following == 0 or bool(following & (MOSTLY_PREDICATE | lex.AGE | lex.NUMBER)) or bool(kinds & lex.PASSED)


def _turned(items: Items, at: int, age: int) -> int:
    """*No marrow oedema* is old; *not healed* says nothing; *not acute* is old."""
    back = [items.kinds[on] for on in range(max(0, at - 3), at)]
    if not any(kinds & (lex.DENIAL | lex.CANNOT | lex.NOT) for kinds in back):
        return age
    return lex.OLD if age & lex.NEW else 0


def _seen_before(items: Items, trigger: int, limit: int) -> int:
    """*Was not present on the previous CT*: new; *was seen in 2016*: known."""
    for at in range(trigger + 1, min(limit, len(items))):
        if items.kinds[at] & lex.SEEN and items.kind(at + 1) & lex.PREP and is_earlier(items, at):
            return lex.KNOWN
        if items.kinds[at] & (lex.CANNOT | lex.NOT | lex.DENIAL):
            seen = next((on for on in range(at + 1, min(len(items), at + 4)) if items.kinds[on] & lex.SEEN), None)
            if seen and is_earlier(items, seen):
                return lex.NEW
    return 0


def _said_before(items: Items, start: int, before: int) -> int:
    """*No change in the …*, *again noted is the …*, *interval development of …*."""
    for at in range(start - 1, max(-1, before, start - FARTHEST), -1):
        kinds = items.kinds[at]
        if kinds & (lex.KNOWN | lex.PREDICATE):
            return kinds & lex.AGE
        if kinds & lex.OLD and _leads_on(items, at, start):
            return kinds & lex.AGE
        if kinds & lex.BREAK and not kinds & lex.STOP:
            return 0
    return 0


def _leads_on(items: Items, at: int, start: int) -> bool:
    """*Status post ORIF of a*, *history of*."""
    return (
        all(items.kinds[on] & (lex.PREP | lex.SMALL | lex.WORD | lex.SIDE) for on in range(at + 1, start))
        and (at + 1 == start or bool(items.kinds[start - 1] & (lex.PREP | lex.SMALL)))
        and not any(items.kinds[on] & lex.AGE_NOUN for on in range(at + 1, start))
    )


def _dated(items: Items, end: int, after: int) -> Age | None:
    """*In 2014*."""
    for at in range(end + 1, min(len(items) - 1, after, end + 6)):
        if (items.means[at] is _IN or items.means[at] is _FROM) and is_year(items, at + 1):
            return Age(Acuity.OLD)
    return None


_IN, _FROM = lex.LEXICON["in"].means, lex.LEXICON["from"].means
