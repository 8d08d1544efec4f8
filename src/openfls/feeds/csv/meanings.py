"""What a column can mean, in words that a person chooses from."""

from openfls.feeds.csv.mapping import MEANINGS

WORDS = {
    "nhs_number": "NHS number",
    "hospital_number": "hospital number",
    "family_name": "family name",
    "given_name": "given name",
    "full_name": "whole name",
    "birth_date": "date of birth",
    "injury_date": "date of the injury",
    "diagnosis_date": "date of the diagnosis",
    "attendance_date": "date of the attendance",
    "admission_date": "date of the admission",
    "discharge_date": "date of the discharge",
    "surgery_date": "date of the operation",
    "list_date": "date of the list, or of the row's last change",
    "row_id": "the list's own number of the row",
    "diagnosis": "diagnosis in words",
    "mechanism": "how it happened",
    "procedure": "operation in words",
    "pathological": "through a tumour or other local bone disease",
    "session": "kind of theatre session",
    "snomed_code": "SNOMED CT code",
    "opcs4_code": "OPCS-4 code",
    "icd10_codes": "ICD-10 codes (several columns)",
    "opcs4_codes": "OPCS-4 codes (several columns)",
    "opcs4_dates": "dates of the OPCS-4 codes (several columns)",
    "site": "organisation code of the site",
    "practice": "general practice",
    "care_home": "lives in a care home, or the kind of residence",
    "phone": "telephone",
    "contact_date": "date of the service's first contact",
    "assessed_date": "date of the service's assessment",
    "admitted": "admitted to hospital",
    "first_bone": "site of the first fracture",
    "second_bone": "site of the second fracture",
    "third_bone": "site of the third fracture",
    "dxa": "DXA ordered",
    "dxa_not_ordered": "why no DXA",
    "dxa_date": "date of the DXA",
    "t_score": "T-score",
    "followed_up_16": "followed up at 12 to 16 weeks",
    "follow_up_16_date": "date of the follow-up at 16 weeks",
    "bone_therapy_16": "bone treatment at 12 to 16 weeks",
    "followed_up_52": "followed up at 48 to 56 weeks",
    "follow_up_52_date": "date of the follow-up at 52 weeks",
    "bone_therapy_52": "bone treatment at 48 to 56 weeks",
    "audit_answers": "another field of the audit (several columns)",
    "opted_out": "has a national data opt-out",
    "checked_date": "date of the check for an opt-out",
}


def meaning_in_words(meaning: str) -> str:
    return WORDS.get(meaning, meaning.replace("_", " "))


def meanings_in_words() -> list[tuple[str, str]]:
    """Every meaning with its words, in the order of the words."""
    return sorted(((meaning, meaning_in_words(meaning)) for meaning in MEANINGS), key=lambda pair: pair[1].casefold())
