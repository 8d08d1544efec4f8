"""Facts about medicines as FHIR: asked for, issued, handed out, given, not given.

That treatment was stopped, and that somebody looked into a record, stay inside: R4 has no resource that says the one
without saying more than we know, and none for the other.
"""

from openfls.clinical.facts import (
    Answer,
    DoseGiven,
    DoseNotGiven,
    Fact,
    MedicineSupplied,
    PrescriptionIssued,
    PrescriptionRequested,
)
from openfls.feeds.fhir.writing.pieces import ERROR, Json, concept, date_of, moment_or_period, told

UCUM = "http://unitsofmeasure.org"


def request(fact: PrescriptionRequested) -> Json:
    """A request to prescribe orders nothing by itself: a proposal."""
    asked = [{"text": f"asked of {fact.asked_of}"}] if fact.asked_of else []
    return _ordered(fact, "proposal", concept(fact.drug or "bone treatment")) | told(note=asked)


def prescription(fact: PrescriptionIssued) -> Json:
    supply = told(expectedSupplyDuration=_days(fact.days_supplied), quantity=_quantity(fact.quantity))
    return _ordered(fact, "order", _drug(fact)) | told(dispenseRequest=supply)


def supply(fact: MedicineSupplied) -> Json:
    return told(
        status=ERROR if fact.retracted else "completed",
        medicationCodeableConcept=_drug(fact),
        whenHandedOver=date_of(fact.occurred),
        daysSupply=_days(fact.days_supplied),
        quantity=_quantity(fact.quantity),
        note=[{"text": f"by {fact.supplied_by}"}] if fact.supplied_by else [],
    )


def dose(fact: DoseGiven) -> Json:
    """``stopped``: only part of it went in."""
    whole = "completed" if fact.complete is Answer.YES else "stopped"
    return _given(fact, ERROR if fact.retracted else whole) | told(medicationCodeableConcept=_drug(fact))


def dose_not_given(fact: DoseNotGiven) -> Json:
    why = [concept(fact.reason)] if fact.reason else []
    not_done = told(statusReason=why, medicationCodeableConcept=_drug(fact))
    return _given(fact, ERROR if fact.retracted else "not-done") | not_done


def _ordered(fact: Fact, intent: str, drug: Json) -> Json:
    return told(
        status=ERROR if fact.retracted else "active",
        intent=intent,
        medicationCodeableConcept=drug,
        authoredOn=date_of(fact.occurred),
    )


def _given(fact: Fact, status: str) -> Json:
    return told(status=status, **moment_or_period("effective", fact.occurred))


def _drug(fact: PrescriptionIssued | MedicineSupplied | DoseGiven | DoseNotGiven) -> Json:
    """As the source wrote it: the strength may say what the drug is for."""
    return concept(fact.words or fact.drug, fact.codes)


def _days(days: int | None) -> Json:
    return {"value": days, "unit": "days", "system": UCUM, "code": "d"} if days else {}


def _quantity(quantity: float | None) -> Json:
    return {"value": quantity} if quantity else {}
