"""DiagnosticReports of imaging: their text gives suspicions, and whatever is read of them says so."""

import base64

import pytest

from openfls.clinical.facts import Answer, BodySite, DxaResult, Finder, FractureSighting, Note, Setting, Side, Status
from tests.feeds.fhir_resources import coded, encounter, of, only, patient, reading, resource

V2_0074 = "http://terminology.hl7.org/CodeSystem/v2-0074"
WEDGE = "No embolus. Old wedge fracture of T12."


def report(conclusion: str = WEDGE, **more):
    told = {
        "status": "final",
        "category": [coded("RAD", V2_0074)],
        "code": {"text": "CT chest"},
        "effectiveDateTime": "2026-03-20",
        "conclusion": conclusion,
    }
    return resource("DiagnosticReport", **{name: value for name, value in (told | more).items() if value is not None})


def form(text: str | bytes, kind: str = "text/plain; charset=utf-8") -> dict[str, str]:
    content = text.encode() if isinstance(text, str) else text
    return {"contentType": kind, "data": base64.b64encode(content).decode()}


def test_a_fracture_in_a_report_is_a_suspicion_with_its_sentence_and_level():
    found = only(FractureSighting, patient(), report())
    assert (found.finder, found.certain, found.dated_by) == (Finder.RADIOLOGY_REPORT, Answer.UNKNOWN, "report")
    assert (found.body_site, found.levels, found.words) == (BodySite.SPINE, ("T12",), "Old wedge fracture of T12.")
    assert str(found.occurred) == "20 Mar 2026"
    assert found.record.nhs_number == "9990000018"


def test_a_subtrochanteric_fracture_is_the_femurs_and_says_which_part():
    found = only(FractureSighting, patient(), report("Displaced subtrochanteric fracture of the left femur."))
    assert (found.body_site, found.part, found.side) == (BodySite.FEMUR, "subtrochanteric", Side.LEFT)


def test_the_examination_names_bone_and_side_where_the_text_does_not():
    found = only(FractureSighting, patient(), report("Displaced fracture.", code={"text": "XR Hip Left"}))
    assert (found.body_site, found.side) == (BodySite.HIP, Side.LEFT)


def test_an_attached_text_is_read_with_the_conclusion():
    attached = form("Findings: Fracture of the left wrist.\nNo other fracture.")
    found = reading(patient(), report("Wrist fracture.", presentedForm=[attached]))
    assert [(fact.body_site, fact.side) for fact in of(FractureSighting, found)] == [(BodySite.WRIST, Side.LEFT)]


@pytest.mark.parametrize("text", ["No fracture.", "Clinical details: ?#NOF", "Known T12 fracture, unchanged."])
def test_a_report_read_as_negative_gives_no_sighting_and_is_told(text):
    found = reading(patient(), report(text))
    assert of(FractureSighting, found) == []
    (told,) = found.reports
    assert (told.suspected, told.text, told.exam) == (False, text, "CT chest")
    assert told.place == "DiagnosticReport/diagnosticreport"


def test_each_bone_is_a_statement_of_its_own_across_versions():
    first = reading(patient(), report("Fractures of the left hip and right wrist.", status="preliminary"))
    later = only(FractureSighting, patient(), report("Fracture of the left hip."))
    assert [fact.status for fact in of(FractureSighting, first)] == [Status.PRELIMINARY] * 2
    assert later.key in {fact.key for fact in of(FractureSighting, first)}


def test_a_report_entered_in_error_takes_its_sighting_back():
    found = reading(patient(), report(status="entered-in-error"))
    assert [fact.retracted for fact in of(FractureSighting, found)] == [True]
    assert found.reports == ()


def test_a_corrected_report_without_a_fracture_leaves_a_note():
    (note,) = of(Note, reading(patient(), report("No fracture.", status="amended")))
    assert "corrected the report" in note.text


def test_a_scan_of_bone_density_counts_as_scanned_and_its_text_is_read_too():
    found = reading(patient(), report("Osteoporosis. Wedge fracture of T11.", code=coded("38268-9", "http://loinc.org")))
    assert len(of(DxaResult, found)) == 1
    assert [fact.levels for fact in of(FractureSighting, found)] == [("T11",)]


def test_the_encounter_gives_the_setting():
    told = report(encounter={"reference": "Encounter/e"})
    (found,) = of(FractureSighting, reading(patient(), encounter("EMER"), told))
    assert found.setting is Setting.EMERGENCY


@pytest.mark.parametrize(
    "told",
    [
        report(category=[coded("LAB", V2_0074)]),
        report(category=[coded("CP", V2_0074)], code={"text": "CT of a specimen"}),
        report(category=None, code={"text": "Histology"}),
        report(conclusion=None),
        report(status="registered"),
    ],
)
def test_what_is_no_imaging_or_has_no_text_is_not_read(told):
    found = reading(patient(), told)
    assert of(FractureSighting, found) == []
    assert (found.reports, found.unreadable) == ((), ())


@pytest.mark.parametrize("words", ["X-ray of hip", "XR Pelvis", "CT head", "MRI lumbar spine"])
def test_without_a_category_the_words_of_the_code_tell_imaging(words):
    assert only(FractureSighting, patient(), report(category=None, code={"text": words}))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (report(conclusion=None, presentedForm=[form(b"%PDF", "application/pdf")]), "'application/pdf'"),
        (report(presentedForm=[{"contentType": "text/plain", "data": "###"}]), "not base64"),
        (report(presentedForm=[form(b"\xff\xfe")]), "not base64 of UTF-8"),
        (report(effectiveDateTime=None), "no date"),
    ],
)
def test_what_cannot_be_read_waits_with_the_reason(told, reason):
    found = reading(patient(), told)
    assert reason in found.unreadable[0].reason
    assert found.unreadable[0].mend
    assert of(FractureSighting, found) == []
