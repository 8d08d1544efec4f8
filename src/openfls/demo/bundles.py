"""FHIR R4 transaction bundles of the hospital whose record system speaks FHIR: patient, encounter, coded fractures."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openfls.clinical.facts import Finder
from openfls.demo.habits import Trust
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import Written, written
from openfls.demo.people import Person
from openfls.demo.streams import stream
from openfls.demo.times import LOCAL
from openfls.demo.truth import Happening, Stay
from openfls.demo.wording import WORDS, filled

Json = dict[str, Any]

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code"
SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
CONDITION_STATUS = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ETHNIC_CATEGORY = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
ETHNIC_CATEGORIES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


@dataclass(frozen=True, slots=True)
class CodedStay:
    """The bundle about one stay, to be written when it is its turn."""

    happening: Happening
    stay: Stay
    sent: datetime

    @property
    def message_id(self) -> str:
        return f"bundle-{self.stay.visit.lower()}"

    def content(self, seed: int) -> bytes:
        trust = trust_of(self.stay.hospital)
        source = stream(seed, self.happening.person.slot, trust.code, "record")
        who = written(source, self.happening.person, trust, Finder.CODED_RECORD)
        resources = [_patient(who, self.happening.person, trust), self._encounter(), *self._conditions(seed)]
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [_entry(r, self) for r in resources]}
        return json.dumps(bundle, ensure_ascii=False).encode()

    def _encounter(self) -> Json:
        stay = self.stay
        code = "IMP" if stay.inpatient else "EMER" if stay.by_ed else "AMB"
        period = {"start": _instant(stay.arrived)} | ({"end": _instant(stay.left)} if stay.left else {})
        return {
            "resourceType": "Encounter",
            "id": f"enc-{stay.visit.lower()}",
            "status": "finished",
            "class": {"system": CLASS, "code": code},
            "subject": _reference(self.happening.person),
            "period": period,
            "serviceProvider": {"identifier": {"system": ORGANISATION, "value": stay.hospital.code}},
        }

    def _conditions(self, seed: int) -> list[Json]:
        chance = stream(seed, self.happening.number, "record")
        return [self._condition(n, chance.random(), chance.choice) for n in range(len(self.happening.bones))]

    def _condition(self, place: int, luck: float, choice: Any) -> Json:
        site, side = self.happening.bones[place]
        words = WORDS[site]
        coding = [{"system": ICD10, "code": choice(words.icd10)}]
        if words.snomed and luck < 0.7:
            coding.insert(0, {"system": SNOMED, "code": words.snomed})
        return {
            "resourceType": "Condition",
            "id": f"cond-{self.stay.visit.lower()}-{place + 1}",
            "verificationStatus": {"coding": [{"system": CONDITION_STATUS, "code": "confirmed"}]},
            "code": {"coding": coding, "text": filled(choice(words.lists), side)},
            "subject": _reference(self.happening.person),
            "encounter": {"reference": f"Encounter/enc-{self.stay.visit.lower()}"},
            "onsetDateTime": self.happening.day.isoformat(),
            "recordedDate": _instant(self.stay.arrived),
        }


def _patient(who: Written, person: Person, trust: Trust) -> Json:
    numbers: list[Json] = [
        {
            "type": {"coding": [{"system": IDENTIFIER_TYPE, "code": "MR"}]},
            "value": who.hospital_number,
            "assigner": {"display": trust.code},
        }
    ]
    if who.nhs_number:
        numbers.insert(0, {"system": NHS_NUMBER, "value": who.nhs_number})
    category = person.ethnic_category_at(trust)
    coded = {"system": ETHNIC_CATEGORIES, "code": category.value, "display": category.words}
    return {
        "resourceType": "Patient",
        "id": f"pat-{person.slot}",
        "extension": [{"url": ETHNIC_CATEGORY, "valueCodeableConcept": {"coding": [coded]}}],
        "identifier": numbers,
        "name": [{"use": "official", "family": who.family, "given": [who.given]}],
        "gender": who.sex.value,
        "birthDate": who.born.isoformat(),
        "address": [{"line": [person.address[0]], "city": person.address[1], "postalCode": person.postcode}],
        "telecom": [{"system": "phone", "value": person.phone}],
        "generalPractitioner": [{"identifier": {"system": ORGANISATION, "value": person.practice}}],
    }


def _reference(person: Person) -> Json:
    return {"reference": f"Patient/pat-{person.slot}"}


def _entry(resource: Json, coded: CodedStay) -> Json:
    stamped = resource | {"meta": {"lastUpdated": _instant(coded.sent)}}
    address = f"{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": address, "resource": stamped, "request": {"method": "PUT", "url": address}}


def _instant(local: datetime) -> str:
    return local.replace(microsecond=0, tzinfo=LOCAL).isoformat()
