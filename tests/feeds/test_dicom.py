"""DICOM structured reports of bone densitometers. Every report here is synthetic; see `dicom_reports`."""

import struct
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from openfls.clinical.facts import DxaResult, Side, Status
from openfls.clinical.patients import HospitalNumber, Sex
from openfls.clinical.plain import from_plain, to_plain
from openfls.clinical.versions import current
from openfls.feeds import dicom
from openfls.feeds.dicom import lengths, tree
from openfls.feeds.dicom.makers import maker_of, makers
from openfls.feeds.doors import read as read_any
from openfls.feeds.doors import reader_for
from openfls.feeds.reading import Origin, Reading, Unreadable
from tests.feeds.dicom_reports import code, container, num, region, report, sample, words, written

SAMPLE = Path(dicom.__file__).parent / "samples/ge-lunar-synthetic.dcm"
KNOWN = datetime(2025, 6, 1, 12, tzinfo=UTC)
ORIGIN = Origin("X9A/dxa", KNOWN, site="X9A01", reference="NHANES III, white women")
BYTES = written(sample())
NECK = container("Left Femur", region("Neck"))


def reading(made, origin: Origin = ORIGIN) -> Reading:
    found = dicom.read(written(made), origin)
    assert isinstance(found, Reading), found
    return found


def refused(content: bytes, origin: Origin = ORIGIN) -> Unreadable:
    found = dicom.read(content, origin)
    assert isinstance(found, Unreadable), found
    assert found.reason
    assert found.mend
    return found


def told(found: Reading) -> list[tuple]:
    return [(f.region, f.side, f.bmd_g_cm2, f.t_score, f.z_score) for f in found.facts if isinstance(f, DxaResult)]


# --- what it says


def test_the_sample_gives_each_region_with_side_density_and_scores():
    assert told(reading(sample())) == [
        ("lumbar spine L1-L4", Side.UNKNOWN, 0.912, -2.2, -0.4),
        ("lumbar spine L2", Side.UNKNOWN, 0.905, -2.4, -0.5),
        ("femoral neck", Side.LEFT, 0.640, -2.7, -0.9),
        ("femoral neck", Side.RIGHT, 0.655, -2.6, -0.8),
        ("total hip", Side.LEFT, 0.702, -2.3, -0.7),
        ("forearm, 33% radius", Side.LEFT, 0.512, -3.1, -1.0),
    ]


def test_the_sample_on_disk_is_what_the_builder_makes():
    assert SAMPLE.read_bytes() == BYTES


def test_each_result_tells_scanner_population_day_and_person():
    found = reading(report(NECK)).facts[0]
    assert (found.maker, found.model, found.software, found.scanner) == ("GE Healthcare", "Lunar iDXA", "17.2", "DXA1")
    assert found.reference == "NHANES III, white women"
    assert found.occurred.start == date(2025, 4, 15)
    assert found.occurred.at.isoformat() == "2025-04-15T14:30:00"
    assert (found.record.family_name, found.record.given_name, found.record.sex) == ("Smith", "Anne", Sex.FEMALE)
    assert found.record.hospital_numbers == (HospitalNumber("X9A", "H1"),)
    assert (found.site, found.status) == ("X9A01", Status.FINAL)
    assert from_plain(to_plain(found)) == found


def test_the_same_bytes_give_the_same_facts_with_ids_of_their_own():
    one, again = dicom.read(BYTES, ORIGIN), dicom.read(BYTES, ORIGIN)
    assert one == again
    assert len({fact.id for fact in one.facts}) == len({fact.key for fact in one.facts}) == len(one.facts)


def test_a_report_in_implicit_form_reads_the_same():
    assert told(dicom.read(written(sample(), ImplicitVRLittleEndian), ORIGIN)) == told(reading(sample()))


@pytest.mark.parametrize(
    ("bmd", "value"),
    [
        (num("BMD", "0.826"), 0.826),
        (num("BMD", "0.826", "g/cm²"), 0.826),
        (words("BMD", "0.826 g/cm2"), 0.826),
        (words("BMD", "0,826 g/cm2"), 0.826),
    ],
)
def test_a_value_may_come_as_a_number_or_as_text(bmd, value):
    scores = (num("BMD_TSCORE", "-1.5", "{Tscore}"), words("BMD_ZSCORE", "+0.7"))
    found = reading(report(container("Left Femur", container("Neck", bmd, *scores))))
    assert told(found) == [("femoral neck", Side.LEFT, value, -1.5, 0.7)]


# --- what is never given


def test_a_score_without_a_population_is_left_out_and_says_so_and_the_density_stays():
    found = reading(report(NECK), replace(ORIGIN, reference=None))
    assert told(found) == [("femoral neck", Side.LEFT, 0.826, None, None)]
    assert found.facts[0].reference == ""
    [why] = found.unreadable
    assert "no population" in why.reason
    assert "reference" in why.mend


def test_a_population_that_the_report_names_stands_above_the_declared_one():
    named = report(NECK, words("Reference Population", "UK women"))
    assert {f.reference for f in reading(named).facts} == {"UK women"}
    assert {f.reference for f in reading(named, replace(ORIGIN, reference=None)).facts} == {"UK women"}


