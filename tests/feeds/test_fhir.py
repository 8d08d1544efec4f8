"""FHIR bundles and exports to facts: what counts, for whom, when, and how sure."""

import gzip
import json
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import (
    Admission,
    Answer,
    Attendance,
    BodySite,
    Death,
    Demographics,
    Discharge,
    DoseGiven,
    DoseNotGiven,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Finder,
    FractureSighting,
    LaboratoryResult,
    MedicineSupplied,
    PrescriptionIssued,
    RiskScore,
    Setting,
    Side,
    Status,
    Surgery,
    birthday_age,
)
from openfls.clinical.patients import HospitalNumber, Sex
from openfls.clinical.plain import from_plain, to_plain
from openfls.clinical.when import between, month, on, year
from openfls.feeds.fhir import read, read_files
from openfls.feeds.reading import Origin, Reading
from tests.feeds.fhir_resources import (
    ICD10,
    KNOWN,
    NHS,
    ORIGIN,
    SAMPLES,
    VERIFICATION,
    bundle,
    coded,
    condition,
    encounter,
    ndjson,
    of,
    only,
    patient,
    reading,
    resource,
)

SYNTHEA = Path(__file__).parents[3] / "shared/data/synthea-r4"
IN_ENCOUNTER = {"encounter": {"reference": "Encounter/e"}}


# The proof on records that nobody here wrote

# Every fracture code in those records, read off them by hand; skull, face and digits do not occur among them.
SYNTHEA_FRACTURES = {
    "263102004", "65966004", "58150001", "443165006", "16114001", "359817006", "33737001",
}  # fmt: skip
NO_FRACTURES = {"39848009", "64859006", "44465007"}  # whiplash, osteoporosis, sprained ankle


@pytest.fixture(scope="module")
def synthea() -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted(SYNTHEA.glob("*.json.gz"))}
    if not files:
        pytest.skip(f"no synthetic patients at {SYNTHEA}")
    assert len(files) == 109
    return files


@pytest.fixture(scope="module")
def synthea_readings(synthea) -> dict[str, Reading]:
    return {name: read(content, Origin("synthea", KNOWN)) for name, content in synthea.items()}


def diagnosed(content: bytes) -> tuple[str, date, list[tuple[str, date]]]:
    """Patient id, birth date and the SNOMED codes with their dates, by plain reading of the JSON."""
    entries = [entry["resource"] for entry in json.loads(gzip.decompress(content))["entry"]]
    (person,) = [r for r in entries if r["resourceType"] == "Patient"]
    conditions = [r for r in entries if r["resourceType"] == "Condition"]
    codes = [(c["code"]["coding"][0]["code"], datetime.fromisoformat(c["onsetDateTime"]).date()) for c in conditions]
    return person["id"], date.fromisoformat(person["birthDate"]), codes


def test_everyone_aged_50_or_over_at_a_fracture_is_sighted_and_no_one_else(synthea, synthea_readings):
    for name, content in synthea.items():
        _, born, codes = diagnosed(content)
        expected = sorted(day for code, day in codes if code in SYNTHEA_FRACTURES and birthday_age(born, day) >= 50)
        found = synthea_readings[name]
        assert isinstance(found, Reading)
        assert found.unreadable == ()
        sightings = [
            s.occurred.start
            for s in of(FractureSighting, found)
            if birthday_age(s.record.birth_date, s.occurred.start) >= 50
        ]
        assert sorted(sightings) == expected, name


def test_each_fracture_of_any_age_is_one_sighting_with_its_bone_and_whiplash_is_none(synthea_readings):
    sighted = [s for found in synthea_readings.values() for s in of(FractureSighting, found)]
    sites = [s.body_site for s in sighted]
    assert {site: sites.count(site) for site in set(sites)} == {
        BodySite.WRIST: 8, BodySite.FOREARM: 8, BodySite.CLAVICLE: 5, BodySite.UNSPECIFIED: 4, BodySite.ANKLE: 4,
        BodySite.HIP: 2, BodySite.RIB: 2,
    }  # fmt: skip
    assert not NO_FRACTURES & {code.value for s in sighted for code in s.codes}
    assert all(s.finder is Finder.EMERGENCY_DEPARTMENT for s in sighted)
    osteoporotic = [s for s in sighted if s.body_site is BodySite.UNSPECIFIED]
    assert {(s.pathological, s.low_trauma) for s in osteoporotic} == {(Answer.NO, Answer.YES)}


