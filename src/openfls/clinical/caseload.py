"""A person's caseload: episodes, how each stands with every standard, and the tasks that follow. Derived, never edited.

A task is one for each episode and step, due at its earliest open standard, and open past it. It ends only when a fact
meets it or a named person ends it with a coded reason. A death or a retraction turns what is open into one task,
*confirm closing*, for one person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from openfls.clinical.casefinding import Finding, age_at, findings, is_other_site
from openfls.clinical.decisions import Decision
from openfls.clinical.episodes import Episode, group
from openfls.clinical.facts import (
    Admission,
    BodySite,
    Death,
    Declined,
    Demographics,
    Discharge,
    Fact,
    FractureSighting,
    RecordsLinked,
    RecordsSeparated,
    Setting,
    TaskClosed,
    TaskOwned,
    TaskReopened,
    TaskSeen,
    Transfer,
)
from openfls.clinical.histories import EpisodeStatus, History, deaths
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Role, Standing, Step, judge
from openfls.clinical.versions import current

OWNER_ROLE: Mapping[Step, Role] = {  # no published source: who does what is a site's own; docs/safety/to-confirm.md
    Step.TRIAGE: Role.COORDINATOR,
    Step.ASSESS: Role.NURSE,
    Step.DXA_DECISION: Role.NURSE,
    Step.DXA: Role.COORDINATOR,
    Step.FALLS: Role.NURSE,
    Step.DECIDE: Role.DOCTOR,
    Step.START: Role.DOCTOR,
    Step.STRENGTH_BALANCE: Role.COORDINATOR,
    Step.FOLLOW_UP_16: Role.NURSE,
    Step.FOLLOW_UP_52: Role.NURSE,
    Step.TELL_GP: Role.COORDINATOR,
    Step.GP_ACKNOWLEDGES: Role.COORDINATOR,
    Step.CONFIRM_CLOSING: Role.COORDINATOR,
}

FIRST_IN_LINE = frozenset({BodySite.HIP, BodySite.SPINE})
OLDEST = 150  # above any age: the order of a worklist runs from the oldest down

# Episodes that a death or a retraction makes somebody look at once more; the others were never on a worklist.
CONCERN_SOMEBODY = frozenset(
    {EpisodeStatus.TO_TRIAGE, EpisodeStatus.UNSURE, EpisodeStatus.ENROLLED, EpisodeStatus.WITHDRAWN}
)

# What belongs to a person as a whole, not to one of the episodes.
OF_THE_PERSON = (Death, Demographics, RecordsLinked, RecordsSeparated, FractureSighting)


# What a person did about one step's task.
Act = TypeVar("Act", TaskClosed, TaskReopened, TaskOwned, TaskSeen, Declined)


class TaskState(StrEnum):
    OPEN = "open"
    MET_BY_FEED = "met by feed"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody should do for one episode, or has done. ``because`` is what the page shows beside it."""

    step: Step
    state: TaskState
    due: date | None
    owner_role: Role
    owner: str = ""
    site: str | None = None
    standard: str = ""
    because: tuple[str, ...] = ()

    @property
    def needs_someone(self) -> bool:
        return self.state in (TaskState.OPEN, TaskState.MET_BY_FEED)


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
        return responsible_site(self.episode)

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
    """Everything derived for one person."""

    episodes: tuple[EpisodeCare, ...]
    death: Death | None


def derive(facts: Iterable[Fact], today: date, parameters: Parameters = DEFAULTS) -> Caseload:
    """All that follows from one person's facts on this day. Pure: the same set of facts gives the same caseload."""
    everything = list(facts)
    standing = current(everything)
    sightings = [fact for fact in standing if isinstance(fact, FractureSighting)]
    episodes = group(sightings, parameters)
    death = deaths(standing)
    born = birth_date(standing)
    shares = _attribute(standing, episodes, {fact.id: fact.statement for fact in everything}, parameters)
    histories = [
        History(episode, tuple(shares[place]), born, today, death, parameters) for place, episode in enumerate(episodes)
    ]
    asked = _asked_about_death(histories) if death else None
    return Caseload(tuple(_care(history, asks_about_death=history is asked) for history in histories), death)


