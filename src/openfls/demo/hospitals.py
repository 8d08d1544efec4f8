"""The eight trusts and eleven hospitals of the demonstration region. None of them exists; no code is an ODS code."""

from dataclasses import replace

from openfls.clinical.facts import Finder
from openfls.demo.habits import (
    DAILY,
    EVENINGS,
    MONDAYS,
    MONTHLY,
    TWICE_A_WEEK,
    WORKDAY,
    Begins,
    CareHabits,
    Hospital,
    ListHabit,
    Monitors,
    Prescribing,
    Rhythm,
    ScanResults,
    Trust,
)

REGION = "Westmere"

TRUSTS = (
    Trust(
        "X1A",
        "Aldermere and Brackenshaw Hospitals NHS Trust",
        "A",
        "2.4",
        single_site=False,
        ed_messages=True,
        laboratory="",
    ),
    Trust("X1B", "Castlebourne NHS Foundation Trust", "C", "2.5", single_site=False),
    Trust("X1C", "Elverton and Fennimore NHS Trust", "M", "2.3", single_site=False),
    Trust("X1D", "Greywater Hospital NHS Trust", "GW", "2.4", delimiters="#@*!%", ed_messages=True),
    Trust("X1E", "Harrowmead NHS Foundation Trust", "H", "2.5", ed_messages=True, laboratory="example_laboratory"),
    Trust("X1F", "Ivelstow Hospitals NHS Trust", "IV", "2.3"),
    Trust("X1G", "Kestrelholt NHS Foundation Trust", "K", "2.4"),
    Trust("X1H", "Larksworth Community and Acute NHS Trust", "", "2.5", ed_messages=True),
)

TRAUMA = ListHabit(finder=Finder.TRAUMA_LIST, mapping="trauma_meeting", rhythm=WORKDAY, hip=0.86, other_inpatient=0.62)
ROUND = ListHabit(
    finder=Finder.WARD_ROUND, mapping="ward_round", rhythm=TWICE_A_WEEK,
    hip=0.82, other_inpatient=0.40, sends_empty=True,
)  # fmt: skip
THEATRE = ListHabit(finder=Finder.THEATRE_LIST, mapping="theatre", rhythm=EVENINGS, hip=0.92, other_inpatient=0.90)
EMERGENCY = ListHabit(
    finder=Finder.EMERGENCY_DEPARTMENT, mapping="emergency_department", rhythm=DAILY,
    hip=0.60, other_inpatient=0.50, outpatient=0.80,
)  # fmt: skip
CLINIC = ListHabit(
    finder=Finder.FRACTURE_CLINIC, mapping="fracture_clinic", rhythm=WORKDAY,
    hip=0.0, other_inpatient=0.0, outpatient=0.78,
)  # fmt: skip
CODED = ListHabit(
    finder=Finder.CODED_DISCHARGE, mapping="coded_discharges", rhythm=MONTHLY,
    hip=0.94, other_inpatient=0.86, lag_days=(10, 40),
)  # fmt: skip
AUDIT = ListHabit(
    finder=Finder.NATIONAL_AUDIT, mapping="national_hip_audit", rhythm=MONDAYS,
    hip=0.95, other_inpatient=0.0, lag_days=(2, 12),
)  # fmt: skip

SECOND_MONDAY_STYLE = Rhythm(day_of_month=8)

