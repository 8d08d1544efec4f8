"""Histories made at random from whatever the standards read: their kinds and values, the days beside every end.

Quicker than Hypothesis by far, so that tens of thousands are compared in a test of seconds; seeded. Each history is
drawn with one standard in mind, so that the rarer ones are asked too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from random import Random
from typing import Any, get_type_hints

from openfls.clinical.episodes import group
from openfls.clinical.expressions import AgeAtIndex, BodySiteAmong, Latest, Moment, Parameter, Recorded
from openfls.clinical.facts import (
    Answer,
    BodySite,
    Death,
    Fact,
    Finder,
    FractureSighting,
    Source,
    Triage,
    TriageDecision,
)
from openfls.clinical.histories import History
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.plain import READERS
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.clinical.when import When, between
from openfls.measures.engines.layout import CARE, is_answer, values_read
from openfls.measures.engines.plain import WORDS
from openfls.measures.engines.trees import nodes, within

DAY = date(2027, 9, 1)
NOBODY = PatientRecord()
BONES = sorted({site for node in nodes(STANDARDS) if isinstance(node, BodySiteAmong) for site in node.sites})
SITES = (*BONES, *BONES, BodySite.WRIST, BodySite.UNSPECIFIED, BodySite.DIGIT)
SETTINGS = (DEFAULTS, DEFAULTS, Parameters(gp_letter_days=21, dxa_request_days=7, grouping_days=30, not_taken_days=3))
ANSWERS = (Triage.ENROL,) * 14 + (Triage.UNSURE, Triage.NOT_FRAGILITY, None)


def histories(
    number: int, seed: int, day: date = DAY, standards: tuple[Standard, ...] = STANDARDS
) -> Iterator[History]:
    draw = Random(seed)
    for place in range(number):
        yield _Drawing(draw, place, day, standards, standards[place % len(standards)]).made()


@cache
def wanted(standard: Standard) -> tuple[Recorded | Latest, ...]:
    """Everything that the standard looks for among facts."""
    return tuple(dict.fromkeys(node for node in nodes([standard]) if isinstance(node, Recorded | Latest)))


@cache
def entries(standard: Standard) -> tuple[Recorded | Latest, ...]:
    """What it looks for to settle whether it asks at all: drawn by chance, they would hardly ever all be there."""
    asked = set(within(standard.counts))
    return tuple(one for one in wanted(standard) if one in asked)


@cache
def ends(standard: Standard) -> tuple[int, ...]:
    """Days at, just before and just after every end of its windows."""
    days = {_days(node) for node in nodes([standard]) if isinstance(node, Moment)} | {0}
    return tuple(sorted({end + near for end in days for near in (-1, 0, 1)}))


def _days(moment: Moment) -> int:
    return getattr(DEFAULTS, moment.days.name) if isinstance(moment.days, Parameter) else moment.days


@cache
def firsts(kind: str) -> dict[str, Any]:
    """An answer to every question that must be answered, whether or not a standard reads it."""
    hints = get_type_hints(CARE[kind])
    return {name: next(iter(hints[name])) for name in WORDS[kind] if is_answer(hints[name])}


@cache
def bones(standard: Standard) -> tuple[BodySite, ...]:
    return tuple(sorted({site for node in nodes([standard]) if isinstance(node, BodySiteAmong) for site in node.sites}))


@cache
def ages(standard: Standard) -> tuple[int, ...]:
    """Those that the rulebook or this standard asks for."""
    told = (node for node in nodes([*STANDARDS, standard]) if isinstance(node, AgeAtIndex))
    return tuple(sorted({age for node in told for age in (node.at_least, node.at_most)}))


@cache
def others(kind: str, field: str) -> tuple[str, ...]:
    """Values that a field may hold besides those asked for: all of a closed list, or any word."""
    hint = get_type_hints(CARE[kind])[field]
    return tuple(str(one) for one in hint) if isinstance(hint, type) and issubclass(hint, Enum) else ("another",)


class _Drawing:
    """One history being drawn."""

    def __init__(
        self, draw: Random, place: int, day: date, standards: tuple[Standard, ...], standard: Standard
    ) -> None:
        self.draw, self.place, self.day, self.standard, self.told = draw, place, day, standard, 0
        self.read = values_read(standards)
        self.parameters = draw.choice(SETTINGS)
        self.today = draw.random() < 0.2
        self.index = day - timedelta(days=draw.choice((*ends(standard), 40, 100, 200, 400, 800)))

    def made(self) -> History:
        episode = group([self.sighting() for _ in range(self.draw.choice((1, 1, 2)))], self.parameters)[0]
        entry = (self.care(asked) for asked in entries(self.standard) if self.draw.random() < 0.4)
        others_too = (self.care(self.draw.choice(wanted(self.standard))) for _ in range(self.draw.randint(0, 9)))
        facts = [*self.triage(episode.sightings[0].id), *entry, *others_too]
        facts.sort(key=lambda fact: (fact.occurred.start, fact.id))
        born = self.born(episode.index)
        births = frozenset({born} if born else ())
        return History(episode, tuple(facts), born, self.day, births, self.death(), self.parameters)

    def sighting(self) -> FractureSighting:
        width = self.draw.choice((0,) * 6 + (1, 14))
        when = between(self.index, self.index + timedelta(days=width))
        return FractureSighting(
            **self.said(when), finder=Finder.TRAUMA_LIST, body_site=self.bone(), low_trauma=Answer.YES
        )

    def bone(self) -> BodySite:
        """Half the time one that the standard asks for, where it asks for any."""
        asked = bones(self.standard)
        return self.draw.choice(asked if asked and self.draw.random() < 0.5 else SITES)

    def triage(self, sighting: str) -> Iterator[Fact]:
        if answer := self.draw.choice(ANSWERS):
            said = self.said(between(self.index, self.index)) | {"by": "nurse", "about": (sighting,)}
            yield TriageDecision(**said, answer=answer)

    def care(self, looked_for: Recorded | Latest) -> Fact:
        """What the standard looks for, or nearly."""
        asked = {has.field: has.one_of for has in looked_for.where}
        values = {name: self.value(looked_for.kind, name, asked.get(name)) for name in self.read[looked_for.kind]}
        told = self.said(self.when()) | values | {"retracted": self.draw.random() < 0.03}
        return CARE[looked_for.kind](**WORDS[looked_for.kind] | firsts(looked_for.kind) | told)

    def value(self, kind: str, field: str, asked: tuple[str, ...] | None) -> Any:
        told = self.draw.choice(asked if asked and self.draw.random() < 0.7 else others(kind, field))
        closed = is_answer(get_type_hints(CARE[kind])[field])
        return READERS[CARE[kind]][field](str(told)) if closed else told  # trees read words, whatever the field holds

    def when(self) -> When:
        """About a day on which a window ends; of some people much happens on the day of the count itself."""
        if self.today and self.draw.random() < 0.5:
            return between(self.day, self.day + timedelta(days=self.draw.choice((0, 0, 0, 1))))
        days = self.draw.choice(ends(self.standard)) + self.draw.choice((0, 0, 0, 1, self.draw.randint(0, 30)))
        start = self.index + timedelta(days=days)
        return between(start, start + timedelta(days=self.draw.choice((0,) * 8 + (1, 7, 30))))

    def death(self) -> Death | None:
        return Death(**self.said(self.when())) if self.draw.random() < 0.2 else None

    def born(self, index: When) -> date | None:
        age = self.draw.choice((*ages(self.standard), 50, 82))
        near = self.draw.choice((-1, 0, 1, 7, 100))
        if self.draw.random() < 0.05:
            return None
        day = date(max(index.start.year - age, 1), index.start.month, min(index.start.day, 28))
        return day + timedelta(days=near)

    def said(self, when: When) -> dict[str, Any]:
        self.told += 1
        known = datetime.combine(max(when.end, self.index), time(12), UTC)
        source = Source("drawn", f"{self.place}", f"{self.told}")
        return {"record": NOBODY, "occurred": when, "known": known, "source": source, "site": "RX101"}
