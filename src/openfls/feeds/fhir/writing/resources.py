"""One fact, one resource: which type each kind becomes, and how. What has no entry is not given out.

Triage, tasks, notes and links are the service's own working: they stay inside.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openfls.clinical.facts import (
    Admission,
    Answer,
    Attendance,
    ContactAttempt,
    Discharge,
    DoseGiven,
    DoseNotGiven,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    FractureSighting,
    LaboratoryResult,
    LetterAcknowledged,
    LetterSent,
    MedicineSupplied,
    PrescriptionIssued,
    PrescriptionRequested,
    Referral,
    RiskScore,
    Setting,
    Side,
    Status,
    Surgery,
    TreatmentDecision,
)
from openfls.feeds.fhir.writing import medicines
from openfls.feeds.fhir.writing.pieces import (
    ERROR,
    Json,
    concept,
    date_of,
    meta,
    moment_or_period,
    organisation,
    subject,
    terms,
    told,
)

CLASSES = {Setting.INPATIENT: "IMP", Setting.OUTPATIENT: "AMB", Setting.EMERGENCY: "EMER", Setting.COMMUNITY: "HH"}
CERTAINTY = {Answer.YES: "confirmed", Answer.NO: "refuted", Answer.UNKNOWN: "unconfirmed"}


def _condition(fact: FractureSighting) -> Json:
    sided = f"{fact.body_site}, {fact.side}" if fact.side is not Side.UNKNOWN else fact.body_site.value
    certain = ERROR if fact.retracted else CERTAINTY[fact.certain]
    dated = {"recordedDate": date_of(fact.occurred)} if fact.dated_by != "injury" and fact.occurred.exact else {}
    return told(
        clinicalStatus=None if fact.retracted else terms("condition-clinical", "active"),
        verificationStatus=terms("condition-ver-status", certain),
        code=concept(fact.words or f"fracture of {fact.body_site}", fact.codes),
        bodySite=[concept(sided)],
        note=[{"text": f"found by {fact.finder}; dated by {fact.dated_by}"}],
        **(dated or moment_or_period("onset", fact.occurred)),
    )


def _stay(fact: Admission | Discharge | Attendance) -> Json:
    """A stay's two ends are two facts: each gives the end that it knows, and an admission not whether it has ended."""
    known = date_of(fact.occurred)
    setting = fact.setting if isinstance(fact, Attendance) else Setting.INPATIENT
    v3 = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    return told(
        status=ERROR if fact.retracted else "unknown" if isinstance(fact, Admission) else "finished",
        identifier=[{"value": fact.visit}] if fact.visit else [],
        period={"end": known} if isinstance(fact, Discharge) else {"start": known},
        serviceProvider=organisation(fact.site),
        location=[{"location": {"display": fact.ward}}] if isinstance(fact, Admission) and fact.ward else [],
        **{"class": {"system": v3, "code": CLASSES.get(setting, "AMB")}},
    )


def _surgery(fact: Surgery) -> Json:
    return _procedure(fact, concept(fact.procedure or "operation", fact.codes))


def _falls(fact: FallsAssessment) -> Json:
    done = "falls risk assessment" if fact.done is Answer.YES else "referred for a falls risk assessment"
    return _procedure(fact, concept(done), fact.findings)


def _assessment(fact: FlsAssessment) -> Json:
    return _procedure(fact, concept("fracture liaison service assessment"), fact.findings)


def _procedure(fact: Fact, code: Json, findings: str = "") -> Json:
    return told(
        status=ERROR if fact.retracted else "completed",
        code=code,
        note=[{"text": findings}] if findings else [],
        **moment_or_period("performed", fact.occurred),
    )


def _laboratory(fact: LaboratoryResult) -> Json:
    return _observation(fact, concept(fact.name, (fact.code,) if fact.code else ()), "laboratory") | _measured(
        fact.value, fact.unit
    )


def _measured(value: str, unit: str) -> Json:
    """A number with its comparator as a quantity, anything else as the laboratory's words."""
    comparator = next((sign for sign in ("<=", ">=", "<", ">") if value.startswith(sign)), "")
    try:
        number = float(value.removeprefix(comparator))
    except ValueError:
        return {"valueString": f"{value} {unit}".strip()}
    return {"valueQuantity": told(value=number, comparator=comparator, unit=unit)}


def _scan(fact: DxaResult) -> Json:
    """T-score and density of one region stand as components, each with its unit."""
    parts = [("T-score", fact.t_score, "1"), ("bone mineral density", fact.bmd_g_cm2, "g/cm2")]
    values = [
        {"code": concept(name), "valueQuantity": {"value": value, "unit": unit}}
        for name, value, unit in parts
        if value is not None
    ]
    where = ", ".join(filter(None, [fact.region, fact.side if fact.side is not Side.UNKNOWN else ""]))
    code = concept("bone densitometry (DXA)", (fact.code,) if fact.code else ())
    return _observation(fact, code, "imaging") | told(component=values, bodySite=concept(where) if where else {})


def _follow_up(fact: FollowUpOutcome) -> Json:
    value = {"valueCodeableConcept": concept(f"{fact.on_treatment}{f': {fact.drug}' if fact.drug else ''}")}
    return _observation(fact, concept("on bone treatment at follow-up"), "therapy") | value


