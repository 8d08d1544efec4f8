"""What the staff of each hospital enter by hand about an episode: the care that no feed tells, by its habits.

Recent episodes are left to triage, and care has the gaps that audits show: not everybody is assessed, not every letter
is answered. The staff see what the feeds showed them: the sightings, and that somebody died. Whoever triages looks at
films and notes as well, and mostly sees there what it truly was; what is then done is the patient's course of care
(`pathway`), less what the hospital's own feeds tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Any

from openfls.clinical.casefinding import NEVER_COUNTED, YOUNGEST
from openfls.clinical.episodes import Episode
from openfls.clinical.facts import (
    Answer,
    ClosingReason,
    Fact,
    FractureSighting,
    Setting,
    Source,
    TaskClosed,
    Triage,
    TriageDecision,
    birthday_age,
)
from openfls.clinical.standards import Step
from openfls.clinical.triage import unweighed
from openfls.demo.care import Act, Case
from openfls.demo.hospitals import OF_CODE
from openfls.demo.organisations import username
from openfls.demo.pathway import ENTERED_AT, Course, Look, acts, course, look
from openfls.demo.scans import scan_asked
from openfls.demo.streams import stream
from openfls.demo.times import LOCAL, utc
from openfls.demo.truth import Happening, Life

SEEN_IN_THE_NOTES = 0.9  # of those that don't count: the others are taken for fragility fractures
CLOSING_CONFIRMED = 0.85  # of those who died: the others wait for somebody to confirm it
CLOSED_AFTER = 22  # days from the death to its confirmation, once the message of it has come
TRIAGED, TRIAGED_AGAIN, CLOSED = 0, 80, 90  # numbers of acts that are none of the course of care


def care(
    sightings: Sequence[FractureSighting],
    hospital: str,
    rng_seed: int,
    today: date,
    *,
    died_on: date | None = None,
    truly: Happening | None = None,
    life: Life | None = None,
) -> list[Fact]:
    """What the staff of ``hospital`` (a site code) entered by hand until yesterday about these sightings' episode.

    Deterministic by seed and the first sighting's id. Nothing for somebody under 50, for skull, face and digits, and
    for what became known in the last two or three weeks. Each fact is ``about`` the sightings that were known by then.
    ``truly``: what films and notes tell, None where they can't be found.
    """
    episode = _Episode(tuple(sightings), hospital, rng_seed, today, died_on, truly, life)
    if not sightings or not episode.for_the_service:
        return []
    return sorted(episode.facts(), key=lambda fact: (fact.occurred.start, fact.source.position))


@dataclass(frozen=True)
class _Episode:
    sightings: tuple[FractureSighting, ...]
    hospital: str
    seed: int
    today: date
    died_on: date | None
    truly: Happening | None
    life: Life | None

    @property
    def for_the_service(self) -> bool:
        born, index = self.first.record.birth_date, self.index
        old_enough = born is None or birthday_age(born, index) >= YOUNGEST
        return old_enough and any(s.body_site not in NEVER_COUNTED for s in self.sightings)

    @property
    def index(self) -> date:
        return min(sighting.occurred.start for sighting in self.sightings)

    @cached_property
    def first(self) -> FractureSighting:
        """What was known first: later ones change neither chances nor the ids of facts."""
        return min(self.sightings, key=lambda sighting: (sighting.known, sighting.statement))

    @property
    def known(self) -> datetime:
        return self.first.known.astimezone(LOCAL)

    @property
    def number(self) -> str:
        """What settles the chances: the true fracture where it is known, else the first statement of it."""
        return self.truly.number if self.truly and self.truly.catches else self.first.statement

    @cached_property
    def course(self) -> Course | None:
        """What is truly done, where films and notes show which fracture it is."""
        return course(self.seed, self.life, self.truly, self.today) if self.life and self.truly else None

    def facts(self) -> Iterator[Fact]:
        looking, chance = look(self.seed, self.number), stream(self.seed, self.number, "triage")
        seen = looking.day(self.known, self.today)
        if seen is None:
            return
        answer, reason = self._triage(chance, self._known_by(utc(datetime.combine(seen, ENTERED_AT))))
        decided = self._decided(seen, answer, reason, TRIAGED)
        yield from decided
        again = self._asked_again(decided, looking)
        if answer is Triage.NOT_FRAGILITY and again and again <= self.today - timedelta(days=looking.left):
            answer, seen = self._second_look(), again
            yield from self._decided(again, answer, self.truly.kind if self.truly else "", TRIAGED_AGAIN)
        if answer is Triage.ENROL:
            yield from self._entered(self._acts(seen), seen)
            yield from self._entered(self._closing(chance), seen)

    def _acts(self, seen: date) -> Iterator[tuple[int, Act]]:
        if self.course:
            return iter(self.course.entered)
        return enumerate(acts(self._case(seen), stream(self.seed, self.number, "acts")), 1)

    def _decided(self, day: date, answer: Triage, reason: str, number: int) -> list[Fact]:
        told = {"answer": answer, "reason": "" if answer is Triage.ENROL else reason}
        return list(self._entered([(number, Act(TriageDecision, day, "coordinator", told))], day))

    def _asked_again(self, decided: Sequence[Fact], looking: Look) -> date | None:
        """When somebody looks again, because a finder said what the answer had not weighed."""
        versions = {sighting.id: sighting for sighting in self.sightings}
        news = unweighed(decided[0], Episode(self.sightings), versions) if decided else []
        known = max((one.sighting.known for one in news), default=None)
        return known and looking.looked_at(known.astimezone(LOCAL))

    def _second_look(self) -> Triage:
        """Whoever is asked again goes to the films."""
        return Triage.ENROL if self.truly is None or self.truly.counts else Triage.NOT_FRAGILITY

    def _known_by(self, moment: datetime) -> tuple[FractureSighting, ...]:
        """The sightings that whoever answers can have seen, the first at least: what comes later is no part of it."""
        first = min(sighting.known for sighting in self.sightings)
        return tuple(sighting for sighting in self.sightings if sighting.known <= max(moment, first))

    def _triage(self, chance: Random, seen: Sequence[FractureSighting]) -> tuple[Triage, str]:
        """What a coordinator makes of the sightings; unknown mechanism is mostly a fragility fracture."""
        luck, sees_it = chance.random(), chance.random() < SEEN_IN_THE_NOTES
        if self.truly and not self.truly.counts and sees_it:
            return Triage.NOT_FRAGILITY, self.truly.kind
        if any(s.pathological is Answer.YES for s in seen):
            return Triage.NOT_FRAGILITY, "pathological fracture"
        if any(s.low_trauma is Answer.NO for s in seen):
            return Triage.NOT_FRAGILITY, "high energy"
        if all(s.certain is Answer.UNKNOWN for s in seen) and luck < 0.15:
            return Triage.UNSURE, "suspected only"
        if any(s.low_trauma is Answer.YES for s in seen) or luck < 0.93:
            return Triage.ENROL, ""
        return (Triage.NOT_FRAGILITY, "high energy") if luck < 0.97 else (Triage.UNSURE, "mechanism not clear")

    def _case(self, seen: date) -> Case:
        born, hospital = self.first.record.birth_date, OF_CODE[self.hospital]
        age = birthday_age(born, self.index) if born else YOUNGEST
        return Case(
            hospital=hospital,
            index=self.index,
            seen=seen,
            inpatient=any(s.setting is Setting.INPATIENT for s in self.sightings),
            body_sites=frozenset(s.body_site for s in self.sightings),
            age=age,
            scan_told=scan_asked(self.seed, hospital, born, age) if hospital.scans else None,
        )

    def _closing(self, chance: Random) -> list[tuple[int, Act]]:
        """Somebody confirms that all tasks of a person who died may close."""
        luck, wait = chance.random(), CLOSED_AFTER + chance.randint(0, 9)
        if self.died_on is None or luck >= CLOSING_CONFIRMED:
            return []
        closed = {"step": Step.CONFIRM_CLOSING.value, "reason": ClosingReason.DIED}
        day = (self._last_day or self.died_on) + timedelta(days=wait)
        return [(CLOSED, Act(TaskClosed, day, "coordinator", closed, closes=True))]

    @property
    def _last_day(self) -> date | None:
        """Of a death known by its month, the staff find out the day."""
        return self.life.died_on if self.life and self.life.died_on else self.died_on

    def _entered(self, done: Iterator[tuple[int, Act]] | list[tuple[int, Act]], seen: date) -> Iterator[Fact]:
        """The acts as facts, without those that lie ahead and those after a death.

        What was done before this record of the patient was ``seen`` is entered on that day.
        """
        for number, act in done:
            after_death = self._last_day is not None and act.entered >= self._last_day and not act.closes
            if act.entered < self.today and not after_death:
                yield self._fact(act, number, max(act.entered, seen))

    def _fact(self, act: Act, number: int, day: date) -> Fact:
        user = username(act.role, self.hospital)
        content = sha256(f"{self.seed}/{self.first.statement}".encode()).hexdigest()
        known = utc(datetime.combine(day, ENTERED_AT))
        common: dict[str, Any] = {
            "record": self.first.record,
            "occurred": act.occurred,
            "known": known,
            "version": known,
            "source": Source(f"hand/{user}", content, f"{number:02d}"),
            "site": self.hospital,
            "by": user,
            "about": tuple(sighting.id for sighting in self._known_by(known)),
        }
        return act.kind(**common, **act.details)
