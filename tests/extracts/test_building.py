"""Facts built from a whole export are those of the feed's reader, to the last detail: fewer resources reach it, no less
is told."""

import json
from pathlib import Path

import pytest

from openfls.clinical.facts import FractureSighting, Surgery
from openfls.extracts import blocks, staging
from openfls.extracts.building import Occupied, build
from openfls.feeds.fhir import Entry, read_entries
from openfls.feeds.fhir.r4 import RESOURCE_TYPES
from openfls.feeds.fhir.read import READERS
from openfls.feeds.fhir.views.elements import choice_name, element
from openfls.feeds.reading import Origin
from tests.extracts.exports import built, export, needs_synthea, read_by_feed, synthea
from tests.feeds.fhir_resources import ICD10, KNOWN, coded, condition, encounter, patient

IN_E = {"encounter": {"reference": "Encounter/e"}}
UNCODED = {"text": "fracture of the left wrist"}
TOLD = [
    patient(),
    patient(id="q", identifier=[], name=[], birthDate="1950", deceasedDateTime="2026-05-01"),
    encounter("IMP"),
    encounter("AMB", id="clinic"),
    encounter("AMB", id="elsewhere"),
    condition(**IN_E),
    condition(id="cause", code=coded("W19", ICD10), **IN_E),
    condition(id="words", code=UNCODED, encounter={"reference": "Encounter/clinic"}),
    condition(id="not", code=coded("44054006", display="Diabetes mellitus type 2")),
    condition(id="of q", code=coded("S52.5", ICD10), subject={"reference": "https://x.org/fhir/Patient/q/_history/2"}),
    condition(id="unlisted", code=coded("T14.2", ICD10, "Fracture of unspecified body region")),
    condition(id="future", onsetDateTime="2030-01-01"),
    condition(id="nobody", subject={"reference": "Patient/nobody"}),
    condition(id="where", onsetDateTime=None, bodySite=[{"text": "left hip"}], **IN_E),
    {"resourceType": "Procedure", "id": "nail", "status": "completed", "subject": {"reference": "Patient/p"},
     "code": {"text": "Nailing of femur"}, "performedDateTime": "2026-03-15",
     "reasonReference": [{"reference": "Condition/unlisted"}]},
    {"resourceType": "Procedure", "id": "teeth", "status": "completed", "subject": {"reference": "Patient/p"},
     "code": {"text": "Scaling of teeth"}, "performedDateTime": "2026-03-15"},
    {"resourceType": "Medication", "id": "m", "code": {"text": "Alendronic acid 70mg tablets"}},
    {"resourceType": "MedicationRequest", "id": "r", "status": "active", "intent": "order", "authoredOn": "2026-04-01",
     "subject": {"reference": "Patient/p"}, "medicationReference": {"reference": "Medication/m"},
     "dispenseRequest": {"expectedSupplyDuration": {"value": 4, "unit": "weeks"}}},
    {"resourceType": "MedicationAdministration", "id": "a", "status": "not-done", "subject": {"reference": "Patient/p"},
     "medicationCodeableConcept": {"text": "zoledronic acid"}, "effectiveDateTime": "2026-04-02",
     "statusReason": [{"text": "refused"}], "context": {"reference": "Encounter/e"}},
    {"resourceType": "DiagnosticReport", "id": "x", "status": "final", "subject": {"reference": "Patient/p"},
     "category": [coded("RAD", "http://terminology.hl7.org/CodeSystem/v2-0074")], "code": {"text": "XR hip"},
     "effectiveDateTime": "2026-03-14", "conclusion": "Displaced fracture of the left neck of femur."},
    {"resourceType": "Observation", "id": "ca", "status": "final", "subject": {"reference": "Patient/p"},
     "code": coded("2000-8", "http://loinc.org"), "effectiveDateTime": "2026-03-16",
     "valueQuantity": {"value": 2.30, "unit": "mmol/L"}, "referenceRange": [{"low": {"value": 2.2}}]},
    {"resourceType": "Observation", "id": "panel", "status": "final", "subject": {"reference": "Patient/p"},
     "code": {"text": "bone panel"}, "effectiveDateTime": "2026-03-16", "component": [
         {"code": coded("8480-6", "http://loinc.org"), "valueQuantity": {"value": 120, "unit": "mm[Hg]"}},
         {"code": coded("2000-8", "http://loinc.org"), "valueQuantity": {"value": 2.1, "unit": "mmol/L"}}]},
    {"resourceType": "Observation", "id": "bp", "status": "final", "subject": {"reference": "Patient/p"},
     "code": coded("85354-9", "http://loinc.org"), "effectiveDateTime": "2026-03-16"},
    {"resourceType": "ServiceRequest", "id": "dxa", "status": "active", "intent": "order", "authoredOn": "2026-04-01",
     "subject": {"reference": "Patient/p"}, "code": {"text": "DXA scan of hip and spine"}},
    {"resourceType": "Claim", "id": "claim"},
]  # fmt: skip


@pytest.fixture
def told(tmp_path) -> Path:
    return export(tmp_path / "export", *TOLD)


def reasons(told) -> list[str]:
    return sorted(fault["reason"] for fault in told.unreadable)


def line_by_line(told) -> list[str]:
    return [Path(file).name for file, note in told.notes if "line by line" in note]