def test_a_hip_without_a_side_is_not_given():
    found = reading(report(container("DualFemur", region("Neck"), region("Total Right"))))
    assert [(f.region, f.side) for f in found.facts] == [("total hip", Side.RIGHT)]
    assert [u.place for u in found.unreadable] == ["DualFemur > Neck"]


@pytest.mark.parametrize("part", ["Upper Neck", "Neck Mean", "Wards", "Troch", "Shaft", "Trend Neck", "Radius 33%", ""])
def test_parts_that_no_table_keeps_are_passed_over(part):
    found = reading(report(container("Left Femur", region(part))))
    assert found.facts == ()
    assert "without a region that is kept" in found.ignored


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (num("BMD", "826"), "no value from"),
        (num("BMD", "0.826", "mg/cm2"), "no unit of bone density"),
        (num("BMD", "0.826", ""), "no unit of bone density"),
        (words("BMD", "0.826"), "no unit of bone density"),
        (words("BMD_TSCORE", "9999"), "no value from"),
        (words("BMD_TSCORE", "nan"), "no value from"),
        (words("BMD_TSCORE", "1e999"), "no value from"),
        (words("BMD_TSCORE", "low"), "no value from"),
        (words("BMD_TSCORE", "-" + "1" * 5000), "no value from"),
        (num("BMD_TSCORE", "-25", ""), "no value from"),
    ],
)
def test_a_value_that_nobody_can_have_waits_and_the_other_regions_count(item, says):
    found = reading(report(container("Left Femur", container("Neck", item), region("Total"))))
    assert [(f.region, f.side) for f in found.facts] == [("total hip", Side.LEFT)]
    assert says in found.unreadable[0].reason
    assert found.unreadable[0].place.startswith("Left Femur > Neck > ")


# --- versions


def test_a_report_that_is_written_again_corrects_the_one_before_in_any_order():
    first = reading(report(container("Left Femur", region("Neck", t="-2.0")))).facts
    later = reading(report(container("Left Femur", region("Neck", t="-2.4")), ContentTime="160000")).facts
    for arrived in ((*first, *later), (*later, *first)):
        assert [f.t_score for f in current(arrived)] == [-2.4]


@pytest.mark.parametrize("flag", [{"PreliminaryFlag": "PRELIMINARY"}, {"CompletionFlag": "PARTIAL"}])
def test_an_unfinished_report_never_stands_above_a_finished_one(flag):
    done = reading(report(container("Left Femur", region("Neck", t="-2.0")))).facts
    draft = reading(report(container("Left Femur", region("Neck", t="-1.0")), ContentTime="235900", **flag)).facts
    assert [f.t_score for f in current((*draft, *done))] == [-2.0]


def test_a_version_from_the_future_is_none():
    assert reading(report(NECK, ContentDate="20990101")).facts[0].version is None


# --- who


def test_a_number_issued_by_the_nhs_is_the_nhs_number():
    found = reading(report(NECK, PatientID="999 000 0018", IssuerOfPatientID="NHS")).facts[0].record
    assert (found.nhs_number, found.hospital_numbers) == ("9990000018", ())


def test_an_nhs_number_beside_the_hospitals_own_is_read_too():
    other = code("x")
    other.PatientID, other.IssuerOfPatientID = "9990000018", "NHS"
    found = reading(report(NECK, IssuerOfPatientID="X9A", OtherPatientIDsSequence=[other])).facts[0].record
    assert (found.nhs_number, found.hospital_numbers) == ("9990000018", (HospitalNumber("X9A", "H1"),))


def test_an_nhs_number_that_fails_its_check_links_nothing():
    found = reading(report(NECK, PatientID="9990000019", IssuerOfPatientID="NHS")).facts[0].record
    assert (found.nhs_number, found.doubtful_nhs_number) == (None, "9990000019")


def test_ten_digits_of_nobodys_issue_are_the_hospitals_own_number():
    found = reading(report(NECK, PatientID="9990000018")).facts[0].record
    assert (found.nhs_number, found.hospital_numbers) == (None, (HospitalNumber("X9A", "9990000018"),))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"PatientBirthDate": "20990101"}, "PatientBirthDate"),
        ({"PatientBirthDate": "18800101"}, "PatientBirthDate"),
        ({"PatientBirthDate": "1942-07-14"}, "PatientBirthDate"),
        ({"StudyDate": "20990101"}, "StudyDate"),
        ({"StudyDate": "20250231"}, "StudyDate"),
        ({"StudyDate": None, "ContentDate": None}, "StudyDate"),
        ({"PatientID": None, "PatientName": ""}, "PatientID"),
    ],
)
def test_a_patient_or_a_day_that_cannot_be_is_refused(changes, place):
    assert refused(written(report(NECK, **changes))).place == place


# --- makers


def test_a_maker_whose_tree_nobody_has_reviewed_is_refused_and_says_what_is_read():
    found = refused(written(report(NECK, Manufacturer="OsteoSys", ManufacturerModelName="Primus")))
    assert found.place == "Manufacturer"
    assert "OsteoSys" in found.reason
    assert "GE Lunar" in found.mend


