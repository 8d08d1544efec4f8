"""OMOP CDM 5.4 tables give the facts that the same history in FHIR would give."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from openfls.clinical.codes import Icd10, Snomed
from openfls.clinical.facts import (
    Admission,
    BodySite,
    Death,
    Demographics,
    Discharge,
    DoseGiven,
    FractureSighting,
    LaboratoryResult,
    MedicineSupplied,
    PrescriptionIssued,
    Setting,
    Surgery,
)
from tests.extracts.exports import built

# ruff: noqa: E501 (the columns are those of OMOP)
TABLES = {
    "person": """person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,person_source_value
1,8532,1940,5,6,P-1
2,8507,1950,,,""",
    "condition_occurrence": """condition_occurrence_id,person_id,condition_concept_id,condition_start_date,visit_occurrence_id,condition_source_concept_id
10,1,4230399,2025-03-01,100,45555
11,1,201826,2025-03-01,100,0
12,2,4230399,2025-04-01,,0""",
    "visit_occurrence": """visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,care_site_id
100,1,9201,2025-03-01,2025-03-10,7
101,2,9202,2025-03-01,2025-03-01,7""",
    "care_site": """care_site_id,care_site_name,care_site_source_value
7,The Royal,X9A01""",
    "procedure_occurrence": """procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,visit_occurrence_id,procedure_source_concept_id
1,1,4000001,2025-03-02,100,0""",
    "drug_exposure": """drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_type_concept_id,quantity,days_supply,visit_occurrence_id,drug_source_concept_id
1,1,1557272,2025-03-09,32838,4,28,100,0
2,1,1557272,2025-04-09,32825,4,28,,0
3,1,1557272,2025-05-09,32818,,,,0
4,1,19000000,2025-05-09,32838,,,,0""",
    "measurement": """measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id,unit_source_value,value_source_value
1,1,3000963,2025-03-02,2.3,8753,,
2,1,3000963,2025-03-03,,,,haemolysed""",
    "death": """person_id,death_date
1,2025-09-01""",
    "concept": """concept_id,concept_name,vocabulary_id,concept_code
4230399,Closed fracture of hip,SNOMED,359817006
45555,Fracture of neck of femur,ICD10,S72.0
201826,Type 2 diabetes mellitus,SNOMED,44054006
4000001,Internal fixation of fracture of femur,SNOMED,1234567
1557272,alendronic acid 70 MG Oral Tablet,RxNorm,904431
19000000,paracetamol 500 MG Oral Tablet,RxNorm,198440
3000963,Calcium [Moles/volume] in Serum or Plasma,LOINC,2000-8
8753,millimole per liter,UCUM,mmol/L""",
}


@pytest.fixture
def tables(tmp_path) -> Path:
    folder = tmp_path / "omop"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text + "\n")
    return folder


def only(kind, facts):
    [found] = [fact for fact in facts.values() if type(fact) is kind]
    return found


def test_a_history_is_told_whole(tables, tmp_path):
    facts, told = built(tables, tmp_path / "facts")
    assert told.unreadable == []
    one, other = sorted((f for f in facts.values() if isinstance(f, FractureSighting)), key=lambda f: f.occurred.start)
    assert one.codes == (Icd10("S720"), Snomed("359817006"))
    assert (one.body_site, one.setting, one.site) == (BodySite.HIP, Setting.INPATIENT, "X9A01")
    assert one.dated_by == "diagnosis"
    assert (one.record.hospital_numbers[0].value, one.record.birth_date) == ("P-1", date(1940, 5, 6))
    assert (other.record.hospital_numbers[0].value, other.record.birth_date, other.site) == ("2", None, None)
    assert only(Admission, facts).occurred.start == date(2025, 3, 1)
    assert only(Discharge, facts).occurred.start == date(2025, 3, 10)
    assert only(Surgery, facts).visit == "100"
    assert only(Death, facts).occurred.start == date(2025, 9, 1)
    assert len([f for f in facts.values() if isinstance(f, Demographics)]) == 2


def test_a_drug_was_prescribed_handed_over_or_given_as_its_type_says(tables, tmp_path):
    facts, _ = built(tables, tmp_path / "facts")
    issued, supplied = only(PrescriptionIssued, facts), only(MedicineSupplied, facts)
    assert (issued.drug, issued.days_supplied, issued.occurred.start) == ("alendronate", 28, date(2025, 3, 9))
    assert (supplied.quantity, supplied.days_supplied) == (4, 28)
    assert only(DoseGiven, facts).occurred.start == date(2025, 5, 9)


def test_a_measurement_keeps_its_unit_or_what_was_written_instead(tables, tmp_path):
    facts, _ = built(tables, tmp_path / "facts")
    results = sorted((f for f in facts.values() if isinstance(f, LaboratoryResult)), key=lambda f: f.occurred.start)
    assert [(result.value, result.unit) for result in results] == [("2.3", "mmol/L"), ("haemolysed", "")]


def test_parquet_and_names_in_capitals_say_the_same(tables, tmp_path):
    columnar = tmp_path / "columnar" / "omop"
    columnar.mkdir(parents=True)
    for file in tables.glob("*.csv"):
        duckdb.execute(f"COPY (FROM read_csv('{file}')) TO '{columnar / file.stem.upper()}.parquet'")
    said = {(f.source.position, f.kind) for f in built(tables, tmp_path / "a")[0].values()}
    assert {(f.source.position, f.kind) for f in built(columnar, tmp_path / "b")[0].values()} == said


@pytest.mark.parametrize(
    ("spoil", "says", "facts_left"),
    [
        (lambda folder: (folder / "concept.csv").unlink(), "The table concept is missing", True),
        (lambda folder: (folder / "measurement.csv").write_text("a,b\n1,2\n"), "has no column measurement_id", True),
        (lambda folder: (folder / "measurement.csv").write_bytes(b"\xff\x00\xfe" * 9), "measurement", True),
        (lambda folder: (folder / "person.csv").write_text("person_id,gender_concept_id,year_of_birth\n"),
         "is not in the file", False),
    ],
)  # fmt: skip
def test_a_table_that_is_missing_or_broken_is_told_and_the_others_count(tables, tmp_path, spoil, says, facts_left):
    spoil(tables)
    facts, told = built(tables, tmp_path / "facts")
    assert any(says in fault["reason"] + fault["file"] for fault in told.unreadable)
    assert bool(facts) == facts_left
