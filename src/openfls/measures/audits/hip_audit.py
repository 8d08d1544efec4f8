"""The national hip audit's fields about bone health, each derived from the facts.

The option values are general knowledge of the field, not confirmed (docs/safety/to-confirm.md): this is not the audit's
own format.
"""

from openfls.clinical.assessment import HIP_AUDIT_FROM, NEAR_THE_FRACTURE
from openfls.clinical.expressions import inside
from openfls.clinical.facts import (
    Answer,
    BodySite,
    Discharge,
    DoseGiven,
    DxaNeed,
    DxaRequest,
    Fact,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    MedicineSupplied,
    PrescriptionIssued,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.monitoring import FOLLOWED_UP_AT_120_DAYS, HIP_AUDIT_DAYS, WEEKS_12, WEEKS_48
from openfls.clinical.standards import Verdict
from openfls.measures.audits import fls_db_person as whom
from openfls.measures.audits.fields import (
    BLANK,
    DONT_KNOW,
    NOT_DUE,
    Audit,
    AuditField,
    Case,
    Cell,
    no_word,
    written,
    written_day,
)

NAME = "hip-audit"
LABEL = "Hip-audit-shaped export by OpenFLS: bone health and 120-day follow-up. NOT the audit's official format."
STARTED, CONTINUED = "Started on this admission", "Continued from pre-admission"
AWAITS_DXA, AWAITS_CLINIC = "Awaits DXA scan", "Awaits bone clinic assessment"
NONE_NEEDED, NOT_ASSESSED = "Assessed - no bone protection medication needed/appropriate", "No assessment"
ASSESSMENT = (STARTED, CONTINUED, AWAITS_DXA, AWAITS_CLINIC, NONE_NEEDED, NOT_ASSESSED)
EARLIEST, LATEST = WEEKS_12, WEEKS_48 - 1  # days: from when the standard takes a follow-up, and until when late
FOLLOWED = ("Yes", "No", "Don't know")
MEDICINES = (DoseGiven.kind, PrescriptionIssued.kind, MedicineSupplied.kind)
GIVEN = DoseGiven | PrescriptionIssued | MedicineSupplied


def _discharge(case: Case) -> Fact | None:
    """The first discharge after the fracture, near enough to be of it."""
    told = (f for f in case.recorded(Discharge.kind) if isinstance(f, Discharge))
    return next((f for f in told if inside(f.occurred, NEAR_THE_FRACTURE, case.care.history).yes), None)


def _taken_by_discharge(case: Case) -> list[GIVEN]:
    discharge = _discharge(case)
    if discharge is None:
        return []
    told = (f for kind in MEDICINES for f in case.recorded(kind) if isinstance(f, GIVEN))
    first, last = case.care.episode.index.start, discharge.occurred.end
    return [f for f in told if f.bone_drug is Answer.YES and first <= f.occurred.start <= last]


def _decisions(case: Case) -> list[TreatmentDecision]:
    last = discharge.occurred.end if (discharge := _discharge(case)) else case.today
    told = (f for f in case.recorded(TreatmentDecision.kind) if isinstance(f, TreatmentDecision))
    return [f for f in told if f.occurred.start <= last]


def bone_health(case: Case) -> Cell:
    """As it stood at discharge; before that it is not due. That nobody assessed is only said where somebody says so."""
    if answered := case.answer(NAME, "Bone health assessment"):
        return written(answered)
    if _discharge(case) is None:
        return NOT_DUE
    advice = [fact.advice for fact in _decisions(case)]
    if TreatmentAdvice.CONTINUE in advice:
        return written(CONTINUED)
    if _taken_by_discharge(case):
        return written(STARTED)
    if advice and advice[-1] in (TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED):
        return written(NONE_NEEDED) if advice[-1] is TreatmentAdvice.INAPPROPRIATE else no_word("informed decline")
    if advice and advice[-1] is TreatmentAdvice.SPECIALIST:
        return written(AWAITS_CLINIC)
    return _awaits(case, bool(advice))


def _awaits(case: Case, decided: bool) -> Cell:
    last = discharge.occurred.end if (discharge := _discharge(case)) else case.today
    asked = [f.need for f in case.recorded(DxaRequest.kind) if isinstance(f, DxaRequest) and f.occurred.start <= last]
    if asked and asked[-1] is DxaNeed.REQUESTED:
        return written(AWAITS_DXA)
    if decided:
        return no_word("recommended, not started by discharge")
    seen = [f for f in case.recorded(FlsAssessment.kind) if f.occurred.start <= last]
    return no_word("assessed, nothing decided by discharge") if seen else BLANK


def medication(case: Case) -> Cell:
    """What of bone treatment was given, prescribed or continued by discharge."""
    if _discharge(case) is None:
        return NOT_DUE
    continued = [f.drug for f in _decisions(case) if f.advice is TreatmentAdvice.CONTINUE and f.drug]
    names = dict.fromkeys(name.capitalize() for name in (*(f.drug for f in _taken_by_discharge(case)), *continued))
    return written(";".join(names) or case.answer(NAME, "Bone medication at discharge"))


def discharged(case: Case) -> Cell:
    found = _discharge(case)
    return written_day(found.occurred.start if found and found.occurred.exact else None) if found else NOT_DUE


def falls(case: Case) -> Cell:
    told = [f.done for f in case.recorded(FallsAssessment.kind) if isinstance(f, FallsAssessment)]
    return written("Yes" if Answer.YES in told else "No" if Answer.NO in told else "")


def _at_120(case: Case) -> FollowUpOutcome | None:
    """The follow-up nearest to day 120, within the bounds."""
    start = case.care.episode.index.start
    told = [f for f in case.recorded(FollowUpOutcome.kind) if isinstance(f, FollowUpOutcome)]
    near = [f for f in told if EARLIEST <= (f.occurred.start - start).days <= LATEST]
    return min(near, key=lambda f: abs((f.occurred.start - start).days - HIP_AUDIT_DAYS), default=None)


def followed_120(case: Case) -> Cell:
    if _at_120(case):
        return written("Yes")
    verdict = next(one.verdict for one in case.care.standings if one.standard == FOLLOWED_UP_AT_120_DAYS.name)
    if verdict is Verdict.MISSED:
        return written("No")
    return BLANK if verdict is Verdict.UNKNOWN else NOT_DUE


def day_120(case: Case) -> Cell:
    found = _at_120(case)
    return written_day(found.occurred.start if found.occurred.exact else None) if found else NOT_DUE


def on_treatment_120(case: Case) -> Cell:
    found = _at_120(case)
    if found is None:
        return NOT_DUE
    return {Answer.YES: written("Yes"), Answer.NO: written("No"), Answer.UNKNOWN: DONT_KNOW}[found.on_treatment]


def drug_120(case: Case) -> Cell:
    found = _at_120(case)
    return written(found.drug.capitalize()) if found and found.on_treatment is Answer.YES else NOT_DUE


FIELDS = (
    AuditField("Age", "completed years at the fracture", whom.age),
    AuditField("Sex", "sex in the record", whom.gender, ("Female", "Male", "Other")),
    AuditField("Date of fracture", "the index date where it is exact", whom.index),
    AuditField("Date of discharge", "the first discharge that belongs to the fracture", discharged),
    AuditField("Bone health assessment", "decisions, medicines and requests up to discharge", bone_health, ASSESSMENT,
               counted=True),
    AuditField("Bone medication at discharge", "given, prescribed or continued by discharge, else as answered",
               medication, counted=True),
    AuditField("Falls assessment", "done: Yes; not done: No", falls, FOLLOWED, counted=True),
    AuditField("120-day follow-up", f"a follow-up from day {EARLIEST} to {LATEST}: Yes; missed by the standard: No",
               followed_120, FOLLOWED, counted=True),
    AuditField("120-day follow-up date", "the follow-up nearest to day 120", day_120),
    AuditField("120-day bone protection", "whether it found treatment taken", on_treatment_120, FOLLOWED,
               counted=True),
    AuditField("120-day bone medication", "what was taken", drug_120),
)  # fmt: skip


def _hip(case: Case) -> bool:
    """A broken hip from the audit's age on; an age that nobody knows leaves nobody out."""
    age = case.care.age
    return BodySite.HIP in case.care.episode.body_sites and (age is None or age >= HIP_AUDIT_FROM)


HIP_AUDIT = Audit(
    NAME, "National hip audit: bone health", LABEL,
    keys=(
        AuditField("Record ID", "a digest of the fracture's first sighting", whom.record_id),
        AuditField("NHS Number", "the person's checked NHS number", whom.nhs_number),
        AuditField("Date of Birth", "that most sources give", whom.born),
    ),
    fields=FIELDS,
    takes=_hip,
)  # fmt: skip