def test_every_t_score_scan_and_alendronate_prescription_is_read(synthea_readings):
    facts = [fact for found in synthea_readings.values() for fact in found.facts]
    scans = [fact for fact in facts if isinstance(fact, DxaResult)]
    assert len([s for s in scans if s.t_score is not None]) == 24
    assert len([s for s in scans if s.t_score is None]) == 24  # the procedure of each scan
    drugs = [(f.drug, f.bone_drug) for f in facts if isinstance(f, PrescriptionIssued)]
    assert drugs == [("alendronate", Answer.YES)] * 15
    assert len([f for f in facts if isinstance(f, Death)]) == 28
    assert len({fact.id for fact in facts}) == len(facts)
    assert all(from_plain(to_plain(fact)) == fact for fact in facts)


def test_the_files_of_a_folder_give_the_same_facts_together_as_apart(synthea):
    names = list(synthea)[:12]
    apart = {name: read(synthea[name], ORIGIN) for name in names}
    assert read_files(((name, synthea[name]) for name in names), ORIGIN) == apart


# Whom


def test_the_record_takes_the_checked_nhs_number_the_other_numbers_and_the_official_name():
    found = only(
        Demographics,
        patient(
            identifier=[
                {"system": NHS, "value": "999 000 0018"},
                {"system": "https://trust/pas", "value": "X1"},
                {"type": coded("MR", "v2-0203"), "value": "77", "assigner": {"display": "General"}},
                {"value": "no system, no type"},
            ],
            name=[
                {"use": "maiden", "family": "Pryce", "given": ["Gwen"]},
                {"use": "official", "family": "Hughes", "given": ["Gwen", "Mair"]},
            ],
        ),
    ).record
    assert found.nhs_number == "9990000018"
    assert set(found.hospital_numbers) == {HospitalNumber("https://trust/pas", "X1"), HospitalNumber("General", "77")}
    assert (found.family_name, found.given_name, found.sex) == ("Hughes", "Gwen", Sex.FEMALE)
    assert found.birth_date == date(1944, 2, 29)


def ethnic(code: str, system: str = "UKCore-EthnicCategoryEngland", kind: str = "UKCore-EthnicCategory") -> dict:
    coding = {"system": f"https://fhir.hl7.org.uk/CodeSystem/{system}", "code": code}
    url = f"https://fhir.hl7.org.uk/StructureDefinition/Extension-{kind}"
    return {"url": url, "valueCodeableConcept": {"coding": [coding]}}


@pytest.mark.parametrize(
    ("told", "category"),
    [
        ([ethnic("N")], EthnicCategory.AFRICAN),
        ([ethnic("Z", "UKCore-EthnicCategory")], EthnicCategory.NOT_STATED),
        ([ethnic("R", "CareConnect-EthnicCategory-1", "CareConnect-EthnicCategory-1")], EthnicCategory.CHINESE),
        ([ethnic("99")], EthnicCategory.NOT_KNOWN),
        ([], EthnicCategory.NOT_KNOWN),
    ],
)
def test_the_ethnic_category_is_that_of_uk_cores_extension(told, category):
    found = reading(patient(extension=told))
    assert of(Demographics, found)[0].ethnic_category is category
    assert not [note for note in found.notes if "ethnic" in note]


