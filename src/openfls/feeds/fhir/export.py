"""One file of an export while it is read: what it retained, whom its resources are about, what their facts share."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openfls.clinical.codes import Code
from openfls.clinical.facts import Answer, Setting, Source, Status
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, each, symbols, text
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.identity import record, record_of_number
from openfls.feeds.fhir.references import Index, by_identifier, contained
from openfls.feeds.fhir.times import AHEAD, first_given, version
from openfls.feeds.reading import Origin, Problems

ODS = "ods-organization-code"  # https://fhir.nhs.uk/Id/ods-organization-code, and older hosts of it
# HL7 v3 ActCode, ActEncounterCode.
SETTINGS = {
    "EMER": Setting.EMERGENCY,
    "IMP": Setting.INPATIENT,
    "ACUTE": Setting.INPATIENT,
    "NONAC": Setting.INPATIENT,
    "AMB": Setting.OUTPATIENT,
    "OBSENC": Setting.OUTPATIENT,
    "SS": Setting.OUTPATIENT,
    "VR": Setting.OUTPATIENT,
    "HH": Setting.COMMUNITY,
    "FLD": Setting.COMMUNITY,
}


@dataclass(slots=True)
class File:
    """A file's retained entries. ``elsewhere`` holds the other files of the same export, where there are any."""

    origin: Origin
    digest: str
    entries: list[Entry] = field(default_factory=list)
    unreadable: Problems = field(default_factory=Problems)
    passed_over: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    causes: dict[str, tuple[Code, ...]] = field(default_factory=dict)  # external causes by encounter reference
    index: Index = field(default_factory=Index)
    elsewhere: Index | None = None
    _records: dict[int, PatientRecord | CannotRead] = field(default_factory=dict)
    _positions: dict[str, int] = field(default_factory=dict)

    @property
    def known(self) -> datetime:
        return self.origin.known

    def add_causes(self, condition: Json, causes: tuple[Code, ...]) -> None:
        """External causes that a Condition names: they speak for the fractures of its encounter."""
        reference = text(child(condition, "encounter").get("reference"))
        if causes and reference:
            self.causes[reference] = self.causes.get(reference, ()) + causes

    def find(self, resource: Json, reference: str) -> Json | None:
        """The resource that a reference means: inside this one, in this file, in the export."""
        if reference.startswith("#"):
            return contained(resource, reference)
        if not reference:
            return None
        found = self.index.find(reference) or (self.elsewhere.find(reference) if self.elsewhere else None)
        return found.resource if found else None

    def subject(self, entry: Entry) -> PatientRecord:
        """Whom the resource is about. Raises `CannotRead` where it names nobody, or a Patient that isn't there."""
        pointer = child(entry.resource, "subject") or child(entry.resource, "patient")
        reference, identifier = text(pointer.get("reference")), child(pointer, "identifier")
        if not reference and not identifier:
            raise CannotRead("It names no patient.", "Send it with a subject.")
        patient = self.find(entry.resource, reference or by_identifier("Patient", identifier))
        if patient is not None:
            return self.record(patient)
        numbered = record_of_number(identifier or _condition_of(reference), self.origin.source)
        if numbered is None:
            raise CannotRead(
                f"Its patient {reference[:80]} is not in the file.", "Send the Patient in the same bundle or export."
            )
        return numbered

    def record(self, patient: Json) -> PatientRecord:
        """The record of a Patient resource, read once. Raises `CannotRead` each time where it can't be read."""
        if id(patient) not in self._records:
            self._records[id(patient)] = self._read_record(patient)
        found = self._records[id(patient)]
        if isinstance(found, CannotRead):
            raise CannotRead(f"Its patient can't be read: {found.reason}", found.mend)
        return found

    def _read_record(self, patient: Json) -> PatientRecord | CannotRead:
        if patient.get("resourceType") != "Patient":
            return CannotRead(f"its subject is a {patient.get('resourceType')}.", "Send it with a Patient as subject.")
        try:
            return record(patient, self.origin.source, self.known)
        except CannotRead as error:
            return CannotRead(error.reason, error.mend)  # anew: the one that was raised holds on to all its frames

    def encounter(self, resource: Json) -> Json:
        """The encounter in which it happened; empty where it names none. One that isn't there leaves a note."""
        pointer = child(resource, "encounter") or child(resource, "context")
        reference = text(pointer.get("reference"))
        found = self.find(resource, reference)
        if reference and found is None:
            self.notes["encounter references to nothing in the file: setting and site not known from them"] += 1
        return found if found is not None and found.get("resourceType") == "Encounter" else {}

    def site(self, encounter: Json) -> str | None:
        """The organisation code of the encounter's provider, else the site that the feed stands for."""
        return self.organisation(encounter, child(encounter, "serviceProvider")) or self.origin.site

    def organisation(self, resource: Json, pointer: Json) -> str:
        """The code of a referenced organisation: its ODS code, else its first identifier."""
        found = self.find(resource, text(pointer.get("reference"))) or {}
        identifiers = each(pointer.get("identifier")) + each(found.get("identifier"))
        official = [item for item in identifiers if text(item.get("system")).endswith(ODS)]
        return next((code for item in official + identifiers if (code := text(item.get("value")))), "")

    def common(
        self, entry: Entry, person: PatientRecord, occurred: When, encounter: Json, part: str = "", **more: Any
    ) -> dict[str, Any]:
        """What every fact of this resource says. ``part`` tells apart what one resource gives several of."""
        if person.birth_date and occurred.end < person.birth_date:
            raise CannotRead(
                f"{occurred} lies before the person's birth on {person.birth_date:%d %b %Y}.",
                "Ask the sender which is right.",
            )
        suffix = f"/{part}" if part else ""
        return {
            "record": person,
            "occurred": occurred,
            "known": self.known,
            "source": Source(self.origin.source, self.digest, self._position(entry) + suffix),
            "site": self.site(encounter),
            "version": self._version(entry),
            "key": f"{self.origin.source}/{entry.type}/{entry.id}{suffix}" if entry.id else "",
            **more,
        }

    def _version(self, entry: Entry) -> datetime | None:
        """A version from the future would stand above every later one: it counts as not given."""
        told = version(entry.resource)
        if told and told > self.known + AHEAD:
            self.notes["versions dated after the receipt, taken as not dated"] += 1
            return None
        return told

    def _position(self, entry: Entry) -> str:
        """The resource's name; a second resource of that name in the file adds its place."""
        first = self._positions.setdefault(entry.position, id(entry))
        return entry.position if first == id(entry) else f"{entry.position} ({entry.place})"


