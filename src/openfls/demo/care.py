"""The care that one enrolled patient gets: acts along a pathway, as often and as late as the hospital's habits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from openfls.clinical.facts import (
    Answer,
    BodySite,
    ContactAttempt,
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
    PrescriptionRequested,
    Referral,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.standards import Step
from openfls.clinical.treatment import STRENGTH_AND_BALANCE
from openfls.demo.habits import Begins, Hospital, Monitors

ORAL, INTRAVENOUS = ("alendronate 70 mg weekly", "risedronate 35 mg weekly"), "zoledronate 5 mg"
NO_SCAN = ("frailty", "not tolerated", "not feasible", "treatment indicated without a scan")
NOT_RECOMMENDED = {  # besides a recommendation: what else is decided, and how often
    TreatmentAdvice.CONTINUE: 0.20,
    TreatmentAdvice.INAPPROPRIATE: 0.34,
    TreatmentAdvice.DECLINED: 0.16,
    TreatmentAdvice.SPECIALIST: 0.14,
}
REASONS = {
    TreatmentAdvice.INAPPROPRIATE: ("limited life expectancy", "renal function", "low risk after DXA"),
    TreatmentAdvice.DECLINED: ("declined after discussion", "declined: worried about side effects"),
}
RESUMED, STOPPED_FOR_GOOD = 0.55, 0.2  # of those whom a follow-up found not to take their treatment
ADVISED = {TreatmentAdvice.RECOMMENDED, TreatmentAdvice.CONTINUE, TreatmentAdvice.GP_TO_DECIDE}


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day by somebody of a role; ``details`` are what the fact of its kind says."""

    kind: type[Fact]
    day: date
    role: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """An enrolled patient. ``seen``: the day of triage, before which the service did nothing.

    ``scan_told``: whether messages tell of a scan that was asked for, None where staff enter what becomes of it.
    """

    hospital: Hospital
    index: date
    seen: date
    inpatient: bool
    body_sites: frozenset[BodySite]
    age: int
    scan_told: bool | None = None


def acts(case: Case, chance: Random) -> Iterator[Act]:
    """Everything that would be done if time never ended and nobody died; the caller cuts it off."""
    habits = case.hospital.care
    assessed = _assessment_day(case, chance)
    if chance.random() >= habits.assessed:
        return
    yield Act(FlsAssessment, assessed, "nurse", {"assessor_role": case.hospital.assessor})
    yield from _falls(case, chance, assessed)
    yield from _scan(case, chance, assessed)
    yield from _letters(case, chance, assessed)
    advice = _advice(case, chance)
    if advice is None:
        return
    decided = assessed + timedelta(days=chance.choice((0, 0, 0, 1, 3, 7)))
    reason = chance.choice(REASONS.get(advice, ("",)))
    yield Act(TreatmentDecision, decided, "doctor", {"advice": advice, "reason": reason})
    if advice in ADVISED:
        yield from _treatment(case, chance, decided, advice)
        yield from _monitoring(case, chance)


def _assessment_day(case: Case, chance: Random) -> date:
    """On the ward within days where treatment begins there, else in a clinic weeks later; never before triage."""
    if case.inpatient and case.hospital.begins is Begins.IN_HOSPITAL:
        wait = chance.choice((1, 2, 2, 3, 4, 5, 8))
    else:
        wait = round(case.hospital.care.assessed_in_days * chance.lognormvariate(0, 0.45))
    return max(case.index + timedelta(days=wait), case.seen)


