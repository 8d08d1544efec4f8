"""Encounter resources: inpatient stays as admission and discharge, emergency ones as attendance."""

from collections.abc import Iterator

from openfls.clinical.facts import Admission, Answer, Attendance, Discharge, Fact, Setting
from openfls.clinical.when import on
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, each, extensions, symbols, text, words, words_of_all
from openfls.feeds.fhir.export import File, answer, begun, setting_of, status_of, visit_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import when

_NOT_YET = frozenset({"planned", "arrived", "triaged"})


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A planned encounter and one of another class (clinic, home) give no facts of their own."""
    encounter, setting = entry.resource, setting_of(entry.resource)
    status = text(encounter.get("status"))
    if setting not in (Setting.INPATIENT, Setting.EMERGENCY) or status == "planned":
        return
    if setting is Setting.INPATIENT and status in _NOT_YET:
        return
    told = {"visit": visit_of(encounter), **status_of(status)}
    person, start = file.subject(entry), begun(encounter, file.known)
    if start is None and told.get("retracted"):
        start = on(file.known.date())  # a stay that never was has no day of its own
    if start is None:
        raise CannotRead("The encounter has no start.", "Send it with period.start.")
    reason = words_of_all(encounter.get("reasonCode"))
    if setting is Setting.EMERGENCY:
        common = file.common(entry, person, start, encounter, "attendance", **told)
        yield Attendance(setting=setting, reason=reason, **common)
        return
    common = file.common(entry, person, start, encounter, "admission", **told)
    yield Admission(ward=_ward(encounter, file), emergency=_emergency(encounter), reason=reason, **common)
    if end := text(child(encounter, "period").get("end")):
        common = file.common(entry, person, when(end, file.known), encounter, "discharge", **told)
        yield Discharge(destination=words(child(_stay(encounter), "dischargeDisposition")), **common)


def _stay(encounter: Json) -> Json:
    return child(encounter, "hospitalization")


def _ward(encounter: Json, file: File) -> str:
    """The name of the first location, as the reference or the Location shows it."""
    for item in each(encounter.get("location")):
        pointer = child(item, "location")
        found = file.find(encounter, text(pointer.get("reference"))) or {}
        if name := text(pointer.get("display")) or text(found.get("name")):
            return name
    return ""


def _emergency(encounter: Json) -> Answer:
    """By UK Core's admission method (NHS Data Dictionary: 2x emergency, 1x elective), else by v3 ActPriority."""
    methods = {
        code
        for item in (*extensions(_stay(encounter), "AdmissionMethod"), *extensions(encounter, "AdmissionMethod"))
        for code in symbols(child(item, "valueCodeableConcept"))
    }
    if methods:
        return answer(any(m.startswith("2") for m in methods), any(m.startswith("1") for m in methods))
    priority = symbols(child(encounter, "priority"))
    return answer("EM" in priority, "EL" in priority)