HOSPITALS = (
    Hospital(
        code="X1A01", name="Aldermere Royal Infirmary", trust="X1A", area="XA", hips=495,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="nurse",
        wards=("Trauma A", "Trauma B", "Hawthorn"), medical_wards=("MAU", "Rowan"),
        lists=(TRAUMA, ROUND, THEATRE, EMERGENCY, CLINIC, CODED, AUDIT),
        care=CareHabits(assessed=0.92, assessed_in_days=14, followed_16=0.62, followed_52=0.55, dxa_done=0.9),
        injections=0.08,
        prescribing=Prescribing.MESSAGES,
    ),
    Hospital(
        code="X1A02", name="Brackenshaw General Hospital", trust="X1A", area="XB", hips=410,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=False, assessor="nurse",
        wards=("Ward 11", "Ward 12"), medical_wards=("Ward 3",),
        lists=(TRAUMA, replace(EMERGENCY, rhythm=MONDAYS, style=1), CLINIC, CODED, AUDIT),
        care=CareHabits(dxa_asked=0.42, dxa_done=0.66, dxa_days=55), reports=0.0,
    ),
    Hospital(
        code="X1B01", name="Castlebourne Hospital", trust="X1B", area="XC", hips=480,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="orthogeriatrician",
        wards=("Juniper", "Linden"), medical_wards=("AMU", "Maple"),
        lists=(replace(TRAUMA, style=1), ROUND, replace(THEATRE, form="xlsx", rhythm=WORKDAY), EMERGENCY,
               replace(CODED, style=1), AUDIT),
        care=CareHabits(assessed=0.88, assessed_in_days=11, begun=0.85, strength_and_balance=0.2),
        prescribing=Prescribing.DISCHARGE_LIST,
    ),
    Hospital(
        code="X1B02", name="Dunhallow Hospital", trust="X1B", area="XD", hips=400,
        begins=Begins.OUTPATIENTS, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="nurse",
        wards=("T1", "T2"), medical_wards=("M1",),
        lists=(replace(TRAUMA, style=1), replace(CLINIC, style=1), replace(CODED, style=1), AUDIT),
        care=CareHabits(assessed_in_days=52, dxa_asked=0.75, begun=0.62),
        day_unit=True, clinic=True,
    ),
    Hospital(
        code="X1C01", name="Elverton District Hospital", trust="X1C", area="XE", hips=455,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.GP, dxa_on_site=True, assessor="nurse",
        wards=("Nightjar", "Plover"), medical_wards=("Curlew",),
        lists=(replace(TRAUMA, style=2, encoding="cp1252", stops_after=60, sends_empty=True),
               replace(THEATRE, encoding="cp1252"),
               replace(EMERGENCY, encoding="cp1252", style=2), replace(CODED, encoding="cp1252"),
               replace(AUDIT, encoding="cp1252", style=1)),
        care=CareHabits(followed_16=0.18, followed_52=0.12, gp_answers=0.5),
    ),
    Hospital(
        code="X1C02", name="Fennimore Cottage and Acute Hospital", trust="X1C", area="XF", hips=400,
        begins=Begins.GP, monitors=Monitors.GP, dxa_on_site=False, assessor="orthogeriatrician",
        wards=("Ward A",), medical_wards=("Ward B",),
        lists=(replace(CLINIC, style=2), replace(EMERGENCY, style=2), CODED, replace(AUDIT, style=1)),
        care=CareHabits(assessed=0.62, assessed_in_days=63, dxa_asked=0.35, dxa_done=0.6, dxa_days=60, begun=0.45,
                        followed_16=0.12, followed_52=0.10, gp_answers=0.4),
        reports=0.0, practice_lists=True,
    ),
    Hospital(
        code="X1D01", name="Greywater Hospital", trust="X1D", area="XG", hips=440,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="nurse",
        wards=("Orchid", "Primrose"), medical_wards=("Assessment Unit",),
        lists=(TRAUMA, replace(ROUND, rhythm=WORKDAY, style=1), EMERGENCY, CLINIC, replace(CODED, rhythm=MONDAYS),
               AUDIT),
        care=CareHabits(assessed=0.86, followed_16=0.5, followed_52=0.45), reports=0.0,
        prescribing=Prescribing.DISCHARGE_LIST,
    ),
    Hospital(
        code="X1E01", name="Harrowmead Royal Hospital", trust="X1E", area="XH", hips=500,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="nurse",
        wards=("6 North", "6 South", "7 North"), medical_wards=("2 West",),
        lists=(replace(TRAUMA, hip=0.95, sends_empty=True), replace(ROUND, rhythm=DAILY), THEATRE,
               replace(EMERGENCY, style=1), replace(CLINIC, outpatient=0.86), CODED, AUDIT),
        care=CareHabits(assessed=0.9, assessed_in_days=20, begun=0.88, strength_and_balance=0.3, followed_16=0.66,
                        followed_52=0.6, gp_answers=0.7),
        injections=0.10, scans=ScanResults.HL7,
        prescribing=Prescribing.MESSAGES, day_unit=True, clinic=True,
    ),
    Hospital(
        code="X1F01", name="Ivelstow Hospital", trust="X1F", area="XJ", hips=415,
        begins=Begins.OUTPATIENTS, monitors=Monitors.GP, dxa_on_site=False, assessor="nurse",
        wards=("Beech",), medical_wards=("Cedar", "Yew"),
        lists=(replace(THEATRE, style=1), replace(EMERGENCY, style=1), replace(CLINIC, style=1),
               replace(CODED, rhythm=SECOND_MONDAY_STYLE), AUDIT),
        care=CareHabits(assessed=0.7, assessed_in_days=58, dxa_asked=0.5, dxa_done=0.7, dxa_days=48, begun=0.6,
                        followed_16=0.2, followed_52=0.15),
        day_unit=True,
    ),
    Hospital(
        code="X1G01", name="Kestrelholt General Hospital", trust="X1G", area="XK", hips=430,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.SECONDARY_CARE, dxa_on_site=True, assessor="nurse",
        wards=("Falcon", "Merlin"), medical_wards=("Harrier",),
        lists=(TRAUMA, replace(THEATRE, style=2), replace(CLINIC, style=2), AUDIT),
        care=CareHabits(assessed=0.82, followed_16=0.45), bundles=True, scans=ScanResults.DICOM,
        prescribing=Prescribing.MESSAGES,
    ),
    Hospital(
        code="X1H01", name="Larksworth Hospital", trust="X1H", area="XL", hips=405,
        begins=Begins.IN_HOSPITAL, monitors=Monitors.GP, dxa_on_site=False, assessor="orthogeriatrician",
        wards=("Elm", "Ash"), medical_wards=("Oak",),
        lists=(replace(ROUND, style=1), replace(EMERGENCY, style=2), CODED, AUDIT),
        care=CareHabits(assessed=0.74, dxa_asked=0.45, dxa_done=0.7, dxa_days=50, followed_16=0.2, followed_52=0.15),
        practice_lists=True,
    ),
)  # fmt: skip

OF_CODE = {hospital.code: hospital for hospital in HOSPITALS}
TRUST_OF_CODE = {trust.code: trust for trust in TRUSTS}
PRACTICES_PER_HOSPITAL = 10
NO_PRACTICE = "X99999"  # registered outside the region, or nobody knows where


def practice_code(hospital: Hospital, number: int) -> str:
    """A letter and five digits like a practice's code; no practice in England begins with X."""
    return f"X{hospital.number:02d}{number:03d}"


def trust_of(hospital: Hospital) -> Trust:
    return TRUST_OF_CODE[hospital.trust]
