"""Standards: reviewed declarations of what should be true of an episode by when, and the verdict on one history.

One standard has three uses: a task for a person, a count over many, the outcome of a simulation. Nothing else in the
code says "90 days". A number from a guideline stands here once, in its standard, with source and edition.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.clinical.bands import Bands
from openfls.clinical.decisions import Decision, no
from openfls.clinical.expressions import (
    Died,
    Enrolled,
    Expression,
    Moment,
    Recorded,
    Window,
    decide,
    inside,
    matches,
    moment,
)
from openfls.clinical.facts import Fact
from openfls.clinical.histories import History


class Step(StrEnum):
    """An act of care. One task at a time for each episode and step."""

    TRIAGE = "triage"
    ASSESS = "assess"
    DXA_DECISION = "decide on DXA"
    DXA = "DXA scan"
    FALLS = "assess falls"
    DECIDE = "decide treatment"
    START = "start treatment"
    STRENGTH_BALANCE = "start strength and balance"
    FOLLOW_UP_16 = "follow up at 16 weeks"
    FOLLOW_UP_52 = "follow up at one year"
    NOT_TAKEN = "act on treatment not taken"
    TELL_GP = "tell the GP"
    GP_ACKNOWLEDGES = "GP acknowledges"
    CONFIRM_CLOSING = "confirm closing"


class Component(StrEnum):
    """The four components of a fracture liaison service in the founding study."""

    CASE_FINDING = "case finding"
    ASSESSMENT = "osteoporosis assessment"
    TREATMENT = "treatment initiation"
    MONITORING = "monitoring and coordination"


class Role(StrEnum):
    COORDINATOR = "coordinator"
    NURSE = "nurse"
    DOCTOR = "doctor"
    GENERAL_PRACTICE = "general practice"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Direction(StrEnum):
    HIGHER = "higher is better"
    LOWER = "lower is better"


class Family(StrEnum):
    """Who asks for it: standards are shown by this. An indicator's number is an alias inside its family, no name."""

    FLS_DB = "FLS-DB"
    IOF = "IOF"
    HIP_AUDIT = "national hip fracture audit"
    NICE = "NICE"
    OTHER = "other sources"
    OWN = "the service's own"


class Verdict(StrEnum):
    """How one history stands with one standard. Unknown is never met and never missed."""

    MET = "met"
    MET_LATE = "met late"
    DUE = "due"
    MISSED = "missed"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"
    NOT_ASKED = "not asked"


COMPONENT_OF = {
    Step.TRIAGE: Component.CASE_FINDING,
    Step.CONFIRM_CLOSING: Component.CASE_FINDING,
    Step.ASSESS: Component.ASSESSMENT,
    Step.DXA_DECISION: Component.ASSESSMENT,
    Step.DXA: Component.ASSESSMENT,
    Step.FALLS: Component.ASSESSMENT,
    Step.DECIDE: Component.TREATMENT,
    Step.START: Component.TREATMENT,
    Step.STRENGTH_BALANCE: Component.TREATMENT,
    Step.FOLLOW_UP_16: Component.MONITORING,
    Step.FOLLOW_UP_52: Component.MONITORING,
    Step.NOT_TAKEN: Component.MONITORING,
    Step.TELL_GP: Component.MONITORING,
    Step.GP_ACKNOWLEDGES: Component.MONITORING,
}

