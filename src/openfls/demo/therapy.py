"""What is decided about bone treatment, and where it begins: ward, clinic, day unit, or by asking the GP."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from openfls.clinical.facts import (
    Answer,
    DoseGiven,
    PrescriptionIssued,
    PrescriptionRequested,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.demo.care import Act, Case
from openfls.demo.habits import Begins, Prescribing

ORAL, INTRAVENOUS = ("alendronate 70 mg weekly", "risedronate 35 mg weekly"), "zoledronate 5 mg"
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
ADVISED = {TreatmentAdvice.RECOMMENDED, TreatmentAdvice.CONTINUE, TreatmentAdvice.GP_TO_DECIDE}
BY_INFUSION = 0.5  # of treatments begun on the ward
BY_DAY_UNIT = 0.35  # of those begun in outpatients
DRUG_NOT_NAMED = 0.03  # the letter says "bone protection", and not which
SUPPLY_DAYS = 28


def decision(case: Case, chance: Random, assessed: date) -> Iterator[Act]:
    """What was decided after the assessment; nothing where nobody decided anything."""
    advice = _advice(case, chance)
    decided = assessed + timedelta(days=chance.choice((0, 0, 0, 1, 3, 7)))
    if advice:
        reason = chance.choice(REASONS.get(advice, ("",)))
        yield Act(TreatmentDecision, decided, "doctor", {"advice": advice, "reason": reason})


def _advice(case: Case, chance: Random) -> TreatmentAdvice | None:
    luck, otherwise = chance.random(), chance.random()
    if luck < case.hospital.care.recommended:
        asks_gp = case.hospital.begins is Begins.GP and otherwise < 0.6
        return TreatmentAdvice.GP_TO_DECIDE if asks_gp else TreatmentAdvice.RECOMMENDED
    for advice, share in NOT_RECOMMENDED.items():
        otherwise -= share
        if otherwise < 0:
            return advice
    return None


def treatment(case: Case, chance: Random, decided: date, advice: TreatmentAdvice) -> Iterator[Act]:
    """The first dose or prescription, where the hospital begins."""
    begun, days, oral = chance.random() < case.hospital.care.begun, chance.randint(7, 90), chance.choice(ORAL)
    if advice is TreatmentAdvice.CONTINUE:
        if begun:
            yield Act(PrescriptionIssued, decided, "doctor", _issued(oral, Setting.COMMUNITY))
    elif _on_the_ward(case, decided):
        if begun:
            yield _begun_on_the_ward(case, chance, decided, oral)
    else:
        yield from _begun_later(case, chance, decided, days if begun else None, oral)


def _on_the_ward(case: Case, decided: date) -> bool:
    in_hospital = case.hospital.begins is Begins.IN_HOSPITAL and case.inpatient
    return in_hospital and (case.left is None or decided <= case.left)


def _begun_on_the_ward(case: Case, chance: Random, decided: date, oral: str) -> Act:
    """An infusion on the ward; else tablets, which where prescribing is told go home with the patient."""
    infused, day = chance.random() < BY_INFUSION, decided + timedelta(days=chance.choice((0, 0, 1, 2)))
    if not infused and case.left and case.hospital.prescribing:
        return Act(PrescriptionIssued, case.left, "doctor", _issued(oral, Setting.INPATIENT))
    drug = INTRAVENOUS if infused else oral
    given = {"drug": drug, "bone_drug": Answer.YES, "setting": Setting.INPATIENT}
    return Act(DoseGiven, min(day, case.left or day), "doctor", given)


def _begun_later(case: Case, chance: Random, decided: date, days: int | None, oral: str) -> Iterator[Act]:
    """Asked of the clinic or the practice; ``days``: until it begins, None where it never does."""
    at_gp = case.hospital.begins is not Begins.OUTPATIENTS
    infused = chance.random() < BY_DAY_UNIT and (not at_gp or case.hospital.day_unit)
    unnamed = chance.random() < DRUG_NOT_NAMED
    asked_of = "day unit" if infused else "general practice" if at_gp else "osteoporosis clinic"
    drug = INTRAVENOUS if infused else oral
    yield Act(PrescriptionRequested, decided, "doctor", {"drug": drug, "asked_of": asked_of})
    if days is None:
        return
    day = decided + timedelta(days=days)
    if infused:
        given = {"drug": drug, "bone_drug": Answer.YES, "setting": Setting.OUTPATIENT}
        yield Act(DoseGiven, day, "nurse", given)
        return
    issued = _issued(oral, Setting.COMMUNITY if at_gp else Setting.OUTPATIENT)
    by_practice = at_gp and case.hospital.practice_lists
    if unnamed and not by_practice:
        issued |= {"drug": "bone protection", "bone_drug": Answer.UNKNOWN}
    yield Act(PrescriptionIssued, day, "nurse", issued)


def _issued(drug: str, setting: Setting) -> dict[str, object]:
    return {"drug": drug, "bone_drug": Answer.YES, "setting": setting, "days_supplied": SUPPLY_DAYS}


def told_by_feed(case: Case, act: Act) -> Prescribing | str | None:
    """Which feed of the hospital tells of this act; None where staff enter it."""
    setting, hospital = act.details.get("setting"), case.hospital
    if act.heard:
        return None
    if act.kind is PrescriptionIssued and setting is Setting.COMMUNITY:
        return "practice list" if hospital.practice_lists else None
    if act.kind is PrescriptionIssued and setting is Setting.INPATIENT:
        return hospital.prescribing
    if act.kind is DoseGiven and setting is Setting.INPATIENT:
        return Prescribing.MESSAGES if hospital.prescribing is Prescribing.MESSAGES else None
    if act.kind is DoseGiven and setting is Setting.OUTPATIENT:
        return "day unit" if hospital.day_unit else None
    return None
