"""Who the message is about: PID, PD1 and MRG as records of a person, where they live, how they describe themselves,
whether they died."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from openfls.clinical.ethnic_categories import EthnicCategory, ethnic_category, settled
from openfls.clinical.facts import Death, Demographics
from openfls.clinical.patients import HospitalNumber, PatientRecord, Sex, checked_nhs_number
from openfls.clinical.when import When, about
from openfls.feeds.hl7v2 import times
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Field, Segment

# HL7 table 0203 (NH) and what English senders write; NI and NN are national numbers of whichever authority.
NHS_TYPES = {"NH", "NHS", "NNGBR", "NNGBRNHS"}
NHS_AUTHORITIES = {"NHS", "NHSNUMBER", "2.16.840.1.113883.2.1.4.1"}
MAYBE_NHS_TYPES = {"", "NI", "NN"}
NOT_A_PERSON = {"VN", "AN", "ANC", "AND", "ANT"}  # HL7 table 0203: numbers of visits and accounts

# NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE: 04 trace attempted, no match or multiple match found;
# 05 trace needs to be resolved (NHS number or patient detail conflict). HL7 UK writes NSTS04, NSTS05.
UNTRACED = {"4", "5"}

# HL7 table 0001; NHS Data Dictionary, PERSON GENDER CODE.
SEXES = {
    "F": Sex.FEMALE, "2": Sex.FEMALE, "M": Sex.MALE, "1": Sex.MALE, "O": Sex.OTHER, "A": Sex.OTHER, "9": Sex.OTHER,
}  # fmt: skip
# Codes of the United States for an ethnic group (HL7 table 0189, CDC): their H is Hispanic, their N is not.
OTHER_ETHNIC_CODES = {"HL70189", "0189", "CDCREC"}
PRACTICE_CODE = re.compile(r"[A-Z][0-9]{5}\Z")  # NHS Data Dictionary, general practice: one letter, five digits


def record_of(pid: Segment, envelope: Envelope) -> PatientRecord:
    """The sender's record of this person. Raises `Fault` where nothing tells who it is."""
    name = _name(pid, 5)
    record = _identified(
        _identifiers(pid, envelope),
        family=name.text(1) if name else "",
        given=name.text(2) if name else "",
        born=_birth_date(pid, envelope),
        sex=SEXES.get(pid.text(8).upper(), Sex.UNKNOWN),
        traced=_traced(pid),
    )
    if not _numbered(record) and not (record.family_name and record.birth_date):
        mend = "Ask the sender for a hospital number or an NHS number."
        raise Fault(pid.place(3), "nothing tells who this is: no number, and no name with a date of birth.", mend)
    if record.doubtful_nhs_number:
        why = "failed its check or its tracing, or stands beside another one"
        envelope.notes.append(f"{pid.place(3)}: the NHS number {why}: it links nothing.")
    return record


def prior_of(merge: Segment, envelope: Envelope) -> PatientRecord:
    """The record that was merged away: only what MRG gives. Raises `Fault` where that is no number."""
    name = _name(merge, 7)
    numbers = [pair for number in (1, 4) for pair in _numbers(merge, number, envelope.authority)]
    family, given = (name.text(1), name.text(2)) if name else ("", "")
    record = _identified(numbers, family=family, given=given)
    if not _numbered(record):
        raise Fault(merge.place(1), "no number of the record that was merged.", "Ask the sender to fill MRG-1.")
    return record


def subject(record: PatientRecord, envelope: Envelope) -> str:
    """The person in keys of statements: the source and its own number; empty where the record has none."""
    number = str(record.hospital_numbers[0]) if record.hospital_numbers else record.nhs_number
    return f"{envelope.origin.source}/patient/{number}" if number else ""


def demographics(
    pid: Segment, extra: Segment | None, record: PatientRecord, envelope: Envelope
) -> Iterator[Demographics]:
    """Where the person can be reached, their practice and ethnic category, where the message says any of it."""
    address = _home(pid.repetitions(11))
    found: dict[str, Any] = {
        "address": ", ".join(filter(None, (address.text(n) for n in (1, 2, 3, 4)))) if address else "",
        "postcode": address.text(5).upper() if address else "",
        "phone": _phone(pid.repetitions(13)) or _phone(pid.repetitions(14)),
        "practice": _practice(extra) if extra else "",
        "ethnic_category": _ethnic_category(pid, envelope),
    }
    if found := {name: value for name, value in found.items() if value}:
        # A message that is silent about the practice must not stand above one that named it: what is told is part
        # of the key.
        told = "+".join(found)
        key = subject(record, envelope)
        common = envelope.common(pid.place(11), key=key and f"{key}/demographics/{told}", site=None, **found)
        yield Demographics(record=record, occurred=envelope.event, **common)


def death(pid: Segment, record: PatientRecord, envelope: Envelope) -> Iterator[Death]:
    """PID-29 and PID-30. HL7's explicit null takes a death back; a plain N in PID-30 says nothing new.

    Without a day of death it is dated about the day of the message.
    """
    occurred = envelope.when(pid, 29)
    died = pid.text(30).upper() == "Y" or (occurred is not None and pid.text(30).upper() != "N")
    taken_back = not died and (pid.deletes(29) or pid.deletes(30))
    if not died and not taken_back:
        return
    if occurred is None:
        occurred = _about_the_message(envelope)
    if died and not pid.text(29):
        envelope.notes.append(f"{pid.place(29)}: no date of death; it is dated about the day of the message.")
    key = subject(record, envelope)
    common = envelope.common(pid.place(30), key=key and f"{key}/death", site=None, retracted=taken_back)
    yield Death(record=record, occurred=occurred, **common)


