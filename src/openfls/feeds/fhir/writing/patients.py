"""A person as a FHIR Patient, after UK Core: from the facts that the asker may see, and from no others."""

from collections.abc import Sequence

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Death, Fact
from openfls.clinical.histories import deaths
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.reach import reach
from openfls.clinical.versions import current
from openfls.feeds.fhir.identity import NHS_NUMBER
from openfls.feeds.fhir.writing.pieces import Json, date_of, organisation, told

VERIFICATION = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
VERIFICATION_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
NOT_TRACED = "number-present-but-not-traced"  # its check digit is right; nobody here asked the national register
ETHNIC_CATEGORY = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
ETHNIC_CATEGORY_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "other", Sex.UNKNOWN: "unknown"}


def patient(key: str, facts: Sequence[Fact]) -> Json:
    """The Patient of this id. ``facts``: those of the person that may be seen."""
    record = _fullest(facts)
    reached = reach(facts)
    return told(
        resourceType="Patient",
        id=key,
        extension=_ethnic_category(reached.ethnic_category),
        identifier=_identifiers(facts),
        name=[told(use="official", family=record.family_name, given=list(filter(None, [record.given_name])))],
        telecom=[{"system": "phone", "value": reached.phone}] if reached.phone else [],
        address=[{"postalCode": reached.postcode}] if reached.postcode else [],
        gender=GENDERS[record.sex],
        birthDate=record.birth_date.isoformat() if record.birth_date else "",
        generalPractitioner=[organisation(reached.practice)] if reached.practice else [],
        **_deceased(deaths(current(facts))),
    )


def _fullest(facts: Sequence[Fact]) -> PatientRecord:
    """The record that says most, of equals the one stated last."""
    fact = max(facts, key=lambda fact: (_fullness(fact.record), fact.known, fact.id), default=None)
    return fact.record if fact else PatientRecord()


def _fullness(record: PatientRecord) -> int:
    return sum(map(bool, (record.nhs_number, record.family_name, record.given_name, record.birth_date)))


def _identifiers(facts: Sequence[Fact]) -> list[Json]:
    nhs_numbers = sorted({fact.record.nhs_number for fact in facts if fact.record.nhs_number})
    numbers = sorted({number for fact in facts for number in fact.record.hospital_numbers})
    return [*(_nhs_number(value) for value in nhs_numbers), *(_hospital_number(number) for number in numbers)]


def _nhs_number(value: str) -> Json:
    traced = {"coding": [{"system": VERIFICATION_SYSTEM, "code": NOT_TRACED}]}
    return {
        "extension": [{"url": VERIFICATION, "valueCodeableConcept": traced}],
        "system": NHS_NUMBER,
        "value": value,
    }


def _hospital_number(number: HospitalNumber) -> Json:
    """A number with the authority that gave it: its address where it has one, else its name as the assigner."""
    if ":" in number.authority:
        return {"system": number.authority, "value": number.value}
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    return {"type": kind, "value": number.value, "assigner": {"display": number.authority}}


def _ethnic_category(category: EthnicCategory) -> list[Json]:
    """Nothing where it is not known; that somebody chose not to state it is an answer."""
    if category is EthnicCategory.NOT_KNOWN:
        return []
    coding = {"system": ETHNIC_CATEGORY_SYSTEM, "code": category.value, "display": category.words}
    return [{"url": ETHNIC_CATEGORY, "valueCodeableConcept": {"coding": [coding]}}]


def _deceased(death: Death | None) -> Json:
    return {"deceasedDateTime": date_of(death.occurred)} if death else {}
