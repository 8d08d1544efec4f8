"""FLS-DB's sections 1.07 and 3 to 7: what was done, as the facts and the standards' verdicts say it."""

from datetime import date, timedelta

from openfls.clinical.bone_drugs import bone_drug
from openfls.clinical.facts import (
    Answer,
    DxaNeed,
    DxaRequest,
    DxaResult,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    Referral,
    RiskScore,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.monitoring import (
    FOLLOWED_UP_AT_16_WEEKS,
    FOLLOWED_UP_AT_ONE_YEAR,
    WEEKS_12,
    WEEKS_48,
)
from openfls.clinical.standards import Standard, Verdict
from openfls.clinical.treatment import STRENGTH_AND_BALANCE, STRENGTH_AND_BALANCE_BY_16_WEEKS, WEEKS_16
from openfls.feeds.csv.audit_words import (
    AUDIT,
    DECLINED,
    DONT_KNOW,
    DRUGS,
    FOR_OPINION,
    NO_LONGER,
    NOT_STARTED,
)
from openfls.measures.audits import fields
from openfls.measures.audits.fields import BLANK, NOT_DUE, Case, Cell, State, no_word, written, written_day

WORD_OF_DRUG = {drug: word for word, drug in DRUGS.items()}
ADVICE = {
    TreatmentAdvice.INAPPROPRIATE: "Inappropriate",
    TreatmentAdvice.DECLINED: "Informed decline",
    TreatmentAdvice.SPECIALIST: "Referred for further clinical opinion",
    TreatmentAdvice.GP_TO_DECIDE: "Referred to GP to decide prescription",
}
# Why treatment is not taken: the words of the form of a follow-up and of the audit -> the audit's word.
REASON = {
    NOT_STARTED: "Not started",
    "never prescribed": "Not started",
    "never started": "Not started",
    NO_LONGER: "No longer appropriate",
    DECLINED: "Informed decline",
    FOR_OPINION: "Refer for clinical opinion",
}
DECIDED = (*DRUGS, *ADVICE.values(), DONT_KNOW)
FOUND = (*DRUGS, *dict.fromkeys(REASON.values()), DONT_KNOW)


def assessed(case: Case) -> Cell:
    told = [fact.occurred.start for fact in case.recorded(FlsAssessment.kind) if fact.occurred.exact]
    return written_day(min(told, default=None))


def dxa(case: Case) -> Cell:
    """A scan that was asked for stays asked for, whatever was decided later: the audit counts it so."""
    asked = [fact.need for fact in case.recorded(DxaRequest.kind) if isinstance(fact, DxaRequest)]
    if DxaNeed.REQUESTED in asked:
        return written("Yes")
    return written("No" if asked else case.answer(AUDIT, "3.01 DXA"))


def dxa_reason(case: Case) -> Cell:
    if dxa(case).text != "No":
        return NOT_DUE
    told = [fact.reason for fact in case.recorded(DxaRequest.kind) if isinstance(fact, DxaRequest) and fact.reason]
    return written(told[-1] if told else "")


def _scans(case: Case) -> list[DxaResult]:
    """The scans of the day that counts: the first on or after the fracture, else the last before it."""
    told = [fact for fact in case.recorded(DxaResult.kind) if isinstance(fact, DxaResult) and fact.occurred.exact]
    days = sorted({fact.occurred.start for fact in told})
    after = [day for day in days if day >= case.care.episode.index.start]
    chosen = after[:1] or days[-1:]
    return [fact for fact in told if [fact.occurred.start] == chosen]


def dxa_day(case: Case) -> Cell:
    scans = _scans(case)
    if scans:
        return written_day(scans[0].occurred.start)
    return BLANK if dxa(case).text == "Yes" else NOT_DUE


def t_score(case: Case) -> Cell:
    scans = _scans(case)
    scores = [fact.t_score for fact in scans if fact.t_score is not None]
    if scores:
        return written(f"{min(scores):.1f}")
    return BLANK if scans else NOT_DUE


def risk(case: Case) -> Cell:
    answered = case.answer(AUDIT, "3.05 RiskOfFracture")
    told = [fact for fact in case.recorded(RiskScore.kind) if isinstance(fact, RiskScore)]
    percents = [fact.major_fracture_percent for fact in told if fact.major_fracture_percent is not None]
    return written(answered or (f"{percents[-1]:g}" if percents else ""))


def therapy(case: Case) -> Cell:
    """Several answers of one day stand side by side, with ; between."""
    told = [fact for fact in case.recorded(TreatmentDecision.kind) if isinstance(fact, TreatmentDecision)]
    if not told:
        return written(case.answer(AUDIT, "4.01 BoneTherapy"))
    latest = max(fact.occurred.start for fact in told)
    words = [_decided(fact) for fact in told if fact.occurred.start == latest]
    lacking = "; ".join(word.told for word in words if word.state is State.NO_WORD)
    found = {word.text for word in words if word.text}
    in_order = ";".join(word for word in DECIDED if word in found)
    return Cell(in_order, State.GIVEN, lacking) if found else no_word(lacking)


def _decided(fact: TreatmentDecision) -> Cell:
    if fact.advice in ADVICE:
        return written(ADVICE[fact.advice])
    return _drug(fact.drug, f"{fact.advice}, {fact.drug or 'no drug named'}")


def _drug(name: str, otherwise: str) -> Cell:
    own = name.casefold()
    known = WORD_OF_DRUG.get(own) or WORD_OF_DRUG.get(bone_drug((), name).drug if name else "")
    return written(known) if known else no_word(otherwise)


def falls(case: Case) -> Cell:
    told = [fact.done for fact in case.recorded(FallsAssessment.kind) if isinstance(fact, FallsAssessment)]
    if Answer.YES in told:
        return written("Yes")
    return written("No" if Answer.NO in told else case.answer(AUDIT, "5.01 RiskAssesByFLS"))


def referrals(case: Case) -> Cell:
    told = [fact.referred for fact in case.recorded(FallsAssessment.kind) if isinstance(fact, FallsAssessment)]
    return written(case.answer(AUDIT, "5.10 Referrals") or ("Falls service" if Answer.YES in told else ""))


def _day(case: Case, days: int) -> date:
    return case.care.episode.index.start + timedelta(days=days)


def _follow_ups(case: Case) -> list[FollowUpOutcome]:
    return [fact for fact in case.recorded(FollowUpOutcome.kind) if isinstance(fact, FollowUpOutcome)]


def _at_16(case: Case) -> FollowUpOutcome | None:
    """Within 12 to 16 weeks, else the first after them, else the last before: the audit's analysis takes any."""
    before_year = [fact for fact in _follow_ups(case) if fact.occurred.start < _day(case, WEEKS_48)]
    after = [fact for fact in before_year if fact.occurred.start >= _day(case, WEEKS_12)]
    return next(iter(after or before_year[-1:]), None)


def _at_52(case: Case) -> FollowUpOutcome | None:
    return next((fact for fact in _follow_ups(case) if fact.occurred.start >= _day(case, WEEKS_48)), None)


def _verdict(case: Case, standard: Standard) -> Verdict:
    return next(one.verdict for one in case.care.standings if one.standard == standard.name)


def _followed(case: Case, found: FollowUpOutcome | None, standard: Standard, header: str) -> Cell:
    if found:
        return written("Yes")
    if answered := case.answer(AUDIT, header):
        return written(answered)
    match _verdict(case, standard):
        case Verdict.MISSED:
            return written("No")
        case Verdict.UNKNOWN:
            return BLANK
    return NOT_DUE


def _found_on(found: FollowUpOutcome | None) -> Cell:
    if found is None:
        return NOT_DUE
    return written_day(found.occurred.start if found.occurred.exact else None)


def _taken(found: FollowUpOutcome | None) -> Cell:
    if found is None:
        return NOT_DUE
    match found.on_treatment:
        case Answer.YES:
            drugs = [_drug(name.strip(), found.drug) for name in found.drug.split(",")]
            words = ";".join(drug.text for drug in drugs if drug.text)
            return written(words) if words else no_word(f"on treatment, {found.drug or 'no drug named'}")
        case Answer.NO:
            return _why_not(found.reason)
    return written(REASON.get(found.reason, DONT_KNOW))


def _why_not(reason: str) -> Cell:
    return written(REASON[reason]) if reason in REASON else no_word(f"not on treatment, {reason or 'no reason given'}")


def followed_16(case: Case) -> Cell:
    return _followed(case, _at_16(case), FOLLOWED_UP_AT_16_WEEKS, "6.01 FollowUp12_16")


def day_16(case: Case) -> Cell:
    return _found_on(_at_16(case))


def taken_16(case: Case) -> Cell:
    return _taken(_at_16(case))


def followed_52(case: Case) -> Cell:
    return _followed(case, _at_52(case), FOLLOWED_UP_AT_ONE_YEAR, "7.01 FollowUp48_56")


def day_52(case: Case) -> Cell:
    return _found_on(_at_52(case))


def taken_52(case: Case) -> Cell:
    return _taken(_at_52(case))


def exercise(case: Case) -> Cell:
    """Begun by week 16, or not: who was asked later, or said no, has not."""
    told = [fact for fact in case.recorded(Referral.kind) if isinstance(fact, Referral)]
    mine = [fact for fact in told if fact.service == STRENGTH_AND_BALANCE]
    last = _day(case, WEEKS_16)
    if any(fact.started is Answer.YES and fact.occurred.end <= last for fact in mine):
        return written("Yes")
    if mine and case.today > last:
        return written("No")
    if answered := case.answer(AUDIT, "6.06 StartStrenBalExe"):
        return written(answered)
    return BLANK if _verdict(case, STRENGTH_AND_BALANCE_BY_16_WEEKS) is Verdict.MISSED else NOT_DUE


def refractures(case: Case) -> Cell:
    found = _at_52(case)
    if found is None:
        return NOT_DUE
    told = {Answer.YES: "1", Answer.NO: "0", Answer.UNKNOWN: ""}[found.refractured]
    return written(told) if told else fields.DONT_KNOW
