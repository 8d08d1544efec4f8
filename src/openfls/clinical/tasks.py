"""The tasks of one episode: who should do what by when, or has done it. They follow from its history and standings.

A task is one for each episode and step, due at its earliest open standard, and open past it. It ends only when a fact
meets it or a named person ends it with a coded reason. A death or a retraction turns what is open into one task,
*confirm closing*, for one person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from openfls.clinical import appointments
from openfls.clinical.facts import Declined, TaskClosed, TaskOwned, TaskReopened, TaskSeen
from openfls.clinical.histories import EpisodeStatus, History
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Role, Standing, Step
from openfls.clinical.versions import EARLIEST

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

# Episodes that a death or a retraction makes somebody look at once more; the others were never on a worklist.
CONCERN_SOMEBODY = frozenset(
    {EpisodeStatus.TO_TRIAGE, EpisodeStatus.UNSURE, EpisodeStatus.ENROLLED, EpisodeStatus.WITHDRAWN}
)

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


def tasks_of(history: History, standings: Sequence[Standing], asks_about_death: bool) -> list[Task]:
    """``standings``: one for each standard, in their order. A death is asked about at one episode of the person."""
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
    closed = _closing(history, Step.TRIAGE, since=history.triage.said if history.triage else EARLIEST)
    state = TaskState.CLOSED if closed else TaskState.OPEN
    return _task(history, Step.TRIAGE, state, due, closed or because, role=role)


def _confirm_closing(history: History) -> Task:
    """One task that asks one person once, where a death or a retraction has overtaken the episode."""
    since, because = _overtaken(history)
    closed = _closing(history, Step.CONFIRM_CLOSING, since)
    due = since.date() + timedelta(days=history.parameters.confirm_closing_days)
    state = TaskState.CLOSED if closed else TaskState.OPEN
    return _task(history, Step.CONFIRM_CLOSING, state, due, closed or (because,))


def _overtaken(history: History) -> tuple[datetime, str]:
    """Since when it is known, and why: an answer to an earlier notice, taken back since, closes nothing."""
    if history.death:
        return history.death.known, f"died {history.death.occurred}: all contact has stopped"
    taken_back = max(sighting.known for sighting in history.episode.sightings)
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
    if done:
        return _met_task(history, step, done)
    if not still_open:
        return None
    first = min(still_open, key=lambda standing: standing.due or date.max)
    closed = _closing(history, step)
    state = TaskState.CLOSED if closed else TaskState.OPEN
    because = closed or (*first.because, *appointments.reasons(history, step))
    return _task(history, step, state, first.due, because, first.standard)


def _met_task(history: History, step: Step, done: Sequence[Standing]) -> Task:
    """Done; a feed's doing stays on the worklist until somebody has seen it."""
    first = min(done, key=lambda standing: (standing.met_on or date.max, standing.due or date.max))
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
    site = history.episode.site
    return Task(step, state, due, role or OWNER_ROLE[step], owner, site, standard, because)


def _closing(history: History, step: Step, since: datetime = EARLIEST) -> tuple[str, ...]:
    """Why the task of this step is closed, or nothing: the latest of closing, declining and opening again decides."""
    acts = [*_acts(history, TaskClosed, step), *_acts(history, TaskReopened, step), *_acts(history, Declined, step)]
    answers = [fact for fact in acts if fact.said >= since]
    match max(answers, key=lambda fact: (fact.said, fact.id), default=None):
        case TaskClosed(reason=reason, words=words, by=by):
            return (f"closed by {by or 'a feed'}: {reason}", *([words] if words else []))
        case Declined(reason=reason, by=by):
            return (f"declined, says {by or 'a feed'}", *([reason] if reason else []))
    return ()


def _acts(history: History, kind: type[Act], step: Step) -> list[Act]:
    """What people did about this step, oldest first."""
    acts = [fact for fact in history.recorded(kind.kind) if isinstance(fact, kind) and fact.step == step]
    return sorted(acts, key=lambda fact: (fact.said, fact.id))