@pytest.mark.parametrize(
    "told",
    [
        [ethnic("B", "UKCore-EthnicCategoryWales")],
        [ethnic("1A", "UKCore-EthnicCategoryScotland")],
        [ethnic("XX")],
        [ethnic("A"), ethnic("B")],
        [{"url": ethnic("A")["url"], "valueCodeableConcept": {"text": "British"}}],
        [{"url": ethnic("A")["url"], "valueString": "A"}],
    ],
)
def test_an_ethnic_category_of_another_list_is_told_and_not_read(told):
    found = reading(patient(extension=told))
    assert of(Demographics, found)[0].ethnic_category is EthnicCategory.NOT_KNOWN
    assert [note for note in found.notes if "ethnic categor" in note]


def test_an_nhs_number_that_fails_its_check_and_two_that_differ_are_doubtful():
    wrong = only(Demographics, patient(identifier=[{"system": NHS, "value": "9990000019"}])).record
    assert (wrong.nhs_number, wrong.doubtful_nhs_number) == (None, "9990000019")
    two = [{"system": NHS, "value": "9990000018"}, {"system": NHS, "value": "9990000026"}]
    both = only(Demographics, patient(identifier=two)).record
    assert (both.nhs_number, both.doubtful_nhs_number) == (None, "9990000018 or 9990000026")
    one_old = [two[0], two[1] | {"use": "old"}]
    assert only(Demographics, patient(identifier=one_old)).record.nhs_number == "9990000018"


def test_two_people_of_whom_the_server_tells_the_same_few_details_stay_two():
    bare = {"identifier": [], "name": [], "gender": "female"}
    found = reading(patient(id="a", **bare), patient(id="b", **bare))
    assert len({fact.record.key for fact in found.facts}) == 2


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("Patient/p", ""),
        ("urn:uuid:5f1c", "urn:uuid:5f1c"),
        ("https://trust/fhir/Patient/p", "https://trust/fhir/Patient/p"),
        ("https://trust/fhir/Patient/p/_history/3", ""),
        (f"Patient?identifier={NHS}|9990000018", ""),
    ],
)
def test_a_reference_is_resolved_however_it_is_written(reference: str, url: str):
    pointing = condition(subject={"reference": reference})
    entries = [{"fullUrl": url, "resource": patient()}, {"resource": pointing}]
    found = read(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode(), ORIGIN)
    assert found.unreadable == ()
    assert [s.record.family_name for s in of(FractureSighting, found)] == ["Hughes"]


def test_a_logical_reference_by_nhs_number_is_enough_to_know_whose_fracture_it_is():
    found = only(FractureSighting, condition(subject={"identifier": {"system": NHS, "value": "9990000018"}}))
    assert found.record.nhs_number == "9990000018"


def test_a_contained_patient_is_the_subject():
    inside = condition(subject={"reference": "#x"}, contained=[patient(id="x")])
    assert only(FractureSighting, inside).record.family_name == "Hughes"


def test_demographics_death_and_practice_are_read():
    found = reading(
        patient(
            deceasedDateTime="2026-05-30",
            telecom=[{"system": "email", "value": "a@b"}, {"system": "phone", "value": "01632 960123"}],
            address=[
                {"use": "old", "line": ["1 Old Rd"]},
                {"line": ["4 Row", "Up"], "city": "T", "postalCode": "ZZ99 3CZ"},
            ],
            generalPractitioner=[{"display": "Dr X", "reference": "Practitioner/1"}, {"reference": "Organization/o"}],
            meta={"lastUpdated": "2026-06-01T10:00:00Z"},
        ),
        {"resourceType": "Organization", "id": "o",
         "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A99999"}]},
    )  # fmt: skip
    (told,) = of(Demographics, found)
    assert (told.address, told.postcode, told.phone) == ("4 Row, Up, T", "ZZ99 3CZ", "01632 960123")
    assert (told.practice, told.occurred) == ("A99999", on(date(2026, 6, 1)))
    assert told.version == datetime(2026, 6, 1, 10, tzinfo=UTC)
    (death,) = of(Death, found)
    assert (death.occurred, death.formal) == (on(date(2026, 5, 30)), Answer.UNKNOWN)


