"""The whole pathway of a patient, and what of it is settled by the truth, so that feeds and staff tell the same care.

A fracture's number settles who looks at it when and what is then done. The feeds write from it what a hospital's own
systems would tell; the staff enter the rest. Where the staff can't find out whom a sighting is truly about, they act on
the sighting alone, and no feed tells of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from openfls.clinical.facts import BodySite, ClosingReason, FlsAssessment, TaskClosed, TreatmentDecision
from openfls.clinical.standards import Step
from openfls.demo.care import Act, Case, as_heard, assessment
from openfls.demo.scans import scan_asked
from openfls.demo.streams import stream
from openfls.demo.therapy import ADVISED, decision, told_by_feed, treatment
from openfls.demo.truth import Happening, Life
from openfls.demo.watching import at_120_days, monitoring

LEFT_TO_TRIAGE = (14, 21)  # days: younger sightings wait for whoever tries the demonstration
LONGEST_WAIT = 5  # days from the first sighting until somebody triages it
NEVER_LOOKED_AT = 0.03
ENTERED_AT = time(16, 30)
TOLD_AFTER = 6  # days from the message that somebody moved away until the staff close what is left
LEFT_BEHIND = (Step.FOLLOW_UP_16, Step.FOLLOW_UP_52)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at a sighting when: ``left`` days before the end nobody has yet, ``wait`` days after it was known."""

    left: int
    wait: int
    never: bool

    def day(self, known: datetime, today: date) -> date | None:
        """The day of triage of what was known since then (local); None where it is left to whoever tries it."""
        seen = self.looked_at(known)
        return None if self.never or seen > today - timedelta(days=self.left) else seen

    def looked_at(self, known: datetime) -> date:
        """What comes after the day's work is looked at from the next day on."""
        return known.date() + timedelta(days=self.wait + (known.time() >= ENTERED_AT))


def look(seed: int, number: str) -> Look:
    chance = stream(seed, number, "care")
    left, luck, wait = chance.randint(*LEFT_TO_TRIAGE), chance.random(), chance.randint(0, LONGEST_WAIT)
    return Look(left, wait, luck < NEVER_LOOKED_AT)


def acts(case: Case, chance: Random) -> Iterator[Act]:
    """Everything that would be done if time never ended and nobody died; the caller cuts it off."""
    return as_heard(_pathway(case, chance), case, chance)


def _pathway(case: Case, chance: Random) -> Iterator[Act]:
    first = list(assessment(case, chance))
    yield from first
    assessed = next((act.day for act in first if act.kind is FlsAssessment), None)
    if assessed is None:
        return
    decided = list(decision(case, chance, assessed))
    yield from decided
    for act in decided:
        if act.kind is TreatmentDecision and act.details["advice"] in ADVISED:
            yield from treatment(case, chance, act.day, act.details["advice"])
            yield from monitoring(case, chance)
    yield from at_120_days(case, chance)


@dataclass(frozen=True, slots=True)
class Course:
    """What is truly done about a fracture, in the order of its planning. ``number`` names an act within it."""

    case: Case
    acts: tuple[tuple[int, Act], ...]

    @property
    def told(self) -> list[tuple[int, Act]]:
        """What the hospital's own feeds tell."""
        return [(number, act) for number, act in self.acts if told_by_feed(self.case, act)]

    @property
    def entered(self) -> list[tuple[int, Act]]:
        """What staff enter by hand."""
        return [(number, act) for number, act in self.acts if not told_by_feed(self.case, act)]


@lru_cache(maxsize=512)  # of one person at a time: each feed asks for the same
def course(seed: int, life: Life, happening: Happening, today: date) -> Course | None:
    """What is done about this fracture until the day before ``today``; None where nobody looks at it, or it is none
    that counts."""
    if not happening.counts or not happening.catches:
        return None
    seen = look(seed, happening.number).day(min(happening.finders.values()), today)
    if seen is None:
        return None
    later = (other.day for other in life.happenings if other.is_fracture and other.day > happening.day)
    case = replace(_case(seed, happening, seen), again=min(later, default=None))
    planned = enumerate(acts(case, stream(seed, happening.number, "acts")), 1)
    kept = [(number, act) for number, act in planned if _happens(act, life, today)]
    return Course(case, (*kept, *_closed_on_moving(life, kept, today)))


def _case(seed: int, happening: Happening, seen: date) -> Case:
    hospital, stays = happening.hospital, happening.stays
    left = max((stay.left.date() for stay in stays if stay.left), default=None)
    asked = scan_asked(seed, hospital, happening.person.born, happening.age) if hospital.scans else None
    sites: frozenset[BodySite] = frozenset(happening.body_sites)
    return Case(hospital, happening.day, seen, happening.inpatient, sites, happening.age, asked, left)


def _happens(act: Act, life: Life, today: date) -> bool:
    """Not ahead, not after a death, not after somebody moved out of the region."""
    if act.entered >= today or (life.died_on and act.entered >= life.died_on):
        return False
    return not (life.move and life.move.away and act.entered >= life.move.day)


def _closed_on_moving(life: Life, kept: list[tuple[int, Act]], today: date) -> Iterator[tuple[int, Act]]:
    """The follow-ups that nobody here can make any more, closed by name."""
    if life.move is None or not life.move.away or not kept:
        return
    day = life.move.told + timedelta(days=TOLD_AFTER)
    if day < today and not (life.died_on and day >= life.died_on):
        for number, step in enumerate(LEFT_BEHIND, 70):
            closed = {"step": step.value, "reason": ClosingReason.MOVED_AWAY}
            yield number, Act(TaskClosed, day, "coordinator", closed)