def birth_date(facts: Iterable[Fact]) -> date | None:
    """The date of birth that most records give; of equals the one stated last."""
    told: dict[date, list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact.record.birth_date:
            told[fact.record.birth_date].append(fact.known)
    return max(told, key=lambda day: (len(told[day]), max(told[day]), day), default=None)


def responsible_site(episode: Episode) -> str | None:
    return next((s.site for s in episode.standing if s.site), None)


def _attribute(
    facts: Sequence[Fact], episodes: Sequence[Episode], statements: Mapping[str, str], parameters: Parameters
) -> Mapping[int, list[Fact]]:
    """Each fact of care to the episode that it points at, else to the latest that had begun by then.

    Begun by then: sources date a fracture by injury or by admission, so that an admission may come just before it.
    """
    slack = timedelta(days=parameters.simultaneous_days)
    begun = [episode.index.start - slack for episode in episodes]
    place_of = {s.statement: place for place, episode in enumerate(episodes) for s in episode.sightings}
    shares: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if not isinstance(fact, OF_THE_PERSON):
            for place in _places(fact, begun, place_of, statements):
                shares[place].append(fact)
    return shares


def _places(fact: Fact, begun: Sequence[date], place_of: Mapping[str, int], statements: Mapping[str, str]) -> set[int]:
    if fact.about:
        pointed_at = (statements.get(fact_id, "") for fact_id in fact.about)
        return {place_of[statement] for statement in pointed_at if statement in place_of}
    earlier = [(start, place) for place, start in enumerate(begun) if start <= fact.occurred.end]
    return {max(earlier)[1]} if earlier else set()


def _asked_about_death(histories: Sequence[History]) -> History | None:
    """One person is asked once: at the latest episode that was still anybody's concern."""
    return next((history for history in reversed(histories) if history.status in CONCERN_SOMEBODY), None)


def _care(history: History, asks_about_death: bool) -> EpisodeCare:
    standings = tuple(judge(standard, history) for standard in STANDARDS)
    return EpisodeCare(history, standings, tuple(_tasks(history, standings, asks_about_death)))


def _tasks(history: History, standings: Sequence[Standing], asks_about_death: bool) -> list[Task]:
    if history.status not in CONCERN_SOMEBODY:
        return []
    if history.death or history.episode.withdrawn:
        done = _care_tasks(history, standings) if history.status is EpisodeStatus.ENROLLED else []
        ended = [task for task in done if task.state is not TaskState.OPEN]
        return [_confirm_closing(history), *ended] if asks_about_death or not history.death else ended
    return _care_tasks(history, standings) if history.status is EpisodeStatus.ENROLLED else [_triage(history)]


def _triage(history: History) -> Task:
    seen = min(sighting.known for sighting in history.episode.standing).date()
    due = seen + timedelta(days=history.parameters.triage_days)
    unsure = history.status is EpisodeStatus.UNSURE
    role = Role.DOCTOR if unsure else OWNER_ROLE[Step.TRIAGE]
    because = ("triage was unsure: a doctor decides", *history.eligible.because) if unsure else history.eligible.because
    closed = _closing(history, Step.TRIAGE)
    state = TaskState.CLOSED if closed else TaskState.OPEN
    return _task(history, Step.TRIAGE, state, due, closed or because, role=role)


def _confirm_closing(history: History) -> Task:
    """One task that asks one person once, where a death or a retraction has overtaken the episode."""
    day, because = _overtaken(history)
    closed = _closing(history, Step.CONFIRM_CLOSING)
    due = day + timedelta(days=history.parameters.confirm_closing_days)
    state = TaskState.CLOSED if closed else TaskState.OPEN
    return _task(history, Step.CONFIRM_CLOSING, state, due, closed or (because,))


def _overtaken(history: History) -> tuple[date, str]:
    if history.death:
        return history.death.known.date(), f"died {history.death.occurred}: all contact has stopped"
    taken_back = max(sighting.known for sighting in history.episode.sightings).date()
    return taken_back, "every finder took its sighting back"


def _care_tasks(history: History, standings: Sequence[Standing]) -> list[Task]:
    by_step: dict[Step, list[Standing]] = defaultdict(list)
    for standard, standing in zip(STANDARDS, standings, strict=True):
        if standard.makes_task:
            by_step[standard.step].append(standing)
    tasks = (_step_task(history, step, asked) for step, asked in by_step.items())
    return [task for task in tasks if task]


def _step_task(history: History, step: Step, standings: Sequence[Standing]) -> Task | None:
    done = [standing for standing in standings if standing.done]
    still_open = [standing for standing in standings if standing.open]
    closed = _closing(history, step)
    if done:
        return _met_task(history, step, done)
    if closed and still_open:
        return _task(history, step, TaskState.CLOSED, still_open[0].due, closed)
    if not still_open:
        return None
    first = min(still_open, key=lambda standing: standing.due or date.max)
    return _task(history, step, TaskState.OPEN, first.due, first.because, first.standard)


def _met_task(history: History, step: Step, done: Sequence[Standing]) -> Task:
    """Done; a feed's doing stays on the worklist until somebody has seen it."""
    first = min(done, key=lambda standing: standing.met_on or date.max)
    fact = next(fact for fact in history.facts if fact.id == first.met_by)
    unseen = fact.by_feed and not _acts(history, TaskSeen, step)
    state = TaskState.MET_BY_FEED if unseen else TaskState.DONE
    return _task(history, step, state, first.due, first.because, first.standard)


def _task(
    history: History,
    step: Step,
    state: TaskState,
    due: date | None,
    because: tuple[str, ...],
    standard: str = "",
    role: Role | None = None,
) -> Task:
    owners = _acts(history, TaskOwned, step)
    owner = owners[-1].owner if owners else ""
    site = responsible_site(history.episode)
    return Task(step, state, due, role or OWNER_ROLE[step], owner, site, standard, because)


def _closing(history: History, step: Step) -> tuple[str, ...]:
    """Why the task of this step is closed, or nothing: the latest of closing, declining and opening again decides."""
    acts = [*_acts(history, TaskClosed, step), *_acts(history, TaskReopened, step), *_acts(history, Declined, step)]
    match max(acts, key=lambda fact: (fact.known, fact.id), default=None):
        case TaskClosed(reason=reason, words=words, by=by):
            return (f"closed by {by or 'a feed'}: {reason}", *([words] if words else []))
        case Declined(reason=reason, by=by):
            return (f"declined, says {by or 'a feed'}", *([reason] if reason else []))
    return ()


def _acts(history: History, kind: type[Act], step: Step) -> list[Act]:
    """What people did about this step, oldest first."""
    acts = [fact for fact in history.recorded(kind.kind) if isinstance(fact, kind) and fact.step == step]
    return sorted(acts, key=lambda fact: (fact.known, fact.id))


def _near(history: History, kind: str) -> list[Fact]:
    """The facts of this kind soon enough after the fracture to belong to it."""
    last = history.episode.index.end + timedelta(days=history.parameters.grouping_days)
    return [fact for fact in history.recorded(kind) if fact.occurred.start <= last]


def _visited(history: History) -> frozenset[str]:
    visits = [fact for kind in (Admission.kind, Transfer.kind, Discharge.kind) for fact in _near(history, kind)]
    moved_to = {fact.to_site for fact in visits if isinstance(fact, Transfer)}
    return frozenset(site for site in {fact.site for fact in visits} | moved_to if site)