def _falls(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    done, referred, started = chance.random(), chance.random() < 0.25, chance.random()
    if done < case.hospital.care.falls:
        answers = {"done": Answer.NO, "referred": Answer.YES} if referred else {"done": Answer.YES}
        yield Act(FallsAssessment, assessed, "nurse", answers)
    if started < case.hospital.care.strength_and_balance:
        day = assessed + timedelta(days=chance.randint(14, 60))
        yield Act(Referral, day, "coordinator", {"service": STRENGTH_AND_BALANCE, "started": Answer.YES})


def _scan(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    habits, decided = case.hospital.care, chance.random() < 0.92
    drawn = chance.random() < habits.scan_asked(case.age)
    asked = drawn if case.scan_told is None else case.scan_told
    done, wait = chance.random() < habits.dxa_done, round(habits.dxa_days * chance.lognormvariate(0, 0.4))
    asked_on = assessed + timedelta(days=chance.choice((0, 0, 1, 5)))
    if not decided or case.scan_told:
        return
    if not asked:
        yield Act(DxaRequest, asked_on, "nurse", {"need": DxaNeed.NOT_NEEDED, "reason": chance.choice(NO_SCAN)})
        return
    scanner = f"{case.hospital.code}-DXA" if case.hospital.dxa_on_site else "X1A01-DXA"
    yield Act(DxaRequest, asked_on, "nurse", {"need": DxaNeed.REQUESTED, "scanner": scanner})
    if done:
        found = {"region": "femoral neck", "t_score": round(chance.gauss(-2.1, 0.9), 1), "scanner": scanner}
        yield Act(DxaResult, asked_on + timedelta(days=max(1, wait)), "nurse", found)


def _advice(case: Case, chance: Random) -> TreatmentAdvice | None:
    """What was decided; None where nobody decided anything."""
    luck, otherwise = chance.random(), chance.random()
    if luck < case.hospital.care.recommended:
        asks_gp = case.hospital.begins is Begins.GP and otherwise < 0.6
        return TreatmentAdvice.GP_TO_DECIDE if asks_gp else TreatmentAdvice.RECOMMENDED
    for advice, share in NOT_RECOMMENDED.items():
        otherwise -= share
        if otherwise < 0:
            return advice
    return None


def _treatment(case: Case, chance: Random, decided: date, advice: TreatmentAdvice) -> Iterator[Act]:
    begun, days, oral = chance.random() < case.hospital.care.begun, chance.randint(7, 70), chance.choice(ORAL)
    issued = {"drug": oral, "bone_drug": Answer.YES}
    if advice is TreatmentAdvice.CONTINUE:
        if begun:
            yield Act(PrescriptionIssued, decided, "doctor", issued | {"setting": Setting.COMMUNITY})
    elif case.hospital.begins is Begins.IN_HOSPITAL and case.inpatient:
        if begun:
            drug = INTRAVENOUS if chance.random() < 0.5 else oral
            given = {"drug": drug, "bone_drug": Answer.YES, "setting": Setting.INPATIENT}
            yield Act(DoseGiven, decided + timedelta(days=days % 3), "doctor", given)
    else:
        at_gp = case.hospital.begins is not Begins.OUTPATIENTS
        asked_of = "general practice" if at_gp else "osteoporosis clinic"
        yield Act(PrescriptionRequested, decided, "doctor", {"drug": oral, "asked_of": asked_of})
        if begun:
            setting = Setting.COMMUNITY if at_gp else Setting.OUTPATIENT
            day = decided + timedelta(days=days)
            yield Act(PrescriptionIssued, day, "nurse", issued | {"setting": setting, "days_supplied": 28})


def _letters(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    told, answers = chance.random(), chance.random()
    sent = assessed + timedelta(days=chance.choice((0, 1, 2, 3, 5, 8, 13, 20)))
    if told >= case.hospital.care.told_gp:
        return
    yield Act(LetterSent, sent, "coordinator", {"subject": "Fracture assessment and plan"})
    if answers < case.hospital.care.gp_answers:
        yield Act(
            LetterAcknowledged, sent + timedelta(days=chance.randint(1, 25)), "coordinator", {"answer": "accepted"}
        )


def _monitoring(case: Case, chance: Random) -> Iterator[Act]:
    """Two windows; where the GP monitors, the service hears less."""
    habits = case.hospital.care
    hears = 1.0 if case.hospital.monitors is Monitors.SECONDARY_CARE else 0.8
    asked = [
        *_follow_up(case, chance, Step.FOLLOW_UP_16, habits.followed_16 * hears, (84, 118)),
        *_follow_up(case, chance, Step.FOLLOW_UP_52, habits.followed_52 * hears, (336, 392)),
    ]
    yield from asked
    for found in asked:
        if found.details.get("on_treatment", Answer.YES) is not Answer.YES:
            yield from _not_taken(found.day, chance)


def _not_taken(found: date, chance: Random) -> Iterator[Act]:
    """Treatment that a follow-up didn't find: mostly prescribed anew, sometimes decided against, sometimes left."""
    luck, day, drug = chance.random(), found + timedelta(days=chance.randint(0, 24)), chance.choice(ORAL)
    if luck < RESUMED:
        issued = {"drug": drug, "bone_drug": Answer.YES, "setting": Setting.COMMUNITY, "days_supplied": 28}
        yield Act(PrescriptionIssued, day, "nurse", issued)
    elif luck < RESUMED + STOPPED_FOR_GOOD:
        advice = chance.choice((TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED))
        yield Act(TreatmentDecision, day, "doctor", {"advice": advice, "reason": chance.choice(REASONS[advice])})


def _follow_up(case: Case, chance: Random, step: Step, share: float, days: tuple[int, int]) -> Iterator[Act]:
    luck, day, taken = chance.random(), chance.randint(*days), chance.random()
    called = case.index + timedelta(days=day)
    if chance.random() < 0.35:
        tried = {"by_means": "telephone", "outcome": "no answer", "step": step.value}
        yield Act(ContactAttempt, called - timedelta(days=3), "nurse", tried)
    if luck < share:
        answer = Answer.YES if taken < 0.76 else Answer.NO if taken < 0.92 else Answer.UNKNOWN
        reason = chance.choice(("stomach upset", "worried", "not prescribed")) if answer is Answer.NO else ""
        yield Act(FollowUpOutcome, called, "nurse", {"on_treatment": answer, "reason": reason})
