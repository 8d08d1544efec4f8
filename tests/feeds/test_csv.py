"""Hospital lists in CSV: what each kind of row gives, and what happens to the rows that can't be read."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openfls.clinical.codes import Icd10, Opcs4, Snomed
from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import (
    Admission,
    Answer,
    BodySite,
    Death,
    Demographics,
    Discharge,
    Finder,
    FractureSighting,
    Setting,
    Side,
    Surgery,
)
from openfls.clinical.patients import HospitalNumber, Sex
from openfls.clinical.when import about, at, between, month, on, year
from openfls.feeds.csv import pieces, read
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mapping_files import mapping_in
from openfls.feeds.csv.mappings import Mappings, packaged
from openfls.feeds.csv.text import _Physical
from openfls.feeds.reading import Origin, Reading, Unreadable, joined

RECEIVED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
SAMPLES = files("openfls.feeds.csv") / "samples"
HEADERS = [
    "Meeting Date", "Referral ID", "NHS No", "Hosp No", "Surname", "Forename", "DOB", "Sex", "Injury Date",
    "Date Admitted", "Diagnosis", "Side", "Mechanism",
]  # fmt: skip
ATTENDED = [
    "Attendance No", "NHS No", "Surname", "Forename", "DOB", "Arrival Date", "Diagnosis", "Postcode", "Ethnic Category",
]  # fmt: skip
ROW = {
    "Meeting Date": "12/03/2026", "Referral ID": "T1", "NHS No": "999 000 0018", "Hosp No": "H100",
    "Surname": "SMITH", "Forename": "Anne", "DOB": "01/02/1940", "Sex": "F", "Injury Date": "11/03/2026",
    "Diagnosis": "# NOF", "Side": "L", "Mechanism": "Fall from standing height",
}  # fmt: skip


def origin(mapping="trauma_meeting", source="X9A/trauma", **more):
    return Origin(source, more.pop("known", RECEIVED), site=more.pop("site", "X9A01"), mapping=mapping, **more)


def written(*rows, headers=HEADERS, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerows([row.get(header, "") for header in headers] for row in rows)
    return out.getvalue().encode()


def read_row(mapping="trauma_meeting", headers=HEADERS, **changes):
    """The one row of a list, changed as told; underscores stand for spaces in headers."""
    row = ROW | {name.replace("_", " "): value for name, value in changes.items()}
    return read(written(row, headers=headers), origin(mapping))


def sample(name, **more):
    found = read((SAMPLES / f"{name}.csv").read_bytes(), origin(name, f"X9A/{name}", **more))
    assert isinstance(found, Reading), found
    return found


def sightings(reading):
    return [fact for fact in reading.facts if isinstance(fact, FractureSighting)]


def only(reading):
    [sighting] = sightings(reading)
    return sighting


# What each list gives


def test_a_row_of_a_trauma_meeting_is_a_sighting_of_that_person_and_bone():
    sighting = sightings(sample("trauma_meeting"))[0]
    assert sighting.finder is Finder.TRAUMA_LIST
    assert (sighting.body_site, sighting.side, sighting.certain) == (BodySite.HIP, Side.LEFT, Answer.YES)
    assert (sighting.occurred, sighting.dated_by) == (on(date(2026, 3, 11)), "injury")
    assert sighting.low_trauma is Answer.YES
    assert sighting.site == "X9A01"
    assert sighting.known == RECEIVED
    assert sighting.version == datetime(2026, 3, 12, tzinfo=UTC)
    assert sighting.words == "# NOF; Fall from standing height"
    person = sighting.record
    assert (person.nhs_number, person.name, person.sex) == ("9990000018", "SMITH, Anne", Sex.FEMALE)
    assert person.birth_date == date(1940, 2, 1)
    assert person.hospital_numbers == (HospitalNumber("X9A", "H100"),)


def test_the_title_above_the_headers_is_no_row():
    assert (SAMPLES / "trauma_meeting.csv").read_bytes().startswith(b"Trauma meeting,")
    assert sightings(sample("trauma_meeting"))[0].source.position.startswith("row 3")


def test_a_row_that_names_two_bones_gives_a_sighting_of_each():
    found = sightings(sample("trauma_meeting"))
    assert [(s.body_site, s.side) for s in found if s.record.family_name == "O'NEILL"] == [
        (BodySite.WRIST, Side.RIGHT),
        (BodySite.SPINE, Side.UNKNOWN),
    ]
    assert len({s.id for s in found}) == len(found)


def test_a_theatre_list_tells_of_operations_that_were_done_and_of_fractures():
    found = sample("theatre")
    done = [fact for fact in found.facts if isinstance(fact, Surgery)]
    assert [(s.record.family_name, s.codes, s.procedure) for s in done] == [
        ("SMITH", (Opcs4("W461"),), "Hemiarthroplasty hip"),
        ("BLACK", (Opcs4("W191"),), "DHS"),
        ("GREY", (), "ORIF"),
    ]
    assert done[0].occurred == at(datetime.fromisoformat("2026-03-12T09:30"))
    assert {s.dated_by for s in sightings(found)} == {"operation"}


def test_a_planned_joint_replacement_without_a_word_of_a_fracture_is_no_sighting_but_counted():
    found = sample("theatre")
    assert "WHITE" not in {fact.record.family_name for fact in found.facts}
    assert "1 say nothing of a fracture" in found.tally


@pytest.mark.parametrize(("session", "seen"), [("Trauma", 1), ("Elective", 0), ("", 0)])
def test_a_joint_replacement_is_for_triage_only_in_a_trauma_session(session, seen):
    row = {"Operation Date": "12/03/2026", "Hosp No": "H1", "Session": "", "Procedure": "THR", "Session Type": session}
    found = read(written(row, headers=[*row]), origin("theatre"))
    assert [s.certain for s in sightings(found)] == [Answer.UNKNOWN] * seen


@pytest.mark.parametrize(
    ("procedure", "session", "certain"),
    [
        ("THR for # NOF", "Elective", [Answer.YES]),
        ("Hip hemi", "Elective", []),
        ("Hip hemi", "", [Answer.UNKNOWN]),
        ("bunionectomy", "Elective", []),
        ("washout and something", "Trauma", []),
        ("zzz", "Trauma", [Answer.UNKNOWN]),
        ("?# NOF", "Elective", [Answer.UNKNOWN]),
    ],
)
def test_a_planned_session_hides_no_word_of_a_fracture(procedure, session, certain):
    row = {"Operation Date": "12/03/2026", "Hosp No": "H1", "Procedure": procedure, "Session Type": session}
    assert [s.certain for s in sightings(read(written(row, headers=[*row]), origin("theatre")))] == certain


def test_an_operation_planned_after_the_receipt_has_not_occurred_and_the_fracture_is_dated_by_the_receipt():
    found = sample("theatre", known=datetime(2026, 3, 11, 20, tzinfo=UTC))
    assert not [fact for fact in found.facts if isinstance(fact, Surgery)]
    assert {(s.occurred, s.dated_by) for s in sightings(found)} == {(on(date(2026, 3, 11)), "report")}


def test_an_emergency_department_list_tells_by_code_and_by_words():
    hip, ankle = sightings(sample("emergency_department"))
    assert (hip.codes, hip.body_site, hip.setting) == ((Snomed("5913000"),), BodySite.HIP, Setting.EMERGENCY)
    assert (hip.occurred, hip.dated_by) == (at(datetime.fromisoformat("2026-03-11T14:05")), "attendance")
    assert (ankle.body_site, ankle.certain) == (BodySite.ANKLE, Answer.NO)


def test_an_illness_alone_gives_nothing_but_is_counted():
    found = sample("emergency_department")
    assert "HALL" not in {fact.record.family_name for fact in found.facts}
    assert found.tally == (
        "3 rows read: 1 name a fracture, 0 leave doubt and go to triage, 1 say no fracture, 1 say nothing of a fracture"
    )


def test_where_words_doubt_or_deny_what_the_code_says_a_person_looks():
    headers = ["Hospital No", "Arrival Date", "Diagnosis", "Diagnosis SNOMED"]
    for words, certain in (("?# NOF", "unknown"), ("no fracture", "unknown"), ("", "yes"), ("# NOF", "yes")):
        row = {"Hospital No": "H1", "Arrival Date": "11/03/2026", "Diagnosis": words, "Diagnosis SNOMED": "5913000"}
        assert only(read(written(row, headers=headers), origin("emergency_department"))).certain == certain


def test_a_code_that_no_list_knows_goes_to_triage_with_the_code():
    row = {"Hospital No": "H1", "Arrival Date": "11/03/2026", "Diagnosis SNOMED": "123456789"}
    sighting = only(read(written(row, headers=[*row]), origin("emergency_department")))
    assert (sighting.certain, sighting.codes) == (Answer.UNKNOWN, (Snomed("123456789"),))


def test_a_fracture_clinic_sees_outpatients_some_with_only_a_month():
    wrist, shoulder = sightings(sample("fracture_clinic"))
    assert (wrist.occurred, wrist.dated_by, wrist.setting) == (month(2026, 3), "injury", Setting.OUTPATIENT)
    assert (shoulder.occurred, shoulder.dated_by) == (on(date(2026, 3, 12)), "attendance")
    assert shoulder.record.family_name == "KING"


def test_coded_discharges_tell_of_the_stay_the_fractures_the_operation_and_a_death():
    found = sample("coded_discharges", known=datetime(2026, 4, 1, tzinfo=UTC))
    kinds = {kind: [f for f in found.facts if isinstance(f, kind)] for kind in (Admission, Discharge, Death, Surgery)}
    assert [f.emergency for f in kinds[Admission]] == [Answer.YES, Answer.YES, Answer.NO]
    assert [f.visit for f in kinds[Discharge]] == ["S1", "S2", "S3"]
    assert [(f.record.family_name, f.occurred) for f in kinds[Death]] == [("YOUNG", on(date(2026, 3, 9)))]
    assert [(f.codes, f.occurred) for f in kinds[Surgery]] == [
        ((Opcs4("W461"), Opcs4("Z943")), on(date(2026, 3, 12))),
    ]
    hip, pelvis, wrist = sightings(found)
    assert (hip.body_site, hip.side, hip.low_trauma) == (BodySite.HIP, Side.LEFT, Answer.YES)
    assert (hip.occurred, hip.dated_by) == (on(date(2026, 3, 11)), "admission")
    assert hip.codes[:2] == (Icd10("S720"), Icd10("W010"))
    assert (pelvis.body_site, wrist.body_site) == (BodySite.PELVIS, BodySite.WRIST)
    assert pelvis.low_trauma is Answer.UNKNOWN


def coded(**changes):
    row = {
        "Spell No": "S9", "Local Patient ID": "H9", "Admission Date": "2026-03-01", "Discharge Date": "2026-03-09",
        "Diag_01": "", "Diag_02": "", "Proc_01": "", "Proc_02": "",
    } | {name.replace("__", " "): value for name, value in changes.items()}  # fmt: skip
    return read(written(row, headers=[*row]), origin("coded_discharges"))


def test_a_hip_replacement_counts_only_together_with_a_fracture_code():
    assert sightings(coded(Diag_01="M16.1", Proc_01="W37.1")) == []
    assert only(coded(Diag_01="S72.0", Proc_01="W37.1")).body_site is BodySite.HIP


def test_an_operation_on_a_hip_fracture_without_a_fracture_code_is_suspected_never_dropped():
    sighting = only(coded(Diag_01="R29.6", Proc_01="W24.1"))
    assert (sighting.body_site, sighting.certain) == (BodySite.HIP, Answer.UNKNOWN)


def test_an_operation_without_a_date_lies_somewhere_in_the_stay():
    [done] = [f for f in coded(Diag_01="S72.0", Proc_01="W46.1").facts if isinstance(f, Surgery)]
    assert done.occurred == between(date(2026, 3, 1), date(2026, 3, 9))


@pytest.mark.parametrize("changes", [{"Diag_01": "fracture"}, {"Diag_01": "S72.0", "Proc_01": "hip"}])
def test_a_cell_that_is_no_code_is_an_unreadable_row(changes):
    [wrong] = coded(**changes).unreadable
    assert wrong.place in ("row 2, column Diag_01", "row 2, column Proc_01")


def test_a_discharge_before_the_admission_is_an_unreadable_row():
    [wrong] = coded(Discharge__Date="2026-02-01").unreadable
    assert wrong.place == "row 2, column Discharge Date"


def test_the_hip_audit_means_a_hip_where_its_words_name_no_bone():
    intracapsular, other = sightings(sample("national_hip_audit"))
    assert {s.body_site for s in (intracapsular, other)} == {BodySite.HIP}
    assert {s.certain for s in (intracapsular, other)} == {Answer.YES}
    assert (intracapsular.pathological, other.pathological) == (Answer.NO, Answer.YES)


def test_a_ward_round_falls_back_from_injury_to_admission():
    assert [(s.occurred, s.dated_by) for s in sightings(sample("ward_round"))] == [
        (on(date(2026, 3, 11)), "injury"),
        (on(date(2026, 3, 12)), "admission"),
    ]


def test_a_practice_tells_of_old_fractures_as_unknown_and_where_people_live():
    found = sample("general_practice")
    recent, old = sightings(found)
    assert (recent.certain, old.certain, old.occurred) == (Answer.YES, Answer.UNKNOWN, year(2019))
    assert recent.setting is Setting.COMMUNITY
    home = next(fact for fact in found.facts if isinstance(fact, Demographics))
    assert (home.postcode, home.practice, home.phone) == ("ZZ1 1AA", "Y00001", "07700 900001")


def test_coded_discharges_tell_the_ethnic_category_where_they_have_its_column():
    told = [fact for fact in sample("coded_discharges").facts if isinstance(fact, Demographics)]
    assert [fact.ethnic_category for fact in told] == [EthnicCategory.BRITISH, EthnicCategory.NOT_STATED]


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("coded_discharges", [Answer.NO, Answer.YES]),
        ("national_hip_audit", [Answer.NO, Answer.YES]),
        ("ward_round", [Answer.NO]),
    ],
)
def test_lists_tell_who_lives_in_a_care_home(mapping, told):
    assert [fact.care_home for fact in sample(mapping).facts if isinstance(fact, Demographics)] == told


@pytest.mark.parametrize(
    ("cell", "told", "doubted"),
    [
        ("54", [Answer.YES], False),
        ("65", [Answer.YES], False),
        ("85", [Answer.YES], False),
        ("19", [Answer.NO], False),
        ("51", [], False),  # came from another hospital, which is nobody's home
        ("", [], False),
        ("Seaview", [], True),
    ],
)
def test_a_residence_is_read_as_the_mapping_knows_it_and_a_strange_one_is_told_by_its_row(cell, told, doubted):
    headers = ("Spell No", "Hosp No", "DOB", "ADMIDATE", "DISDATE", "Diag_1", "ADMISORC")
    cells = ("S1", "H100", "01/02/1940", "11/03/2026", "20/03/2026", "S72.0", cell)
    found = read("\n".join(",".join(row) for row in (headers, cells)).encode(), origin("coded_discharges"))
    assert [fact.care_home for fact in found.facts if isinstance(fact, Demographics)] == told
    assert any("care home" in note and "row 2" in note for note in found.notes) is doubted


@pytest.mark.parametrize(
    ("cell", "category", "doubted"),
    [
        ("n", EthnicCategory.AFRICAN, False),
        ("Mixed - White and Asian", EthnicCategory.WHITE_AND_ASIAN, False),
        ("99", EthnicCategory.NOT_KNOWN, False),
        ("NK", EthnicCategory.NOT_KNOWN, False),
        ("", EthnicCategory.NOT_KNOWN, False),
        ("NS", EthnicCategory.NOT_KNOWN, True),
        ("Cornish", EthnicCategory.NOT_KNOWN, True),
    ],
)
def test_an_ethnic_category_is_read_by_code_or_words_and_a_strange_one_is_told_by_its_row(cell, category, doubted):
    row = {"Attendance No": "E1", "Arrival Date": "11/03/2026", "Postcode": "ZZ1 1AA", "Ethnic Category": cell}
    found = read(written(ROW | row, headers=ATTENDED), origin("emergency_department"))
    (home,) = (fact for fact in found.facts if isinstance(fact, Demographics))
    assert home.ethnic_category is category
    assert any("ethnic category" in note and "row 2" in note for note in found.notes) is doubted


def test_a_hospitals_own_word_for_an_ethnic_category_is_what_its_mapping_says():
    plain = packaged().named("emergency_department")
    own = replace(plain, name="own", values=plain.values | {"ethnic_category": {"cornish": "C"}})
    row = {"Attendance No": "E1", "Arrival Date": "11/03/2026", "Ethnic Category": "Cornish"}
    found = read(written(ROW | row, headers=ATTENDED), origin("own"), Mappings({"own": own}))
    (home,) = (fact for fact in found.facts if isinstance(fact, Demographics))
    assert home.ethnic_category is EthnicCategory.OTHER_WHITE


@pytest.mark.parametrize(
    ("name", "read_rows", "unreadable"),
    [("trauma_meeting", 4, 1), ("theatre", 4, 0), ("emergency_department", 3, 0), ("fracture_clinic", 2, 0),
     ("coded_discharges", 3, 0), ("national_hip_audit", 2, 0), ("ward_round", 2, 0), ("general_practice", 2, 0)],
)  # fmt: skip
def test_no_row_of_any_sample_is_lost(name, read_rows, unreadable):
    found = sample(name, known=datetime(2026, 4, 1, tzinfo=UTC))
    assert found.tally.startswith(f"{read_rows} rows read:")
    assert len(found.unreadable) == unreadable


# Words, sides, mechanisms


def test_unclear_words_go_to_triage_and_a_denial_says_no():
    assert only(read_row(Diagnosis="see notes", Mechanism="")).certain is Answer.UNKNOWN
    assert only(read_row(Diagnosis="")).certain is Answer.UNKNOWN
    assert only(read_row(Diagnosis="no # seen")).certain is Answer.NO


def test_a_side_column_that_contradicts_the_words_leaves_the_side_unknown():
    assert only(read_row(Diagnosis="# R NOF", Side="L")).side is Side.UNKNOWN
    assert only(read_row(Diagnosis="# R NOF", Side="")).side is Side.RIGHT
    assert only(read_row(Diagnosis="# NOF", Side="rt")).side is Side.RIGHT


@pytest.mark.parametrize(
    ("mechanism", "diagnosis", "low"),
    [
        ("Tripped", "# NOF", "yes"),
        ("RTC", "# NOF", "no"),
        ("", "# NOF", "unknown"),
        ("", "# NOF, fell off ladder", "no"),
        ("", "fragility # NOF", "yes"),
    ],
)
def test_the_mechanism_is_read_from_its_column_and_from_the_diagnosis(mechanism, diagnosis, low):
    assert only(read_row(Mechanism=mechanism, Diagnosis=diagnosis)).low_trauma == low


# People


def test_an_nhs_number_that_fails_its_check_is_kept_in_doubt_and_the_row_still_counts():
    found = read_row(NHS_No="999 000 0019")
    assert (only(found).record.nhs_number, only(found).record.doubtful_nhs_number) == (None, "999 000 0019")
    assert "the NHS number fails its check, so it links nothing: row 2" in found.notes


@pytest.mark.parametrize("blank", ["", "N/A", "unknown", "-", "awaited"])
def test_words_in_place_of_an_nhs_number_are_no_number(blank):
    record = only(read_row(NHS_No=blank)).record
    assert (record.nhs_number, record.doubtful_nhs_number) == (None, None)


@pytest.mark.parametrize(
    ("whole", "family", "given"),
    [
        ("SMITH, Anne", "SMITH", "Anne"),
        ("Mrs Anne SMITH", "SMITH", "Anne"),
        ("O'NEILL, Béla (Mr)", "O'NEILL", "Béla"),
        ("Anne Smith", "Anne Smith", ""),
    ],
)
def test_a_whole_name_is_parted_at_its_comma_or_capitals_and_never_by_a_guess(whole, family, given):
    headers = ["Hosp No", "Patient Name", "DOB", "Injury Date", "Diagnosis"]
    found = read(written(ROW | {"Patient Name": whole}, headers=headers), origin())
    assert (only(found).record.family_name, only(found).record.given_name) == (family, given)
    assert any("can't be told apart" in note for note in found.notes) is (not given)


def test_a_row_that_names_nobody_is_unreadable():
    [wrong] = read_row(NHS_No="", Hosp_No="", DOB="").unreadable
    assert wrong.place == "row 2"
    assert "who this is" in wrong.reason
    assert only(read_row(NHS_No="", Hosp_No="")).record.family_name == "SMITH"


def test_the_site_column_names_the_site_only_by_its_code():
    headers = [*HEADERS, "Site"]
    for said, site in (("X9B02", "X9B02"), ("x9b02", "X9B02"), ("Northtown General", "X9A01"), ("", "X9A01")):
        assert only(read(written(ROW | {"Site": said}, headers=headers), origin())).site == site


# Dates


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("11/03/2026", on(date(2026, 3, 11))),
        ("1/3/2026", on(date(2026, 3, 1))),
        ("2026-03-11", on(date(2026, 3, 11))),
        ("2026-03-11 00:00:00", on(date(2026, 3, 11))),
        ("11/03/2026 14:05", at(datetime.fromisoformat("2026-03-11T14:05"))),
        ("11-Mar-2026", on(date(2026, 3, 11))),
        ("11 March 2026", on(date(2026, 3, 11))),
        ("11.03.2026", on(date(2026, 3, 11))),
        ("c. 11/03/2026", about(date(2026, 3, 11))),
        ("approx 11/03/2026", about(date(2026, 3, 11))),
        ("Mar 2026", month(2026, 3)),
        ("03/2026", month(2026, 3)),
        ("2026", year(2026)),
        ("c. 2019", year(2019)),
    ],
)
def test_a_date_is_read_day_first_and_as_precisely_as_it_is_written(text, when):
    assert only(read_row(Injury_Date=text)).occurred == when


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Injury_Date", "31/02/2026"),
        ("Injury_Date", "03/13/2026"),
        ("Injury_Date", "11/03/26"),
        ("Injury_Date", "last week"),
        ("Injury_Date", "11/03/2062"),
        ("Injury_Date", "11 Mrz 2026"),
        ("Injury_Date", "11/03/2026 25:00"),
        ("DOB", "1940"),
        ("DOB", "01/02/40"),
        ("DOB", "01/02/2040"),
        ("DOB", "01/01/1900"),
        ("DOB", "01/01/1800"),
        ("DOB", "c. 01/02/1940"),
    ],
)
def test_a_date_that_can_not_be_is_an_unreadable_row_that_says_where_and_how_to_mend_it(column, text):
    found = read_row(**{column: text})
    [wrong] = found.unreadable
    assert found.facts == ()
    assert wrong.place == f"row 2, column {column.replace('_', ' ')}"
    assert wrong.reason
    assert wrong.mend


def test_a_fracture_before_birth_is_an_unreadable_row():
    [wrong] = read_row(DOB="12/03/2026", Injury_Date="11/03/2025").unreadable
    assert "before the date of birth" in wrong.reason


def test_a_row_without_any_date_of_the_fracture_is_unreadable():
    [wrong] = read_row(Injury_Date="", Meeting_Date="").unreadable
    assert wrong.place == "row 2, column Injury Date or Date Admitted or Meeting Date"


def test_two_digit_years_are_read_only_where_the_mapping_says_so():
    plain = json.loads((files("openfls.feeds.csv") / "mappings/trauma_meeting.json").read_text())
    allowed = plain | {"dates": plain["dates"] | {"two_digit_years": True}}
    mapping = mapping_in(json.dumps(allowed).encode(), "trauma_meeting", "trauma_meeting.json")
    assert isinstance(mapping, Mapping)
    dates = mapping.dates
    assert dates.moment("01/02/40", date(2026, 3, 20)) == date(1940, 2, 1)
    assert dates.moment("01/02/26", date(2026, 3, 20)) == date(2026, 2, 1)
    assert dates.moment("01/04/26", date(2026, 3, 20)) == date(1926, 4, 1)


# Versions


def test_the_same_row_in_tomorrows_list_is_another_version_of_the_same_statement():
    today = only(read_row())
    tomorrow = only(read_row(Meeting_Date="13/03/2026", Diagnosis="# IT", Side="R"))
    assert today.key == tomorrow.key == "X9A/trauma/T1/fracture/1"
    assert today.version < tomorrow.version
    assert today.id != tomorrow.id


def test_without_a_row_id_the_statement_is_named_by_person_date_bone_and_side():
    today = only(read_row(Referral_ID=""))
    assert today.key == only(read_row(Referral_ID="", Meeting_Date="13/03/2026", Mechanism="trip")).key
    others = [read_row(Referral_ID="", **change) for change in (
        {"Hosp_No": "H2"}, {"Injury_Date": "10/03/2026"}, {"Diagnosis": "Colles #"}, {"Side": "R"},
    )]  # fmt: skip
    assert len({today.key, *(only(other).key for other in others)}) == 5


def test_without_a_list_date_the_receipt_is_the_version():
    assert only(read_row(Meeting_Date="")).version == RECEIVED


def test_the_same_bytes_read_again_give_the_same_facts():
    content = (SAMPLES / "trauma_meeting.csv").read_bytes()
    assert read(content, origin()) == read(content, origin())


# Headers and mappings


@pytest.mark.parametrize("name", [None, "", "trauma", "../../etc/passwd"])
def test_a_list_without_a_known_mapping_is_unreadable_and_says_which_there_are(name):
    found = read(written(ROW), origin(name))
    assert isinstance(found, Unreadable)
    assert "trauma_meeting" in found.mend


def test_headers_that_do_not_fit_say_what_is_missing_and_what_was_found():
    found = read(b"Hosp No,Name,Problem\nH1,SMITH,# NOF\n", origin())
    assert isinstance(found, Unreadable)
    assert "No column for Diagnosis; nor for Injury Date or Date Admitted or Meeting Date." in found.reason
    assert "Headers found: Hosp No, Name, Problem." in found.reason


def test_two_columns_of_one_meaning_are_refused_rather_than_one_chosen():
    found = read(b"Hosp No,MRN,Injury Date,Diagnosis\nH1,H2,11/03/2026,# NOF\n", origin())
    assert isinstance(found, Unreadable)
    assert "Hosp No and MRN" in found.reason


def test_columns_that_the_mapping_does_not_know_are_named():
    found = read(written(ROW, headers=[*HEADERS, "Consultant", "Shoe Size"]), origin())
    assert "columns that the mapping doesn't know and that were not read: Shoe Size" in found.notes


def test_headers_are_matched_without_case_spaces_and_punctuation():
    content = b"hosp_no.,INJURY-DATE,diagnosis\nH1,11/03/2026,# NOF\n"
    assert only(read(content, origin())).body_site is BodySite.HIP


@pytest.mark.parametrize("name", packaged().names)
@pytest.mark.parametrize("place", range(12))
def test_every_accepted_header_is_read_in_place_of_the_first(name, place):
    content = (SAMPLES / f"{name}.csv").read_text()
    changed = content
    for accepted in packaged().named(name).columns.values():
        for number in ("01", "02", "03"):
            header, other = (h.replace("{n}", number) for h in (accepted[0], accepted[place % len(accepted)]))
            changed = re.sub(rf"(?m)(^|[,;]){re.escape(header)}(?=[,;]|$)", rf"\g<1>{other}", changed, count=1)
    as_first = read(content.encode(), origin(name, known=datetime(2026, 4, 1, tzinfo=UTC)))
    found = read(changed.encode(), origin(name, known=datetime(2026, 4, 1, tzinfo=UTC)))
    assert isinstance(found, Reading), found
    assert [(f.kind, f.key, f.occurred) for f in found.facts] == [(f.kind, f.key, f.occurred) for f in as_first.facts]


@pytest.mark.parametrize("name", packaged().names)
def test_every_mapping_names_its_author_and_whether_anybody_checked_it(name):
    plain = json.loads((files("openfls.feeds.csv") / f"mappings/{name}.json").read_text())
    assert plain["name"] == name
    assert plain["authored_by"]
    assert "checked_by" in plain


def test_the_folders_readme_names_every_column_of_every_mapping():
    readme = (files("openfls.feeds.csv") / "README.md").read_text()
    for name in packaged().names:
        section = readme.split(f"### {name}\n")[1].split("\n### ")[0]
        for accepted in packaged().named(name).columns.values():
            assert ", ".join(accepted) in section, (name, accepted)


def test_a_files_name_names_its_mapping():
    assert packaged().of_file("trauma_meeting_2026-03-12.csv") == "trauma_meeting"
    assert packaged().of_file("Trauma Meeting.xlsx") == "trauma_meeting"
    assert packaged().of_file("holiday.csv") is None


# Bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_is_read_in_its_declared_encoding(encoding):
    content = written(ROW | {"Forename": "Béla"}).decode().encode(encoding)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert only(read(content, origin(encoding=declared))).record.given_name == "Béla"


@pytest.mark.parametrize(("saved", "declared"), [("cp1252", "utf-8"), ("utf-16", "utf-8"), ("utf-8-sig", "cp1252")])
def test_bytes_in_another_encoding_than_the_declared_are_refused_and_never_guessed(saved, declared):
    content = written(ROW | {"Forename": "Béla"}).decode().encode(saved)
    found = read(content, origin(encoding=declared))
    assert isinstance(found, Unreadable)
    assert "byte" in found.place


def test_a_byte_that_is_not_in_the_encoding_is_named_with_its_row():
    found = read(written(ROW) + "T2,Béla".encode("cp1252"), origin())
    assert isinstance(found, Unreadable)
    assert found.place == f"row 3, byte {len(written(ROW)) + 4}"


def test_utf_16_without_a_mark_and_unknown_encodings_are_refused():
    for content, encoding in ((written(ROW).decode().encode("utf-16-le"), "utf-16"), (written(ROW), "ebcdic")):
        assert isinstance(read(content, origin(encoding=encoding)), Unreadable)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_under_which_the_headers_fit(delimiter):
    assert only(read(written(ROW | {"Mechanism": "a, b; c"}, delimiter=delimiter), origin())).side is Side.LEFT


def test_quotes_and_new_lines_inside_a_cell_are_read():
    assert only(read_row(Diagnosis='# "NOF"\nleft, seen')).words.startswith('# "NOF", left, seen')


def test_an_unclosed_quote_is_said_with_how_much_it_swallows():
    content = written(ROW) + b'13/03/2026,"T2,9990000026,H2,JONES\n' + b"13/03/2026,T3,,H3\n" * 3
    found = read(content, origin())
    assert len(sightings(found)) == 1
    [wrong] = found.unreadable
    assert wrong.place == "row 3"
    assert "never closed" in wrong.reason
    assert "4 lines" in wrong.reason


def test_a_row_cut_short_or_with_a_stray_delimiter_is_unreadable_and_the_others_count():
    content = written(ROW) + b"12/03/2026,T2,,H2,JON\n" + b",".join([b"x"] * 20) + b"\n" + written(ROW).split(b"\n")[1]
    found = read(content, origin())
    assert [wrong.place for wrong in found.unreadable] == ["row 3", "row 4"]
    assert len(sightings(found)) == 2


@pytest.mark.parametrize("cell", ["x" * 10_001, "x" * 200_000, "a\0b"])
def test_a_huge_cell_or_a_nul_makes_its_row_unreadable_and_no_other(cell):
    found = read(written(ROW | {"Diagnosis": cell}, ROW), origin())
    assert [wrong.place for wrong in found.unreadable] == ["row 2"]
    assert len(sightings(found)) == 1


def test_blank_rows_and_repeated_headers_are_passed_over_and_numbering_goes_on():
    lines = written(ROW).splitlines(keepends=True)
    found = read(lines[0] + b"\r\n" + b",,,,,,,,,,,,\r\n" + lines[0] + lines[1], origin())
    assert only(found).source.position == "row 5, fracture 1"
    assert found.unreadable == ()


def test_a_cell_that_begins_like_a_formula_is_only_text():
    assert only(read_row(Surname='=HYPERLINK("http://x")')).record.family_name.startswith("=HYPERLINK")


def test_an_empty_list_says_that_no_headers_were_found():
    found = read(b"", origin())
    assert isinstance(found, Unreadable)
    assert "Headers found: none" in found.reason


@given(st.binary(max_size=400), st.sampled_from(packaged().names), st.sampled_from(["utf-8", "utf-16", "cp1252", "x"]))
@settings(deadline=None)
@example(b"PK\x03\x04", "theatre", "utf-8")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "theatre", "utf-8")
def test_any_bytes_give_a_reading_or_a_reason(content, mapping, encoding):
    assert isinstance(read(content, origin(mapping, encoding=encoding)), Reading | Unreadable)


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["# NOF", "L", "11/03/2026", "c. 1/1/2026", "Mar 2026", "9990000018", "H1", "F", '"', "\n", "=1+1"]
    ),
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADERS, cells)), max_size=4))
@settings(deadline=None)
def test_every_row_with_anything_in_it_is_read_counted_or_unreadable(rows):
    found = read(written(*rows), origin())
    assert isinstance(found, Reading)
    filled = [row for row in rows if any(cell.replace("\0", "x").strip() for cell in row.values())]
    filled = [row for row in filled if tuple(row[h].strip() for h in HEADERS) != tuple(HEADERS)]
    assert int(found.tally.split()[0]) + len(found.unreadable) == len(filled)


def test_a_list_of_twenty_thousand_rows_is_read_whole():
    rows = [ROW | {"Referral ID": f"T{n}", "Hosp No": f"H{n}"} for n in range(20_000)]
    found = read(written(*rows), origin())
    assert len({s.key for s in sightings(found)}) == 20_000
    assert found.tally.startswith("20000 rows read: 20000 name a fracture")


@given(st.text(st.sampled_from('ab,;"\r\n\t \x0b\u2028'), max_size=60))
def test_lines_are_cut_as_pythons_own_reader_of_files_cuts_them(letters):
    assert list(_Physical(letters)) == list(io.StringIO(letters, newline=""))


@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_pieces_of_a_list_are_what_the_whole_gives(rows):
    content = (SAMPLES / "trauma_meeting.csv").read_bytes() + b"nobody,,,,,,,,,,,,\r\n"
    whole = read(content, origin())
    some = list(pieces(content, origin(), rows))
    assert whole.facts
    assert whole.unreadable
    assert joined(some) == whole
    assert {piece.rows for piece in some[:-1]} <= set(range(1, rows + 1))


def test_a_list_unreadable_as_a_whole_is_one_piece_that_says_why():
    (piece,) = pieces(b"a,b\r\n1,2\r\n", origin(), 10)
    assert "No column for" in piece.unreadable[0].reason