def test_a_death_without_a_date_lies_somewhere_before_the_receipt():
    assert only(Death, patient(deceasedBoolean=True)).occurred == between(date(1944, 2, 29), KNOWN.date())
    assert of(Death, reading(patient(deceasedBoolean=False))) == []


# What and when


@pytest.mark.parametrize(
    ("verification", "certain", "status", "retracted"),
    [
        (None, Answer.YES, Status.FINAL, False),
        ("confirmed", Answer.YES, Status.FINAL, False),
        ("refuted", Answer.NO, Status.FINAL, False),
        ("provisional", Answer.UNKNOWN, Status.PRELIMINARY, False),
        ("differential", Answer.UNKNOWN, Status.PRELIMINARY, False),
        ("unconfirmed", Answer.UNKNOWN, Status.PRELIMINARY, False),
        ("entered-in-error", Answer.YES, Status.CORRECTED, True),
    ],
)
def test_the_verification_status_says_how_sure(verification, certain, status, retracted):
    said = coded(verification, VERIFICATION) if verification else None
    found = only(FractureSighting, patient(), condition(verificationStatus=said))
    assert (found.certain, found.status, found.retracted) == (certain, status, retracted)


@pytest.mark.parametrize(
    ("dates", "occurred", "dated_by"),
    [
        ({"onsetDateTime": "2025"}, year(2025), "injury"),
        ({"onsetDateTime": "2026-02"}, month(2026, 2), "injury"),
        ({"onsetDateTime": "2026-02-03"}, on(date(2026, 2, 3)), "injury"),
        ({"onsetDateTime": "2026"}, between(date(2026, 1, 1), date(2026, 7, 2)), "injury"),  # not past the receipt
        ({"onsetPeriod": {"start": "2026", "end": "2026-02"}}, between(date(2026, 1, 1), date(2026, 2, 28)), "injury"),
        ({"onsetAge": {"value": 80, "code": "a"}}, between(date(2024, 2, 29), date(2025, 2, 28)), "injury"),
        ({"onsetString": "last winter", "recordedDate": "2026-01-10"}, on(date(2026, 1, 10)), "diagnosis"),
        ({"recordedDate": "2026-01-10"}, on(date(2026, 1, 10)), "diagnosis"),
        (IN_ENCOUNTER, None, "attendance"),
    ],
)  # fmt: skip
def test_a_fracture_is_dated_as_nearly_as_its_record_tells(dates, occurred, dated_by):
    found = only(FractureSighting, patient(), encounter(), condition(**{"onsetDateTime": None} | dates))
    assert found.dated_by == dated_by
    if occurred:
        assert found.occurred == occurred
    assert found.occurred.start <= KNOWN.date()


def test_the_date_on_the_wall_stays_as_written_with_its_offset():
    found = only(FractureSighting, patient(), condition(onsetDateTime="2026-06-14T23:30:00+01:00"))
    assert found.occurred.start == date(2026, 6, 14)
    assert found.occurred.at.isoformat() == "2026-06-14T23:30:00+01:00"


@pytest.mark.parametrize(
    ("kind", "finder", "setting"),
    [
        ("EMER", Finder.EMERGENCY_DEPARTMENT, Setting.EMERGENCY),
        ("IMP", Finder.CODED_DISCHARGE, Setting.INPATIENT),
        ("AMB", Finder.CODED_RECORD, Setting.OUTPATIENT),
        ("strange", Finder.CODED_RECORD, Setting.UNKNOWN),
    ],
)
def test_the_encounters_class_names_finder_and_setting(kind, finder, setting):
    found = only(FractureSighting, patient(), encounter(kind), condition(**IN_ENCOUNTER))
    assert (found.finder, found.setting) == (finder, setting)


def test_the_feeds_own_finder_stands_above_the_class():
    origin = Origin("gp", KNOWN, finder=Finder.GENERAL_PRACTICE)
    found = only(FractureSighting, patient(), condition(), origin=origin)
    assert (found.finder, found.setting) == (Finder.GENERAL_PRACTICE, Setting.COMMUNITY)


