"""How each sender lays out its list: the headings in their order, and what stands under each.

A heading on the right of nothing (``""``) is one that tells us nothing: real lists have such columns.
"""

from datetime import date

from openfls.clinical.facts import Finder

Layout = tuple[tuple[str, str], ...]  # heading, what stands under it

_TRAUMA: tuple[Layout, ...] = (
    (("Meeting Date", "list_date"), ("Referral ID", "row_id"), ("NHS No", "nhs_number"), ("Hosp No", "hospital_number"),
     ("Surname", "family_name"), ("Forename", "given_name"), ("DOB", "birth_date"), ("Sex", "sex"),
     ("Date Admitted", "admission_date"), ("Ward", "ward"), ("Diagnosis", "diagnosis"), ("Side", "side"),
     ("Mechanism", "mechanism"), ("Plan", "plan")),
    (("List Date", "list_date"), ("Ref No", "row_id"), ("Hosp No", "hospital_number"), ("Patient Name", "full_name"),
     ("DOB", "birth_date"), ("Admitted", "admission_date"), ("Location", "ward"), ("Injury", "diagnosis"),
     ("MOI", "mechanism"), ("Consultant", "")),
    (("Date of Meeting", "list_date"), ("Record ID", "row_id"), ("NHS Number", "nhs_number"),
     ("MRN", "hospital_number"), ("Surname", "family_name"), ("First Name", "given_name"),
     ("Date of Birth", "birth_date"), ("Gender", "sex"),
     ("Injury Date", "injury_date"), ("Admission Date", "admission_date"), ("Ward", "ward"),
     ("Diagnosis / Injury", "diagnosis"), ("L/R", "side"), ("How Injured", "mechanism"), ("Comments", "plan")),
)  # fmt: skip
_ROUND: tuple[Layout, ...] = (
    (("Round Date", "list_date"), ("Record ID", "row_id"), ("NHS No", "nhs_number"), ("Hosp No", "hospital_number"),
     ("Surname", "family_name"), ("Forename", "given_name"), ("DOB", "birth_date"), ("Ward / Bay", "ward"),
     ("Date of Fracture", "injury_date"), ("Fracture", "diagnosis"), ("Side", "side"),
     ("Fall Circumstances", "mechanism"), ("4AT", ""), ("Bone Plan", "")),
    (("Ward Round Date", "list_date"), ("Ref No", "row_id"), ("NHS Number", "nhs_number"), ("MRN", "hospital_number"),
     ("Patient", "full_name"), ("Date of Birth", "birth_date"), ("Sex", "sex"), ("Ward", "ward"),
     ("Admitted", "admission_date"), ("Diagnosis", "diagnosis"), ("EDD", "")),
)  # fmt: skip
_THEATRE: tuple[Layout, ...] = (
    (("Operation Date", "surgery_date"), ("Case ID", "row_id"), ("NHS No", "nhs_number"),
     ("Hosp No", "hospital_number"), ("Surname", "family_name"), ("Forename", "given_name"), ("DOB", "birth_date"),
     ("Sex", "sex"), ("Ward", "ward"),
     ("Session Type", "session"), ("Diagnosis", "diagnosis"), ("Procedure", "procedure"), ("OPCS", "opcs4"),
     ("Side", "side"), ("Surgeon", ""), ("ASA", "")),
    (("Theatre Date", "surgery_date"), ("Booking ID", "row_id"), ("Hospital No", "hospital_number"),
     ("Patient Name", "full_name"), ("Date of Birth", "birth_date"), ("List Type", "session"),
     ("Indication", "diagnosis"), ("Operation", "procedure"), ("Laterality", "side"), ("Anaesthetist", "")),
    (("List Date", "surgery_date"), ("Operation ID", "row_id"), ("NHS Number", "nhs_number"),
     ("MRN", "hospital_number"), ("Last Name", "family_name"), ("First Name", "given_name"), ("D.O.B.", "birth_date"),
     ("NCEPOD", "urgency"),
     ("Pre-op Diagnosis", "diagnosis"), ("Planned Procedure", "procedure"), ("Date of Injury", "injury_date")),
)  # fmt: skip
_EMERGENCY: tuple[Layout, ...] = (
    (("Attendance No", "row_id"), ("NHS Number", "nhs_number"), ("Hospital No", "hospital_number"),
     ("Surname", "family_name"), ("Forename", "given_name"), ("DOB", "birth_date"), ("Gender", "sex"),
     ("Postcode", "postcode"), ("Arrival Date", "attendance_date"), ("Diagnosis", "diagnosis"),
     ("Diagnosis SNOMED", "snomed"), ("Side", "side"), ("Mechanism of Injury", "mechanism"), ("Disposal", "disposal"),
     ("Ethnic Category", "ethnic_category")),
    (("ED Number", "row_id"), ("NHS No", "nhs_number"), ("MRN", "hospital_number"), ("Patient Name", "full_name"),
     ("Date of Birth", "birth_date"), ("Sex", "sex"), ("Attendance Date", "attendance_date"),
     ("Presenting Complaint", "mechanism"), ("ED Diagnosis", "diagnosis"), ("GP Practice", "practice")),
    (("Attendance ID", "row_id"), ("NHS Number", "nhs_number"), ("Hosp No", "hospital_number"),
     ("Last Name", "family_name"), ("First Name", "given_name"), ("Date of Birth", "birth_date"), ("Gender", "sex"),
     ("Arrival Date", "attendance_date"), ("Injury Date", "injury_date"), ("Primary Diagnosis", "diagnosis"),
     ("Laterality", "side"), ("Injury Mechanism", "mechanism"), ("Discharge Outcome", "disposal")),
)  # fmt: skip
_CLINIC: tuple[Layout, ...] = (
    (("Clinic Date", "attendance_date"), ("Appointment ID", "row_id"), ("NHS No", "nhs_number"),
     ("Hosp No", "hospital_number"), ("Surname", "family_name"), ("Forename", "given_name"), ("DOB", "birth_date"),
     ("Sex", "sex"), ("Injury Date", "injury_date"), ("Diagnosis", "diagnosis"), ("Side", "side"), ("Appt Type", "")),
    (("Appointment Date", "attendance_date"), ("Booking Ref", "row_id"), ("MRN", "hospital_number"),
     ("NHS Number", "nhs_number"), ("Patient", "full_name"), ("Date of Birth", "birth_date"),
     ("Reason for Referral", "diagnosis"), ("Clinic Code", "")),
    (("Appt Date", "attendance_date"), ("Appt ID", "row_id"), ("Unit Number", "hospital_number"),
     ("Last Name", "family_name"), ("First Name", "given_name"), ("D.O.B.", "birth_date"), ("Gender", "sex"),
     ("DOI", "injury_date"), ("Injury", "diagnosis"), ("Laterality", "side"), ("MOI", "mechanism"), ("Outcome", "")),
)  # fmt: skip
_CODED: tuple[Layout, ...] = (
    (("Extract Date", "list_date"), ("Spell No", "row_id"), ("NHS Number", "nhs_number"),
     ("Local Patient ID", "hospital_number"), ("Surname", "family_name"), ("Forename", "given_name"),
     ("Date of Birth", "birth_date"), ("Sex", "sex_code"), ("Admission Date", "admission_date"),
     ("Admission Method", "admission_method"), ("Discharge Date", "discharge_date"),
     ("Discharge Method", "discharge_method"), ("Diag_1", "icd10_1"), ("Diag_2", "icd10_2"), ("Diag_3", "icd10_3"),
     ("Proc_1", "opcs4_1"), ("Proc_Date_1", "opcs4_date"), ("Proc_2", "opcs4_2"), ("Postcode", "postcode"),
     ("GP Practice Code", "practice"), ("Source of Admission", "admission_source"),
     ("Ethnic Category", "ethnic_category"), ("HRG", "")),
    (("Run Date", "list_date"), ("PROVSPNO", "row_id"), ("NHS No", "nhs_number"), ("Hosp No", "hospital_number"),
     ("DOB", "birth_date"), ("Gender", "sex_code"), ("ADMIDATE", "admission_date"), ("ADMIMETH", "admission_method"),
     ("DISDATE", "discharge_date"), ("DISMETH", "discharge_method"), ("DIAG_4_1", "icd10_1"), ("DIAG_4_2", "icd10_2"),
     ("DIAG_4_3", "icd10_3"), ("OPERTN_1", "opcs4_1"), ("OPDATE_1", "opcs4_date"), ("OPERTN_2", "opcs4_2"),
     ("ADMISORC", "admission_source"), ("ETHNOS", "ethnic_category")),
)  # fmt: skip
_AUDIT: tuple[Layout, ...] = (
    (("Export Date", "list_date"), ("Audit ID", "row_id"), ("NHS Number", "nhs_number"),
     ("Hospital Number", "hospital_number"), ("Surname", "family_name"), ("First Name", "given_name"),
     ("Date of Birth", "birth_date"), ("Sex", "sex_code"), ("A&E Arrival Date", "admission_date"),
     ("Type of Fracture", "hip_type"), ("Side of Fracture", "side"), ("Pathological", "pathological"),
     ("Date of Surgery", "surgery_date"), ("Type of Operation", "procedure"), ("ASA Grade", ""), ("AMTS", "")),
    (("Extract Date", "list_date"), ("NHFD ID", "row_id"), ("NHS No", "nhs_number"), ("MRN", "hospital_number"),
     ("Patient Name", "full_name"), ("DOB", "birth_date"), ("Gender", "sex"), ("Fracture Date", "injury_date"),
     ("Admission Date", "admission_date"), ("Fracture Type", "hip_type"), ("Fracture Side", "side"),
     ("Residence", "residence"), ("Mobility", "")),
)  # fmt: skip

LAYOUTS: dict[Finder, tuple[Layout, ...]] = {
    Finder.TRAUMA_LIST: _TRAUMA,
    Finder.WARD_ROUND: _ROUND,
    Finder.THEATRE_LIST: _THEATRE,
    Finder.EMERGENCY_DEPARTMENT: _EMERGENCY,
    Finder.FRACTURE_CLINIC: _CLINIC,
    Finder.CODED_DISCHARGE: _CODED,
    Finder.NATIONAL_AUDIT: _AUDIT,
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def written_date(day: date, style: int) -> str:
    """A date as senders of this style write it: ``03/04/2026``, ``2026-04-03`` or ``03-Apr-2026``."""
    match style:
        case 0:
            return f"{day.day:02d}/{day.month:02d}/{day.year}"
        case 1:
            return f"{day.year}-{day.month:02d}-{day.day:02d}"
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"
