"""One fracture on the patient page: who found it, and the four components of care with done, due, missed or unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openfls.clinical.facts import FractureSighting
from openfls.clinical.standards import COMPONENT_OF, Component, Standard, Step, Verdict
from openfls.clinical.when import Precision, When
from openfls.pages.patient.entries import ENTRY_OF_STEP
from openfls.pages.patient.slugs import SLUG_OF
from openfls.pages.patient.words import said_by, told
from openfls.pages.staff import Staff
from openfls.record.models import EpisodeRow, StandingRow, TaskRow
from openfls.record.own_standards import in_force


@dataclass(frozen=True)
class State:
    """A verdict as a word and a mark: done, due, missed, unknown or nothing asked."""

    words: str
    mark: str


STATES: Mapping[str, State] = {
    Verdict.MET: State("done", "done"),
    Verdict.MET_LATE: State("done late", "done"),
    Verdict.DUE: State("due", "due"),
    Verdict.MISSED: State("missed", "missed"),
    Verdict.UNKNOWN: State("unknown", "unknown"),
    Verdict.EXCLUDED: State("excluded", "none"),
    Verdict.NOT_ASKED: State("not asked yet", "none"),
}
WORST_FIRST = (Verdict.MISSED, Verdict.UNKNOWN, Verdict.DUE, Verdict.MET_LATE, Verdict.MET, Verdict.EXCLUDED)


@dataclass(frozen=True)
class StandingLine:
    title: str
    standard: str
    step: str
    state: State
    due: date | None
    met_on: date | None
    because: tuple[str, ...]
    source: str
    checked: str


@dataclass(frozen=True)
class TaskLine:
    """A task on the patient page. ``entry`` names the form that ends it, empty where no form does."""

    step: str
    slug: str
    state: str
    due: date | None
    late_by: int
    owner_role: str
    owner: str
    because: tuple[str, ...]
    entry: str
    entry_title: str


@dataclass(frozen=True)
class ComponentOfCare:
    name: str
    state: State
    standings: tuple[StandingLine, ...]
    counted: tuple[StandingLine, ...]
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class FoundBy:
    finder: str
    site: str
    source: str
    days_after: int
    late: bool
    words: str


@dataclass(frozen=True)
class Fracture:
    """One index fracture episode. ``about`` is the id of its first sighting: what addresses and forms point at."""

    about: str
    title: str
    index: str
    age: int | None
    setting: str
    status: str
    refracture: bool
    other_site: bool
    eligible: str
    eligible_because: tuple[str, ...]
    found_by: tuple[FoundBy, ...]
    components: tuple[ComponentOfCare, ...]


def title_of(episode: EpisodeRow) -> str:
    """``Hip, left``: the bone that names the episode, and how many others broke with it."""
    side = "" if episode.side in ("unknown", "") else f", {episode.side}"
    others = [site for site in episode.body_sites if site != episode.main_site]
    more = f" and {', '.join(others)}" if others else ""
    name = f"{episode.main_site}{side}{more}"
    return name[:1].upper() + name[1:]


def index_of(episode: EpisodeRow) -> When:
    return When(episode.index_start, episode.index_end, Precision(episode.index_precision))


def fracture(
    episode: EpisodeRow,
    standings: Sequence[StandingRow],
    tasks: Sequence[TaskLine],
    sightings: Mapping[str, FractureSighting],
    sites: Mapping[str, str],
    staff: Staff,
) -> Fracture:
    """``sightings`` by fact id, ``sites``: names of sites by code."""
    return Fracture(
        about=episode.sightings[0],
        title=title_of(episode),
        index=str(index_of(episode)),
        age=episode.age,
        setting="" if episode.setting == "unknown" else episode.setting,
        status=episode.status,
        refracture=episode.refracture,
        other_site=episode.other_site,
        eligible=episode.eligible,
        eligible_because=tuple(episode.eligible_because),
        found_by=tuple(_found_by(found, sightings, sites, staff) for found in episode.finders),
        components=tuple(_component(component, episode, standings, tasks) for component in Component),
    )


def _found_by(
    found: Mapping[str, Any], sightings: Mapping[str, FractureSighting], sites: Mapping[str, str], staff: Staff
) -> FoundBy:
    sighting = sightings.get(found["fact"])
    return FoundBy(
        finder=found["finder"],
        site=sites.get(found["site"] or "", found["site"] or "site not given"),
        source=said_by(sighting, staff) if sighting and sighting.by else f"said by {found['source']}",
        days_after=found["days_after"],
        late=found["late"],
        words=told(sighting) if sighting else "",
    )


def _component(
    component: Component, episode: EpisodeRow, standings: Sequence[StandingRow], tasks: Sequence[TaskLine]
) -> ComponentOfCare:
    of_it = [s for s in standings if COMPONENT_OF[Step(s.step)] is component]
    lines = tuple(task for task in tasks if COMPONENT_OF[Step(task.step)] is component)
    asked = [s for s in of_it if not _only_counts(s)]
    counted = [s for s in of_it if _only_counts(s)]
    state = _case_finding(episode) if component is Component.CASE_FINDING else _worst(asked)
    return ComponentOfCare(
        component.value, state, tuple(_standing(s) for s in asked), tuple(_standing(s) for s in counted), lines
    )


def _only_counts(row: StandingRow) -> bool:
    """An audit counts it, and no task asks for it: it says nothing about what is to be done for the patient."""
    standard = in_force().get(row.standard)
    return standard is not None and not standard.makes_task


def _case_finding(episode: EpisodeRow) -> State:
    """Found is done; whether the service takes the patient is what triage answers."""
    if episode.status in ("to triage", "to triage again"):
        return State(episode.status, "due")
    if episode.status == "unsure":
        return State("unsure", "unknown")
    return State(episode.status, "done" if episode.status == "enrolled" else "none")


def _worst(standings: Iterable[StandingRow]) -> State:
    verdicts = {Verdict(s.verdict) for s in standings}
    return next((STATES[verdict] for verdict in WORST_FIRST if verdict in verdicts), STATES[Verdict.NOT_ASKED])


def _standing(row: StandingRow) -> StandingLine:
    standard = in_force().get(row.standard)
    return StandingLine(
        title=standard.title if standard else row.standard,
        standard=row.standard,
        step=row.step,
        state=STATES[Verdict(row.verdict)],
        due=row.due,
        met_on=row.met_on,
        because=beyond(row, standard),
        source=f"{standard.source}, {standard.edition}" if standard else "",
        checked=standard.checked if standard else "",
    )


def beyond(row: StandingRow, standard: Standard | None) -> tuple[str, ...]:
    """The reasons, without what stands beside them anyhow: the standard's own title and its due date."""
    title = f"{standard.title}: " if standard else ""
    said = f"{row.due:%d %b %Y}" if row.due else ""
    reasons = (reason.removeprefix(title) for reason in row.because)
    return tuple(reason for reason in reasons if not said or reason not in (f"due {said}", f"was due {said}"))


def task_line(row: TaskRow, today: date, staff: Staff) -> TaskLine:
    entry = ENTRY_OF_STEP.get(Step(row.step))
    late = (today - row.due).days if row.due and row.state == "open" else 0
    return TaskLine(
        step=row.step,
        slug=SLUG_OF[Step(row.step)],
        state=row.state,
        due=row.due,
        late_by=max(0, late),
        owner_role=row.owner_role,
        owner=staff.name(row.owner),
        because=tuple(row.because),
        entry=entry.name if entry else "",
        entry_title=entry.title if entry else "",
    )