def _observation(fact: Fact, code: Json, category: str) -> Json:
    status = {Status.PRELIMINARY: "preliminary", Status.FINAL: "final", Status.CORRECTED: "corrected"}[fact.status]
    return told(
        status=ERROR if fact.retracted else status,
        category=[terms("observation-category", category)],
        code=code,
        **moment_or_period("effective", fact.occurred),
    )


def _risk(fact: RiskScore) -> Json:
    named = (
        ("major osteoporotic fracture in ten years", fact.major_fracture_percent),
        ("hip fracture in ten years", fact.hip_fracture_percent),
    )
    return told(
        status=ERROR if fact.retracted else "final",
        method=concept(f"{fact.tool} {fact.tool_version}".strip()),
        prediction=[
            {"outcome": concept(outcome), "probabilityDecimal": percent}
            for outcome, percent in named
            if percent is not None
        ],
        **moment_or_period("occurrence", fact.occurred),
    )


def _dxa_request(fact: DxaRequest) -> Json:
    return _asked(fact, concept("bone densitometry (DXA)"), fact.reason) | (
        {"doNotPerform": True} if fact.need is DxaNeed.NOT_NEEDED else {}
    )


def _referral(fact: Referral) -> Json:
    return _asked(fact, concept(fact.service), "begun" if fact.started is Answer.YES else "")


def _asked(fact: Fact, code: Json, reason: str) -> Json:
    return told(
        status=ERROR if fact.retracted else "active",
        intent="order",
        code=code,
        authoredOn=date_of(fact.occurred),
        note=[{"text": reason}] if reason else [],
    )


def _decision(fact: TreatmentDecision) -> Json:
    summary = ": ".join(filter(None, [fact.advice.value, ", ".join(filter(None, [fact.drug, fact.reason]))]))
    return told(
        status=ERROR if fact.retracted else "completed",
        code=concept("decision about bone treatment"),
        summary=summary,
        **moment_or_period("effective", fact.occurred),
    )


def _letter(fact: LetterSent) -> Json:
    return _communication(fact, fact.subject or "letter", f"to {fact.to}")


def _acknowledged(fact: LetterAcknowledged) -> Json:
    return _communication(fact, "letter acknowledged", ": ".join(filter(None, [fact.answered_by, fact.answer])))


def _attempt(fact: ContactAttempt) -> Json:
    return _communication(fact, f"contact attempt {fact.step}".strip(), f"{fact.by_means}: {fact.outcome}")


def _communication(fact: Fact, topic: str, words: str) -> Json:
    return told(
        status=ERROR if fact.retracted else "completed",
        topic=concept(topic),
        sent=date_of(fact.occurred),
        payload=[{"contentString": words}] if words else [],
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """``who``: the element that names the patient."""

    type: str
    write: Callable[[Any], Json]
    who: str = "subject"


FORMS: dict[type[Fact], _Form] = {
    FractureSighting: _Form("Condition", _condition),
    Admission: _Form("Encounter", _stay),
    Attendance: _Form("Encounter", _stay),
    Discharge: _Form("Encounter", _stay),
    Surgery: _Form("Procedure", _surgery),
    FallsAssessment: _Form("Procedure", _falls),
    FlsAssessment: _Form("Procedure", _assessment),
    LaboratoryResult: _Form("Observation", _laboratory),
    DxaResult: _Form("Observation", _scan),
    FollowUpOutcome: _Form("Observation", _follow_up),
    RiskScore: _Form("RiskAssessment", _risk),
    DxaRequest: _Form("ServiceRequest", _dxa_request),
    Referral: _Form("ServiceRequest", _referral),
    TreatmentDecision: _Form("ClinicalImpression", _decision),
    PrescriptionRequested: _Form("MedicationRequest", medicines.request),
    PrescriptionIssued: _Form("MedicationRequest", medicines.prescription),
    MedicineSupplied: _Form("MedicationDispense", medicines.supply),
    DoseGiven: _Form("MedicationAdministration", medicines.dose),
    DoseNotGiven: _Form("MedicationAdministration", medicines.dose_not_given),
    LetterSent: _Form("Communication", _letter),
    LetterAcknowledged: _Form("Communication", _acknowledged),
    ContactAttempt: _Form("Communication", _attempt),
}
# The types that are given out, with the kinds of facts that become each.
TYPES: dict[str, tuple[str, ...]] = {
    name: tuple(kind.kind for kind, form in FORMS.items() if form.type == name)
    for name in dict.fromkeys(form.type for form in FORMS.values())
}


def type_of(fact: Fact) -> str:
    """The resource type that the fact becomes; empty where it isn't given out."""
    form = FORMS.get(type(fact))
    return form.type if form else ""


def resource_of(fact: Fact, patient: str) -> Json:
    """The fact as a resource about the Patient of this id. Raises ``KeyError`` for a kind that isn't given out."""
    form = FORMS[type(fact)]
    common = {"resourceType": form.type, "id": fact.id, "meta": meta(fact), form.who: subject(patient)}
    return common | form.write(fact)
