"""A person's caseload: episodes, how each stands with every standard, and the tasks that follow. Derived only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from openfls.clinical.attribution import attribute
from openfls.clinical.casefinding import Finding, age_at, findings, is_other_site, with_refractures
from openfls.clinical.decisions import Decision
from openfls.clinical.episodes import Episode, group
from openfls.clinical.facts import Admission, BodySite, Death, Discharge, Fact, FractureSighting, Setting, Transfer
from openfls.clinical.histories import EpisodeStatus, History, deaths
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard, Standing, judge
from openfls.clinical.tasks import CONCERN_SOMEBODY, Task, TaskState, tasks_of
from openfls.clinical.versions import current

__all__ = ["Caseload", "EpisodeCare", "Task", "TaskState", "birth_date", "derive"]

FIRST_IN_LINE = frozenset({BodySite.HIP, BodySite.SPINE})
OLDEST = 150  # above any age: the order of a worklist runs from the oldest down


@dataclass(frozen=True)
class EpisodeCare:
    """One episode with its history, verdicts and tasks."""

    history: History
    standings: tuple[Standing, ...]
    tasks: tuple[Task, ...]

    @property
    def episode(self) -> Episode:
        return self.history.episode

    @property
    def status(self) -> EpisodeStatus:
        return self.history.status

    @property
    def eligible(self) -> Decision:
        return self.history.eligible

    @cached_property
    def age(self) -> int | None:
        return age_at(self.history.birth_date, self.episode.index)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return findings(self.episode, self.history.parameters)

    @property
    def other_site(self) -> bool:
        return is_other_site(self.episode)

    @property
    def site(self) -> str | None:
        """The hospital site that answers for the episode: where it was first sighted."""
        return self.episode.site

    @cached_property
    def sites(self) -> frozenset[str]:
        """Every site with a sighting, and those that an admission or a transfer added."""
        return self.episode.sites | _visited(self.history)

    @property
    def setting(self) -> Setting:
        """Inpatient where any source says so: an admission message or a list that only sees inpatients."""
        settings = {sighting.setting for sighting in self.episode.standing}
        admitted = Setting.INPATIENT in settings or bool(_near(self.history, Admission.kind))
        if admitted:
            return Setting.INPATIENT
        told = settings - {Setting.UNKNOWN}
        return min(told) if told else Setting.UNKNOWN

    @property
    def rank(self) -> int:
        """The order of the worklist before lateness: hip or spine first, then the oldest. Smaller comes first."""
        first = 0 if FIRST_IN_LINE.intersection(self.episode.body_sites) else 1
        return first * 1000 + OLDEST - (self.age or 0)


@dataclass(frozen=True)
class Caseload:
    """Everything derived for one person. ``changes_on``: the first day still to come on which something planned, or a
    death dated ahead, begins to count; None where nothing lies ahead."""

    episodes: tuple[EpisodeCare, ...]
    death: Death | None
    changes_on: date | None = None


def derive(
    facts: Iterable[Fact],
    today: date,
    parameters: Parameters = DEFAULTS,
    standards: Sequence[Standard] = STANDARDS,
) -> Caseload:
    """All that follows from one person's facts on this day. Pure: the same set of facts gives the same caseload."""
    everything = list(facts)
    told = histories(everything, today, parameters)
    death = told[0].death if told else deaths(current(everything))
    asked = _asked_about_death(told) if death else None
    cares = tuple(_care(history, standards, asks_about_death=history is asked) for history in told)
    return Caseload(cares, death, _next_change(told, death, today))


def histories(facts: Iterable[Fact], today: date, parameters: Parameters = DEFAULTS) -> list[History]:
    """Each episode of one person with what belongs to it, in the order of their dates: what standards are judged by."""
    everything = list(facts)
    standing = current(everything)
    sightings = [fact for fact in standing if isinstance(fact, FractureSighting)]
    death = deaths(standing)
    born, births = birth_date(standing), birth_dates(standing)
    episodes = with_refractures(group(sightings, parameters), births, parameters)
    shares = attribute(standing, episodes, {fact.id: fact.statement for fact in everything}, parameters)
    versions = _versions(everything)
    return [
        History(episode, tuple(shares[place]), born, today, births, death, parameters, _superseded(episode, versions))
        for place, episode in enumerate(episodes)
    ]


def first_sighted_at(facts: Iterable[Fact]) -> str | None:
    """The site that first sighted the person: by its parameters and standards the person is judged."""
    sightings = [fact for fact in facts if isinstance(fact, FractureSighting) and fact.site]
    first = min(sightings, key=lambda fact: (fact.occurred.start, fact.id), default=None)
    return first.site if first else None


def _versions(facts: Iterable[Fact]) -> Mapping[str, dict[str, FractureSighting]]:
    """Every version of each sighting by its id, for each statement."""
    versions: dict[str, dict[str, FractureSighting]] = defaultdict(dict)
    for fact in facts:
        if isinstance(fact, FractureSighting):
            versions[fact.statement][fact.id] = fact
    return versions


def _superseded(
    episode: Episode, versions: Mapping[str, dict[str, FractureSighting]]
) -> tuple[FractureSighting, ...]:
    """The versions of the episode's sightings that no longer stand."""
    standing = {sighting.id for sighting in episode.sightings}
    every = {key: one for sighting in episode.sightings for key, one in versions[sighting.statement].items()}
    return tuple(every[key] for key in sorted(every.keys() - standing))


def _next_change(histories: Iterable[History], death: Death | None, today: date) -> date | None:
    planned = [fact.occurred for history in histories for fact in history.planned]
    ahead = [*planned, death.occurred] if death and death.occurred.lies_ahead(today) else planned
    return min((when.start for when in ahead), default=None)


def birth_dates(facts: Iterable[Fact]) -> frozenset[date]:
    """Every date of birth that a record gives."""
    return frozenset(fact.record.birth_date for fact in facts if fact.record.birth_date)


def birth_date(facts: Iterable[Fact]) -> date | None:
    """The date of birth that most records give; of equals the one stated last."""
    told: dict[date, list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact.record.birth_date:
            told[fact.record.birth_date].append(fact.known)
    return max(told, key=lambda day: (len(told[day]), max(told[day]), day), default=None)


def _asked_about_death(histories: Sequence[History]) -> History | None:
    """One person is asked once: at the latest episode that was still anybody's concern."""
    return next((history for history in reversed(histories) if history.status in CONCERN_SOMEBODY), None)


def _care(history: History, standards: Sequence[Standard], asks_about_death: bool) -> EpisodeCare:
    standings = tuple(judge(standard, history) for standard in standards)
    return EpisodeCare(history, standings, tuple(tasks_of(history, standings, asks_about_death, standards)))


def _near(history: History, kind: str) -> list[Fact]:
    """The facts of this kind soon enough after the fracture to belong to it."""
    last = history.episode.index.end + timedelta(days=history.parameters.grouping_days)
    return [fact for fact in history.recorded(kind) if fact.occurred.start <= last]


def _visited(history: History) -> frozenset[str]:
    visits = [fact for kind in (Admission.kind, Transfer.kind, Discharge.kind) for fact in _near(history, kind)]
    moved_to = {fact.to_site for fact in visits if isinstance(fact, Transfer)}
    return frozenset(site for site in {fact.site for fact in visits} | moved_to if site)
