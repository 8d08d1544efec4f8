"""Medication resources: bone drugs prescribed, dispensed, taken or given. Other medicines give no facts, by rule."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.bone_drugs import BoneDrug, bone_drug
from openfls.clinical.codes import Code
from openfls.clinical.facts import Answer, DoseGiven, Fact, PrescriptionIssued
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, number, text, unit, words
from openfls.feeds.fhir.export import File, begun, setting_of, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given

_DATES = (
    "authoredOn", "whenHandedOver", "whenPrepared", "effectiveDateTime", "effectivePeriod", "dateAsserted",
)  # fmt: skip
# FHIR R4 statuses under which nothing was prescribed, handed over, taken or given.
_NOTHING_HAPPENED = frozenset({"draft", "preparation", "declined", "not-taken", "intended", "not-done"})
_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order", ""})
_DAYS = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}  # UCUM and its words


def wanted(resource: Json) -> bool:
    """Whether it may be a bone drug: the medicine may stand elsewhere, so a reference is always looked at."""
    concept = child(resource, "medicationCodeableConcept")
    return not concept or bone_drug(codes(concept), words(concept)).answer is not Answer.NO


def prescription_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A MedicationRequest that orders (no proposal or plan), a dispense, a statement that it is taken."""
    resource = entry.resource
    if text(resource.get("intent")) not in _ORDERS or resource.get("doNotPerform") is True or _nothing(resource):
        return
    found = _medicine(resource, file)
    if found is None:
        return
    drug, its_codes, encounter = *found, file.encounter(resource)
    yield PrescriptionIssued(
        drug=drug.drug,
        codes=its_codes,
        setting=setting_of(encounter),
        days_supplied=_days(resource),
        bone_drug=drug.answer,
        **_common(entry, encounter, file),
    )


def dose_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A MedicationAdministration: somebody gave the dose."""
    found = None if _nothing(entry.resource) else _medicine(entry.resource, file)
    if found is None:
        return
    drug, its_codes, encounter = *found, file.encounter(entry.resource)
    common = _common(entry, encounter, file)
    yield DoseGiven(drug=drug.drug, codes=its_codes, setting=setting_of(encounter), bone_drug=drug.answer, **common)


def _nothing(resource: Json) -> bool:
    return text(resource.get("status")) in _NOTHING_HAPPENED


def _medicine(resource: Json, file: File) -> tuple[BoneDrug, tuple[Code, ...]] | None:
    """Which bone drug it is; None for another medicine. One that nothing names leaves a note."""
    concept = child(resource, "medicationCodeableConcept")
    if not concept:
        reference = text(child(resource, "medicationReference").get("reference"))
        concept = child(file.find(resource, reference) or {}, "code")
    its_codes = codes(concept)
    found = bone_drug(its_codes, words(concept))
    if found.answer is Answer.UNKNOWN and not found.drug:
        file.notes["medicines with neither a name nor a code on the list: whether bone drugs is not known"] += 1
        return None
    return None if found.answer is Answer.NO else (found, its_codes)


def _common(entry: Entry, encounter: Json, file: File) -> dict[str, Any]:
    occurred = first_given(entry.resource, _DATES, file.known) or begun(encounter, file.known)
    if occurred is None:
        raise CannotRead("The medicine has no date.", "Send it with authoredOn, whenHandedOver or effectiveDateTime.")
    told = status_of(text(entry.resource.get("status")))
    return file.common(entry, file.subject(entry), occurred, encounter, **told)


def _days(resource: Json) -> int | None:
    """Days supplied, where the sender counts days or weeks."""
    quantity = child(resource, "daysSupply") or child(child(resource, "dispenseRequest"), "expectedSupplyDuration")
    value, days = number(quantity), _DAYS.get(unit(quantity).lower())
    return round(value * days) if value is not None and days and 0 < value < 10_000 else None
