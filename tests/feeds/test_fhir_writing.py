"""What the service gives out as FHIR: another reader understands the same; a Patient tells only what may be seen."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from openfls.clinical.codes import Icd10, Loinc, Snomed
from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import (
    KINDS,
    Admission,
    Answer,
    BodySite,
    Death,
    Demographics,
    Discharge,
    DoseGiven,
    DoseNotGiven,
    DxaNeed,
    DxaRequest,
    DxaResult,
    Fact,
    Finder,
    FractureSighting,
    LaboratoryResult,
    MedicineSupplied,
    Note,
    PrescriptionIssued,
    Side,
    Source,
    TaskClosed,
    TriageDecision,
)
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex
from openfls.clinical.when import between, month, on, year
from openfls.feeds.fhir import read
from openfls.feeds.fhir.r4 import RESOURCE_TYPES
from openfls.feeds.fhir.writing import TYPES, patient, resource_of, type_of
from openfls.feeds.fhir.writing.resources import FORMS
from openfls.feeds.reading import Origin, Reading

KNOWN = datetime(2026, 6, 1, 9, tzinfo=UTC)
WHO = PatientRecord(
    nhs_number="9990000018",
    hospital_numbers=(HospitalNumber("X9A", "H123"),),
    family_name="O'Neill",
    given_name="Anne",
    birth_date=date(1942, 7, 14),
    sex=Sex.FEMALE,
)
DAYS = some.dates(date(2025, 1, 1), date(2026, 5, 1))
WHENS = some.one_of(
    DAYS.map(on),
    some.builds(month, some.just(2025), some.integers(1, 12)),
    some.builds(year, some.just(2025)),
    some.builds(lambda a, b: between(min(a, b), max(a, b)), DAYS, DAYS),
)


def said(kind: type[Fact], occurred: object, **more: object) -> Fact:
    source = Source("X9A/epr", "0" * 64, "entry 1")
    return kind(record=WHO, occurred=occurred, known=KNOWN, source=source, site="X9A01", **more)  # type: ignore[arg-type]


def back(*facts: Fact) -> list[Fact]:
    """What our own reader makes of what we gave out, but for the demographics."""
    resources = [patient("p", facts), *(resource_of(fact, "p") for fact in facts)]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}
    found = read(json.dumps(bundle).encode(), Origin("X9B/elsewhere", KNOWN, site="X9B01"))
    assert isinstance(found, Reading)
    assert found.unreadable == ()
    return [fact for fact in found.facts if not isinstance(fact, Demographics)]


@given(
    occurred=WHENS,
    finder=some.sampled_from(Finder),
    code=some.sampled_from([(), (Icd10("S720"),), (Snomed("5913000"),)]),
    side=some.sampled_from([Side.LEFT, Side.RIGHT, Side.UNKNOWN]),
    certain=some.sampled_from(Answer),
    retracted=some.booleans(),
)
def test_a_fracture_is_understood_as_the_same_bone_day_and_certainty(occurred, finder, code, side, certain, retracted):
    told = said(
        FractureSighting, occurred, finder=finder, codes=code, side=side, certain=certain, retracted=retracted,
        body_site=BodySite.HIP, dated_by="injury", words="fracture of neck of femur",
    )  # fmt: skip
    (again,) = back(told)
    assert isinstance(again, FractureSighting)
    assert (again.body_site, again.side, again.codes) == (told.body_site, told.side, told.codes)
    assert (again.occurred, again.retracted) == (told.occurred, told.retracted)
    if not retracted:
        by_words_alone = not code
        assert again.certain is (Answer.UNKNOWN if by_words_alone and certain is Answer.YES else certain)
    assert again.record == told.record


def test_a_day_of_diagnosis_stays_one():
    (again,) = back(said(FractureSighting, on(date(2026, 3, 2)), finder=Finder.CODED_DISCHARGE,
                         body_site=BodySite.WRIST, codes=(Icd10("S525"),)))  # fmt: skip
    assert isinstance(again, FractureSighting)
    assert (again.dated_by, again.occurred) == ("diagnosis", on(date(2026, 3, 2)))


@given(
    value=some.sampled_from(["71", "235", "<50", ">90", "not done"]), unit=some.sampled_from(["umol/L", "\u00b5mol/L"])
)
def test_a_laboratorys_value_keeps_comparator_and_unit(value, unit):
    creatinine = {"code": Loinc("14682-9"), "name": "creatinine"}
    told = said(LaboratoryResult, on(date(2026, 3, 2)), value=value, unit=unit, **creatinine)
    (again,) = back(told)
    assert isinstance(again, LaboratoryResult)
    if value == "not done":
        assert again.value == f"not done {unit}"
    else:
        assert (again.value, again.unit) == (value, unit)


@pytest.mark.parametrize(
    "told",
    [
        said(DxaRequest, on(date(2026, 3, 2)), need=DxaNeed.REQUESTED),
        said(DxaRequest, on(date(2026, 3, 2)), need=DxaNeed.NOT_NEEDED, reason="frailty"),
        said(PrescriptionIssued, on(date(2026, 3, 2)), drug="alendronate", bone_drug=Answer.YES, days_supplied=28),
        said(DoseGiven, on(date(2026, 3, 2)), drug="zoledronate", bone_drug=Answer.YES),
        said(DoseGiven, on(date(2026, 3, 2)), drug="zoledronate", bone_drug=Answer.YES, complete=Answer.NO),
        said(DoseNotGiven, on(date(2026, 3, 2)), drug="denosumab", bone_drug=Answer.YES, reason="refused"),
        said(
            MedicineSupplied,
            on(date(2026, 3, 2)),
            drug="teriparatide",
            bone_drug=Answer.YES,
            days_supplied=28,
            quantity=1.0,
        ),
        said(
            PrescriptionIssued,
            on(date(2026, 3, 2)),
            drug="denosumab",
            bone_drug=Answer.UNKNOWN,
            words="Denosumab 120 mg",
            quantity=1.0,
        ),
    ],
)
def test_requests_and_medicines_are_understood_as_the_same(told):
    (again,) = back(told)
    assert type(again) is type(told)
    assert again.occurred == told.occurred
    for name in ("need", "drug", "days_supplied", "bone_drug", "quantity", "complete", "reason"):
        if hasattr(told, name):
            assert getattr(again, name) == getattr(told, name)


def test_the_two_ends_of_a_stay_are_understood():
    admitted = said(Admission, on(date(2026, 3, 2)), visit="V1", ward="Ward 5")
    (again,) = back(admitted)
    assert isinstance(again, Admission)
    assert (again.visit, again.ward, again.site) == ("V1", "Ward 5", "X9A01")


def test_a_request_to_prescribe_orders_nothing():
    from openfls.clinical.facts import PrescriptionRequested

    assert back(said(PrescriptionRequested, on(date(2026, 3, 2)), drug="alendronate")) == []


def test_a_scan_gives_each_value_with_its_unit():
    scan = said(DxaResult, on(date(2026, 3, 2)), region="femoral neck", side=Side.LEFT, t_score=-2.6, bmd_g_cm2=0.61)
    resource = resource_of(scan, "p")
    values = {part["code"]["text"]: part["valueQuantity"] for part in resource["component"]}
    assert values["T-score"]["value"] == -2.6
    assert values["bone mineral density"] == {"value": 0.61, "unit": "g/cm2"}


def test_a_patient_tells_only_what_the_facts_given_tell():
    address = said(Demographics, on(date(2026, 3, 2)), postcode="AB1 2CD", phone="0123", practice="A81001")
    fracture = said(FractureSighting, on(date(2026, 3, 2)), finder=Finder.TRAUMA_LIST, body_site=BodySite.HIP)
    assert "address" not in patient("p", [fracture])
    full = patient("p", [fracture, address])
    assert full["address"] == [{"postalCode": "AB1 2CD"}]
    assert full["generalPractitioner"][0]["identifier"]["value"] == "A81001"


@pytest.mark.parametrize("category", EthnicCategory)
def test_the_ethnic_category_is_given_as_uk_core_has_it_and_read_again(category):
    told = said(Demographics, on(date(2026, 3, 2)), postcode="AB1 2CD", ethnic_category=category)
    resource = patient("p", [told])
    assert ("extension" in resource) is (category is not EthnicCategory.NOT_KNOWN)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource}]}
    found = read(json.dumps(bundle).encode(), Origin("X9B/elsewhere", KNOWN))
    (again,) = (fact for fact in found.facts if isinstance(fact, Demographics))
    assert again.ethnic_category is category


def test_a_death_is_told_and_a_death_taken_back_is_not():
    died = said(Death, on(date(2026, 4, 2)), key="d")
    assert patient("p", [died])["deceasedDateTime"] == "2026-04-02"
    assert "deceasedDateTime" not in patient("p", [said(Death, on(date(2026, 4, 2)), key="d", retracted=True)])


def test_the_services_own_working_stays_inside():
    inside = {Note, TriageDecision, TaskClosed}
    assert not inside & set(FORMS)
    assert {kind for kinds in TYPES.values() for kind in kinds} <= set(KINDS)
    assert set(TYPES) <= RESOURCE_TYPES


def test_no_resource_holds_an_empty_element():
    def empty(value: object) -> bool:
        if isinstance(value, dict):
            return not value or any(map(empty, value.values()))
        if isinstance(value, list):
            return not value or any(map(empty, value))
        return value in ("", None)

    told = [
        said(FractureSighting, on(date(2026, 3, 2)), finder=Finder.TRAUMA_LIST, body_site=BodySite.HIP),
        said(Discharge, on(date(2026, 3, 9)), visit="V1"),
        said(DxaResult, on(date(2026, 3, 2))),
        said(LaboratoryResult, on(date(2026, 3, 2)), name="calcium", value="2.4", unit="mmol/L"),
    ]
    resources = [resource_of(fact, "p") for fact in told] + [patient("p", told)]
    assert [one for one in resources if empty(one)] == []
    assert all(type_of(fact) for fact in told)