def _condition_of(reference: str) -> Json:
    """The identifier inside a conditional reference: ``Patient?identifier=system|value``."""
    kind, _, condition = reference.partition("?identifier=")
    system, divided, value = condition.partition("|")
    return {"system": system, "value": value} if kind == "Patient" and divided else {}


def setting_of(encounter: Json, default: Setting = Setting.UNKNOWN) -> Setting:
    """The setting by the encounter's class; an encounter of no known class says nothing."""
    found = (SETTINGS[code] for code in symbols(child(encounter, "class")) if code in SETTINGS)
    return next(found, default)


def status_of(written: str) -> dict[str, Any]:
    """How settled a version is, by FHIR's event, request and observation statuses."""
    if written in ("entered-in-error", "cancelled", "revoked"):
        return {"status": Status.CORRECTED, "retracted": True}
    if written in ("corrected", "amended"):
        return {"status": Status.CORRECTED}
    if written in ("preliminary", "registered"):
        return {"status": Status.PRELIMINARY}
    return {"status": Status.FINAL}


def begun(encounter: Json, known: datetime) -> When | None:
    """When the encounter began."""
    return first_given(encounter, ("period",), known)


def visit_of(encounter: Json) -> str:
    """The sender's visit number, else the resource's id."""
    numbers = (text(item.get("value")) for item in each(encounter.get("identifier")))
    return next(filter(None, numbers), text(encounter.get("id")))


def answer(yes: bool, no: bool) -> Answer:
    return Answer.YES if yes else Answer.NO if no else Answer.UNKNOWN
