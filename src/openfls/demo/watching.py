"""Monitoring: follow-ups at 16 and 52 weeks, the hip audit's at 120 days, what becomes of treatment not taken."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from openfls.clinical.facts import (
    Answer,
    BodySite,
    ClosingReason,
    ContactAttempt,
    Declined,
    FollowUpOutcome,
    MedicinesRecordChecked,
    PrescriptionIssued,
    Setting,
    TaskClosed,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.standards import Step
from openfls.demo.care import Act, Case
from openfls.demo.habits import Monitors
from openfls.demo.therapy import ORAL, REASONS

WEEKS_16, WEEKS_52 = (84, 118), (336, 400)  # days after the fracture on which somebody calls
DAYS_120 = (106, 135)
RESUMED, STOPPED_FOR_GOOD = 0.55, 0.2  # of those whom a follow-up found not to take their treatment
SILENT_GP = 0.8  # where the practice follows up, the service hears of so many
NO_ANSWER = 0.35  # of first calls
DECLINES, GIVEN_UP, ELSEWHERE = 0.05, 0.10, 0.04  # of follow-ups that don't happen
RECORD_LOOKED_INTO = 0.3  # of follow-ups by the practice


def monitoring(case: Case, chance: Random) -> Iterator[Act]:
    """Two windows; where the GP monitors, the service hears less."""
    habits = case.hospital.care
    hears = 1.0 if case.hospital.monitors is Monitors.SECONDARY_CARE else SILENT_GP
    asked = [
        *_follow_up(case, chance, Step.FOLLOW_UP_16, habits.followed_16 * hears, WEEKS_16),
        *_follow_up(case, chance, Step.FOLLOW_UP_52, habits.followed_52 * hears, WEEKS_52),
    ]
    yield from asked
    for found in asked:
        if found.details.get("on_treatment", Answer.YES) is not Answer.YES:
            yield from _not_taken(found.day, chance)


def at_120_days(case: Case, chance: Random) -> Iterator[Act]:
    """The national hip audit's own call, treated or not."""
    luck, days, taken = chance.random(), chance.randint(*DAYS_120), chance.random()
    if BodySite.HIP in case.body_sites and case.inpatient and luck < case.hospital.care.followed_120:
        answer = Answer.YES if taken < 0.5 else Answer.NO if taken < 0.85 else Answer.UNKNOWN
        called = case.index + timedelta(days=days)
        found = {"on_treatment": answer, "reason": "120-day follow-up of the hip audit"}
        yield Act(FollowUpOutcome, called, "coordinator", found | _refractured(case, called, answer))


def _follow_up(case: Case, chance: Random, step: Step, share: float, days: tuple[int, int]) -> Iterator[Act]:
    luck, day, taken = chance.random(), chance.randint(*days), chance.random()
    called = case.index + timedelta(days=day)
    if chance.random() < NO_ANSWER:
        tried = {"by_means": "telephone", "outcome": "no answer", "step": step.value}
        yield Act(ContactAttempt, called - timedelta(days=3), "nurse", tried)
    if luck < share:
        answer = Answer.YES if taken < 0.76 else Answer.NO if taken < 0.92 else Answer.UNKNOWN
        reason = chance.choice(("stomach upset", "worried", "not prescribed")) if answer is Answer.NO else ""
        yield from _looked_into(case, chance, called, answer)
        found = {"on_treatment": answer, "reason": reason, "adverse_effects_asked": _asked_of_effects(taken)}
        yield Act(FollowUpOutcome, called, "nurse", found | _refractured(case, called, answer))
    else:
        yield from _not_followed(chance, step, called)


def _asked_of_effects(luck: float) -> Answer:
    """Mostly; some callers don't ask, of some nobody wrote it down. By further digits of a draw that is there already,
    so that nothing else of a region depends on it."""
    digit = int(luck * 1000) % 10
    return Answer.YES if digit < 6 else Answer.NO if digit < 8 else Answer.UNKNOWN


def _refractured(case: Case, called: date, answer: Answer) -> dict[str, Answer]:
    """Whether another bone has broken; unknown of those who couldn't say what they take."""
    if answer is Answer.UNKNOWN:
        return {"refractured": Answer.UNKNOWN}
    return {"refractured": Answer.YES if case.again and case.again < called else Answer.NO}


def _looked_into(case: Case, chance: Random, called: date, answer: Answer) -> Iterator[Act]:
    """The practice's own record of medicines, where the practice monitors and sends no list."""
    monitors = case.hospital.monitors is Monitors.GP and not case.hospital.practice_lists
    if chance.random() < RECORD_LOOKED_INTO and monitors and answer is not Answer.UNKNOWN:
        yield Act(MedicinesRecordChecked, called, "nurse", {"found": answer})


def _not_followed(chance: Random, step: Step, called: date) -> Iterator[Act]:
    """Mostly nobody did anything; seldom the patient, or a named member of the staff, ended it."""
    luck = chance.random()
    if luck < DECLINES:
        yield Act(Declined, called, "nurse", {"step": step.value, "reason": "doesn't want to be called"})
    elif luck < DECLINES + GIVEN_UP + ELSEWHERE:
        gave_up = luck < DECLINES + GIVEN_UP
        reason = ClosingReason.NOT_REACHED if gave_up else ClosingReason.OTHER_SERVICE
        closed = {"step": step.value, "reason": reason}
        yield Act(TaskClosed, called + timedelta(days=14), "nurse", closed)


def _not_taken(found: date, chance: Random) -> Iterator[Act]:
    """Treatment that a follow-up didn't find: mostly prescribed anew, sometimes decided against, sometimes left."""
    luck, day, drug = chance.random(), found + timedelta(days=chance.randint(0, 24)), chance.choice(ORAL)
    if luck < RESUMED:
        issued = {"drug": drug, "bone_drug": Answer.YES, "setting": Setting.COMMUNITY, "days_supplied": 28}
        yield Act(PrescriptionIssued, day, "nurse", issued)
    elif luck < RESUMED + STOPPED_FOR_GOOD:
        advice = chance.choice((TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED))
        yield Act(TreatmentDecision, day, "doctor", {"advice": advice, "reason": chance.choice(REASONS[advice])})
