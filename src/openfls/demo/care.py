"""The care that one enrolled patient gets: acts along a pathway, as often and as late as the hospital's habits."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from openfls.clinical import when
from openfls.clinical.facts import (
    Answer,
    BodySite,
    Declined,
    DoseGiven,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    LetterAcknowledged,
    LetterSent,
    PrescriptionIssued,
    Referral,
    RiskScore,
    TreatmentDecision,
)
from openfls.clinical.standards import Step
from openfls.clinical.treatment import STRENGTH_AND_BALANCE
from openfls.demo.habits import Begins, Hospital

NO_SCAN = ("frailty", "not tolerated", "not feasible", "treatment indicated without a scan")
NO_CLASS = ("doesn't want a class", "can't get there", "goes to a class already")
DXA_DECIDED = 0.92
SCORED = 0.55  # of those assessed: a risk score was read off its tool
FALLS_UNSURE = 0.04  # asked about falls, and the notes don't say what came of it
REFERRED_TO_A_CLASS = 0.12  # besides those who begin: nobody heard whether they went
CLASS_DECLINED = 0.06
SCAN_DECLINED = 0.25  # of those asked for a scan who never come
HEARD_OF = {  # what may have been done elsewhere, and is told by its month
    FlsAssessment, FallsAssessment, DxaRequest, DxaResult, TreatmentDecision, DoseGiven, PrescriptionIssued, Referral,
    FollowUpOutcome,
}  # fmt: skip
FOLLOWED_UP_ELSEWHERE = 3  # times as often: practices review patients by themselves
ENTERED_AFTER = 3  # days from the end of a month to the word of what was done in it


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day by somebody of a role; ``details`` are what the fact of its kind says.

    ``heard``: it was done elsewhere, and all that the staff heard is the month, and that it was not before this day.
    ``closes``: it ends all tasks, and may come after a death.
    """

    kind: type[Fact]
    day: date
    role: str
    details: dict[str, Any] = field(default_factory=dict)
    heard: date | None = None
    closes: bool = False

    @property
    def occurred(self) -> when.When:
        month = when.month(self.day.year, self.day.month)
        return when.between(max(month.start, self.heard), month.end) if self.heard else when.on(self.day)

    @property
    def entered(self) -> date:
        """The day on which the staff know of it."""
        return self.occurred.end + timedelta(days=ENTERED_AFTER) if self.heard else self.day


@dataclass(frozen=True, slots=True)
class Case:
    """An enrolled patient. ``seen``: the day of triage, before which the service did nothing.

    ``scan_told``: whether messages tell of a scan that was asked for, None where staff enter what becomes of it.
    ``left``: the day of discharge, None where nobody knows it. ``again``: the day on which another bone broke.
    """

    hospital: Hospital
    index: date
    seen: date
    inpatient: bool
    body_sites: frozenset[BodySite]
    age: int
    scan_told: bool | None = None
    left: date | None = None
    again: date | None = None


def assessment(case: Case, chance: Random) -> Iterator[Act]:
    """From the assessment to the letter about it; nothing where nobody is assessed."""
    assessed = _assessment_day(case, chance)
    if chance.random() >= case.hospital.care.assessed:
        return
    yield Act(FlsAssessment, assessed, "nurse", {"assessor_role": case.hospital.assessor})
    yield from _falls(case, chance, assessed)
    yield from _class(case, chance, assessed)
    yield from _scan(case, chance, assessed)
    yield from _score(case, chance, assessed)
    yield from _letters(case, chance, assessed)


def as_heard(acts: Iterator[Act], case: Case, chance: Random) -> Iterator[Act]:
    """The same acts, of which some were done elsewhere."""
    for act in acts:
        times = FOLLOWED_UP_ELSEWHERE if act.kind is FollowUpOutcome else 1
        elsewhere = chance.random() < case.hospital.care.heard * times
        yield replace(act, heard=case.index) if elsewhere and act.kind in HEARD_OF else act