def test_the_facts_are_those_of_the_feeds_reader(told, tmp_path):
    facts, of_build = built(told, tmp_path / "facts")
    expected, faults = read_by_feed(told)
    assert facts == expected
    assert reasons(of_build) == faults
    assert len(faults) == 2  # the future, and nobody
    assert {type(fact).kind for fact in facts.values()} > {FractureSighting.kind, Surgery.kind}
    assert line_by_line(of_build) == []


def test_what_the_readers_want_nothing_of_does_not_reach_them(told):
    import duckdb

    staged = staging.Staged(duckdb.connect())
    staged.add(sorted(told.glob("*.ndjson")))
    kept = {f"{kind}/{name}" for kind, name in staged.database.execute("SELECT type, id FROM staged").fetchall()}
    assert kept.isdisjoint({"Condition/not", "Procedure/teeth", "Observation/bp", "Encounter/elsewhere", "Claim/claim"})
    assert {"Encounter/clinic", "Condition/cause", "Condition/unlisted", "Observation/panel", "Medication/m"} <= kept


@needs_synthea
def test_the_facts_of_public_patients_are_those_of_the_feeds_reader(tmp_path):
    folder = export(tmp_path / "export", *synthea())
    facts, of_build = built(folder, tmp_path / "facts")
    expected, faults = read_by_feed(folder)
    assert len(facts) > 4_000
    assert facts == expected
    assert (reasons(of_build), line_by_line(of_build)) == (faults, [])


def test_many_blocks_in_other_processes_give_what_one_gives(told, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 4)
    facts, of_build = built(told, tmp_path / "facts")
    assert facts == read_by_feed(told)[0]
    assert of_build.parts > 3


def test_somebody_named_by_a_number_alone_is_found_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 1)
    number = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}}
    folder = export(tmp_path / "export", patient(), condition(), condition(id="d", subject=number))
    assert built(folder, tmp_path / "facts")[0] == read_by_feed(folder)[0]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text + '{"resourceType": "Condition", "id": \n', id="a broken line"),
        pytest.param(lambda text: text + json.dumps(condition(id="b", bodySite=coded("1"))) + "\n", id="no list"),
        pytest.param(lambda text: text + json.dumps(condition(onsetDateTime="2026-03-16")) + "\n", id="a name twice"),
        pytest.param(lambda text: text + json.dumps(condition(id=None)) + "\n", id="no id"),
        pytest.param(lambda text: text + '{"resourceType": "Nonsense", "id": "n"}\n', id="no type of FHIR"),
        pytest.param(lambda text: text + "[]\n", id="no object"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="empty lines"),
        pytest.param(lambda text: text + json.dumps(patient(id="r")) + "\n", id="types mixed"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_the_declared_schema_tells_the_same_and_each_fault(told, tmp_path, spoil):
    file = told / "Condition.ndjson"
    file.write_text(spoil(file.read_text()))
    facts, of_build = built(told, tmp_path / "facts")
    expected, faults = read_by_feed(told)
    assert facts == expected
    assert reasons(of_build) == faults


class Noting(dict):
    """A resource that notes which of its elements are looked at."""

    asked: set[str]

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def looked_at(kind: str) -> set[str]:
    """The elements of a type that the reader asks our resources for."""
    asked: set[str] = set()
    entries = []
    for resource in TOLD:
        noting = Noting(resource)
        noting.asked = asked if resource["resourceType"] == kind else set()
        entries.append(Entry(noting, resource["resourceType"], resource["id"]))
    read_entries({"digest": entries}, Origin("X9A/warehouse", KNOWN))
    return {name for name in asked if is_element(kind, name)}


def is_element(kind: str, name: str) -> bool:
    if element(kind, name):
        return True
    beginnings = (name[:end] for end in range(1, len(name)))
    of_choice = ((begin, found.choices) for begin in beginnings if (found := element(kind, begin)))
    return any(choice_name(begin, one) == name for begin, choices in of_choice for one in choices)


@pytest.mark.parametrize("kind", sorted({resource["resourceType"] for resource in TOLD} & {*staging.DECIDING}))
def test_a_view_gives_every_element_that_the_reader_looks_at(kind):
    asked = looked_at(kind)
    assert len(asked) > 2
    assert asked - {"resourceType"} <= set(staging.scan_of(kind).columns)


def test_only_an_empty_or_new_folder_is_built_in(told, tmp_path):
    occupied = tmp_path / "occupied"
    occupied.mkdir()
    (occupied / "mine.txt").write_text("mine")
    with pytest.raises(Occupied, match="is there already"):
        build([told], occupied, KNOWN)
    assert [file.name for file in occupied.iterdir()] == ["mine.txt"]


def test_nothing_is_left_where_building_fails(told, tmp_path, monkeypatch):
    def failing(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("openfls.extracts.store.write", failing)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="no space"):
        build([told], tmp_path / "facts", KNOWN)
    assert sorted(tmp_path.iterdir()) == before


def test_every_type_that_the_reader_reads_has_its_view_and_what_decides_it():
    assert set(staging.DECIDING) == set(READERS)
    views = {path.stem for path in staging.VIEWS.glob("*.json")}
    assert views == {*staging.DECIDING, *staging.REFERRED_TO}
    assert views <= RESOURCE_TYPES