NOT_CLINICALLY_CHECKED = "not clinically checked"


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A declaration, named by its meaning; "KPI 4" is only an alias.

    ``counts``: who is asked. ``excludes``: who is not, though asked. ``met_by``: any one of these facts meets it,
    within ``window``; after the window it meets it late, up to ``late_until`` where that is given. ``makes_task``:
    False where it only counts, because another standard of the same step already asks for the act. ``bands``: the
    source's own, None where it has none. ``choices``: what was chosen where the source leaves a hole, each shown
    wherever the standard is. ``checked_by`` stays empty until a clinician has read it, and is then shown so.
    """

    name: str
    title: str
    why: str
    step: Step
    source: str
    edition: str
    family: Family
    counts: Expression
    met_by: tuple[Recorded, ...]
    window: Window
    late_until: Moment | None = None
    makes_task: bool = True
    excludes: Expression | None = None
    aliases: tuple[str, ...] = ()
    direction: Direction = Direction.HIGHER
    bands: Bands | None = None
    choices: tuple[str, ...] = ()
    authored_by: str = "OpenFLS contributors"
    checked_by: str = ""
    next_review: date = date(2027, 11, 1)
    notes: str = ""

    @property
    def component(self) -> Component:
        return COMPONENT_OF[self.step]

    @property
    def checked(self) -> str:
        return f"checked by {self.checked_by}" if self.checked_by else NOT_CLINICALLY_CHECKED


@dataclass(frozen=True, slots=True)
class Standing:
    """One history's verdict on one standard, because of what. ``met_by`` is a fact id."""

    standard: str
    step: Step
    verdict: Verdict
    due: date | None = None
    met_on: date | None = None
    met_by: str = ""
    because: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Somebody still has to act or to find out."""
        return self.verdict in (Verdict.DUE, Verdict.MISSED, Verdict.UNKNOWN)

    @property
    def done(self) -> bool:
        return self.verdict in (Verdict.MET, Verdict.MET_LATE)


def judge(standard: Standard, history: History) -> Standing:
    """How this history stands with this standard today."""
    counted = decide(standard.counts, history)
    if counted.no:
        return _standing(standard, Verdict.NOT_ASKED, because=counted.because)
    excluded = decide(standard.excludes, history) if standard.excludes else no()
    due = moment(standard.window.closes, history)
    met = _best_match(standard, history)
    in_time = met is not None and met[1] is Verdict.MET
    if excluded.yes and not in_time:
        return _standing(standard, Verdict.EXCLUDED, due, excluded.because)
    if counted.unknown:
        return _standing(standard, Verdict.UNKNOWN, due, counted.because)
    if excluded.unknown and not in_time:
        return _standing(standard, Verdict.UNKNOWN, due, excluded.because)
    if met:
        fact, verdict, because = met
        return _standing(standard, verdict, due, because, fact)
    verdict = Verdict.MISSED if due and history.today > due else Verdict.DUE
    waiting = _waiting(standard, due, history.today)
    return _standing(standard, verdict, due, (waiting, *_planned(standard, history), *counted.because))


Match = tuple[Fact, Verdict, tuple[str, ...]]
_PREFERRED = (Verdict.MET, Verdict.UNKNOWN, Verdict.MET_LATE)


def _best_match(standard: Standard, history: History) -> Match | None:
    """The earliest fact that meets the standard, else one that may, else one that meets it late."""
    found = [match for wanted in standard.met_by for match in _matches(wanted, standard, history)]
    return min(found, key=lambda m: (_PREFERRED.index(m[1]), m[0].occurred.start, m[0].id), default=None)


def _matches(wanted: Recorded, standard: Standard, history: History) -> list[Match]:
    found = []
    for fact, answer in matches(wanted, history):
        timely = inside(fact.occurred, standard.window, history)
        verdict = None if answer.no else _timed(fact, answer, timely, standard, history)
        if verdict:
            because = (*answer.because, *timely.because) if timely.unknown else answer.because
            found.append((fact, verdict, because))
    return found


def _timed(fact: Fact, answer: Decision, timely: Decision, standard: Standard, history: History) -> Verdict | None:
    """Met, met late, unknown, or None for what came before the window opened or too late to be the same step."""
    if timely.no:
        late = inside(fact.occurred, Window(standard.window.opens, standard.late_until), history)
        return Verdict.MET_LATE if late.yes and answer.yes else None
    return Verdict.UNKNOWN if timely.unknown or answer.unknown else Verdict.MET


def _waiting(standard: Standard, due: date | None, today: date) -> str:
    if due is None:
        return f"{standard.title}: not yet"
    return f"{standard.title}: was due {due:%d %b %Y}" if today > due else f"{standard.title}: due {due:%d %b %Y}"


def _planned(standard: Standard, history: History) -> tuple[str, ...]:
    """What may meet it but lies ahead: planned, or done on another day than its source wrote."""
    kinds = {wanted.kind for wanted in standard.met_by}
    ahead = (fact for fact in history.planned if fact.kind in kinds)
    return tuple(f"{fact.kind} dated {fact.occurred} lies ahead: not done yet, or the date is wrong" for fact in ahead)


def _standing(
    standard: Standard,
    verdict: Verdict,
    due: date | None = None,
    because: tuple[str, ...] = (),
    fact: Fact | None = None,
) -> Standing:
    met_on, met_by = (fact.occurred.start, fact.id) if fact else (None, "")
    return Standing(standard.name, standard.step, verdict, due, met_on, met_by, because)


ENROLLED = Enrolled()
FROM_INDEX = Moment(0)


def within_days(days: int) -> Window:
    """From the index date to so many days after it."""
    return Window(FROM_INDEX, Moment(days))


def died_by(moment: Moment) -> Died:
    """A death by then excludes; a later one leaves what was missed as it was."""
    return Died(Window(None, moment))
