"""Addenda that correct: what they deny was no fracture, and the side or level that they give stands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import items_of
from openfls.feeds.reports.layout import Layout
from openfls.feeds.reports.lexicon import TABLE
from openfls.feeds.reports.mention import Certainty, Mention
from openfls.feeds.reports.sides import sides_in

READ_AS = ("should read", "should be", "should have read", "should state", "is in fact", "reads")
LONGEST_ADDENDUM = 2_000  # characters


class Told(NamedTuple):
    """A mention and the role of the section in which it stands."""

    mention: Mention
    role: str


def corrected(told: Sequence[Told], layout: Layout) -> tuple[Mention, ...]:
    """The mentions in order, those before an addendum as it leaves them."""
    addenda = [section for section in layout.sections if section.role == "addendum"]
    mentions = [one.mention for one in told]
    if not addenda or not any(words in layout.low for words in TABLE["corrects"]):
        return tuple(mentions)
    denied = [one.mention for one in told if one.role == "addendum" and one.mention.certainty is Certainty.NEGATED]
    begin = addenda[0].start
    changes = _changes(layout, begin)
    return tuple(one.mention if one.role == "addendum" else _corrected(one.mention, denied, changes) for one in told)


def _corrected(mention: Mention, denied: Sequence[Mention], changes: "Changes") -> Mention:
    if mention.claims and any(_same(mention, one) for one in denied):
        return replace(mention, certainty=Certainty.NEGATED)
    if changes.side and mention.side not in (changes.side, Side.UNKNOWN, Side.BOTH):
        mention = replace(mention, side=changes.side)
    if changes.level and changes.instead_of in mention.levels:
        levels = tuple(changes.level if level == changes.instead_of else level for level in mention.levels)
        mention = replace(mention, levels=levels)
    return mention


def _same(mention: Mention, denial: Mention) -> bool:
    """Whether a denial in an addendum may speak of this mention."""
    if denial.body_site not in (mention.body_site, BodySite.UNSPECIFIED):
        return False
    return not denial.levels or not mention.levels or bool(set(denial.levels) & set(mention.levels))


class Changes(NamedTuple):
    """A side, or a level instead of another, that an addendum gives."""

    side: Side | None = None
    level: str = ""
    instead_of: str = ""


def _changes(layout: Layout, begin: int) -> Changes:
    """*Should read left, not right*; *should be L1, not L2*."""
    end = begin + LONGEST_ADDENDUM
    places = [place for words in READ_AS if (place := layout.low.find(words, begin, end)) >= 0]
    if not places:
        return Changes()
    sides = [side for items in items_of(layout.low, min(places), end) for _, side in sides_in(items)]
    levels, before = _levels(layout, min(places), end), _levels(layout, begin, min(places))
    others = [level for level in (*levels[1:], *before) if levels and level != levels[0]]
    return Changes(sides[0] if sides else None, levels[0] if others else "", others[0] if others else "")


def _levels(layout: Layout, begin: int, end: int) -> list[str]:
    read = list(items_of(layout.low, begin, end))
    return [
        level
        for items in read
        for at, kinds in enumerate(items.kinds)
        if kinds & lex.LEVEL
        for level in items.means[at].levels
    ]