def test_several_conditions_of_one_encounter_stay_several_sightings():
    found = reading(
        patient(), encounter(), condition(id="c1", **IN_ENCOUNTER), condition("443165006", id="c2", **IN_ENCOUNTER)
    )
    assert [s.body_site for s in of(FractureSighting, found)] == [BodySite.HIP, BodySite.UNSPECIFIED]


def test_an_external_cause_of_the_same_encounter_says_the_force():
    fall = condition(coded("W01.0", ICD10), id="fall", **IN_ENCOUNTER)
    crash = condition(coded("V03.1", ICD10), id="crash", encounter={"reference": "Encounter/other"})
    found = only(FractureSighting, patient(), encounter(), condition(**IN_ENCOUNTER), fall, crash)
    assert found.low_trauma is Answer.YES


def test_side_and_bone_may_stand_in_the_body_site():
    left = {"bodySite": [coded("7771000") | {"text": "Hip"}]}
    found = only(FractureSighting, patient(), condition("443165006", **left))
    assert (found.body_site, found.side) == (BodySite.HIP, Side.LEFT)
    spoken = only(FractureSighting, patient(), condition(coded("5913000", display="Right neck of femur")))
    assert spoken.side is Side.RIGHT


def test_a_fracture_known_by_words_alone_is_suspected_and_noted():
    found = reading(patient(), condition(coded("1", display="Closed fracture of distal end of left radius")))
    (sighting,) = of(FractureSighting, found)
    assert (sighting.body_site, sighting.side, sighting.certain) == (BodySite.WRIST, Side.LEFT, Answer.UNKNOWN)
    assert "on no code list" in "".join(found.notes)


@pytest.mark.parametrize(
    "concept",
    [
        coded("39848009", display="Whiplash injury to neck"),
        coded("64859006", display="Osteoporosis"),
        coded("T93.1", ICD10, "Sequelae of fracture of femur"),  # a classification's words add nothing
        {"text": "History of fracture of hip"},
        {"text": "Hip pain"},
    ],
)
def test_what_is_no_new_fracture_is_no_sighting(concept):
    found = reading(patient(), condition(concept))
    assert of(FractureSighting, found) == []
    assert found.unreadable == ()


