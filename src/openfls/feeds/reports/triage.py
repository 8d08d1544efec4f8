"""What of a report a person should look at: one mention for each bone that may be broken."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from openfls.clinical.facts import Answer, BodySite, Side
from openfls.feeds.reports.items import items_of
from openfls.feeds.reports.layout import lowered
from openfls.feeds.reports.mention import Acuity, Certainty, Mention
from openfls.feeds.reports.reading import read_text
from openfls.feeds.reports.sides import sides_in


def to_triage(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """One mention for each bone that may be broken, for a person to look at: stated before suspected, then the first.

    Left out: what is denied or asked, what was known before, and old fractures but those of the spine (an old vertebral
    fracture that nobody has acted on is what a fracture liaison service looks for). Levels of the spine add up.
    """
    chosen: dict[BodySite, Mention] = {}
    for mention in sorted(filter(_is_for_triage, mentions), key=lambda m: (_doubtful(m), m.start)):
        known = chosen.setdefault(mention.body_site, mention)
        levels = dict.fromkeys((*known.levels, *mention.levels))
        chosen[mention.body_site] = replace(known, levels=tuple(levels), part=known.part or mention.part)
    if len(chosen) > 1:
        chosen.pop(BodySite.UNSPECIFIED, None)
    return tuple(sorted(chosen.values(), key=lambda m: m.start))


def _doubtful(mention: Mention) -> bool:
    return mention.certainty is not Certainty.DEFINITE


def _is_for_triage(mention: Mention) -> bool:
    old = mention.acuity is Acuity.OLD and mention.body_site is not BodySite.SPINE
    return mention.claims and not mention.asked and not mention.known and not old


def suspicion(mention: Mention) -> dict[str, Any]:
    """What a sighting says of a mention: a suspicion for a person, whatever the report was sure of, with its words."""
    return {
        "body_site": mention.body_site,
        "side": mention.side,
        "levels": mention.levels,
        "part": mention.part,
        "certain": Answer.UNKNOWN,
        "dated_by": "report",
        "words": mention.words,
    }


def marked(words: str, site: BodySite = BodySite.UNSPECIFIED) -> tuple[tuple[str, bool], ...]:
    """A sentence in pieces, each with whether it speaks of a fracture: for a person to see at a glance."""
    pieces: list[tuple[str, bool]] = []
    done = 0
    for mention in read_text(words, exam=site.value):
        if mention.claims and mention.start >= done:
            pieces += [(words[done : mention.start], False), (words[mention.start : mention.end], True)]
            done = mention.end
    return tuple((text, speaks) for text, speaks in (*pieces, (words[done:], False)) if text)


def side_in(text: str) -> Side:
    """The side that a short text names; both where it names both."""
    low = lowered(text)
    named = {side for items in items_of(low, 0, len(low)) for _, side in sides_in(items)}
    if Side.BOTH in named or len(named) > 1:
        return Side.BOTH
    return named.pop() if named else Side.UNKNOWN
