"""The worklist of a role: what is to be done for whom, by risk, then lateness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from openfls.clinical.standards import Step
from openfls.pages.patient.entries import ENTRY_OF_STEP
from openfls.pages.patient.fracture import index_of, title_of
from openfls.pages.patient.slugs import SLUG_OF, STEP_OF
from openfls.pages.staff import Staff
from openfls.record.models import TaskRow

A_PAGE = 40
SOON = timedelta(days=28)  # how far ahead the first list looks: no source, the length of a usual clinic plan
OPEN = "open"
MET_BY_FEED = "met by feed"
SOON_DUE, OVERDUE, LATER, ANY = "soon", "overdue", "later", "any"
WHEN = {
    SOON_DUE: f"within {SOON.days} days",
    OVERDUE: "overdue only",
    LATER: f"in more than {SOON.days} days",
    ANY: "at any time",
}


@dataclass(frozen=True)
class Filters:
    """What the viewer asked to see. ``owner``: ``mine``, ``nobody`` or empty for all; ``due``: one of `WHEN`, or empty.

    What is due only after `SOON` would bury what is due now: it is a list of its own, always counted.
    """

    step: Step | None = None
    owner: str = ""
    due: str = ""
    role: str = ""
    seen: bool = False  # those that a feed met, waiting to be seen

    @classmethod
    def asked(cls, query: Mapping[str, str], role: str) -> "Filters":
        """From the address. What it doesn't know it leaves out; without ``role`` in it, the viewer's own role holds."""
        return cls(
            step=STEP_OF.get(query.get("step", "")),
            owner=query.get("owner", "") if query.get("owner") in ("mine", "nobody") else "",
            due=query.get("due", "") if query.get("due") in WHEN else "",
            role=query.get("role", role),
            seen=query.get("met") == "1",
        )

    @property
    def when(self) -> str:
        """Which due dates are shown: where nobody chose, what is due soon, and of one's own tasks any."""
        return self.due or (ANY if self.owner or self.seen else SOON_DUE)

    def narrow(self, tasks: QuerySet[TaskRow], user: str, today: date) -> QuerySet[TaskRow]:
        tasks = tasks.filter(state=MET_BY_FEED if self.seen else OPEN)
        if self.role:
            tasks = tasks.filter(owner_role=self.role)
        if self.step:
            tasks = tasks.filter(step=self.step.value)
        if self.owner:
            tasks = tasks.filter(owner=user if self.owner == "mine" else "")
        later = Q(due__gt=today + SOON)
        match self.when:
            case "overdue":
                return tasks.filter(due__lt=today)
            case "later":
                return tasks.filter(later)
            case "soon":
                return tasks.filter(~later | Q(due=None))
        return tasks


@dataclass(frozen=True)
class Line:
    """One task in the list."""

    patient: str
    about: str
    name: str
    nhs_number: str | None
    age: int | None
    sex: str
    ward: str
    name_clash: bool
    fracture: str
    index: str
    step: str
    slug: str
    due: date | None
    late_by: int
    because: tuple[str, ...]
    owner_role: str
    owner: str
    state: str
    entry: str


def in_order(tasks: QuerySet[TaskRow]) -> QuerySet[TaskRow]:
    """By rank (hip or spine, then age), then the longest overdue; the row's id makes pages stable."""
    return tasks.select_related("person", "episode").order_by("rank", F("due").asc(nulls_last=True), "id")


def line(task: TaskRow, today: date, staff: Staff, ward: str) -> Line:
    """``ward``: as the viewer may see it."""
    entry = ENTRY_OF_STEP.get(Step(task.step))
    return Line(
        patient=task.person.key,
        about=task.episode.sightings[0],
        name=task.person.name or "name not given",
        nhs_number=task.person.nhs_number,
        age=task.episode.age,
        sex=task.person.sex,
        ward=ward,
        name_clash=task.person.name_clash,
        fracture=title_of(task.episode),
        index=str(index_of(task.episode)),
        step=task.step,
        slug=SLUG_OF[Step(task.step)],
        due=task.due,
        late_by=max(0, (today - task.due).days) if task.due else 0,
        because=tuple(task.because),
        owner_role=task.owner_role,
        owner=staff.name(task.owner),
        state=task.state,
        entry=entry.name if entry else "",
    )


@dataclass(frozen=True)
class StepCount:
    """How many tasks of one step are open, and how many of them overdue."""

    step: str
    slug: str
    open: int
    overdue: int
    current: bool


def counts_by_step(tasks: QuerySet[TaskRow], filters: Filters, today: date) -> list[StepCount]:
    """One count a step, in the order of care, of the tasks of the chosen role."""
    of_role = Filters(role=filters.role, due=LATER if filters.when == LATER else SOON_DUE).narrow(tasks, "", today)
    counted: Iterable[dict[str, Any]] = of_role.values("step").annotate(
        open=Count("id"), overdue=Count("id", filter=Q(due__lt=today))
    )
    by_step = {row["step"]: row for row in counted}
    return [
        StepCount(step.value, SLUG_OF[step], row["open"], row["overdue"], current=filters.step is step)
        for step in Step
        if (row := by_step.get(step.value))
    ]