def test_the_site_is_the_providers_ods_code_else_the_feeds():
    ods = {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RZZ01"}}
    found = reading(patient(), encounter("IMP", serviceProvider=ods), condition(**IN_ENCOUNTER))
    assert {fact.site for fact in found.facts} == {"RZZ01", "RZZ99"}
    assert [s.site for s in of(FractureSighting, found)] == ["RZZ01"]


def test_an_encounter_that_is_not_there_costs_the_setting_and_not_the_fracture():
    found = reading(patient(), condition(encounter={"reference": "Encounter/nowhere"}))
    assert [s.setting for s in of(FractureSighting, found)] == [Setting.UNKNOWN]
    assert "encounter references to nothing" in "".join(found.notes)


def test_an_inpatient_stay_is_an_admission_and_a_discharge_and_an_emergency_one_an_attendance():
    found = reading(patient(), encounter("IMP", priority=coded("EM")), encounter("EMER", id="e2"))
    (admission,), (discharge,), (attendance,) = (of(kind, found) for kind in (Admission, Discharge, Attendance))
    assert (admission.occurred.start, admission.emergency) == (date(2026, 3, 14), Answer.YES)
    assert discharge.occurred.start == date(2026, 3, 21)
    assert attendance.setting is Setting.EMERGENCY
    assert len({admission.key, discharge.key, attendance.key}) == 3


def test_a_planned_stay_is_none_and_a_cancelled_one_is_taken_back():
    assert of(Admission, reading(patient(), encounter("IMP", status="planned"))) == []
    cancelled = encounter("IMP", status="cancelled")
    del cancelled["period"]
    assert only(Admission, patient(), cancelled).retracted


def test_a_hip_replacement_is_surgery_only_with_a_fracture_as_its_reason():
    opcs = "https://fhir.hl7.org.uk/Id/opcs-4"
    done = {"status": "completed", "performedDateTime": "2026-03-15", "code": coded("W37.1", opcs, "Hip replacement")}
    assert of(Surgery, reading(patient(), resource("Procedure", **done))) == []
    because = {"reasonReference": [{"reference": "Condition/c"}]}
    assert only(Surgery, patient(), condition(), resource("Procedure", **done, **because)).codes[0].value == "W371"
    fixed = done | {"code": coded("W24.1", opcs)}
    assert only(Surgery, patient(), resource("Procedure", **fixed)).occurred == on(date(2026, 3, 15))
    assert of(Surgery, reading(patient(), resource("Procedure", **fixed | {"status": "not-done"}))) == []


def test_a_scan_without_a_value_counts_as_scanned():
    scan = resource("Procedure", status="completed", code=coded("312681000"), performedPeriod={"start": "2026-04-22"})
    found = only(DxaResult, patient(), scan)
    assert (found.t_score, found.occurred) == (None, on(date(2026, 4, 22)))


def measured(code: str, value: object = -2.5, **more) -> dict:
    base = {"status": "final", "code": coded(code, "http://loinc.org"), "effectiveDateTime": "2026-04-22"}
    return resource("Observation", **base | {"valueQuantity": {"value": value}} | more)


@pytest.mark.parametrize(
    ("code", "region"),
    [("38263-0", "femur"), ("38264-8", "hip"), ("38267-1", "lumbar spine"), ("38265-5", "radius and ulna")],
)
def test_a_t_score_names_its_region(code: str, region: str):
    found = only(DxaResult, patient(), measured(code))
    assert (found.t_score, found.region) == (-2.5, region)


def test_density_risk_and_laboratory_values_are_read_and_other_measurements_are_not():
    found = reading(
        patient(),
        measured(
            "38261-4", id="1", valueQuantity={"value": 0.71, "unit": "g/cm2"}, bodySite={"text": "Left total hip"}
        ),
        measured("90265-0", 24, id="2"),
        measured("77140-2", id="3", valueQuantity={"value": 71, "unit": "umol/L"}),
        measured(
            "62292-8", id="4", status="corrected", valueQuantity={"value": 25, "comparator": "<", "unit": "nmol/L"}
        ),
        measured("2951-2", 140, id="5"),
    )
    (scan,) = of(DxaResult, found)
    assert (scan.bmd_g_cm2, scan.t_score, scan.region, scan.side) == (0.71, None, "Left total hip", Side.LEFT)
    assert [f.major_fracture_percent for f in of(RiskScore, found)] == [24]
    creatinine, vitamin = of(LaboratoryResult, found)
    assert (creatinine.name, creatinine.value, creatinine.unit) == ("creatinine", "71", "umol/L")
    assert (vitamin.value, vitamin.status) == ("<25", Status.CORRECTED)
    assert found.unreadable == ()


def test_components_of_one_observation_are_facts_of_their_own():
    loinc = "http://loinc.org"
    parts = [
        {"code": coded("38267-1", loinc), "valueQuantity": {"value": -1.9}},
        {"code": coded("38264-8", loinc), "valueQuantity": {"value": -2.7}},
    ]
    panel = resource(
        "Observation", status="final", code={"text": "DXA"}, effectiveDateTime="2026-04-22", component=parts
    )
    found = of(DxaResult, reading(patient(), panel))
    assert [f.t_score for f in found] == [-1.9, -2.7]
    assert len({f.id for f in found}) == len({f.key for f in found}) == 2


def medicine(kind: str, name: str, **more) -> dict:
    return resource(kind, **{"status": "completed", "medicationCodeableConcept": {"text": name}} | more)


def test_bone_drugs_are_prescribed_dispensed_taken_and_given_and_other_medicines_pass():
    found = reading(
        patient(),
        medicine("MedicationRequest", "Alendronic acid 70mg tablets", intent="order", authoredOn="2026-03-20",
                 dispenseRequest={"expectedSupplyDuration": {"value": 4, "code": "wk"}}),
        medicine("MedicationDispense", "Risedronate 35mg", whenHandedOver="2026-03-21",
                 daysSupply={"value": 28, "unit": "days"}, quantity={"value": 4},
                 authorizingPrescription=[{"reference": "MedicationRequest/rx1"}]),
        medicine("MedicationStatement", "Denosumab (Prolia)", effectivePeriod={"start": "2026-01"}),
        medicine("MedicationAdministration", "Zoledronic acid 5mg", effectiveDateTime="2026-06-02T10:00:00+01:00"),
        medicine("MedicationRequest", "Paracetamol", id="other", intent="order", authoredOn="2026-03-20"),
    )  # fmt: skip
    issued = of(PrescriptionIssued, found)
    assert [(f.drug, f.days_supplied) for f in issued] == [("alendronate", 28), ("denosumab", None)]
    [supplied] = of(MedicineSupplied, found)
    assert (supplied.drug, supplied.days_supplied, supplied.quantity) == ("risedronate", 28, 4)
    assert supplied.order == "RZZ/fhir/MedicationRequest/rx1"
    assert [f.drug for f in of(DoseGiven, found)] == ["zoledronate"]
    assert {f.bone_drug for f in [*issued, *of(DoseGiven, found)]} == {Answer.YES}


def test_a_dose_not_done_says_why_and_a_medicine_written_nearly_like_a_bone_drug_may_be_one():
    why = {"status": "not-done", "statusReason": [{"text": "patient refused"}]}
    refused = medicine("MedicationAdministration", "Denosumab 60mg", effectiveDateTime="2026-03-20", **why)
    found = only(DoseNotGiven, patient(), refused)
    assert (found.drug, found.reason) == ("denosumab", "patient refused")
    slip = medicine("MedicationRequest", "Alendrnoic acid", intent="order", authoredOn="2026-03-20")
    near = only(PrescriptionIssued, patient(), slip)
    assert (near.drug, near.bone_drug) == ("Alendrnoic acid", Answer.UNKNOWN)


@pytest.mark.parametrize(
    "more", [{"intent": "proposal"}, {"intent": "plan"}, {"status": "draft"}, {"doNotPerform": True}]
)
def test_what_nobody_prescribed_is_no_prescription(more):
    asked = medicine("MedicationRequest", "Alendronic acid", **{"intent": "order", "authoredOn": "2026-03-20"} | more)
    assert of(PrescriptionIssued, reading(patient(), asked)) == []


def test_a_medicine_by_reference_is_looked_up_and_one_without_name_or_known_code_is_noted():
    drug = {"resourceType": "Medication", "id": "m", "code": {"text": "Ibandronic acid 150mg"}}
    by_reference = resource("MedicationRequest", status="active", intent="order", authoredOn="2026-03-20",
                            medicationReference={"reference": "Medication/m"})  # fmt: skip
    assert only(PrescriptionIssued, patient(), drug, by_reference).drug == "ibandronate"
    nameless = by_reference | {"medicationReference": {"reference": "Medication/none"}}
    assert "bone drugs is not known" in "".join(reading(patient(), nameless).notes)


def test_a_scan_asked_for_and_one_decided_against_are_both_said():
    asked = resource("ServiceRequest", status="active", code={"text": "DXA scan"}, authoredOn="2026-03-20")
    assert only(DxaRequest, patient(), asked).need is DxaNeed.REQUESTED
    against = asked | {"doNotPerform": True, "reasonCode": [{"text": "too frail"}]}
    refused = only(DxaRequest, patient(), against)
    assert (refused.need, refused.reason) == (DxaNeed.NOT_NEEDED, "too frail")
    assert of(DxaRequest, reading(patient(), asked | {"code": {"text": "Chest X-ray"}})) == []


# Files


def test_the_uk_core_sample_tells_one_whole_story():
    found = read((SAMPLES / "uk-core.json").read_bytes(), ORIGIN)
    assert found.unreadable == ()
    hip, wrist = of(FractureSighting, found)
    assert (hip.body_site, hip.side, hip.low_trauma, hip.site) == (BodySite.HIP, Side.LEFT, Answer.YES, "RZZ01")
    assert (hip.key, hip.source.position) == ("RZZ/fhir/Condition/hip", "Condition/hip")
    assert (wrist.body_site, wrist.occurred, wrist.record.nhs_number) == (BodySite.WRIST, month(2026, 2), None)
    (surgery,), (admission,) = of(Surgery, found), of(Admission, found)
    assert surgery.visit == admission.visit == "V2026-0314"
    assert (admission.emergency, admission.ward) == (Answer.YES, "Ward 7, trauma")
    assert [f.t_score for f in of(DxaResult, found)] == [-2.7, -1.9, None]
    assert [f.formal for f in of(Death, found)] == [Answer.YES]
    assert {f.drug for f in of(PrescriptionIssued, found)} == {"alendronate"}


def test_the_files_of_an_export_know_each_others_patients_in_any_order():
    files = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "export").iterdir())]
    for order in (files, files[::-1]):
        found = read_files(iter(order), ORIGIN)
        wrist, spine = of(FractureSighting, found["Condition.ndjson"])
        assert (wrist.body_site, wrist.finder) == (BodySite.WRIST, Finder.EMERGENCY_DEPARTMENT)
        assert (spine.body_site, spine.certain, spine.record.family_name) == (
            BodySite.SPINE, Answer.UNKNOWN, "Lindqvist",
        )  # fmt: skip
        assert all(r.unreadable == () for r in found.values())