def _about_the_message(envelope: Envelope) -> When:
    return about(envelope.event.end, 0)


def _identifiers(pid: Segment, envelope: Envelope) -> list[tuple[str, HospitalNumber]]:
    """PID-3; PID-2 and PID-4, where HL7 2.3 keeps others' numbers, only with their own authority or as NHS number."""
    own = _numbers(pid, 3, envelope.authority)
    return [*own, *(pair for number in (2, 4) for pair in _numbers(pid, number, ""))]


def _numbers(segment: Segment, number: int, authority: str) -> list[tuple[str, HospitalNumber]]:
    """Each number with ``nhs`` or ``hospital``."""
    found = []
    for identifier in segment.repetitions(number):
        value, kind = identifier.text(1), identifier.text(5).upper()
        given_by = identifier.text(4) or identifier.text(4, 2) or authority
        if not value or kind in NOT_A_PERSON:
            continue
        if _is_nhs(kind, identifier):
            found.append(("nhs", HospitalNumber("NHS", value)))
        elif given_by:
            found.append(("hospital", HospitalNumber(given_by, value)))
    return found


def _is_nhs(kind: str, identifier: Field) -> bool:
    authorities = {identifier.text(4).upper().replace(" ", ""), identifier.text(4, 2)}
    return kind in NHS_TYPES or (kind in MAYBE_NHS_TYPES and bool(NHS_AUTHORITIES & authorities))


def _identified(
    numbers: Iterable[tuple[str, HospitalNumber]],
    *,
    family: str = "",
    given: str = "",
    born: date | None = None,
    sex: Sex = Sex.UNKNOWN,
    traced: bool = True,
) -> PatientRecord:
    numbers = list(numbers)
    nhs = list(dict.fromkeys(n.value for what, n in numbers if what == "nhs"))
    valid = {checked for value in nhs if (checked := checked_nhs_number(value))}
    sure = valid.pop() if len(valid) == 1 and traced else None
    doubtful = [value for value in nhs if checked_nhs_number(value) != sure or sure is None]
    return PatientRecord(
        nhs_number=sure,
        doubtful_nhs_number=" or ".join(doubtful) or None,
        hospital_numbers=tuple(n for what, n in numbers if what == "hospital"),
        family_name=family,
        given_name=given,
        birth_date=born,
        sex=sex,
    )


def _numbered(record: PatientRecord) -> bool:
    return bool(record.nhs_number or record.doubtful_nhs_number or record.hospital_numbers)


def _traced(pid: Segment) -> bool:
    """False where PID-32 says that the tracing of the NHS number failed or found a conflict."""
    said = {field.text().upper().removeprefix("NSTS").lstrip("0") for field in pid.repetitions(32)}
    return not said & UNTRACED


def _birth_date(pid: Segment, envelope: Envelope) -> date | None:
    born = times.birth_date(pid.text(7), pid.place(7), envelope.origin.known)
    if born is None and pid.text(7):
        envelope.notes.append(f"{pid.place(7)} gives only {pid.text(7)}: no date of birth is taken from it.")
    return born


def _name(segment: Segment, number: int) -> Field | None:
    """The legal name, else the first (XPN.7; HL7 table 0200)."""
    names = segment.repetitions(number)
    return next((name for name in names if name.text(7).upper() == "L"), names[0] if names else None)


def _home(addresses: list[Field]) -> Field | None:
    """The home address, else the first (XAD.7; HL7 table 0190)."""
    return next((a for a in addresses if a.text(7).upper() == "H"), addresses[0] if addresses else None)


def _phone(numbers: list[Field]) -> str:
    """The first telephone number (XTN): whole, or put together from country, area and local number."""
    for number in numbers:
        if number.text(3).upper() not in {"INTERNET", "X.400", "NET"}:
            parts = " ".join(filter(None, (number.text(n) for n in (5, 6, 7))))
            if found := number.text(1) or number.text(12) or parts:
                return found
    return ""


def _practice(extra: Segment) -> str:
    """The practice's code from PD1-3 (XON.10, XON.3 or XON.1), or from PD1-4 where that is one; else its name."""
    candidates = [extra.text(3, 10), extra.text(3, 3), extra.text(3, 1), extra.text(4, 1)]
    code = next((c.upper() for c in candidates if PRACTICE_CODE.match(c.upper())), "")
    return code or extra.text(3, 10) or extra.text(3, 3) or extra.text(3, 1)


def _ethnic_category(pid: Segment, envelope: Envelope) -> EthnicCategory | None:
    """PID-22, each code of each repetition, where they give one category; what can't be read is told."""
    coded = [(field.text(n), field.text(n + 2).upper()) for field in pid.repetitions(22) for n in (1, 4)]
    written = [(code, system) for code, system in coded if code]
    category = settled(None if system in OTHER_ETHNIC_CODES else ethnic_category(code) for code, system in written)
    if category is None:
        said = ", ".join(repr(code[:30]) for code, _ in written[:2])
        envelope.notes.append(f"{pid.place(22)}: {said}: not one ethnic category that is known; it is not read.")
    return None if category is EthnicCategory.NOT_KNOWN else category
