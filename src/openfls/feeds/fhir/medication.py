"""Medication resources: bone drugs prescribed, dispensed, taken or given. Other medicines give no facts, by rule."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.bone_drugs import bone_drug
from openfls.clinical.facts import Answer, DoseGiven, DoseNotGiven, Fact, MedicineSupplied, PrescriptionIssued
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, number, text, unit, words, words_of_all
from openfls.feeds.fhir.export import File, begun, setting_of, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given
from openfls.feeds.medicines import Medicine, medicine

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
    """A MedicationRequest that orders (no proposal or plan), a statement that it is taken."""
    resource = entry.resource
    if text(resource.get("intent")) not in _ORDERS or resource.get("doNotPerform") is True or _nothing(resource):
        return
    found = _medicine(resource, file)
    if found is None:
        return
    encounter = file.encounter(resource)
    yield PrescriptionIssued(
        setting=setting_of(encounter),
        days_supplied=_days(resource),
        quantity=number(child(child(resource, "dispenseRequest"), "quantity")),
        **found.said(),
        **_common(entry, encounter, file),
    )


def supply_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A MedicationDispense: a pharmacy handed it out. The request that it fills is named where it has an id."""
    resource = entry.resource
    found = None if _nothing(resource) else _medicine(resource, file)
    if found is None:
        return
    encounter = file.encounter(resource)
    fills = text(child(resource, "authorizingPrescription").get("reference"))
    yield MedicineSupplied(
        setting=setting_of(encounter),
        days_supplied=_days(resource),
        quantity=number(child(resource, "quantity")),
        supplied_by="pharmacy",
        order=f"{file.origin.source}/{fills}" if fills.startswith("MedicationRequest/") else "",
        **found.said(),
        **_common(entry, encounter, file),
    )


def dose_facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A MedicationAdministration: somebody gave the dose, or it was not done and why."""
    resource = entry.resource
    not_done = text(resource.get("status")) == "not-done"
    found = None if _nothing(resource) and not not_done else _medicine(resource, file)
    if found is None:
        return
    encounter = file.encounter(resource)
    common = {"setting": setting_of(encounter)} | found.said() | _common(entry, encounter, file)
    if not_done:
        yield DoseNotGiven(reason=words_of_all(resource.get("statusReason")), **common)
    else:
        halted = text(resource.get("status")) == "stopped"  # R4: before all of it occurred
        yield DoseGiven(complete=Answer.NO if halted else Answer.YES, **common)


def _nothing(resource: Json) -> bool:
    return text(resource.get("status")) in _NOTHING_HAPPENED


def _medicine(resource: Json, file: File) -> Medicine | None:
    """Which bone drug it is; None for another medicine. One that nothing names leaves a note."""
    concept = child(resource, "medicationCodeableConcept")
    if not concept:
        reference = text(child(resource, "medicationReference").get("reference"))
        concept = child(file.find(resource, reference) or {}, "code")
    found = medicine(codes(concept), words(concept))
    if found and found.nameless:
        file.notes["medicines with neither a name nor a code on the list: whether bone drugs is not known"] += 1
        return None
    return found


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
