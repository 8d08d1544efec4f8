"""Who and when: the patient and the study of a report, by its own elements."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydicom.multival import MultiValue

from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number
from openfls.clinical.when import When, at, on
from openfls.feeds.dicom.faults import Fault
from openfls.feeds.reading import Origin

LOCAL = ZoneInfo("Europe/London")
AHEAD = timedelta(days=1)  # a scanner's clock may be this far ahead of ours
EARLIEST = date(1900, 1, 1)
OLDEST = 130  # years; nobody has lived longer
NHS_ISSUERS = {"NHS", "NHSNUMBER", "2.16.840.1.113883.2.1.4.1"}
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "O": Sex.OTHER}
MEND_DATE = "Correct the date on the scanner or in the worklist that it takes it from, and send the report again."
_TIME = re.compile(r"([0-9]{2})([0-9]{2})?([0-9]{2})?(?:\.[0-9]{1,6})?")


def text(dataset: Any, name: str) -> str:
    """An element's value as text, the first where it has several; empty where it isn't there."""
    value = dataset.get(name)
    if isinstance(value, MultiValue):
        value = next(iter(value), None)
    return "" if value is None else str(value).strip()


def record_of(dataset: Any, origin: Origin) -> PatientRecord:
    """The scanner's record of this person. Raises `Fault` where nothing tells who it is."""
    numbers = list(_numbers(dataset, origin))
    valid = {checked for issuer, value in numbers if issuer == "NHS" and (checked := checked_nhs_number(value))}
    nhs_number = valid.pop() if len(valid) == 1 else None
    given = [value for issuer, value in numbers if issuer == "NHS"]
    doubtful = [value for value in given if nhs_number is None or checked_nhs_number(value) != nhs_number]
    name = [part.strip() for part in str(dataset.get("PatientName") or "").split("=")[0].split("^")]
    record = PatientRecord(
        nhs_number=nhs_number,
        doubtful_nhs_number=" or ".join(doubtful) or None,
        hospital_numbers=tuple(HospitalNumber(issuer, value) for issuer, value in numbers if issuer != "NHS"),
        family_name=name[0],
        given_name=name[1] if len(name) > 1 else "",
        birth_date=_born(dataset, origin),
        sex=SEXES.get(text(dataset, "PatientSex").upper(), Sex.UNKNOWN),
    )
    if not numbers and not (record.family_name and record.birth_date):
        mend = "Take patients from the worklist, so that reports carry their numbers."
        raise Fault("PatientID", "nothing tells who this is: no number, and no name with a date of birth.", mend)
    return record


def _numbers(dataset: Any, origin: Origin) -> list[tuple[str, str]]:
    """Each number with who gave it: ``NHS``, else the issuer, else the trust that the feed belongs to."""
    sources = [dataset, *(dataset.get("OtherPatientIDsSequence") or ())]
    return [
        (_issuer(source) or origin.source.split("/")[0], value)
        for source in sources
        if (value := text(source, "PatientID"))
    ]


def _issuer(source: Any) -> str:
    qualifiers = next(iter(source.get("IssuerOfPatientIDQualifiersSequence") or ()), None)
    named = {text(source, "IssuerOfPatientID"), text(qualifiers, "UniversalEntityID") if qualifiers else ""}
    if {name.upper().replace(" ", "") for name in named} & NHS_ISSUERS:
        return "NHS"
    return text(source, "IssuerOfPatientID")


def _born(dataset: Any, origin: Origin) -> date | None:
    written = text(dataset, "PatientBirthDate")
    if not written:
        return None
    born, today = _day(written, "PatientBirthDate"), _today(origin)
    if born > today + AHEAD or today.year - born.year > OLDEST:
        reason = f"born on {born:%d %b %Y}: that can't be when the report came on {today:%d %b %Y}."
        raise Fault("PatientBirthDate", reason, MEND_DATE)
    return born


def scanned(dataset: Any, origin: Origin) -> When:
    """The day and time of the study, else of the report. Raises `Fault` where neither stands or can be."""
    for name in ("Study", "Content"):
        if written := text(dataset, f"{name}Date"):
            day = _day(written, f"{name}Date")
            if not EARLIEST <= day <= _today(origin) + AHEAD:
                reason = f"{day:%d %b %Y} can't be when the report came on {_today(origin):%d %b %Y}."
                raise Fault(f"{name}Date", reason, MEND_DATE)
            clock = _clock(text(dataset, f"{name}Time"))
            return at(datetime.combine(day, clock)) if clock else on(day)
    raise Fault("StudyDate", "the report has no date.", MEND_DATE)


def written_at(dataset: Any, origin: Origin) -> datetime | None:
    """When this version was written, in UTC: the report's content date and time, else its instance's.

    None where that isn't told or lies ahead: it would stand above every later version.
    """
    for name in ("Content", "InstanceCreation"):
        day, clock = text(dataset, f"{name}Date"), _clock(text(dataset, f"{name}Time"))
        if day and clock:
            moment = datetime.combine(_day(day, f"{name}Date"), clock, tzinfo=LOCAL).astimezone(UTC)
            return moment if moment <= origin.known + AHEAD else None
    return None


def _today(origin: Origin) -> date:
    return origin.known.astimezone(LOCAL).date()


def _day(written: str, place: str) -> date:
    try:
        if len(written) != 8 or not (written.isascii() and written.isdigit()):
            raise ValueError(written)
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError as error:
        raise Fault(place, f"{written[:30]!r} is no date.", MEND_DATE) from error


def _clock(written: str) -> time | None:
    """A time of day (TM); None for nothing and for what is none."""
    found = _TIME.fullmatch(written)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
