"""Small FHIR resources and bundles that the tests of the FHIR feed are drawn with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import openfls.feeds.fhir
from openfls.clinical.facts import Fact
from openfls.feeds.fhir import read
from openfls.feeds.reading import Origin, Reading, Unreadable

KNOWN = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
ORIGIN = Origin("RZZ/fhir", KNOWN, site="RZZ99")
SAMPLES = Path(openfls.feeds.fhir.__file__).parent / "samples"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"

Json = dict
FactKind = TypeVar("FactKind", bound=Fact)


def coded(code: str, system: str = SNOMED, display: str = "") -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def patient(**more) -> Json:
    base = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": NHS, "value": "9990000018"}],
        "name": [{"use": "official", "family": "Hughes", "given": ["Gwen", "Mair"]}],
        "gender": "female",
        "birthDate": "1944-02-29",
    }
    return base | more


def condition(code: Json | str = "5913000", **more) -> Json:
    base = {
        "resourceType": "Condition",
        "id": "c",
        "code": coded(code) if isinstance(code, str) else code,
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2026-03-14",
    }
    return {name: value for name, value in (base | more).items() if value is not None}


def encounter(kind: str = "EMER", **more) -> Json:
    base = {
        "resourceType": "Encounter",
        "id": "e",
        "status": "finished",
        "class": {"code": kind},
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2026-03-14T18:10:00+00:00", "end": "2026-03-21T11:00:00+00:00"},
    }
    return base | more


def resource(kind: str, **more) -> Json:
    return {"resourceType": kind, "id": kind.lower(), "subject": {"reference": "Patient/p"}} | more


def bundle(*resources: Json, kind: str = "collection") -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}).encode()


def ndjson(*resources: Json) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in resources).encode()


def reading(*resources: Json, origin: Origin = ORIGIN) -> Reading:
    found = read(bundle(*resources), origin)
    assert isinstance(found, Reading), found
    return found


def only(kind: type[FactKind], *resources: Json, origin: Origin = ORIGIN) -> FactKind:
    """The one fact of this kind."""
    found = reading(*resources, origin=origin)
    assert found.unreadable == ()
    (fact,) = of(kind, found)
    return fact


def of(kind: type[FactKind], found: Reading) -> list[FactKind]:
    return [fact for fact in found.facts if isinstance(fact, kind)]


def told(found: Reading | Unreadable) -> str:
    """All that a reading says is unreadable, in one text."""
    return str(found) if isinstance(found, Unreadable) else "\n".join(map(str, found.unreadable))
