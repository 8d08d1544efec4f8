"""Laboratory results by LOINC and by a laboratory's own code map, from HL7 ORU and FHIR Observation."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.bone_measurements import LABORATORY
from openfls.clinical.codes import LocalCode, Loinc
from openfls.clinical.facts import LaboratoryResult, Status
from openfls.clinical.laboratory import ANALYTES
from openfls.clinical.versions import current
from openfls.feeds import fhir, hl7v2, laboratory
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.declaring import declaration_of
from openfls.feeds.hl7v2.build import Field, message, segment
from openfls.feeds.laboratory import analyte_of, code_map, code_map_names, parsed
from openfls.feeds.reading import Origin, Reading

KNOWN = datetime(2025, 6, 1, 12, tzinfo=UTC)
LOINC_ONLY = Origin("X9A/lab", KNOWN, site="X9A01")
MAPPED = Origin("X9A/lab", KNOWN, site="X9A01", mapping="example_laboratory")
CREATININE = ["2160-0", "Creatinine", "LN"]


def obx(kind: str, code: Field, value: Field, unit: str = "", status: str = "F", **more: Field) -> list[Field]:
    given_: dict[int, Field] = {2: kind, 3: code, 5: value, 6: unit, 11: status}
    return segment("OBX", given_ | {int(name[1:]): told for name, told in more.items()})


def read(*observations: list[Field], origin: Origin = LOINC_ONLY, changed: str = "20250304121000") -> Reading:
    found = hl7v2.read(
        message(
            [
                segment("MSH", {3: "LIMS", 4: "X9A", 7: "20250304121500", 9: ["ORU", "R01"], 10: "M1", 12: "2.4"}),
                segment("PID", {3: ["H1", "", "", "X9A", "MR"], 5: ["Smith", "Anne"], 7: "19420714"}),
                segment("OBR", {3: ["L1", "LAB"], 4: ["UE", "Bone"], 7: "20250304083000", 22: changed, 24: "LAB"}),
                *observations,
            ]
        ),
        origin,
    )
    assert isinstance(found, Reading), found
    return found


def results(found: Reading) -> list[LaboratoryResult]:
    return [fact for fact in found.facts if isinstance(fact, LaboratoryResult)]


# --- HL7


def test_a_result_keeps_value_unit_name_and_code_as_the_laboratory_wrote_them():
    [fact] = results(read(obx("NM", CREATININE, "98.0", "umol/L", f7="45-84")))
    assert (fact.value, fact.unit, fact.reference_range, fact.name) == ("98.0", "umol/L", "45-84", "Creatinine")
    assert (fact.code, fact.analyte) == (Loinc("2160-0"), "creatinine")


def test_a_code_of_the_laboratorys_own_counts_only_by_its_declared_map():
    own = obx("NM", ["CREA", "Creatinine", "L"], "98", "umol/L")
    assert [fact.analyte for fact in results(read(own, origin=MAPPED))] == ["creatinine"]
    assert results(read(own, origin=MAPPED))[0].code == LocalCode("CREA")
    without = read(own)
    assert results(without) == []
    by = "LOINC (the feed declares no code map of its laboratory)"
    assert without.notes == (f"result CREA passed over: not known by {by}",)


def test_codes_that_no_map_knows_are_named_so_that_somebody_can_map_them():
    found = read(obx("NM", ["NA", "Sodium", "L"], "140", "mmol/L"), obx("NM", "K", "4"), origin=MAPPED)
    assert results(found) == []
    by = "the code map example_laboratory"
    assert set(found.notes) >= {f"result {code} passed over: not known by {by}" for code in ("K", "NA")}


def test_loinc_as_the_alternate_code_is_read():
    both = obx("NM", ["XYZ", "Creat", "L", "2160-0", "Creatinine", "LN"], "98", "umol/L")
    assert [fact.analyte for fact in results(read(both))] == ["creatinine"]


@pytest.mark.parametrize(
    ("value", "unit", "place"),
    [
        ("98", "", "OBX[2]-6"),
        ("98", "mmol", "OBX[2]-6"),
        ("1.2", "umol/L", "OBX[2]-5"),
        ("9999", "umol/L", "OBX[2]-5"),
        ("98,5", "umol/L", "OBX[2]-5"),
    ],
)
def test_a_result_that_cannot_be_waits_with_its_field_while_the_others_count(value, unit, place):
    calcium = obx("NM", ["29265-6", "Adj. calcium", "LN"], "2.31", "mmol/L")
    found = read(calcium, obx("NM", CREATININE, value, unit))
    assert [u.place for u in found.unreadable] == [place]
    assert found.unreadable[0].mend
    assert [fact.analyte for fact in results(found)] == ["adjusted calcium"]


def test_a_corrected_result_stands_above_the_final_one_whatever_came_first():
    final = results(read(obx("NM", CREATININE, "98", "umol/L")))
    corrected = results(read(obx("NM", CREATININE, "89", "umol/L", "C"), changed="20250304121000"))
    assert [fact.value for fact in current(final + corrected)] == ["89"]
    assert [fact.value for fact in current(corrected + final)] == ["89"]


def test_a_result_taken_back_needs_no_value_and_is_taken_back():
    final = results(read(obx("NM", CREATININE, "98", "umol/L")))
    deleted = results(read(obx("NM", CREATININE, "", "", "D")))
    [fact] = current(deleted + final)
    assert (fact.retracted, fact.value) == (True, "98")


def test_lines_of_an_electrophoresis_are_one_text_and_need_no_unit():
    lines = [obx("FT", ["49275-1", "Electrophoresis", "LN"], text) for text in ("Faint band.", "Repeat in 3 months.")]
    [fact] = results(read(*lines))
    assert (fact.value, fact.analyte) == ("Faint band.\nRepeat in 3 months.", "protein electrophoresis")
    [short] = results(read(obx("ST", ["SEP", "Electrophoresis", "L"], "No paraprotein"), origin=MAPPED))
    assert short.value == "No paraprotein"
    [coded] = results(read(obx("CE", ["SEP", "", "L"], ["N", "No band seen"], status="P"), origin=MAPPED))
    assert (coded.value, coded.status) == ("No band seen", Status.PRELIMINARY)


@given(st.text(max_size=25), st.text(max_size=15), st.sampled_from(sorted(LABORATORY)))
def test_any_value_and_unit_are_read_or_wait_with_a_reason(value, unit, code):
    content = message(
        [
            segment("MSH", {3: "L", 4: "X9A", 7: "20250304121500", 9: ["ORU", "R01"], 10: "M1", 12: "2.4"}),
            segment("PID", {3: ["H1", "", "", "X9A", "MR"]}),
            segment("OBR", {3: "L1", 24: "LAB"}),
            obx("ST", [code, "", "LN"], value, unit),
        ]
    )
    found = hl7v2.read(content, LOINC_ONLY)
    if isinstance(found, Reading):
        assert all(problem.reason and problem.place and problem.mend for problem in found.unreadable)
        assert all(fact.value for fact in results(found))


# --- FHIR


def bundle(*observations: dict, origin: Origin = LOINC_ONLY) -> Reading:
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": NHS, "value": "9990000018"}]}
    entries = [{"resource": resource} for resource in (patient, *observations)]
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    found = fhir.read(content, origin)
    assert isinstance(found, Reading), found
    return found


NHS = "https://fhir.nhs.uk/Id/nhs-number"


def observation(code: str, quantity: dict | None, system: str = "http://loinc.org", **more) -> dict:
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2025-03-04",
        **({"valueQuantity": quantity} if quantity else {}),
        **more,
    }


def test_an_observation_is_read_by_loinc_with_its_comparator_and_unit():
    [fact] = results(bundle(observation("98979-8", {"value": 90, "comparator": ">", "unit": "mL/min/{1.73_m2}"})))
    assert (fact.value, fact.unit, fact.analyte) == (">90", "mL/min/{1.73_m2}", "eGFR")


def test_an_observation_by_a_code_of_the_laboratory_counts_by_its_declared_map():
    own = observation("CREA", {"value": 98, "unit": "umol/L"}, "https://lab.example/codes")
    assert results(bundle(own)) == []
    [fact] = results(bundle(own, origin=MAPPED))
    assert (fact.analyte, fact.name) == ("creatinine", "creatinine")


def test_the_unit_is_its_words_or_its_code_whichever_is_known():
    odd = {"value": 98, "unit": "micromoles per litre", "code": "umol/L"}
    [fact] = results(bundle(observation("2160-0", odd)))
    assert fact.unit == "umol/L"


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ({"value": 98}, "The creatinine has no unit."),
        ({"value": 98, "unit": "mmol"}, "'mmol' is no unit that is known."),
        ({"value": 9999, "unit": "umol/L"}, "9999 is a placeholder, not a measurement."),
    ],
)
def test_an_observation_that_cannot_be_waits_with_a_reason(quantity, reason):
    found = bundle(observation("2160-0", quantity))
    assert [u.reason for u in found.unreadable] == [reason]
    assert results(found) == []


def test_one_entered_in_error_is_taken_back_without_its_value_being_questioned():
    [fact] = results(bundle(observation("2160-0", {"value": 98}, status="entered-in-error")))
    assert fact.retracted


# --- code maps


def test_every_loinc_code_and_every_map_name_a_measurement_that_there_is():
    assert {measure.name for measure in LABORATORY.values()} <= set(ANALYTES)
    assert "example_laboratory" in code_map_names()
    assert set(code_map("example_laboratory").codes.values()) == set(ANALYTES)


def test_loinc_stands_before_the_laboratorys_own_code():
    found = analyte_of((LocalCode("CREA"), Loinc("1751-7")), code_map("example_laboratory"))
    assert found is ANALYTES["albumin"]


MAP = {
    "name": "our_laboratory", "title": "Ours", "codes": {"U-CR": "creatinine"}, "authored_by": "a",
    "authored_on": "2026-01-01", "checked_by": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"codes": {"X": "creatine"}}, "no measurement is called creatine"),
        ({"codes": {"X": "creatinine", "x": "albumin"}}, "a code stands twice"),
        ({"units": {}}, "a map holds"),
    ],
)
def test_a_map_that_says_something_impossible_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        parsed(MAP | changes)


def test_a_deployments_own_folder_adds_maps_and_a_broken_one_names_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(laboratory, "_KNOWN", dict(laboratory._known()))
    (tmp_path / "ours.json").write_text(json.dumps(MAP))
    laboratory.look_in(tmp_path)
    assert analyte_of((LocalCode("u-cr"),), code_map("our_laboratory")) is ANALYTES["creatinine"]
    (tmp_path / "feed.hl7").touch()
    (tmp_path / "feed.json").write_text('{"source": "X9A/lab", "mapping": "our_laboratory"}')
    assert declaration_of(tmp_path / "feed.hl7", tmp_path, packaged()).mapping == "our_laboratory"
    laboratory.look_in(tmp_path / "missing")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ValueError, match=r"broken\.json"):
        laboratory.look_in(tmp_path)
