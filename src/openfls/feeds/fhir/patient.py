"""Patient resources: where the person can be reached, how they describe themselves, and whether they have died."""

from collections.abc import Iterator

from openfls.clinical.ethnic_categories import EthnicCategory, ethnic_category, settled
from openfls.clinical.facts import Answer, Death, Demographics, Fact
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, between, on
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, each, extensions, symbols, text, texts
from openfls.feeds.fhir.export import File
from openfls.feeds.fhir.times import version, when

ETHNIC_EXTENSIONS = ("Extension-UKCore-EthnicCategory", "Extension-CareConnect-EthnicCategory-1")
# The code systems whose letters are the Data Dictionary's, by the end of their address: hosts have changed.
ETHNIC_SYSTEMS = {"UKCore-EthnicCategory", "UKCore-EthnicCategoryEngland", "CareConnect-EthnicCategory-1"}


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """Demographics always, a death where the Patient is deceased."""
    person = file.record(entry.resource)
    if entry.resource.get("birthDate") and person.birth_date is None:
        file.notes["dates of birth without a day: the age at a fracture is not known"] += 1
    yield _demographics(entry, person, file)
    if died := _died(entry.resource, person, file):
        common = file.common(entry, person, died, {}, "death")
        yield Death(formal=_formal(entry.resource), **common)


def _demographics(entry: Entry, person: PatientRecord, file: File) -> Demographics:
    patient = entry.resource
    told = version(patient)
    as_of = on(min(told, file.known).date()) if told else on(file.known.date())
    address = _current(each(patient.get("address")), "home")
    lines = [
        *texts(address.get("line", [])),
        *texts([address.get("city"), address.get("district"), address.get("state")]),
    ]
    return Demographics(
        address=", ".join(lines) or text(address.get("text")),
        postcode=text(address.get("postalCode")),
        phone=text(_current(_phones(patient), "mobile", "home").get("value")),
        practice=_practice(patient, file),
        ethnic_category=_ethnic_category(patient, file),
        **file.common(entry, person, as_of, {}, "demographics"),
    )


def _current(items: list[Json], *uses: str) -> Json:
    """The item of the first of these uses, else any that isn't old."""
    current = [item for item in items if text(item.get("use")) != "old"]
    return next((item for use in uses for item in current if text(item.get("use")) == use), next(iter(current), {}))


def _phones(patient: Json) -> list[Json]:
    return [item for item in each(patient.get("telecom")) if text(item.get("system")) in ("phone", "sms", "")]


def _practice(patient: Json, file: File) -> str:
    """The practice's organisation code, else what the reference shows."""
    pointers = each(patient.get("generalPractitioner"))
    coded = (file.organisation(patient, pointer) for pointer in pointers if _is_organisation(pointer))
    return next(filter(None, coded), "") or next((shown for p in pointers if (shown := text(p.get("display")))), "")


def _is_organisation(pointer: Json) -> bool:
    return text(pointer.get("type")) == "Organization" or "Practitioner" not in text(pointer.get("reference"))


def _ethnic_category(patient: Json, file: File) -> EthnicCategory:
    """UK Core's extension, or Care Connect's before it, where it holds one category of the NHS Data Dictionary. The
    lists of Scotland, Wales and Northern Ireland mean other things by the same letters."""
    told = [child(one, "valueCodeableConcept") for ending in ETHNIC_EXTENSIONS for one in extensions(patient, ending)]
    category = settled(_category(coding) for concept in told for coding in each(concept.get("coding")) or [concept])
    if category is None:
        file.notes["ethnic categories that are not one on a list that is known: not read"] += 1
    return category or EthnicCategory.NOT_KNOWN


def _category(coding: Json) -> EthnicCategory | None:
    system = text(coding.get("system")).split("|")[0].rstrip("/").rpartition("/")[2]
    return ethnic_category(text(coding.get("code"))) if system in ETHNIC_SYSTEMS else None


def _died(patient: Json, person: PatientRecord, file: File) -> When | None:
    """The date of death; with none given, some day up to the receipt."""
    written = text(patient.get("deceasedDateTime"))
    if written:
        return when(written, file.known)
    if patient.get("deceasedBoolean") is not True:
        return None
    latest = file.known.date()
    return between(min(person.birth_date or latest, latest), latest)


def _formal(patient: Json) -> Answer:
    """UK Core's death notification status: 1 informal, 2 formal."""
    for outer in extensions(patient, "DeathNotificationStatus"):
        for inner in each(outer.get("extension")):
            found = symbols(child(inner, "valueCodeableConcept"))
            if found & {"1", "2"}:
                return Answer.YES if "2" in found else Answer.NO
    return Answer.UNKNOWN
