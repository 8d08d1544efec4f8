"""A FHIR Patient, or a reference that gives only a number, as a patient record."""

from datetime import datetime

from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number
from openfls.feeds.fhir.elements import Json, child, each, symbols, text, texts
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import birth_date

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"  # UK Core
_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.OTHER}
_NAME_ORDER = ("official", "usual", "", "nickname", "anonymous", "temp", "maiden", "old")


def record(patient: Json, source: str, known: datetime) -> PatientRecord:
    """The record of a Patient resource. Raises `CannotRead` for a date nobody can be born on, or nothing to know it by.

    A Patient without any number is known by the id that its own server (``source``) gave it: two people of whom the
    server tells the same few details must not become one.
    """
    identifiers = each(patient.get("identifier"))
    good, doubtful = _nhs_numbers(identifiers)
    numbers = tuple(number for item in identifiers if (number := _hospital_number(item, source)))
    if not good and not numbers:
        if not text(patient.get("id")):
            raise CannotRead("The Patient has no number and no id.", "Send it with an identifier or an id.")
        numbers = (HospitalNumber(f"{source}/Patient", text(patient.get("id"))),)
    family, given = _name(patient)
    return PatientRecord(
        nhs_number=good,
        doubtful_nhs_number=doubtful,
        hospital_numbers=numbers,
        family_name=family,
        given_name=given,
        birth_date=birth_date(text(patient.get("birthDate")), known),
        sex=_SEXES.get(text(patient.get("gender")).lower(), Sex.UNKNOWN),
    )


def record_of_number(identifier: Json, source: str) -> PatientRecord | None:
    """The record that a logical reference gives: a number and nothing else; None where it gives none."""
    good, doubtful = _nhs_numbers([identifier])
    number = _hospital_number(identifier, source)
    if not (good or doubtful or number):
        return None
    numbers = (number,) if number else ()
    return PatientRecord(nhs_number=good, doubtful_nhs_number=doubtful, hospital_numbers=numbers)


def _nhs_numbers(identifiers: list[Json]) -> tuple[str | None, str | None]:
    """The NHS number, and a doubtful one: a wrong check digit, or two different current numbers."""
    written = [
        value
        for item in identifiers
        if text(item.get("system")) == NHS_NUMBER
        and text(item.get("use")) != "old"
        and (value := text(item.get("value")))
    ]
    checked = sorted({good for value in written if (good := checked_nhs_number(value))})
    if len(checked) == 1:
        return checked[0], None
    return None, " or ".join(checked or sorted(set(written))) or None


def _hospital_number(identifier: Json, source: str) -> HospitalNumber | None:
    """A number with its authority: its system, else (for a medical record number) its assigner, else the source."""
    system, value = text(identifier.get("system")), text(identifier.get("value"))
    if system == NHS_NUMBER or not value:
        return None
    if not system and "MR" not in symbols(child(identifier, "type")):
        return None
    return HospitalNumber(system or text(child(identifier, "assigner").get("display")) or source, value)


def _name(patient: Json) -> tuple[str, str]:
    """Family name and first given name; a name that is only text is split at its comma or before its last word."""
    names = [n for n in each(patient.get("name")) if any(n.get(part) for part in ("family", "given", "text"))]
    if not names:
        return "", ""
    name = min(names, key=lambda n: _NAME_ORDER.index(use) if (use := text(n.get("use"))) in _NAME_ORDER else 99)
    family, given = text(name.get("family")), next(iter(texts(name.get("given"))), "")
    return (family, given) if family or given else _split(text(name.get("text")))


def _split(whole: str) -> tuple[str, str]:
    if "," in whole:
        family, _, given = whole.partition(",")
        return family.strip(), given.strip().partition(" ")[0]
    given, _, family = whole.rpartition(" ")
    return family, given.partition(" ")[0]