def _assessment_day(case: Case, chance: Random) -> date:
    """On the ward within days where treatment begins there, else in a clinic weeks later; never before triage."""
    if case.inpatient and case.hospital.begins is Begins.IN_HOSPITAL:
        wait = chance.choice((1, 2, 2, 3, 4, 5, 8))
    else:
        wait = round(case.hospital.care.assessed_in_days * chance.lognormvariate(0, 0.45))
    return max(case.index + timedelta(days=wait), case.seen)


def _falls(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    done, how, later = chance.random(), chance.random(), chance.choice((0, 0, 0, 0, 7, 21, 60))
    if done >= case.hospital.care.falls:
        return
    if how < FALLS_UNSURE:
        answers = {"done": Answer.UNKNOWN, "referred": Answer.UNKNOWN}
    elif how < 0.25:
        answers = {"done": Answer.NO, "referred": Answer.YES}
    else:
        answers = {"done": Answer.YES}
    yield Act(FallsAssessment, assessed + timedelta(days=later), "nurse", answers)


def _class(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    """Strength and balance: begun, declined, or referred to and nothing heard."""
    luck, begins, begun = chance.random(), case.hospital.care.strength_and_balance, chance.randint(14, 130)
    referred = {"service": STRENGTH_AND_BALANCE, "started": Answer.UNKNOWN}
    if luck < begins:
        day = assessed + timedelta(days=begun)
        yield Act(Referral, day, "coordinator", referred | {"started": Answer.YES})
    elif luck < begins + REFERRED_TO_A_CLASS:
        yield Act(Referral, assessed, "nurse", referred)
    elif luck < begins + REFERRED_TO_A_CLASS + CLASS_DECLINED:
        declined = {"step": Step.STRENGTH_BALANCE.value, "reason": chance.choice(NO_CLASS)}
        yield Act(Declined, assessed, "nurse", declined)


def _scan(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    habits, decided = case.hospital.care, chance.random() < DXA_DECIDED
    drawn = chance.random() < habits.scan_asked(case.age)
    asked = drawn if case.scan_told is None else case.scan_told
    done, wait = chance.random() < habits.dxa_done, round(habits.dxa_days * chance.lognormvariate(0, 0.4))
    asked_on = assessed + timedelta(days=chance.choice((0, 0, 0, 0, 0, 1, 1, 5, 5, 18)))
    if not decided or case.scan_told:
        return
    if not asked:
        yield Act(DxaRequest, asked_on, "nurse", {"need": DxaNeed.NOT_NEEDED, "reason": chance.choice(NO_SCAN)})
        return
    scanner = f"{case.hospital.code}-DXA" if case.hospital.dxa_on_site else "X1A01-DXA"
    yield Act(DxaRequest, asked_on, "nurse", {"need": DxaNeed.REQUESTED, "scanner": scanner})
    day = asked_on + timedelta(days=max(1, wait))
    if done:
        found = {"region": "femoral neck", "t_score": round(chance.gauss(-2.1, 0.9), 1), "scanner": scanner}
        yield Act(DxaResult, day, "nurse", found)
    elif chance.random() < SCAN_DECLINED:
        yield Act(Declined, day, "coordinator", {"step": Step.DXA.value, "reason": "doesn't want a scan"})


def _score(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    luck, major = chance.random(), min(60.0, chance.lognormvariate(2.9, 0.35))
    if luck < SCORED:
        percent = {"major_fracture_percent": round(major, 1), "hip_fracture_percent": round(major * 0.4, 1)}
        measured = chance.choice((Answer.YES, Answer.NO, Answer.NO, Answer.NO))
        yield Act(RiskScore, assessed, "nurse", {"tool": "FRAX", "with_bmd": measured} | percent)


def _letters(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    told, answers = chance.random(), chance.random()
    sent = assessed + timedelta(days=chance.choice((0, 1, 2, 3, 5, 8, 13, 20)))
    answered = sent + timedelta(days=chance.randint(1, 25))
    heard = case.index if chance.random() < case.hospital.care.heard else None
    if told >= case.hospital.care.told_gp:
        return
    yield Act(LetterSent, sent, "coordinator", {"subject": "Fracture assessment and plan"}, heard)
    if answers < case.hospital.care.gp_answers:
        yield Act(LetterAcknowledged, answered, "coordinator", {"answer": "accepted"}, heard)
