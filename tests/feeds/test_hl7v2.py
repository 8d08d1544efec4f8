"""HL7 v2: bytes to facts, or why not, where, and how to mend it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import hl7
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.codes import Icd10, LocalCode, Loinc, Opcs4
from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import (
    Admission,
    Answer,
    Appointment,
    Attendance,
    BodySite,
    Death,
    Demographics,
    Discharge,
    Document,
    DxaRequest,
    DxaResult,
    Fact,
    Finder,
    FractureSighting,
    LaboratoryResult,
    Note,
    RecordsLinked,
    RecordsSeparated,
    Setting,
    Side,
    Status,
    Surgery,
    Transfer,
)
from openfls.clinical.patients import HospitalNumber, Sex
from openfls.clinical.plain import from_plain, to_plain
from openfls.clinical.versions import current
from openfls.clinical.when import Precision
from openfls.feeds import hl7v2
from openfls.feeds.hl7v2.build import Field, escape, message, repeated, segment
from openfls.feeds.hl7v2.message import tokenise
from openfls.feeds.hl7v2.times import when
from openfls.feeds.reading import Origin, Reading, Unreadable

SAMPLES = Path(hl7v2.__file__).parent / "samples"
KNOWN = datetime(2025, 6, 1, 12, tzinfo=UTC)
ORIGIN = Origin("X9A/pas", KNOWN, site="X9A01")
NUMBERS = repeated(["H1", "", "", "X9A", "MR"], ["9990000018", "", "", "NHS", "NH"])


def header(kind: str = "ADT^A01", **fields: Field) -> list[Field]:
    given = {7: "20250301110000", 9: kind.split("^"), 10: "M1", 11: "P", 12: "2.4"}
    return segment("MSH", {3: "PAS", 4: "X9A", **given, **{int(name[1:]): value for name, value in fields.items()}})


def pid(**fields: Field) -> list[Field]:
    given: dict[int, Field] = {3: NUMBERS, 5: ["Smith", "Anne"], 7: "19420714", 8: "F"}
    return segment("PID", given | {int(name[1:]): value for name, value in fields.items()})


def pv1(**fields: Field) -> list[Field]:
    given: dict[int, Field] = {2: "I", 3: ["W1", "", "", "X9A01"], 4: "E", 19: "V1", 44: "20250301100000"}
    return segment("PV1", given | {int(name[1:]): value for name, value in fields.items()})


def dg1(code: str, words: str = "", system: str = "I10", **fields: Field) -> list[Field]:
    return segment("DG1", {3: [code, words, system]} | {int(name[1:]): value for name, value in fields.items()})


def evn(trigger: str, recorded: str = "20250301101500", occurred: str = "") -> list[Field]:
    return segment("EVN", {1: trigger, 2: recorded, 6: occurred})


def reading(*segments: list[Field], origin: Origin = ORIGIN) -> Reading:
    found = hl7v2.read(message(segments), origin)
    assert isinstance(found, Reading), found
    return found


def facts_of(kind: type[Fact], *segments: list[Field], origin: Origin = ORIGIN) -> list:
    return [fact for fact in reading(*segments, origin=origin).facts if type(fact) is kind]


def the(kind: type[Fact], *segments: list[Field], origin: Origin = ORIGIN):
    (fact,) = facts_of(kind, *segments, origin=origin)
    return fact


def refused(content: bytes, origin: Origin = ORIGIN) -> Unreadable:
    found = hl7v2.read(content, origin)
    assert isinstance(found, Unreadable), found
    assert found.reason
    assert found.mend
    return found


def sample(name: str) -> Reading:
    found = hl7v2.read((SAMPLES / f"{name}.hl7").read_bytes(), ORIGIN)
    assert isinstance(found, Reading), found
    return found


# --- samples: one of each kind


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("adt-a01-admission", {Admission, FractureSighting, Demographics}),
        ("adt-a02-transfer", {Transfer, Demographics}),
        ("adt-a03-discharge", {Discharge, FractureSighting, Surgery, Demographics}),
        ("adt-a04-emergency-attendance", {Attendance, FractureSighting, Demographics}),
        ("adt-a08-update", {Admission, FractureSighting, Demographics}),
        ("adt-a11-admission-cancelled", {Admission, Demographics}),
        ("adt-a12-transfer-cancelled", {Transfer, Demographics}),
        ("adt-a13-discharge-cancelled", {Discharge, Demographics}),
        ("adt-a31-death", {Demographics, Death}),
        ("adt-a37-records-separated", {RecordsSeparated}),
        ("adt-a40-records-merged", {RecordsLinked, Demographics}),
        ("oru-r01-laboratory", {LaboratoryResult, Demographics}),
        ("oru-r01-dxa", {DxaResult, Demographics}),
        ("oru-r01-radiology-report", {FractureSighting, Demographics}),
        ("oru-r01-radiology-no-fracture", {Demographics}),
        ("siu-s12-dxa-booked", {Appointment, Demographics}),
        ("siu-s26-dxa-did-not-attend", {Appointment, Demographics}),
        ("orm-o01-dxa-requested", {DxaRequest, Demographics}),
        ("orm-o01-dxa-cancelled", {DxaRequest, Note, Demographics}),
        ("omg-o19-dxa-requested", {DxaRequest, Demographics}),
        ("mdm-t02-fracture-clinic-letter", {Document, FractureSighting, Demographics}),
        ("mdm-t10-dxa-report-pdf-replaced", {Document, Demographics}),
    ],
)
def test_each_kind_of_message_gives_its_facts(name, kinds):
    found = sample(name)
    assert {type(fact) for fact in found.facts} == kinds
    assert (found.unreadable, found.ignored, found.notes) == ((), "", ())


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.hl7")), ids=lambda file: file.stem)
def test_facts_of_a_sample_have_their_own_ids_and_survive_as_plain_data(file):
    found = hl7v2.read(file.read_bytes(), ORIGIN)
    assert len({fact.id for fact in found.facts}) == len(found.facts) > 0
    assert [from_plain(to_plain(fact)) for fact in found.facts] == list(found.facts)
    assert all(fact.known == KNOWN and fact.version and fact.version.tzinfo is UTC for fact in found.facts)


def test_every_kind_that_is_used_has_a_sample():
    told = {tokenise(file.read_bytes()).one("MSH").field(9) for file in SAMPLES.glob("*.hl7")}
    assert {(field.text(1), field.text(2)) for field in told} == set(hl7v2.KINDS)


def test_other_kinds_are_ignored_by_rule_and_say_so():
    assert reading(header("ADT^A05"), pid()) == Reading(ignored="hl7v2: kind ADT A05 is not used")
    assert reading(header("SIU^S23")).ignored == "hl7v2: kind SIU S23 is not used"


# --- who it is


def test_the_record_holds_numbers_with_their_authority_name_birth_date_and_sex():
    record = the(Admission, header(), pid(), pv1()).record
    assert (record.nhs_number, record.hospital_numbers) == ("9990000018", (HospitalNumber("X9A", "H1"),))
    assert (record.family_name, record.given_name) == ("Smith", "Anne")
    assert (record.birth_date, record.sex) == (date(1942, 7, 14), Sex.FEMALE)


@pytest.mark.parametrize(
    ("numbers", "status", "sure", "doubtful"),
    [
        (["9990000018", "", "", "NHS", "NH"], "", "9990000018", None),
        (["999 000 0018", "", "", "", "NH"], "NSTS01", "9990000018", None),
        (["9990000018", "", "", "NHS"], "", "9990000018", None),
        (["9990000018", "", "", ["", "2.16.840.1.113883.2.1.4.1", "ISO"], "NI"], "", "9990000018", None),
        (["9990000019", "", "", "NHS", "NH"], "", None, "9990000019"),
        (["9990000018", "", "", "NHS", "NH"], "02", "9990000018", None),
        (["9990000018", "", "", "NHS", "NH"], "NSTS04", None, "9990000018"),
        (["9990000018", "", "", "NHS", "NH"], "05", None, "9990000018"),
    ],
)
def test_an_nhs_number_counts_when_its_check_digit_and_its_tracing_do_not_speak_against_it(
    numbers, status, sure, doubtful
):
    record = the(Admission, header(), pid(f3=repeated(["H1"], numbers), f32=status), pv1()).record
    assert (record.nhs_number, record.doubtful_nhs_number) == (sure, doubtful)


def test_two_different_nhs_numbers_link_nothing_and_are_noted():
    two = repeated(["9990000018", "", "", "NHS", "NH"], ["9990000026", "", "", "NHS", "NH"])
    found = reading(header(), pid(f3=two), pv1())
    assert found.facts[0].record.nhs_number is None
    assert found.facts[0].record.doubtful_nhs_number == "9990000018 or 9990000026"
    assert "links nothing" in found.notes[0]


def test_a_number_without_authority_belongs_to_the_sending_facility():
    record = the(Admission, header(), pid(f3="H1"), pv1()).record
    assert record.hospital_numbers == (HospitalNumber("X9A", "H1"),)


def test_a_visit_or_account_number_is_no_number_of_the_person():
    numbers = repeated(["H1", "", "", "X9A", "MR"], ["V9", "", "", "X9A", "VN"], ["A9", "", "", "X9A", "AN"])
    assert the(Admission, header(), pid(f3=numbers), pv1()).record.hospital_numbers == (HospitalNumber("X9A", "H1"),)


def test_numbers_outside_pid_3_count_only_with_an_authority_of_their_own():
    record = the(Admission, header(), pid(f2="777", f3="H1", f4=["T1", "", "", "X9B", "MR"]), pv1()).record
    assert record.hospital_numbers == (HospitalNumber("X9A", "H1"), HospitalNumber("X9B", "T1"))


def test_the_legal_name_stands_before_others():
    names = repeated(["Annie", "", "", "", "", "", "N"], ["Smith", "Anne", "", "", "", "", "L"])
    record = the(Admission, header(), pid(f5=names), pv1()).record
    assert (record.family_name, record.given_name) == ("Smith", "Anne")


def test_a_year_of_birth_alone_gives_no_birth_date_but_a_note():
    found = reading(header(), pid(f7="1942"), pv1())
    assert found.facts[0].record.birth_date is None
    assert found.notes == ("PID-7 gives only 1942: no date of birth is taken from it.",)


def test_nobody_is_told_of_without_a_number_or_a_name_with_birth_date():
    nameless = message([header(), pid(f3="", f5=""), pv1()])
    assert refused(nameless).place == "PID-3"
    named = hl7v2.read(message([header(), pid(f3=""), pv1()]), ORIGIN)
    assert isinstance(named, Reading)


def test_where_a_person_can_be_reached():
    home = ["2 High St", "Flat 1", "Town", "", "bb2 2bb", "", "H"]
    addresses = repeated(["1 Old Rd", "", "", "", "AA1 1AA", "", "T"], home)
    practice = segment("PD1", {3: ["Surgery", "", "X81001"]})
    found = the(Demographics, header(), pid(f11=addresses, f13="01632 960001"), practice, pv1())
    assert (found.address, found.postcode) == ("2 High St, Flat 1, Town", "BB2 2BB")
    assert (found.phone, found.practice) == ("01632 960001", "X81001")


def test_a_message_silent_about_the_practice_does_not_stand_above_one_that_named_it():
    practice = segment("PD1", {3: ["", "", "X81001"]})
    named = the(Demographics, header(), evn("A01", "20250301"), pid(f13="1"), practice, pv1())
    silent = the(Demographics, header(), evn("A01", "20250302"), pid(f13="2"), pv1())
    assert {fact.practice for fact in current([named, silent])} == {"X81001", ""}


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("N", EthnicCategory.AFRICAN),
        (["Z", "Not stated", "NHS"], EthnicCategory.NOT_STATED),
        (["7", "Local", "PAS", "H", "Indian", "NHS"], EthnicCategory.INDIAN),
        (["White - Irish"], EthnicCategory.IRISH),
        (repeated(["A"], ["A"]), EthnicCategory.BRITISH),
        ("99", EthnicCategory.NOT_KNOWN),
        ("", EthnicCategory.NOT_KNOWN),
    ],
)
def test_the_ethnic_category_is_that_of_pid_22(written, category):
    found = hl7v2.read(message([header(), pid(f13="1", f22=written), pv1()]), ORIGIN)
    (told,) = (fact for fact in found.facts if isinstance(fact, Demographics))
    assert told.ethnic_category is category
    assert not [note for note in found.notes if "PID-22" in note]


@pytest.mark.parametrize(
    "written",
    ["NK", "X", "U", ["H", "Hispanic or Latino", "HL70189"], ["N", "Not Hispanic", "HL70189"], repeated(["A"], ["B"])],
)
def test_an_ethnic_category_that_cannot_be_meant_is_told_and_not_read(written):
    found = hl7v2.read(message([header(), pid(f13="1", f22=written), pv1()]), ORIGIN)
    (told,) = (fact for fact in found.facts if isinstance(fact, Demographics))
    assert told.ethnic_category is EthnicCategory.NOT_KNOWN
    assert [note for note in found.notes if note.startswith("PID-22: '")]


def test_an_ethnic_category_alone_makes_demographics():
    assert the(Demographics, header(), pid(f22="K"), pv1()).ethnic_category is EthnicCategory.BANGLADESHI
    assert facts_of(Demographics, header(), pid(f22="99"), pv1()) == []


def test_a_death_is_dated_by_pid_29_and_else_about_the_message():
    dated = the(Death, header("ADT^A31"), evn("A31"), pid(f29="20250228", f30="Y"))
    assert (dated.occurred.start, dated.occurred.exact, dated.formal) == (date(2025, 2, 28), True, Answer.UNKNOWN)
    undated = the(Death, header("ADT^A31"), evn("A31"), pid(f30="Y"))
    assert (undated.occurred.start, undated.occurred.precision) == (date(2025, 3, 1), Precision.APPROXIMATE)
    assert facts_of(Death, header("ADT^A31"), evn("A31"), pid(f30="N")) == []


def test_an_explicit_null_takes_a_death_back():
    died = the(Death, header("ADT^A31"), evn("A31", "20250301"), pid(f29="20250228", f30="Y"))
    content = message([header("ADT^A31"), evn("A31", "20250302"), pid(f29="@", f30="N")]).replace(b"@", b'""')
    (back,) = (fact for fact in hl7v2.read(content, ORIGIN).facts if isinstance(fact, Death))
    assert [fact.retracted for fact in current([died, back])] == [True]


# --- visits


def test_an_admission_tells_site_ward_visit_method_and_reason():
    found = the(Admission, header(), pid(), pv1(), segment("PV2", {3: ["", "Collapse"]}))
    assert (found.site, found.ward, found.visit) == ("X9A01", "W1", "V1")
    assert (found.emergency, found.reason) == (Answer.YES, "Collapse")
    assert found.occurred.at == datetime.fromisoformat("2025-03-01T10:00")


@pytest.mark.parametrize(
    ("kind", "emergency"),
    [("21", Answer.YES), ("2A", Answer.YES), ("11", Answer.NO), ("31", Answer.UNKNOWN), ("C", Answer.NO)],
)
def test_the_method_of_admission_says_whether_it_was_an_emergency(kind, emergency):
    assert the(Admission, header(), pid(), pv1(f4=kind)).emergency is emergency


def test_a_facility_that_is_no_code_leaves_the_site_of_the_feed_and_a_note():
    found = reading(header(), pid(), pv1(f3=["W1", "", "", "St Elsewhere"]))
    assert found.facts[0].site == "X9A01"
    assert "ST ELSEWHERE" in found.notes[0]


@pytest.mark.parametrize(
    ("trigger", "klass", "kind", "setting"),
    [
        ("A01", "I", Admission, None),
        ("A01", "", Admission, None),
        ("A04", "E", Attendance, Setting.EMERGENCY),
        ("A04", "O", Attendance, Setting.OUTPATIENT),
        ("A04", "", Attendance, Setting.UNKNOWN),
        ("A01", "E", Attendance, Setting.EMERGENCY),
        ("A04", "I", Admission, None),
        ("A08", "I", Admission, None),
        ("A08", "E", Attendance, Setting.EMERGENCY),
    ],
)
def test_a_visit_begins_as_admission_or_attendance_by_the_patients_class(trigger, klass, kind, setting):
    (found,) = reading(header(f"ADT^{trigger}"), pid(), pv1(f2=klass)).facts
    assert (type(found), getattr(found, "setting", None)) == (kind, setting)


@pytest.mark.parametrize(
    ("begins", "cancels", "kind"),
    [("A01", "A11", Admission), ("A02", "A12", Transfer), ("A03", "A13", Discharge)],
)
def test_a_cancellation_takes_back_what_it_cancels_and_nothing_else(begins, cancels, kind):
    first = evn(begins, "20250301101500", "20250301101000")
    stated = reading(header(f"ADT^{begins}"), first, pid(), pv1(), dg1("S72.0"))
    back = the(kind, header(f"ADT^{cancels}"), evn(cancels, "20250301120000", "20250301101000"), pid(), pv1())
    held = {type(fact): fact.retracted for fact in current([*stated.facts, back])}
    assert held == {kind: True, FractureSighting: False}


def test_an_attendance_is_cancelled_as_one():
    stated = the(Attendance, header("ADT^A04"), evn("A04"), pid(), pv1(f2="E"))
    back = the(Attendance, header("ADT^A11"), evn("A11", "20250301120000"), pid(), pv1(f2="E"))
    assert [fact.retracted for fact in current([stated, back])] == [True]


def test_a_cancellation_without_the_patients_class_takes_back_admission_and_attendance():
    found = reading(header("ADT^A11"), pid(), pv1(f2="")).facts
    assert {(type(fact), fact.retracted) for fact in found} == {(Admission, True), (Attendance, True)}


def test_the_order_of_arrival_does_not_matter_to_a_cancellation():
    late = the(Admission, header("ADT^A01"), evn("A01", "20250301101500"), pid(), pv1())
    early = the(Admission, header("ADT^A11"), evn("A11", "20250301120000"), pid(), pv1())
    assert current([late, early]) == current([early, late])


def test_an_admission_entered_again_after_its_cancellation_stands():
    back = the(Admission, header("ADT^A11"), evn("A11", "20250301120000"), pid(), pv1())
    again = the(Admission, header("ADT^A01"), evn("A01", "20250301130000"), pid(), pv1())
    assert [fact.retracted for fact in current([again, back])] == [False]


def test_a_cancellation_that_does_not_say_of_what_takes_nothing_back_and_leaves_a_note():
    found = reading(header("ADT^A11"), evn("A11"), pid(), pv1(f19=""))
    assert [type(fact) for fact in found.facts] == [Note]
    assert [type(f) for f in reading(header("ADT^A12"), evn("A12"), pid(), pv1()).facts] == [Note]


def test_a_visit_without_a_number_has_statements_without_key():
    found = reading(header(), pid(), pv1(f19=""), dg1("S72.0"))
    assert {fact.key for fact in found.facts} == {""}


def test_a_transfer_leaves_one_site_for_another():
    ward = ["W1", "", "", "X9A01"]
    found = the(Transfer, header("ADT^A02"), evn("A02"), pid(), pv1(f3=["R", "", "", "X9B01"], f6=ward))
    assert (found.site, found.to_site, found.ward) == ("X9A01", "X9B01", "R")
    inside = the(Transfer, header("ADT^A02"), evn("A02"), pid(), pv1(f3=["W2", "", "", "X9A01"], f6=ward))
    assert (inside.site, inside.to_site) == ("X9A01", None)


def test_each_transfer_of_a_visit_is_a_statement_of_its_own():
    one = the(Transfer, header("ADT^A02"), evn("A02", "20250301101500"), pid(), pv1())
    two = the(Transfer, header("ADT^A02"), evn("A02", "20250302101500"), pid(), pv1())
    assert len(current([one, two])) == 2


def test_a_planned_discharge_ahead_is_no_fault_of_an_admission():
    assert the(Admission, header(), pid(), pv1(f45="20260301"))
    assert the(Admission, header("ADT^A08"), pid(), pv1(f45="20260301"))
    assert refused(message([header("ADT^A03"), pid(), pv1(f45="20260301")])).place == "PV1-45"


def test_a_merge_links_the_surviving_record_with_what_mrg_gives():
    merge = segment("MRG", {1: ["H2", "", "", "X9A", "MR"], 7: ["Smyth", "A"]})
    found = the(RecordsLinked, header("ADT^A40"), pid(), merge)
    assert found.record.hospital_numbers == (HospitalNumber("X9A", "H1"),)
    assert found.other.hospital_numbers == (HospitalNumber("X9A", "H2"),)
    assert (found.other.family_name, found.other.birth_date, found.other.nhs_number) == ("Smyth", None, None)


def test_a_merge_of_several_pairs_links_each():
    merge = segment("MRG", {1: ["H2", "", "", "X9A", "MR"]}), segment("MRG", {1: ["H4", "", "", "X9A", "MR"]})
    found = facts_of(RecordsLinked, header("ADT^A40"), pid(), merge[0], pid(f3=["H3", "", "", "X9A", "MR"]), merge[1])
    linked = [(f.record.hospital_numbers[0].value, f.other.hospital_numbers[0].value) for f in found]
    assert linked == [("H1", "H2"), ("H3", "H4")]
    assert len({fact.key for fact in found}) == 2


def test_a_merge_without_the_record_that_was_merged_cannot_be_read():
    assert refused(message([header("ADT^A40"), pid()])).place == "MRG"
    assert refused(message([header("ADT^A40"), pid(), ["MRG"]])).place == "MRG[1]-1"


# --- fractures


@pytest.mark.parametrize(
    ("trigger", "klass", "kind", "finder"),
    [
        ("A01", "I", "W", Finder.ADMISSION),
        ("A02", "I", "W", Finder.ADMISSION),
        ("A08", "I", "W", Finder.ADMISSION),
        ("A03", "I", "F", Finder.CODED_DISCHARGE),
        ("A03", "I", "", Finder.CODED_DISCHARGE),
        ("A03", "I", "A", Finder.ADMISSION),
        ("A04", "E", "W", Finder.EMERGENCY_DEPARTMENT),
        ("A03", "E", "F", Finder.EMERGENCY_DEPARTMENT),
        ("A04", "O", "F", Finder.FRACTURE_CLINIC),
    ],
)
def test_the_event_the_class_and_the_type_of_diagnosis_say_which_finder_saw_it(trigger, klass, kind, finder):
    found = the(FractureSighting, header(f"ADT^{trigger}"), pid(), pv1(f2=klass), dg1("S72.0", f6=kind))
    assert (found.finder, found.body_site, found.certain) == (finder, BodySite.HIP, Answer.YES)


def test_a_final_diagnosis_sent_after_the_stay_was_coded_at_discharge():
    found = the(FractureSighting, header("ADT^A08"), pid(), pv1(f45="20250320"), dg1("S72.0", f6="F"))
    assert found.finder is Finder.CODED_DISCHARGE


def test_the_finder_of_the_feed_stands_before_all():
    origin = replace(ORIGIN, finder=Finder.WARD_ROUND)
    assert the(FractureSighting, header(), pid(), pv1(), dg1("S72.0"), origin=origin).finder is Finder.WARD_ROUND


def test_what_two_finders_saw_of_one_visit_are_two_statements():
    admitted = the(FractureSighting, header(), evn("A01", "20250301"), pid(), pv1(), dg1("S72.0", f6="W"))
    coded = the(FractureSighting, header("ADT^A03"), evn("A03", "20250312"), pid(), pv1(), dg1("S72.0", f6="F"))
    assert {fact.finder for fact in current([admitted, coded])} == {Finder.ADMISSION, Finder.CODED_DISCHARGE}


def test_a_diagnosis_restated_is_the_same_statement_and_a_deleted_one_is_taken_back():
    first = the(FractureSighting, header(), evn("A01", "20250301"), pid(), pv1(), dg1("S72.0", f6="W"))
    again = the(FractureSighting, header("ADT^A08"), evn("A08", "20250302"), pid(), pv1(), dg1("S72.0", f6="W"))
    gone = the(FractureSighting, header("ADT^A08"), evn("A08", "20250303"), pid(), pv1(), dg1("S72.0", f6="W", f21="D"))
    assert len(current([first, again])) == 1
    assert [fact.retracted for fact in current([first, again, gone])] == [True]


@pytest.mark.parametrize(
    ("accident", "diagnosed", "begun", "day", "dated_by"),
    [
        ("20250226", "20250301", "20250302", 26, "injury"),
        ("", "20250301", "20250302", 1, "diagnosis"),
        ("", "", "20250302", 2, "admission"),
        ("", "", "", 1, "admission"),
    ],
)
def test_a_fracture_is_dated_as_near_to_the_injury_as_the_message_tells(accident, diagnosed, begun, day, dated_by):
    rest = pv1(f44=begun), dg1("S72.0", f5=diagnosed), segment("ACC", {1: accident})
    found = the(FractureSighting, header(), evn("A01"), pid(), *rest)
    assert (found.occurred.start.day, found.dated_by) == (day, dated_by)


def test_external_causes_among_the_diagnoses_tell_the_force():
    fall = the(FractureSighting, header(), pid(), pv1(), dg1("S52.5"), dg1("W01.9"))
    ladder = the(FractureSighting, header(), pid(), pv1(), dg1("S52.5"), dg1("W11.9"))
    assert (fall.low_trauma, ladder.low_trauma) == (Answer.YES, Answer.NO)
    assert fall.codes == (Icd10("S525"),)


def test_words_beside_the_code_tell_the_side_and_the_reason_tells_the_force():
    reason = segment("PV2", {3: ["", "Fall from standing height"]})
    found = the(FractureSighting, header(), pid(), pv1(), reason, dg1("S52.5", "Fracture of left distal radius"))
    assert (found.side, found.low_trauma) == (Side.LEFT, Answer.YES)


def test_words_beside_a_code_that_leaves_the_bone_open_name_it():
    found = the(FractureSighting, header(), pid(), pv1(), dg1("M80.9", "Osteoporotic vertebral fracture L2"))
    assert (found.body_site, found.low_trauma, found.pathological) == (BodySite.SPINE, Answer.YES, Answer.NO)
    assert the(FractureSighting, header(), pid(), pv1(), dg1("M80.9")).body_site is BodySite.UNSPECIFIED


def test_the_older_field_for_the_coding_system_is_read():
    diagnosis = segment("DG1", {2: "I10", 3: "S72.0"})
    assert the(FractureSighting, header(), pid(), pv1(), diagnosis).codes == (Icd10("S720"),)


def test_a_diagnosis_that_means_no_fracture_gives_no_sighting():
    assert facts_of(FractureSighting, header(), pid(), pv1(), dg1("J18.9", "Pneumonia"), dg1("I10")) == []
    assert facts_of(FractureSighting, header(), pid(), pv1(), dg1("Z09.4", "Follow-up after fracture treatment")) == []


def test_a_diagnosis_in_words_or_in_codes_of_the_senders_own_is_read_from_its_words():
    found = the(FractureSighting, header(), pid(), pv1(), dg1("NOFL", "# left neck of femur", "LOCAL"))
    assert (found.body_site, found.side, found.certain) == (BodySite.HIP, Side.LEFT, Answer.YES)
    assert found.codes == (LocalCode("NOFL"),)
    assert the(FractureSighting, header(), pid(), pv1(), dg1("", "?#NOF")).certain is Answer.UNKNOWN


def test_a_reason_for_admission_makes_a_fracture_suspected_where_no_diagnosis_does():
    reason = segment("PV2", {3: ["", "#NOF right"]})
    found = the(FractureSighting, header(), pid(), pv1(), reason)
    assert (found.body_site, found.side, found.certain) == (BodySite.HIP, Side.RIGHT, Answer.UNKNOWN)
    assert the(FractureSighting, header(), pid(), pv1(), reason, dg1("S72.0")).certain is Answer.YES


@pytest.mark.parametrize("reason", ["Collapse ?cause", "Fall", "Off legs", "Old # wrist, chest pain", "Elective THR"])
def test_a_reason_that_names_no_new_fracture_makes_no_sighting(reason):
    assert facts_of(FractureSighting, header(), pid(), pv1(), segment("PV2", {3: ["", reason]})) == []


def test_procedures_are_surgery():
    procedure = segment("PR1", {3: ["W37.1", "Hip replacement", "OPCS4"], 5: "20250302"})
    found = the(Surgery, header("ADT^A03"), pid(), pv1(), procedure)
    assert (found.codes, found.procedure, found.visit) == ((Opcs4("W371"),), "Hip replacement", "V1")
    assert found.occurred.start == date(2025, 3, 2)


def test_an_operation_for_a_broken_hip_alone_makes_a_hip_fracture_suspected():
    operation = segment("PR1", {3: ["W24.1", "", "OPCS4"], 5: "20250302"})
    found = the(FractureSighting, header("ADT^A03"), pid(), pv1(), operation)
    assert (found.body_site, found.certain, found.dated_by) == (BodySite.HIP, Answer.UNKNOWN, "operation")
    replacement = segment("PR1", {3: ["W37.1", "", "OPCS4"], 5: "20250302"})
    assert facts_of(FractureSighting, header("ADT^A03"), pid(), pv1(), replacement) == []


def test_a_diagnosis_that_cannot_be_read_waits_while_the_others_count():
    found = reading(header(), pid(), pv1(), dg1("S72.0", f5="2025-03-01"), dg1("S52.5"))
    assert [u.place for u in found.unreadable] == ["DG1[1]-5"]
    assert [f.body_site for f in found.facts if isinstance(f, FractureSighting)] == [BodySite.WRIST]


# --- results


def order(service: str = "RAD", **fields: Field) -> list[Field]:
    given: dict[int, Field] = {3: ["R1", "RIS"], 4: ["XHIPL", "XR Hip Left"], 7: "20250301090000", 24: service}
    return segment("OBR", given | {int(name[1:]): value for name, value in fields.items()})


def obx(kind: str, code: Field, value: Field, unit: str = "", status: str = "F", **fields: Field) -> list[Field]:
    given: dict[int, Field] = {2: kind, 3: code, 5: value, 6: unit, 11: status}
    return segment("OBX", given | {int(name[1:]): value for name, value in fields.items()})


CALCIUM, ALBUMIN = ["2000-8", "Calcium", "LN"], ["1751-7", "Albumin", "LN"]
EGFR = ["98979-8", "eGFR", "LN"]


def orders(*segments: list[Field]) -> tuple[list[Field], ...]:
    return (header("ORU^R01"), pid(), *segments)


def test_a_laboratory_result_stands_as_the_laboratory_wrote_it():
    calcium = obx("NM", ["29265-6", "Calcium", "LN"], "2.310", "mmol/L", f7="2.2-2.6")
    found = the(LaboratoryResult, *orders(order("LAB"), calcium))
    assert (found.value, found.unit, found.reference_range) == ("2.310", "mmol/L", "2.2-2.6")
    assert (found.code, found.name) == (Loinc("29265-6"), "Calcium")
    assert found.occurred.at == datetime.fromisoformat("2025-03-01T09:00")


def test_a_structured_number_keeps_its_sign():
    egfr = obx("SN", EGFR, [">", "90"], "mL/min/1.73m2")
    assert the(LaboratoryResult, *orders(order("LAB"), egfr)).value == ">90"


@pytest.mark.parametrize(
    ("code", "status", "retracted"),
    [
        ("P", Status.PRELIMINARY, False),
        ("F", Status.FINAL, False),
        ("", Status.FINAL, False),
        ("C", Status.CORRECTED, False),
        ("D", Status.CORRECTED, True),
        ("W", Status.CORRECTED, True),
    ],
)
def test_the_status_of_a_result_says_how_settled_it_is(code, status, retracted):
    found = the(LaboratoryResult, *orders(order("LAB"), obx("NM", CALCIUM, "2.3", "mmol/L", status=code)))
    assert (found.status, found.retracted) == (status, retracted)


def test_a_late_preliminary_result_does_not_stand_above_the_final_one():
    final = the(LaboratoryResult, *orders(order("LAB", f22="20250301100000"), obx("NM", CALCIUM, "2.3", "mmol/L")))
    preliminary = obx("NM", CALCIUM, "2.9", "mmol/L", status="P")
    late = the(LaboratoryResult, *orders(order("LAB", f22="20250301110000"), preliminary))
    assert [fact.value for fact in current([final, late])] == ["2.3"]


def test_a_result_that_cannot_be_obtained_is_none():
    assert facts_of(LaboratoryResult, *orders(order("LAB"), obx("NM", CALCIUM, "", status="X"))) == []


def test_values_with_one_code_in_one_order_are_statements_of_their_own():
    told = (("2.1", "1"), ("2.3", "2"), ("2.2", "2"))
    values = [obx("NM", CALCIUM, value, "mmol/L", f4=place) for value, place in told]
    found = facts_of(LaboratoryResult, *orders(order("LAB"), *values))
    assert len({fact.key for fact in found}) == 3


def test_the_order_number_with_its_authority_names_the_statement():
    calcium = obx("NM", CALCIUM, "2.3", "mmol/L", f4="1")
    assert the(LaboratoryResult, *orders(order("LAB"), calcium)).key == "X9A/order/RIS R1/2000-8/1"


def test_a_status_that_no_table_has_waits_while_the_other_results_count():
    values = (obx("NM", CALCIUM, "2.3", "mmol/L", status="Q"), obx("NM", ALBUMIN, "38", "g/L"))
    found = reading(*orders(order("LAB"), *values))
    assert [u.place for u in found.unreadable] == ["OBX[1]-11"]
    assert [fact.name for fact in found.facts] == ["Albumin"]


def test_bone_density_is_told_by_region_and_side():
    found = [f for f in sample("oru-r01-dxa").facts if isinstance(f, DxaResult)]
    assert [(f.region, f.side, f.t_score, f.bmd_g_cm2) for f in found] == [
        ("hip", Side.LEFT, -2.7, None),
        ("hip", Side.LEFT, None, 0.612),
        ("lumbar spine L1-L4", Side.UNKNOWN, -1.9, None),
    ]


@pytest.mark.parametrize(
    ("words", "value", "unit", "place"),
    [
        ("T-score hip", "9999", "", "OBX[1]-5"),
        ("T-score hip", "-2,5", "", "OBX[1]-5"),
        ("T-score hip", "low", "", "OBX[1]-5"),
        ("T-score hip", "nan", "", "OBX[1]-5"),
        ("BMD hip", "0.6", "mg/cm2", "OBX[1]-6"),
        ("BMD hip", "612", "g/cm2", "OBX[1]-5"),
        ("BMD hip", "0.6", "", "OBX[1]-6"),
    ],
)
def test_a_density_that_nobody_can_have_waits(words, value, unit, place):
    found = reading(*orders(order("DXA"), obx("NM", ["X", words], value, unit)))
    assert [u.place for u in found.unreadable] == [place]
    assert found.facts == ()


def test_changes_in_percent_are_no_density():
    names = ("BMD change %", "BMD % young adult")
    found = reading(*orders(order("DXA"), *(obx("NM", ["X", name], "-1.0") for name in names)))
    assert found.facts == ()


def test_a_report_of_a_fracture_is_a_suspected_sighting_with_its_sentence():
    found = the(FractureSighting, *orders(order(), obx("TX", "REP", "Displaced fracture. No dislocation.")))
    assert (found.finder, found.body_site, found.side) == (Finder.RADIOLOGY_REPORT, BodySite.HIP, Side.LEFT)
    assert (found.certain, found.dated_by, found.words) == (Answer.UNKNOWN, "report", "Displaced fracture.")


def test_a_report_tells_the_levels_of_the_spine_and_the_part_of_the_femur():
    text = "Wedge fractures of T11 and L1. Subtrochanteric fracture of the left femur."
    spine, femur = facts_of(FractureSighting, *orders(order(), obx("TX", "REP", text)))
    assert (spine.body_site, spine.levels, spine.part) == (BodySite.SPINE, ("T11", "L1"), "")
    assert (femur.body_site, femur.levels, femur.part) == (BodySite.FEMUR, (), "subtrochanteric")


def test_every_report_that_was_read_is_told_with_what_came_of_it():
    two = orders(order(), obx("TX", "REP", "No fracture."), order(f3="R2"), obx("TX", "REP", "Fracture of the hip."))
    told = reading(*two).reports
    assert [(one.text, one.suspected) for one in told] == [("No fracture.", False), ("Fracture of the hip.", True)]
    assert {one.record.hospital_numbers for one in told} == {told[0].record.hospital_numbers}
    assert len({one.place for one in told}) == 2


def test_a_report_that_is_taken_back_is_none_to_check():
    assert reading(*orders(order(), obx("TX", "REP", "No fracture.", status="W"))).reports == ()


@pytest.mark.parametrize("text", ["No fracture.", "No bony injury.", "Clinical details: ?#NOF"])
def test_a_report_without_a_fracture_gives_no_sighting(text):
    assert facts_of(FractureSighting, *orders(order(), obx("TX", "REP", text))) == []


def test_lines_of_a_report_are_read_together_whether_repeated_or_sent_one_by_one():
    one = order(), obx("FT", "REP", repeated("There is no evidence of", "fracture."))
    many = order(), obx("TX", "REP", "There is no evidence of"), obx("TX", "REP", "fracture.")
    assert facts_of(FractureSighting, *orders(*one)) == facts_of(FractureSighting, *orders(*many)) == []


def test_text_beside_a_stray_ampersand_is_not_lost():
    content = message(orders(order(), obx("TX", "REP", "T12 @ L1 wedge fractures.")))
    (found,) = (f for f in hl7v2.read(content.replace(b"@", b"&"), ORIGIN).facts if isinstance(f, FractureSighting))
    assert found.words == "T12 & L1 wedge fractures."


def test_embedded_text_is_read_and_an_embedded_document_waits():
    text = "RnJhY3R1cmUgb2YgdGhlIGxlZnQgaGlwLg=="  # Fracture of the left hip.
    assert the(FractureSighting, *orders(order(), obx("ED", "REP", ["", "TEXT", "", "Base64", text]))).side is Side.LEFT
    found = reading(*orders(order(), obx("ED", "REP", ["", "AP", "PDF", "Base64", "JVBERi0="])))
    assert [u.place for u in found.unreadable] == ["OBX[1]-5"]
    assert "PDF" in found.unreadable[0].reason


def test_text_of_other_services_is_not_read_and_says_so():
    found = reading(*orders(order("MB"), obx("TX", "REP", "Fracture of the hip.")))
    assert found.facts == ()
    assert found.notes == ("OBR[1]: text of service MB is not read.",)


def test_a_report_taken_back_takes_its_sighting_back():
    first = the(FractureSighting, *orders(order(), obx("TX", "REP", "Fracture of the hip.")))
    wrong = the(FractureSighting, *orders(order(), obx("TX", "REP", "Fracture of the hip.", status="W")))
    assert [fact.retracted for fact in current([first, wrong])] == [True]


def test_a_report_corrected_to_no_fracture_leaves_a_note_and_the_sighting():
    first = the(FractureSighting, *orders(order(), obx("TX", "REP", "Fracture of the hip.")))
    found = reading(*orders(order(), obx("TX", "REP", "No fracture.", status="C")))
    assert [type(fact) for fact in found.facts] == [Note]
    assert first in current([first, *found.facts])


def test_results_of_several_patients_in_one_message_stay_with_their_patient():
    other = pid(f3=["H2", "", "", "X9A", "MR"])
    first, second = (obx("NM", CALCIUM, value, "mmol/L") for value in ("1", "2"))
    both = orders(order("LAB"), first, other, order("LAB"), second)
    found = facts_of(LaboratoryResult, *both)
    assert [(str(f.record.hospital_numbers[0]), f.value) for f in found] == [("X9A H1", "1"), ("X9A H2", "2")]


# --- times


@pytest.mark.parametrize(
    ("text", "start", "end", "at"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), None),
        ("202402", date(2024, 2, 1), date(2024, 2, 29), None),
        ("20240229", date(2024, 2, 29), date(2024, 2, 29), None),
        ("2024022913", date(2024, 2, 29), date(2024, 2, 29), None),
        ("202402291315", date(2024, 2, 29), date(2024, 2, 29), "2024-02-29T13:15:00"),
        ("20240229131530.25", date(2024, 2, 29), date(2024, 2, 29), "2024-02-29T13:15:30.250000"),
        ("20240701233000+0000", date(2024, 7, 2), date(2024, 7, 2), "2024-07-02T00:30:00"),
        ("2025", date(2025, 1, 1), date(2025, 6, 2), None),
    ],
)
def test_a_time_is_as_precise_as_it_is_written(text, start, end, at):
    found = when(text, "DG1-5", KNOWN)
    assert (found.start, found.end, found.at and found.at.isoformat()) == (start, end, at)
    assert found.exact is (start == end)


@pytest.mark.parametrize(
    "text", ["2025-03-01", "20250230", "20251301", "2025030124", "18991231", "20250603", "20", "Ⅻ", "0"]
)
def test_a_time_that_cannot_be_is_refused_with_its_place(text):
    assert refused(message([header(), pid(), pv1(f44=text)])).place == "PV1-44"


@pytest.mark.parametrize("text", ["20260101", "18900101", "19420231", "14/07/1942"])
def test_a_birth_date_that_nobody_can_have_is_refused(text):
    found = refused(message([header(), pid(f7=text), pv1()]))
    assert found.place == "PID-7"
    assert "YYYYMMDD" in found.mend


@pytest.mark.parametrize(
    ("recorded", "version", "note"),
    [
        ("20250301101500", datetime(2025, 3, 1, 10, 15, tzinfo=UTC), ""),
        ("20240701101500", datetime(2024, 7, 1, 9, 15, tzinfo=UTC), ""),
        ("20240701101500+0000", datetime(2024, 7, 1, 10, 15, tzinfo=UTC), ""),
        ("20241027013000", datetime(2024, 10, 27, 0, 30, tzinfo=UTC), "happened twice"),
        ("20250330013000", datetime(2025, 3, 30, 1, 30, tzinfo=UTC), "never happened"),
        ("20250301", datetime(2025, 3, 1, tzinfo=UTC), "no time of day"),
    ],
)
def test_a_version_is_the_instant_of_its_recording_in_england(recorded, version, note):
    found = reading(header(), evn("A01", recorded), pid(), pv1())
    assert found.facts[0].version == version
    assert [note in said for said in found.notes] == [True] * bool(note)


def test_a_version_from_the_future_is_refused_because_it_would_outrank_all_others():
    assert refused(message([header(), evn("A01", "20990101"), pid(), pv1()])).place == "EVN-2"


def test_without_evn_the_message_time_is_the_version():
    assert reading(header(), pid(), pv1()).facts[0].version == datetime(2025, 3, 1, 11, tzinfo=UTC)


# --- bytes


def plain(**fields: Field) -> bytes:
    return message([header(**fields), pid(f5=["Müller", "Anne"]), pv1()])


@pytest.mark.parametrize(
    "vary",
    [
        lambda c: c.replace(b"\r", b"\n"),
        lambda c: c.replace(b"\r", b"\r\n"),
        lambda c: c[:-1],
        lambda c: c + b"\r\n\r\n",
        lambda c: b"\xef\xbb\xbf" + c,
        lambda c: b"\x0b" + c + b"\x1c\r",
        lambda c: b"\x0b" + c,
        lambda c: c.replace(b"|", b"$").replace(b"^", b"*"),
        lambda c: c.replace(b"\rPV1", b"\nPV1"),
    ],
    ids=["LF", "CRLF", "no last CR", "blank lines", "BOM", "MLLP", "no end of frame", "odd delimiters", "mixed ends"],
)
def test_the_same_message_is_read_however_it_is_framed(vary: Callable[[bytes], bytes]):
    def said(content: bytes) -> list[dict]:
        found = hl7v2.read(content, ORIGIN)
        assert isinstance(found, Reading), found
        return [{name: value for name, value in to_plain(fact).items() if name != "source"} for fact in found.facts]

    assert said(vary(plain())) == said(plain())


@pytest.mark.parametrize(
    ("named", "encoding", "declared"),
    [
        ("UNICODE UTF-8", "utf-8", "cp1252"),
        ("8859/1", "latin-1", "utf-8"),
        ("", "utf-8", "utf-8"),
        ("", "cp1252", "cp1252"),
        ("ASCII", "cp1252", "cp1252"),
    ],
)
def test_msh_18_names_the_character_set_else_the_feed_does(named, encoding, declared):
    content = message([header(f18=named), pid(f5=["Müller", "Anne"]), pv1()], encoding=encoding)
    found = hl7v2.read(content, replace(ORIGIN, encoding=declared))
    assert found.facts[0].record.family_name == "Müller"


def test_letters_that_disagree_with_the_declared_set_are_refused_with_their_segment():
    content = message([header(f18="UNICODE UTF-8"), pid(f5=["Müller", "Anne"]), pv1()], encoding="latin-1")
    assert refused(content).place == "PID"
    assert refused(message([header(f18="EBCDIC"), pid(), pv1()])).place == "MSH-18"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "message"),
        (b"\x0b\x1c\r", "message"),
        (b"PID|1||H1\r", "MSH"),
        (b"MSH", "MSH"),
        (b"MSH|\r", "MSH-2"),
        (b"MSH|||\r", "MSH-2"),
        (b"MSH|^^\\&|\r", "MSH-2"),
        (b"MSH|ab|\r", "MSH-2"),
        (b"MSH|^~\\&|PAS\r", "MSH-9"),
        (b"MSH|^~\\&|||||||ADT^A01|1|P|3.0\r", "MSH-12"),
        (b"MSH|^~\\&|||||||ADT^A01|1|P|2.4\r", "PID"),
        (b"MSH|^~\\&|||||||ADT^A01|1|P|2.4\rPID|||H1\r", "PV1"),
        (b"MSH|^~\\&|||||||ADT^A01|1|P|2.4\rPID|||H1\rrubbish\r", "segment 3, after PID"),
        (b"MSH|^~\\&|||||||ADT^A01|1|P|2.4\rPID|||H\0001\r", "PID"),
        (b"\xff\xfeM\0S\0H\0", "message"),
        (b'{"resourceType": "Bundle"}', "MSH"),
    ],
)
def test_what_cannot_be_read_says_where(content, place):
    assert refused(content).place == place


def test_a_file_that_holds_two_messages_is_refused_until_it_is_split():
    content = plain() + plain(f10="M2")
    assert "second message" in refused(content).reason
    assert [tokenise(piece).one("MSH").text(10) for piece in hl7v2.split(content)] == ["M1", "M2"]


@pytest.mark.parametrize("ends", [b"\r", b"\n", b"\r\n"])
def test_split_takes_batch_envelopes_and_framing_away(ends):
    one, two = plain(), plain(f10="M2")
    batch = b"FHS|^~\\&|PAS\rBHS|^~\\&|PAS\r" + one + two + b"BTS|2\rFTS|1\r"
    assert hl7v2.split(batch.replace(b"\r", ends)) == [piece.strip().replace(b"\r", ends) for piece in (one, two)]
    assert hl7v2.split(b"\x0b" + one + b"\x1c\r\x0b" + two + b"\x1c\r") == [one.strip(), two.strip()]


@pytest.mark.parametrize("alone", [plain(), b"\x0b" + plain() + b"\x1c\r", b"\xef\xbb\xbf" + plain()])
def test_a_message_alone_comes_out_of_split_byte_for_byte(alone):
    assert hl7v2.split(alone) == [alone]


def test_split_keeps_what_is_no_message_as_a_piece_of_its_own():
    assert hl7v2.split(b"rubbish\r" + plain()) == [b"rubbish", plain().strip()]
    assert hl7v2.split(b"rubbish") == [b"rubbish"]
    assert hl7v2.split(b"") == []


def test_a_new_line_inside_a_text_does_not_end_a_segment():
    content = message(orders(order(), obx("TX", "REP", "@"))).replace(b"@", b"No dislocation.\nFracture of the hip.")
    assert [f.body_site for f in hl7v2.read(content, ORIGIN).facts] == [BodySite.HIP]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (plain() + b"Z" * 8 * 1024 * 1024, "message"),
        (plain() + b"ZZZ|1\r" * 20_000, "message"),
        (plain().replace(b"|H1^", b"|" + b"~" * 200_000 + b"H1^"), "PID-3"),
    ],
    ids=["8 MB", "segments", "repetitions"],
)
def test_what_nobody_sends_in_earnest_is_refused_quickly(content, place):
    start = time.perf_counter()
    assert refused(content).place == place
    assert time.perf_counter() - start < 2  # a quadratic tokeniser takes minutes


def test_a_training_message_is_read_and_noted():
    assert "no message of daily work" in reading(header(f11="T"), pid(), pv1()).notes[0]


# --- the tokeniser and the writer against a second opinion

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cc", "Cs")), max_size=12)
NAME = st.sampled_from(["PID", "PV1", "DG1", "OBX", "ZZ1"])
FIELDS = st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=4)


@given(st.lists(st.tuples(NAME, FIELDS), max_size=5))
def test_the_tokeniser_agrees_with_the_hl7_library(segments):
    end = ["ZZZ", "the library strips blanks from the end of a message"]
    content = message([header(), *([name, *fields] for name, fields in segments), end])
    ours, theirs = tokenise(content), hl7.parse(content.decode())
    assert [s.name for s in ours.segments] == [str(s[0]) for s in theirs]
    for mine, other in zip(ours.segments[1:], list(theirs)[1:], strict=True):
        for number in range(1, len(other)):
            assert mine.raw_field(number) == str(other[number])
            for component in range(1, 4):
                assert mine.text(number, component) == _component(theirs, other, number, component).strip()


def _component(whole: hl7.Message, segment_: hl7.Segment, number: int, component: int) -> str:
    parts = str(segment_[number]).split("^")
    return whole.unescape(parts[component - 1]) if component <= len(parts) else ""


@given(TEXT)
def test_what_the_writer_escapes_the_reader_gives_back(text):
    content = message([header(), segment("ZZ1", {1: [text, [text, "b"]], 2: repeated("a", text)})])
    told = tokenise(content).one("ZZ1")
    null = '""'
    expected = "" if text == null else text.strip()
    assert (told.text(1), told.text(1, 2), told.text(1, 2, 2)) == (expected, expected, "b")
    assert [field.text() for field in told.repetitions(2)][1:] == ([expected] if text else [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"\X4D\\X6D\x", "Mmx"),
        (r"\XC3A9\ ", "é"),
        (r"\XFF\ ", "\ufffd"),
        (r"\X0041\ ", "A"),
        (r"one\.br\two\.sp2\three", "one\ntwo\nthree"),
        (r"\H\loud\N\ ", "loud"),
        (r"C:\Temp\x", r"C:\Temp\x"),
        (r"a\Xzz\b", r"a\Xzz\b"),
        ("a\\", "a\\"),
        ('""', ""),
    ],
)
def test_escapes_mean_what_the_standard_says_and_nothing_else(written, meant):
    content = message([header(), ["ZZ1", "@"]]).replace(b"@", written.encode())
    assert tokenise(content).one("ZZ1").text(1) == meant.strip()


def test_escaped_text_holds_no_delimiter():
    assert escape("a|b^c~d\\e&f\r\ng\x0b") == r"a\F\b\S\c\R\d\E\e\T\f\.br\g\X0B\ ".strip()


@pytest.mark.parametrize("wrong", [lambda: segment("MSH", {2: "x"}), lambda: message([["M", "x"]])])
def test_the_writer_refuses_what_would_be_no_message(wrong):
    with pytest.raises(ValueError, match=r"MSH-2|name"):
        wrong()


# --- no bytes stop it


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.hl7")), ids=lambda file: file.stem)
def test_a_message_cut_off_anywhere_is_read_or_refused(file):
    content = file.read_bytes()
    for end in range(len(content)):
        found = hl7v2.read(content[:end], ORIGIN)
        assert isinstance(found, Reading | Unreadable)


@settings(max_examples=300)
@given(st.data())
def test_no_bytes_stop_the_reader(data):
    content = bytearray(data.draw(st.sampled_from([file.read_bytes() for file in sorted(SAMPLES.glob("*.hl7"))])))
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\0", b"|", b"^", b"~", b"\\", b"&", b"\r", b'""', b"9" * 30])
        )
    encoding = data.draw(st.sampled_from(["utf-8", "cp1252", "latin-1", "ascii", "no such encoding"]))
    found = hl7v2.read(bytes(content), replace(ORIGIN, encoding=encoding))
    assert isinstance(found, Reading | Unreadable)
    if isinstance(found, Reading):
        assert len({(fact.id) for fact in found.facts}) == len(found.facts)
        assert [from_plain(to_plain(fact)) for fact in found.facts] == list(found.facts)


@given(st.binary(max_size=200))
def test_wild_bytes_are_refused(wild):
    assert isinstance(hl7v2.read(wild, ORIGIN), Unreadable)
    assert isinstance(hl7v2.read(b"MSH|^~\\&|" + wild, ORIGIN), Reading | Unreadable)


PIECES = [b"MSH|^~\\&|A", b"PID|1", b"rubbish", b"\r", b"\n", b"\x0b", b"\x1c", b"BHS|", b"MSH"]


@given(st.lists(st.sampled_from(PIECES)))
def test_split_loses_nothing_but_envelopes_and_framing(parts):
    content = b"".join(parts)
    kept = b"".join(hl7v2.split(content))
    if b"BHS|" not in content:
        assert kept.translate(None, b"\r\n\x0b\x1c") == content.translate(None, b"\r\n\x0b\x1c")
    assert kept.count(b"MSH|") == content.count(b"MSH|") or b"BHS|" in content


def test_the_example_in_the_readme_is_a_message_that_is_read():
    readme = (SAMPLES.parent / "README.md").read_text()
    names: dict = {}
    exec(readme.split("```python")[1].split("```")[0], names)
    assert isinstance(hl7v2.read(names["content"], ORIGIN), Reading)
