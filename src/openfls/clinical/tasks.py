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
from openfls.clinical.facts import Declined, Fact, TaskClosed, TaskOwned, TaskReopened, TaskSeen, TriageDecision
from openfls.clinical.histories import EpisodeStatus, History
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Role, Standard, Standing, Step
from openfls.clinical.triage import News
from openfls.clinical.versions import EARLIEST
from openfls.clinical.when import When

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
    Step.NOT_TAKEN: Role.NURSE,
    Step.TELL_GP: Role.COORDINATOR,
    Step.GP_ACKNOWLEDGES: Role.COORDINATOR,
    Step.CONFIRM_CLOSING: Role.COORDINATOR,
}

# Episodes that a death or a retraction makes somebody look at once more; the others were never on a worklist.
CONCERN_SOMEBODY = frozenset(
    {
        EpisodeStatus.TO_TRIAGE,
        EpisodeStatus.UNSURE,
        EpisodeStatus.LOOK_AGAIN,
        EpisodeStatus.ENROLLED,
        EpisodeStatus.WITHDRAWN,
    }
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


def tasks_of(
    history: History,
    standings: Sequence[Standing],
    asks_about_death: bool,
    standards: Sequence[Standard] = STANDARDS,
) -> list[Task]:
    """``standings``: one for each standard, in their order. A death is asked about at one episode of the person."""
    if history.status not in CONCERN_SOMEBODY:
        return []
    if history.death or history.episode.withdrawn:
        done = _care_tasks(history, standings, standards) if history.status is EpisodeStatus.ENROLLED else []
        ended = [task for task in done if task.state is not TaskState.OPEN]
        return [_confirm_closing(history), *ended] if asks_about_death or not history.death else ended
    if history.status is EpisodeStatus.ENROLLED:
        return _care_tasks(history, standings, standards)
    return [_triage(history)]


def _triage(history: History) -> Task:
    """Open until a person answers. A closing, like a dismissal, ends only what it has weighed."""
    closing = _closed_by(history, Step.TRIAGE, since=history.triage.said if history.triage else EARLIEST)
    dismissal = closing or (history.triage if history.status is EpisodeStatus.LOOK_AGAIN else None)
    news = history.news_since(dismissal) if dismissal else ()
    if dismissal and news:
        return _to_look_again(history, dismissal, news)
    seen = min(sighting.known for sighting in history.episode.standing).date()
    due = seen + timedelta(days=history.parameters.triage_days)
    unsure = history.status is EpisodeStatus.UNSURE
    role = Role.DOCTOR if unsure else OWNER_ROLE[Step.TRIAGE]
    because = ("triage was unsure: a doctor decides", *history.eligible.because) if unsure else history.eligible.because
    state = TaskState.CLOSED if closing else TaskState.OPEN
    return _task(history, Step.TRIAGE, state, due, _ended(closing) if closing else because, role=role)


def _to_look_again(history: History, dismissal: Fact, news: Sequence[News]) -> Task:
    """Due so many days after both were known, the dismissal and what it had not weighed."""
    known = max(dismissal.said, min(one.sighting.known for one in news)).date()
    due = known + timedelta(days=history.parameters.triage_days)
    because = (_look_again(news), _dismissed(dismissal), *history.eligible.because)
    return _task(history, Step.TRIAGE, TaskState.OPEN, due, because)


def _look_again(news: Sequence[News]) -> str:
    return f"look again: {' and '.join(dict.fromkeys(str(one) for one in news))}"


def _dismissed(dismissal: Fact) -> str:
    reason = f": {dismissal.reason}" if isinstance(dismissal, TriageDecision | TaskClosed) and dismissal.reason else ""
    return f"dismissed before that was known, by {dismissal.by} on {dismissal.occurred}{reason}"


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
        return history.death.known, _died(history.death.occurred, history)
    taken_back = max(sighting.known for sighting in history.episode.sightings)
    return taken_back, "every finder took its sighting back"


def _died(when: When, history: History) -> str:
    """A date that can't be right stops contact all the same; whoever confirms is told what is strange about it."""
    if when.lies_ahead(history.today):
        return f"died {when}, which lies ahead: all contact has stopped; find out the day"
    if when.end < history.episode.index.start:
        return f"died {when}, before the fracture: all contact has stopped; find out who died"
    return f"died {when}: all contact has stopped"


def _care_tasks(history: History, standings: Sequence[Standing], standards: Sequence[Standard]) -> list[Task]:
    by_step: dict[Step, list[Standing]] = defaultdict(list)
    for standard, standing in zip(standards, standings, strict=True):
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
    """Why the task of this step is closed, or nothing."""
    closing = _closed_by(history, step, since)
    return _ended(closing) if closing else ()


def _closed_by(history: History, step: Step, since: datetime = EARLIEST) -> TaskClosed | Declined | None:
    """The latest of closing, declining and opening again decides. Only a named person ends a task, never a feed."""
    acts = [*_acts(history, TaskClosed, step), *_acts(history, Declined, step), *_acts(history, TaskReopened, step)]
    answers = [fact for fact in acts if fact.said >= since and (fact.by or isinstance(fact, TaskReopened))]
    latest = max(answers, key=lambda fact: (fact.said, fact.id), default=None)
    return latest if isinstance(latest, TaskClosed | Declined) else None


def _ended(closing: TaskClosed | Declined) -> tuple[str, ...]:
    match closing:
        case TaskClosed(reason=reason, words=words, by=by):
            return (f"closed by {by}: {reason}", *([words] if words else []))
        case Declined(reason=reason, by=by):
            return (f"declined, says {by}", *([reason] if reason else []))


def _acts(history: History, kind: type[Act], step: Step) -> list[Act]:
    """What people did about this step, oldest first."""
    acts = [fact for fact in history.recorded(kind.kind) if isinstance(fact, kind) and fact.step == step]
    return sorted(acts, key=lambda fact: (fact.said, fact.id))