def test_a_maker_whose_table_is_not_made_yet_is_refused():
    found = refused(written(report(NECK, Manufacturer="HOLOGIC", ManufacturerModelName="Horizon A")))
    assert "Hologic" in found.reason
    assert "HL7" in found.mend


@pytest.mark.parametrize("made", ["GE Healthcare", "GE MEDICAL SYSTEMS", "LUNAR", "GE Medical Systems Lunar"])
def test_a_maker_is_known_by_its_names(made):
    assert maker_of(made, "Prodigy Advance").name == "ge_lunar"
    assert maker_of("Gemini Imaging", "Bone") is None


def test_every_table_says_its_source_and_that_nobody_has_checked_it():
    assert [maker.name for maker in makers()] == ["ge_lunar", "hologic"]
    assert all(maker.source and maker.edition and not maker.checked_by for maker in makers())


def test_another_report_of_a_known_maker_is_ignored_by_rule():
    assert "another title" in reading(report(NECK, title="Body Composition")).ignored


# --- what is no report


@pytest.mark.parametrize(
    ("sop_class", "says"),
    [
        ("1.2.840.10008.5.1.4.1.1.7", "no structured report"),
        ("1.2.840.10008.5.1.4.1.1.88.67", "no structured report"),
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
    ],
)
def test_an_image_a_dose_report_and_a_directory_are_ignored_by_rule(sop_class, says):
    found = dicom.read(written(report(NECK), sop_class=sop_class), ORIGIN)
    assert isinstance(found, Reading)
    assert says in found.ignored


def test_doors_know_a_report_by_its_name_and_by_its_bytes():
    assert reader_for("scan.dcm", b"", ORIGIN) is dicom.read
    for name in ("IM0001", "SR.1.2.840.1", ""):
        assert reader_for(name, BYTES, ORIGIN) is dicom.read
    assert len(read_any(BYTES, "SR.1.2.3", ORIGIN).facts) == 6


# --- lengths


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, "1.2.840.10008.1.2.1"])
def test_a_report_cut_off_anywhere_is_refused(syntax):
    whole = written(sample(), syntax)
    for length in range(len(whole)):
        refused(whole[:length])
    assert len(dicom.read(whole, ORIGIN).facts) == 6


def claiming(name: bytes, length: int) -> bytes:
    """The sample with one element that claims another length."""
    place = BYTES.index(name)
    return BYTES[: place + 6] + struct.pack("<H", length) + BYTES[place + 8 :]


def test_an_element_that_claims_more_than_is_there_is_refused():
    patient_id = struct.pack("<HH2s", 0x0010, 0x0020, b"LO")
    assert "cut off" in refused(claiming(patient_id, 0xFFFE)).reason


@pytest.mark.parametrize("claim", [0x7FFFFFFF, 0xFFFFFFFE])
def test_an_element_that_claims_two_gigabytes_is_refused(claim):
    tail = struct.pack("<HH2sHI", 0x0042, 0x0011, b"OB", 0, claim) + b"%PDF"
    assert "cut off" in refused(BYTES + tail).reason


def test_bytes_after_the_last_element_are_refused():
    assert "cut off" in refused(BYTES + b"\x01\x02\x03").reason


@pytest.mark.parametrize("syntax", [DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_packed_or_reversed_file_is_refused_before_anything_is_unpacked(syntax):
    assert refused(written(report(NECK), syntax)).place == "TransferSyntaxUID"


def test_a_tree_too_deep_or_too_large_is_refused(monkeypatch):
    deep = region("Neck")
    for _ in range(20):
        deep = container("x", deep)
    assert "levels" in refused(written(report(deep))).reason
    deeper = deep
    for _ in range(20):
        deeper = container("x", deeper)
    assert "nested" in refused(written(report(deeper))).reason
    monkeypatch.setattr(tree, "MOST_ITEMS", 10)
    assert "items" in refused(BYTES).reason


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(lengths, "LARGEST", 1_000)
    assert "at most 1,000" in refused(BYTES).reason


@pytest.mark.parametrize("content", [b"", b"DICM", b"\0" * 128 + b"DICM", b"\0" * 131, b"hello" * 100])
def test_what_is_no_dicom_file_says_so(content):
    found = dicom.read(content, ORIGIN)
    assert isinstance(found, Unreadable) or found.ignored


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_crash_the_reader(tail):
    start = BYTES[: lengths.header(BYTES).ends]
    for content in (tail, start + tail, BYTES + tail):
        assert isinstance(dicom.read(content, ORIGIN), Reading | Unreadable)


@given(st.integers(0, len(BYTES) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_damaged_report_gives_a_reading_or_a_reason(place, damage):
    found = dicom.read(BYTES[:place] + damage + BYTES[place + len(damage) :], ORIGIN)
    assert isinstance(found, Reading | Unreadable)
    if isinstance(found, Reading):
        for fact in found.facts:
            assert fact.region
            assert fact.reference or (fact.t_score is None and fact.z_score is None)
