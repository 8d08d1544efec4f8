"""Histories made at random from whatever the standards read: their kinds, their values, the days on either side of every
boundary. Quicker than Hypothesis by far, so that tens of thousands are compared in a test of seconds; seeded."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from openfls.clinical.episodes import group
from openfls.clinical.expressions import AgeAtIndex, Latest, Moment, Parameter, Recorded
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
from openfls.clinical.when import When, between
from openfls.measures.engines.layout import CARE
from openfls.measures.engines.plain import _WORDS
from openfls.measures.engines.trees import nodes

DAY = date(2027, 9, 1)
NODES = list(nodes(STANDARDS))
WANTED = [node for node in NODES if isinstance(node, Recorded | Latest)]
READ = {kind: {} for kind in sorted({node.kind for node in WANTED})}  # kind -> field -> values that matter
for node in WANTED:
    for has in node.where:
        READ[node.kind].setdefault(has.field, set()).update(str(one) for one in has.one_of)


def _days(moment: Moment) -> int:
    return getattr(DEFAULTS, moment.days.name) if isinstance(moment.days, Parameter) else moment.days


ENDS = sorted({_days(node) for node in NODES if isinstance(node, Moment)})
BOUNDARIES = sorted({end + near for end in ENDS for near in (-1, 0, 1)} | {-400, -30, 700})
AGES = sorted(
    {age for node in NODES if isinstance(node, AgeAtIndex) for age in (node.at_least, node.at_most)} | {50, 82}
)
BONES = (BodySite.HIP, BodySite.SPINE, BodySite.WRIST, BodySite.UNSPECIFIED, BodySite.DIGIT, BodySite.HUMERUS)
NOBODY = PatientRecord()


def histories(number: int, seed: int, day: date = DAY) -> Iterator[History]:
    draw = Random(seed)
    for place in range(number):
        yield _History(draw, place, day).made()


class _History:
    """One history being drawn."""

    def __init__(self, draw: Random, place: int, day: date) -> None:
        self.draw, self.place, self.day, self.told = draw, place, day, 0
        self.parameters = draw.choice(
            (DEFAULTS, DEFAULTS, Parameters(gp_letter_days=21, dxa_request_days=7, grouping_days=30))
        )
        self.index = day - timedelta(days=draw.choice([*BOUNDARIES, 40, 100, 200, 400]))
        self.about: list[int] = []

    def made(self) -> History:
        sightings = [self.sighting() for _ in range(self.draw.choice((1, 1, 2)))]
        episode = group(sightings, self.parameters)[0]
        facts = [*self.triage(episode.sightings[0].id), *(self.care() for _ in range(self.draw.randint(0, 9)))]
        facts.sort(key=lambda fact: (fact.occurred.start, fact.id))
        born = self.born(episode.index)
        births = frozenset({born} if born else ())
        return History(episode, tuple(facts), born, self.day, births, self.death(), self.parameters)

    def sighting(self) -> FractureSighting:
        vague = self.draw.random() < 0.15
        when = between(self.index, self.index + timedelta(days=self.draw.choice((1, 14)) if vague else 0))
        bone = self.draw.choice(BONES)
        return FractureSighting(**self.said(when), finder=Finder.TRAUMA_LIST, body_site=bone, low_trauma=Answer.YES)

    def triage(self, sighting: str) -> list[Fact]:
        answer = self.draw.choice((Triage.ENROL,) * 12 + (Triage.UNSURE, Triage.NOT_FRAGILITY, None))
        if answer is None:
            return []
        when = between(self.index, self.index)
        return [TriageDecision(**self.said(when) | {"by": "nurse", "about": (sighting,)}, answer=answer)]

    def care(self) -> Fact:
        kind = self.draw.choice(sorted(READ))
        values = {name: READERS[CARE[kind]][name](self.value(kind, name)) for name in READ[kind]}
        retracted = self.draw.random() < 0.03
        return CARE[kind](**_WORDS[kind] | self.said(self.when()) | values | {"retracted": retracted})

    def value(self, kind: str, name: str) -> str:
        """One that a standard asks for, or another: unknown above all."""
        hint = type(getattr(CARE[kind], name, None)) if hasattr(CARE[kind], name) else None
        wanted = sorted(READ[kind][name])
        others = [str(one) for one in hint] if hint and hasattr(hint, "__members__") else []
        return (
            self.draw.choice(wanted + others)
            if others
            else self.draw.choice(wanted + ([] if self.closed(kind, name) else ["another"]))
        )

    def closed(self, kind: str, name: str) -> bool:
        try:
            READERS[CARE[kind]][name]("another")
        except ValueError:
            return True
        return False

    def when(self) -> When:
        start = self.index + timedelta(
            days=self.draw.choice(BOUNDARIES) + self.draw.choice((0, 0, 0, self.draw.randint(0, 30)))
        )
        return between(start, start + timedelta(days=self.draw.choice((0,) * 8 + (1, 7, 30))))

    def death(self) -> Death | None:
        return Death(**self.said(self.when())) if self.draw.random() < 0.2 else None

    def born(self, index: When) -> date | None:
        age, near = self.draw.choice(AGES), self.draw.choice((-1, 0, 1, 7, 100))
        if self.draw.random() < 0.05:
            return None
        return date(index.start.year - age, index.start.month, min(index.start.day, 28)) + timedelta(days=near)

    def said(self, when: When) -> dict[str, object]:
        self.told += 1
        known = datetime.combine(max(when.end, self.index), time(12), UTC)
        source = Source("drawn", f"{self.place}", f"{self.told}")
        return {"record": NOBODY, "occurred": when, "known": known, "source": source, "site": "RX101"}
