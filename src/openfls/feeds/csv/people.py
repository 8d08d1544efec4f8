"""Who a row is about: the list's record of the person, where they can be reached, how they describe themselves."""

import re
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory, ethnic_category
from openfls.clinical.facts import Answer, Demographics
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number
from openfls.clinical.when import on
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.row import Row

TITLES = re.compile(r"\b(mr|mrs|miss|ms|mx|dr|prof|rev|sir|lady)\b\.?|\([^)]*\)", re.IGNORECASE)


def record_of(row: Row) -> PatientRecord:
    """The list's record. Raises `Fault` where no number, and no name with a date of birth, tells who it is."""
    family, given = _names(row)
    written = row.text("nhs_number")
    checked = checked_nhs_number(written)
    number = row.text("hospital_number")
    record = PatientRecord(
        nhs_number=checked,
        doubtful_nhs_number=None if checked or not re.search(r"\d", written) else written,
        hospital_numbers=(HospitalNumber(authority(row.table.origin.source), number),) if number else (),
        family_name=family,
        given_name=given,
        birth_date=row.birth_date(),
        sex=Sex(row.value("sex") or Sex.UNKNOWN),
    )
    if not (checked or record.doubtful_nhs_number or number or (family and record.birth_date)):
        reason = "Nothing tells who this is: no number, and no name with a date of birth."
        raise Fault(reason, row.place, "Add a hospital number or an NHS number, or dismiss a row that is about nobody.")
    return record


def authority(source: str) -> str:
    """Who gives a list's hospital numbers: ``X9A`` where the feed's name is ``X9A/theatre``."""
    return source.partition("/")[0]


def named_in_doubt(row: Row) -> bool:
    """Whether the row gives a whole name whose parts can't be told apart; it stands as the family name."""
    return not row.text("family_name") and bool(row.text("full_name")) and not _names(row)[1]


def _names(row: Row) -> tuple[str, str]:
    if row.text("family_name"):
        return row.text("family_name"), row.text("given_name")
    whole = " ".join(TITLES.sub(" ", row.text("full_name")).split())
    family, comma, given = (part.strip() for part in whole.partition(","))
    if comma:
        return family, given
    capitals = [word for word in whole.split() if len(word) > 1 and word.isupper()]
    others = [word for word in whole.split() if word not in capitals]
    return (" ".join(capitals), " ".join(others)) if capitals and others else (whole, "")


def identity(record: PatientRecord) -> str:
    """The surest name that the list has for the person, for keys of statements."""
    if record.hospital_numbers:
        return str(record.hospital_numbers[0])
    return record.nhs_number or f"{record.family_name}/{record.given_name}/{record.birth_date}"


def demographics(row: Row, record: PatientRecord) -> list[Demographics]:
    """Where the person lives and can be reached and their ethnic category, where the list says any of it."""
    found: dict[str, Any] = {of: row.text(of) for of in ("address", "postcode", "phone", "practice")}
    found["postcode"] = found["postcode"].upper()
    found["ethnic_category"] = ethnic_category_of(row)
    found["care_home"] = care_home_of(row)
    if not (found := {of: value for of, value in found.items() if value}):
        return []
    key = f"{row.table.origin.source}/patient/{identity(record)}/demographics"
    said = row.common("demographics", key) | {"site": None}
    return [Demographics(record=record, occurred=on(row.version.date()), **said, **found)]


def care_home_of(row: Row) -> Answer | None:
    """Whether the person lives in one, by the mapping's words for residences; None where that can't be told."""
    mapped = row.value("care_home")
    return Answer(mapped) if mapped and mapped != Answer.UNKNOWN else None


def strange_residence(row: Row) -> bool:
    """Whether the row tells a residence that the mapping doesn't know, so that it counts as not known."""
    return bool(row.text("care_home")) and not row.value("care_home")


def ethnic_category_of(row: Row) -> EthnicCategory | None:
    """By the mapping's words, by national code or in the Data Dictionary's words; None where nothing known is said."""
    mapped, written = row.value("ethnic_category"), row.text("ethnic_category")
    category = EthnicCategory(mapped) if mapped else ethnic_category(written)
    return None if category is EthnicCategory.NOT_KNOWN else category


def strange_ethnic_category(row: Row) -> bool:
    """Whether the row gives one that is on no list, so that it counts as not known."""
    written = row.text("ethnic_category")
    return bool(written) and not row.value("ethnic_category") and ethnic_category(written) is None
