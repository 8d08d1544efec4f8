"""Reads a report sentence by sentence: each mention of a fracture with bone, levels, side, age, and how surely it is said.

Nothing is enrolled on text alone: what `to_triage` gives is suspected, with the sentence as evidence.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from openfls.clinical.facts import BodySite
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.acuity import Acuity, Age, age, of_flags
from openfls.feeds.reports.certainty import Certainty, Judgement, judged, of_shape
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
    return tuple(islice(_Reader(layout, exam).mentions(), MOST_MENTIONS))


class _Reader:
    """Goes through the sentences that speak of fractures, and remembers what the last one was about."""

    def __init__(self, layout: Layout, exam: str) -> None:
        self._layout = layout
        self._context = Context(layout, exam)

    def mentions(self) -> Iterator[Mention]:
        done = -1
        for place in self._layout.speaks:
            if place < done:
                continue
            start, done = self._layout.sentence_at(place)
            role = self._layout.role_at(place)
            if role == "technique":
                continue
            for items in items_of(self._layout.low, start, done):
                yield from self._of_sentence(items, start, done, role)

    def _of_sentence(self, items: list[Item], start: int, end: int, role: str) -> Iterator[Mention]:
        found = triggers(items, self._context.is_spinal(start))
        if not found:
            return
        judgements = judged(items, found)
        bounds = [-1, *found, len(items)]
        words = self._layout.text[start:end].strip()
        for number, trigger in enumerate(found):
            judgement = judgements[trigger]
            certainty = of_shape(items, trigger, judgement.certainty)
            if certainty is None or (items[trigger].kinds & lex.INJURY and certainty is not Certainty.NEGATED):
                continue
            near = bounds[number], bounds[number + 2]
            for mention in _of_trigger(items, trigger, near, Judgement(certainty, judgement.family)):
                placed = in_role(self._context.completed(mention, start), role)
                if placed:
                    self._context.remember(placed)
                    yield replace(placed, words=words)


def _of_trigger(items: list[Item], trigger: int, near: tuple[int, int], judgement: Judgement) -> Iterator[Mention]:
    """One mention for each bone of a trigger; ``near``: the triggers next to it."""
    found = places(items, trigger, *near)
    for number, group in enumerate(found.groups or [Group(BodySite.UNSPECIFIED, 0, trigger, trigger)]):
        yield _mention(items, trigger, found.start, group, near, judgement, first=number == 0)


def _mention(
    items: list[Item], trigger: int, start: int, group: Group, near: tuple[int, int], judgement: Judgement, *, first: bool
) -> Mention:
    begin, end = _span(trigger, start, group, near) if first else (group.first, group.last)
    spine = group.site is BodySite.SPINE
    told = of_flags(group.age) or age(items, trigger, start, end, *near, spine=spine)
    if items[trigger].kinds & lex.UNUNITED:
        told = Age(Acuity.OLD, told.known)
    return Mention(
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


def _span(trigger: int, start: int, group: Group, near: tuple[int, int]) -> tuple[int, int]:
    """From the first word that belongs to the mention to the last, if that is not far."""
    begin, end = min(start, trigger), max(group.last, trigger)
    if start > group.first > near[0] and trigger - group.first < FARTHEST_SPAN:
        begin = group.first
    return begin, end if end < near[1] and end - trigger < FARTHEST_SPAN else trigger


def _marks(items: list[Item], begin: int, end: int) -> tuple[str, ...]:
    marks = (items[at].means.mark for at in range(begin, min(len(items), end + 6)) if items[at].kinds & lex.MARK)
    return tuple(dict.fromkeys(mark for mark in marks if mark))
