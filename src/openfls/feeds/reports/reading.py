"""Reads a report sentence by sentence: each mention of a fracture with bone, levels, side, age, and how surely it is said.

Nothing is enrolled on text alone: what `to_triage` gives is suspected, with the sentence as evidence.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.acuity import Acuity, Age, age, of_flags
from openfls.feeds.reports.certainty import Certainty, Judgement, judged, of_trigger
from openfls.feeds.reports.addenda import Told, corrected
from openfls.feeds.reports.context import Context, in_role
from openfls.feeds.reports.items import Item, items_of
from openfls.feeds.reports.layout import Layout
from openfls.feeds.reports.mention import Mention, Subject
from openfls.feeds.reports.places import Group, places
from openfls.feeds.reports.triggers import triggers

LONGEST = 1_000_000  # characters read of one report; a longer one is no report
MOST_MENTIONS = 200
FARTHEST_SPAN = 14  # items that are quoted on one side of a trigger


def read_text(text: str, exam: str = "") -> tuple[Mention, ...]:
    """The mentions in order, denied ones too. ``exam`` (``XR Hip Left``) gives bone and side where the text doesn't.

    Reads at most ``LONGEST`` characters and ``MOST_MENTIONS`` mentions, so that no text takes long.
    """
    layout = Layout(text[:LONGEST])
    if not layout.speaks:
        return ()
    told = list(islice(_Reader(layout, exam).told(), MOST_MENTIONS))
    return corrected(told, layout)


class _Reader:
    """Goes through the sentences that speak of fractures, and remembers what the last one was about."""

    def __init__(self, layout: Layout, exam: str) -> None:
        self._layout = layout
        self._context = Context(layout, exam)

    def told(self) -> Iterator[Told]:
        """Each mention with the role of its section."""
        done = -1
        for place in self._layout.speaks:
            if place < done:
                continue
            start, done = self._layout.sentence_at(place)
            role = self._layout.role_at(place)
            if role == "technique":
                continue
            words = self._layout.text[start:done].strip()
            for items in items_of(self._layout.low, start, done):
                for mention in self._of_sentence(items, start, role):
                    yield Told(replace(mention, words=words), role)

    def _of_sentence(self, items: list[Item], start: int, role: str) -> Iterator[Mention]:
        found = triggers(items, self._context.is_spinal(start))
        judgements = judged(items, found) if found else {}
        bounds = [-1, *found, len(items)]
        for number, trigger in enumerate(found):
            certainty = of_trigger(items, trigger, judgements[trigger].certainty)
            if certainty is None:
                continue
            near = bounds[number], bounds[number + 2]
            judgement = Judgement(certainty, judgements[trigger].family)
            for mention, age_said in _of_trigger(items, trigger, near, judgement):
                shape = bool(items[trigger].means.shape) and items[trigger].means.site is BodySite.SPINE
                whole = self._context.completed(mention, start, of_spine=shape, age_said=age_said)
                placed = in_role(whole, role)
                if placed:
                    self._context.remember(placed)
                    yield placed


def _of_trigger(
    items: list[Item], trigger: int, near: tuple[int, int], judgement: Judgement
) -> Iterator[tuple[Mention, bool]]:
    """One mention for each bone of a trigger, and whether its age is said in words; a denial is one mention.

    ``near``: the triggers next to it.
    """
    found = places(items, trigger, *near)
    groups = found.groups or [Group(BodySite.UNSPECIFIED, 0, trigger, trigger)]
    if judgement.certainty is Certainty.NEGATED and len(groups) > 1:
        groups[0].last = max(group.last for group in groups)
        groups = groups[:1]
    anchor = max((number for number, group in enumerate(groups) if group.first <= trigger), default=0)
    for number, group in enumerate(groups):
        start = found.start if number == 0 else group.first
        span = _span(trigger, start, group, near) if number == anchor else (min(start, group.first), group.last)
        yield _mention(items, trigger, found.start, group, near, judgement, span)


def _mention(
    items: list[Item], trigger: int, start: int, group: Group, near: tuple[int, int], judgement: Judgement,
    span: tuple[int, int],
) -> tuple[Mention, bool]:  # fmt: skip
    begin, end = span
    spine = group.site is BodySite.SPINE
    told = of_flags(group.age) or age(items, trigger, start, max(end, trigger), *near, spine=spine)
    if items[trigger].kinds & lex.UNUNITED:
        told = Age(Acuity.OLD, told.known)
    mention = Mention(
        start=items[begin].start,
        end=items[end].end,
        words="",
        body_site=group.site,
        levels=tuple(group.levels) if spine else (),
        side=group.side,
        acuity=told.acuity,
        certainty=judgement.certainty or Certainty.SUSPECTED,
        subject=Subject.FAMILY if judgement.family else Subject.PATIENT,
        known=told.known,
        part=group.part if group.site is BodySite.FEMUR else "",
        marks=_marks(items, max(0, start - 1), max(end, trigger)),
    )
    return mention, told.said


def _span(trigger: int, start: int, group: Group, near: tuple[int, int]) -> tuple[int, int]:
    """From the first word that belongs to the mention to the last, if that is not far."""
    begin, end = min(start, trigger), max(group.last, trigger)
    if start > group.first > near[0] and trigger - group.first < FARTHEST_SPAN:
        begin = group.first
    return begin, end if end < near[1] and end - trigger < FARTHEST_SPAN else trigger


def _marks(items: list[Item], begin: int, end: int) -> tuple[str, ...]:
    marks = (items[at].means.mark for at in range(begin, min(len(items), end + 6)) if items[at].kinds & lex.MARK)
    return tuple(dict.fromkeys(mark for mark in marks if mark))
