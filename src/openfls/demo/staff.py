"""What the staff of each hospital enter by hand about an episode: the care that no feed tells, by its habits.

Recent episodes are left to triage, and care has the gaps that audits show: not everybody is assessed, not every letter
is answered. The staff see what the feeds showed them: the sightings, and that somebody died. Whoever triages looks at
films and notes as well, and mostly sees there what it truly was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from openfls.clinical.when import on
from openfls.demo.care import Act, Case, acts
from openfls.demo.hospitals import OF_CODE
from openfls.demo.organisations import username
from openfls.demo.scans import scan_asked
from openfls.demo.streams import stream
from openfls.demo.times import utc
from openfls.demo.truth import Happening

LEFT_TO_TRIAGE = (14, 21)  # days: younger sightings wait for whoever tries the demonstration
NEVER_LOOKED_AT = 0.03
SEEN_IN_THE_NOTES = 0.9  # of those that don't count: the others are taken for fragility fractures
CLOSING_CONFIRMED = 0.85  # of those who died: the others wait for somebody to confirm it
CLOSED_AFTER = 10  # days from the death to its confirmation
ENTERED_AT = time(16, 30)


def care(
    sightings: Sequence[FractureSighting],
    hospital: str,
    rng_seed: int,
    today: date,
    *,
    died_on: date | None = None,
    truly: Happening | None = None,
) -> list[Fact]:
    """What the staff of ``hospital`` (a site code) entered by hand until yesterday about these sightings' episode.

    Deterministic by seed and the first sighting's id. Nothing for somebody under 50, for skull, face and digits, and
    for what became known in the last two or three weeks. Each fact is ``about`` the sightings that were known by then.
    ``truly``: what films and notes tell, None where they can't be found.
    """
    episode = _Episode(tuple(sightings), hospital, rng_seed, today, died_on, truly)
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

    @property
    def for_the_service(self) -> bool:
        born, index = self.sightings[0].record.birth_date, self.index
        old_enough = born is None or birthday_age(born, index) >= YOUNGEST
        return old_enough and any(s.body_site not in NEVER_COUNTED for s in self.sightings)

    @property
    def index(self) -> date:
        return min(sighting.occurred.start for sighting in self.sightings)

    @property
    def known(self) -> date:
        return min(sighting.known for sighting in self.sightings).date()

    def facts(self) -> Iterator[Fact]:
        chance = stream(self.seed, self.sightings[0].id, "care")
        left, looked_at, wait = chance.randint(*LEFT_TO_TRIAGE), chance.random(), chance.randint(0, 5)
        seen = self.known + timedelta(days=wait)
        if seen > self.today - timedelta(days=left) or looked_at < NEVER_LOOKED_AT:
            return
        answer, reason = self._triage(chance, self._known_by(utc(datetime.combine(seen, ENTERED_AT))))
        decided = self._decided(seen, answer, reason, 0)
        yield from decided
        again = self._asked_again(decided, wait)
        if answer is Triage.NOT_FRAGILITY and again and again <= self.today - timedelta(days=left):
            answer, seen = self._second_look(), again
            yield from self._decided(again, answer, self.truly.kind if self.truly else "", 80)
        if answer is Triage.ENROL:
            yield from self._entered(acts(self._case(seen), chance), from_number=1)
            yield from self._entered(self._closing(chance), from_number=90)

    def _decided(self, day: date, answer: Triage, reason: str, number: int) -> list[Fact]:
        told = {"answer": answer, "reason": "" if answer is Triage.ENROL else reason}
        return list(self._entered([Act(TriageDecision, day, "coordinator", told)], number))

    def _asked_again(self, decided: Sequence[Fact], wait: int) -> date | None:
        """When somebody looks again, because a finder said what the answer had not weighed."""
        versions = {sighting.id: sighting for sighting in self.sightings}
        news = unweighed(decided[0], Episode(self.sightings), versions) if decided else []
        known = max((one.sighting.known for one in news), default=None)
        return known and known.date() + timedelta(days=wait)

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
        born, hospital = self.sightings[0].record.birth_date, OF_CODE[self.hospital]
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

    def _closing(self, chance: Random) -> list[Act]:
        """Somebody confirms that all tasks of a person who died may close."""
        luck, wait = chance.random(), CLOSED_AFTER + chance.randint(0, 9)
        if self.died_on is None or luck >= CLOSING_CONFIRMED:
            return []
        closed = {"step": Step.CONFIRM_CLOSING.value, "reason": ClosingReason.DIED}
        return [Act(TaskClosed, self.died_on + timedelta(days=wait), "coordinator", closed)]

    def _entered(self, done: Iterator[Act] | list[Act], from_number: int = 0) -> Iterator[Fact]:
        """The acts as facts, without those that lie ahead and those after a death."""
        for number, act in enumerate(done, from_number):
            after_death = self.died_on is not None and act.day >= self.died_on and act.kind is not TaskClosed
            if act.day < self.today and not after_death:
                yield self._fact(act, number)

    def _fact(self, act: Act, number: int) -> Fact:
        user = username(act.role, self.hospital)
        content = sha256(f"{self.seed}/{self.sightings[0].id}".encode()).hexdigest()
        known = utc(datetime.combine(act.day, ENTERED_AT))
        common: dict[str, Any] = {
            "record": self.sightings[0].record,
            "occurred": on(act.day),
            "known": known,
            "version": known,
            "source": Source(f"hand/{user}", content, f"{number:02d}"),
            "site": self.hospital,
            "by": user,
            "about": tuple(sighting.id for sighting in self._known_by(known)),
        }
        return act.kind(**common, **act.details)