def test_one_file_of_several_kinds_plain_or_packed_gives_the_same_facts():
    resources = patient(), encounter(), condition(**IN_ENCOUNTER)
    plain = read(ndjson(*resources), ORIGIN)
    packed = read(gzip.compress(ndjson(*resources)), ORIGIN)
    bundled = read(bundle(*resources), ORIGIN)
    said = [[(f.kind, f.key, f.occurred, f.record) for f in found.facts] for found in (plain, packed, bundled)]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 3


def test_the_same_bytes_give_the_same_facts_and_the_order_of_entries_changes_none():
    content = (SAMPLES / "uk-core.json").read_bytes()
    assert read(content, ORIGIN) == read(content, ORIGIN)
    document = json.loads(content)
    expected = {(f.kind, f.key, f.occurred, f.record.key) for f in read(content, ORIGIN).facts}
    for seed in range(5):
        random.Random(seed).shuffle(document["entry"])
        shuffled = read(json.dumps(document).encode(), ORIGIN)
        assert {(f.kind, f.key, f.occurred, f.record.key) for f in shuffled.facts} == expected


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset"])
def test_bundles_of_these_types_are_read(kind: str):
    found = read(bundle(patient(), condition(), kind=kind), ORIGIN)
    assert len(of(FractureSighting, found)) == 1


def test_bundles_inside_lines_or_entries_are_opened():
    inner = json.loads(bundle(patient(), condition()))
    assert len(of(FractureSighting, read(ndjson(inner, {"resourceType": "Basic"}), ORIGIN))) == 1
    assert len(of(FractureSighting, read(bundle(inner), ORIGIN))) == 1


def test_a_file_of_nothing_that_counts_says_by_which_rule_it_is_passed_over():
    found = read(bundle({"resourceType": "Claim", "id": "1"}, {"resourceType": "Claim", "id": "2"}), ORIGIN)
    assert "2 Claim" in found.ignored
    assert (found.facts, found.unreadable) == ((), ())


def test_two_versions_in_one_file_are_two_facts_of_one_statement():
    first = condition(meta={"lastUpdated": "2026-03-14T20:00:00Z"})
    second = condition(meta={"lastUpdated": "2026-03-16T20:00:00Z"}, verificationStatus=coded("refuted", VERIFICATION))
    found = of(FractureSighting, reading(patient(), first, second))
    assert len({f.id for f in found}) == 2
    assert len({f.key for f in found}) == 1
    assert max(found, key=lambda f: f.version).certain is Answer.NO
