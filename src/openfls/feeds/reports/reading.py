"""Reads a report sentence by sentence: each mention of a fracture with bone, levels, side, age, and how sure it is.

Nothing is enrolled on text alone: what `to_triage` gives is suspected, with the sentence as evidence.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.acuity import age, of_flags
from openfls.feeds.reports.addenda import Told, corrected
from openfls.feeds.reports.causes import told_by
from openfls.feeds.reports.certainty import judged
from openfls.feeds.reports.context import Context, keep_in_role
from openfls.feeds.reports.groups import Group, groups_of
from openfls.feeds.reports.items import Items, items_of
from openfls.feeds.reports.layout import Layout, lowered, places_that_speak
from openfls.feeds.reports.mention import Acuity, Certainty, Draft, Mention
from openfls.feeds.reports.places import places
from openfls.feeds.reports.triggers import triggers

LONGEST = 100_000  # characters read of one report; a longer one is no report
MOST_MENTIONS = 200
QUOTED = 300  # characters of the sentence that are quoted on each side of a mention
FARTHEST_AFTER = 14  # items that are quoted after a trigger
FARTHEST_BEFORE = 8


def read_text(text: str, exam: str = "") -> tuple[Mention, ...]:
    """The mentions in order, denied ones too. ``exam`` (``XR Hip Left``) gives bone and side where the text doesn't.

    Reads at most ``LONGEST`` characters and ``MOST_MENTIONS`` mentions, so that no text takes long.
    """
    text = text[:LONGEST]
    low = lowered(text)
    speaks = places_that_speak(low)
    if not speaks:
        return ()
    layout = Layout(text, low)
    return corrected(list(islice(_told(layout, speaks, exam), MOST_MENTIONS)), layout)


def _told(layout: Layout, speaks: list[int], exam: str) -> Iterator[Told]:
    """Each mention with the role of its section."""
    context = Context(layout, exam)
    done = -1
    for place in speaks:
        if place < done:
            continue
        start, done = layout.sentence_at(place)
        role = layout.role_at(place)
        if role == "technique":
            continue
        for items in items_of(layout.low, start, done):
            for draft in _of_sentence(items, start, context):
                if role != "request":
                    context.complete(draft, start)
                if keep_in_role(draft, role):
                    context.remember(draft)
                    quoted = layout.text[max(start, draft.start - QUOTED) : min(done, draft.end + QUOTED)]
                    yield Told(draft.mention(quoted.strip()), role)


def _of_sentence(items: Items, start: int, context: Context) -> Iterator[Draft]:
    found = triggers(items, partial(context.is_spinal, start))
    if not found:
        return
    judgements = judged(items, found)
    bounds = [-1, *found, len(items)]
    for number, trigger in enumerate(found):
        said = judgements[trigger]
        certainty = told_by(items, trigger, said.certainty)
        if certainty is not None:
            near = bounds[number], bounds[number + 2]
            yield from _of_trigger(items, trigger, near, certainty, said.family)
            if certainty is Certainty.NEGATED:
                yield from _excepted(items, trigger, near)


def _excepted(items: Items, trigger: int, near: tuple[int, int]) -> Iterator[Draft]:
    """*No fracture other than at T12*: what a denial leaves out, where no trigger of its own tells of it."""
    at = next((at for at in range(trigger + 1, near[1]) if items.kinds[at] & lex.EXCEPT), None)
    if at is None or near[1] < len(items):
        return
    for group in groups_of(items, at + 1, near[1]):
        span = group.first, group.last
        yield _draft(items, at, at + 1, group, (at, near[1]), span, Certainty.DEFINITE, family=False)


def _of_trigger(
    items: Items, trigger: int, near: tuple[int, int], certainty: Certainty, family: bool
) -> Iterator[Draft]:
    """One mention for each bone of a trigger; a denial is one mention. ``near``: the triggers next to it."""
    found = places(items, trigger, *near)
    groups = found.groups or [Group(BodySite.UNSPECIFIED, 0, trigger, trigger)]
    if certainty is Certainty.NEGATED and len(groups) > 1:
        groups[0].last = max(group.last for group in groups)
        groups = groups[:1]
    beside = max((number for number, group in enumerate(groups) if group.first <= trigger), default=0)
    for number, group in enumerate(groups):
        start = found.start if number == 0 else group.first
        span = _span(trigger, start, group, near) if number == beside else (min(start, group.first), group.last)
        yield _draft(items, trigger, found.start, group, near, span, certainty, family)


def _draft(
    items: Items, trigger: int, start: int, group: Group, near: tuple[int, int], span: tuple[int, int],
    certainty: Certainty, family: bool,
) -> Draft:  # fmt: skip
    begin, end = span
    spine = group.site is BodySite.SPINE
    means = items.means[trigger]
    told = (group.age and of_flags(group.age)) or age(items, trigger, start, max(end, trigger), *near, spine=spine)
    return Draft(
        start=items.starts[begin],
        end=items.ends[end],
        site=group.site,
        levels=tuple(group.levels) if spine else (),
        side=group.side,
        acuity=Acuity.OLD if items.kinds[trigger] & lex.UNUNITED else told.acuity,
        known=told.known,
        age_said=told.said,
        certainty=certainty,
        family=family,
        of_vertebra=bool(means.shape) and means.site is BodySite.SPINE,
        part=group.part if group.site is BodySite.FEMUR else "",
        marks=_marks(items, max(0, start - 1), max(end, trigger)),
    )


def _span(trigger: int, start: int, group: Group, near: tuple[int, int]) -> tuple[int, int]:
    """From the first word that belongs to the mention to the last, if that is not far."""
    begin, end = min(start, trigger), max(group.last, trigger)
    if start > group.first > near[0] and trigger - group.first < FARTHEST_BEFORE:
        begin = group.first
    return begin, end if end < near[1] and end - trigger < FARTHEST_AFTER else trigger


def _marks(items: Items, begin: int, end: int) -> tuple[str, ...]:
    marks = (items.means[at].mark for at in range(begin, min(len(items), end + 6)) if items.kinds[at] & lex.MARK)
    return tuple(dict.fromkeys(mark for mark in marks if mark))
