"""A history: one episode with everything that was recorded of it, as a standard reads it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from openfls.clinical.casefinding import definition, who_counts
from openfls.clinical.decisions import Decision, all_of, no, unknown, yes
from openfls.clinical.episodes import Episode
from openfls.clinical.facts import Death, Fact, FractureSighting, Triage, TriageDecision
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.triage import News, Versions, standing_answer, unweighed


class EpisodeStatus(StrEnum):
    """Where an episode stands with the service. Only a named person moves it out of triage."""

    TO_TRIAGE = "to triage"
    ENROLLED = "enrolled"
    UNSURE = "unsure"
    NOT_FRAGILITY = "not a fragility fracture"
    LOOK_AGAIN = "to triage again"
    OUTSIDE = "outside the definition"
    WITHDRAWN = "withdrawn"


TRIAGED = {
    Triage.ENROL: EpisodeStatus.ENROLLED,
    Triage.UNSURE: EpisodeStatus.UNSURE,
    Triage.NOT_FRAGILITY: EpisodeStatus.NOT_FRAGILITY,
}


@dataclass(frozen=True)
class History:
    """``facts``: the episode's current facts, without the sightings. ``today``: a local day, given, never read.

    ``birth_date`` is the one that counts, ``births`` are all that sources give; ``superseded`` are the older versions
    of the episode's sightings, to which a person may have answered. What lies wholly after today is planned, not done:
    nothing reads it (`recorded`) until its day has come.
    """

    episode: Episode
    facts: tuple[Fact, ...]
    birth_date: date | None
    today: date
    births: frozenset[date] = frozenset()
    death: Death | None = None
    parameters: Parameters = DEFAULTS
    superseded: tuple[FractureSighting, ...] = ()

    @cached_property
    def answers(self) -> dict[int, tuple[object, Decision]]:
        """What was asked of this history already, by the identity of the question, which is held so that it lives."""
        return {}

    @cached_property
    def by_kind(self) -> dict[str, list[Fact]]:
        kinds: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if not fact.retracted and not fact.occurred.lies_ahead(self.today):
                kinds[fact.kind].append(fact)
        return kinds

    @cached_property
    def planned(self) -> tuple[Fact, ...]:
        """What is said to occur on a day that is still to come: an appointment, or a year that somebody mistyped."""
        return tuple(fact for fact in self.facts if not fact.retracted and fact.occurred.lies_ahead(self.today))

    def recorded(self, kind: str) -> Sequence[Fact]:
        """The standing facts of a kind whose day has come, in the order in which they occurred."""
        return self.by_kind.get(kind, ())

    @cached_property
    def outside(self) -> bool:
        """Nobody needs to look: the age or the bone alone says no."""
        return all_of(definition(self.episode, self.births, self.parameters)).no

    @cached_property
    def eligible(self) -> Decision:
        return who_counts(self.episode, self.births, self.parameters)

    @cached_property
    def versions(self) -> Versions:
        return {sighting.id: sighting for sighting in (*self.superseded, *self.episode.sightings)}

    @cached_property
    def triage(self) -> TriageDecision | None:
        """The answer of a named person that stands, or of the register to which the service had submitted it."""
        every = (fact for fact in self.recorded(TriageDecision.kind) if isinstance(fact, TriageDecision))
        told = (fact for fact in every if fact.by or fact.recorded_in)
        return standing_answer(told, self.versions)

    def news_since(self, answer: Fact) -> Sequence[News]:
        """What a finder says of the episode that this answer has not weighed."""
        return unweighed(answer, self.episode, self.versions)

    @cached_property
    def status(self) -> EpisodeStatus:
        triaged = TRIAGED[self.triage.answer] if self.triage else None
        if self.triage and triaged is EpisodeStatus.NOT_FRAGILITY:
            return triaged if self.outside or not self.news_since(self.triage) else EpisodeStatus.LOOK_AGAIN
        if not triaged and self.outside:
            return EpisodeStatus.OUTSIDE
        if self.episode.withdrawn:
            return EpisodeStatus.WITHDRAWN
        return triaged or EpisodeStatus.TO_TRIAGE

    @cached_property
    def enrolled(self) -> Decision:
        """Whether the service cares for this episode: what every standard's *who counts* begins with."""
        match self.status:
            case EpisodeStatus.ENROLLED:
                return yes()
            case EpisodeStatus.TO_TRIAGE:
                return unknown("waiting for triage")
            case EpisodeStatus.UNSURE:
                return unknown("triage was unsure")
            case EpisodeStatus.LOOK_AGAIN:
                return unknown("waiting to be triaged again")
            case EpisodeStatus.OUTSIDE:
                return all_of(definition(self.episode, self.births, self.parameters))
        return no(self.status.value)


def deaths(facts: Iterable[Fact]) -> Death | None:
    """The death that stands, the earliest where sources disagree, known since the first of them; None while nobody
    says so."""
    told = [fact for fact in facts if isinstance(fact, Death) and not fact.retracted]
    if not told:
        return None
    earliest = min(told, key=lambda fact: (fact.occurred.start, fact.id))
    return replace(earliest, known=min(fact.known for fact in told))
