"""What a row of a list of medicines says: issued, delivered, given or not, stopped, or nothing found.

Other medicines than bone drugs give nothing, by rule. A row that names no medicine can't be read: an empty cell is not
"nothing found", which has to be written.
"""

import re
from hashlib import sha256
from typing import Any

from openfls.clinical.codes import Code, Dmd, LocalCode
from openfls.clinical.facts import (
    Answer,
    DoseGiven,
    DoseNotGiven,
    Fact,
    MedicinesRecordChecked,
    MedicineSupplied,
    Note,
    PrescriptionIssued,
    TreatmentStopped,
)
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, on
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.mapping import Gives
from openfls.feeds.csv.people import identity
from openfls.feeds.csv.row import Row
from openfls.feeds.medicines import MOST_DAYS, Medicine, medicine, with_strength

NOTHING_FOUND = "nothing found"
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|g|micrograms?|mcg|units?)\b.*", re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(?:\s*(?:x\s*)?[a-z()./-]+)*", re.IGNORECASE)  # "4", "4 tablet"


def medicines(row: Row, record: PatientRecord) -> list[Fact]:
    """The facts of one row; none for another medicine, and for a dose or delivery that is only planned."""
    if row.value("medicine") == NOTHING_FOUND:
        return [_nothing_found(row, record)]
    named = _medicine(row)
    if named is None:
        return []
    match row.table.mapping.gives:
        case Gives.PRESCRIPTIONS:
            return _prescribed(row, record, named)
        case Gives.SUPPLIES:
            return _delivered(row, record, named)
    return _doses(row, record, named)


def _medicine(row: Row) -> Medicine | None:
    codes = tuple(_code(text) for _, text in row.texts("dmd_code"))
    amount = AMOUNT.match(row.text("strength"))
    words = with_strength(row.text("medicine"), *(amount.groups() if amount else ("", "")))
    found = medicine(codes, words)
    if found and found.nameless:
        mend = "Write the medicine's name, or “nothing found” where the record was looked into."
        raise Fault("Nothing names the medicine.", row.place, mend)
    return found


def _code(text: str) -> Code:
    return Dmd(text) if text.isdigit() else LocalCode(text)


def _nothing_found(row: Row, record: PatientRecord) -> MedicinesRecordChecked:
    looked = row.past("list_date") or on(row.table.received)
    key = _key(row, record, looked, "record checked", "")
    return MedicinesRecordChecked(
        record=record,
        occurred=looked,
        looked_in=row.table.mapping.looked_in or row.table.mapping.title,
        found=Answer.NO,
        **row.common("record checked", key),
    )


def _prescribed(row: Row, record: PatientRecord, named: Medicine) -> list[Fact]:
    outcome = _outcome(row, "prescribed")
    issued = _day(row)
    if outcome in ("stopped", "held"):
        return [_stopped(row, record, named, issued, Answer.YES if outcome == "held" else Answer.NO)]
    facts: list[Fact] = [
        PrescriptionIssued(
            occurred=issued,
            setting=row.table.mapping.setting,
            days_supplied=_days(row),
            quantity=_number(row, "quantity"),
            **_common(row, record, named, issued, "medicine"),
        )
    ]
    if ended := row.past("stopped_date"):
        facts.append(_stopped(row, record, named, ended, Answer.NO))
    return facts


def _stopped(row: Row, record: PatientRecord, named: Medicine, occurred: When, for_now: Answer) -> TreatmentStopped:
    common = _common(row, record, named, occurred, "stopped")
    return TreatmentStopped(occurred=occurred, for_now=for_now, reason=row.text("reason"), **common)


def _delivered(row: Row, record: PatientRecord, named: Medicine) -> list[Fact]:
    """A delivery that failed is a note under the key of the delivery: one that succeeds later takes its place."""
    outcome = _outcome(row, "given")
    if outcome in ("planned", ""):
        return []
    occurred = _day(row)
    common = _common(row, record, named, occurred, "delivery")
    if outcome == "not given":
        text = f"{named.drug} was not delivered: {_why(row)}"
        return [Note(occurred=occurred, text=text, **{name: common[name] for name in common if name in _OF_ANY_FACT})]
    company = row.text("supplier")
    return [
        MedicineSupplied(
            occurred=occurred,
            setting=row.table.mapping.setting,
            days_supplied=_days(row),
            quantity=_number(row, "quantity"),
            supplied_by=f"homecare: {company}" if company else "homecare",
            **common,
        )
    ]


_OF_ANY_FACT = {"record", "known", "source", "site", "version", "key"}


def _doses(row: Row, record: PatientRecord, named: Medicine) -> list[Fact]:
    outcome = _outcome(row, "given")
    if outcome in ("planned", ""):
        return []
    given_on = _day(row)
    told: dict[str, Any] = {"occurred": given_on, "setting": row.table.mapping.setting}
    common = _common(row, record, named, given_on, "dose") | told
    if outcome == "not given":
        return [DoseNotGiven(reason=_why(row), **common)]
    return [DoseGiven(complete=Answer.NO if outcome == "partly given" else Answer.YES, **common)]


def _why(row: Row) -> str:
    """The outcome's own word and the reason."""
    return "; ".join(filter(None, (row.text("outcome"), row.text("reason"))))


def _outcome(row: Row, otherwise: str) -> str:
    """What the outcome's word stands for; empty for a blank cell, ``otherwise`` where the list has no such column."""
    if "outcome" not in row.table.columns.by_meaning:
        return otherwise
    word, found = row.text("outcome"), row.value("outcome")
    if word and not found:
        known = ", ".join(sorted(row.table.mapping.values.get("outcome", {})))
        reason = f"{word[:30]!r} is no outcome that the list's mapping knows"
        raise row.fault("outcome", reason, f"Write one of: {known}.")
    return found


def _day(row: Row) -> When:
    found = row.past("medicine_date")
    if found is None:
        raise row.fault("medicine_date", "No day says when", "Fill in the date.")
    return found


def _days(row: Row) -> int | None:
    days = _number(row, "days_supplied")
    if days is not None and not 0 < days <= MOST_DAYS:
        raise row.fault("days_supplied", f"{days:g} days can't be", "Correct the number of days, or leave it blank.")
    return round(days) if days is not None else None


def _number(row: Row, meaning: str) -> float | None:
    text = row.text(meaning)
    found = NUMBER.fullmatch(text) if text else None
    if text and found is None:
        raise row.fault(meaning, f"{text[:20]!r} is no number", "Write a number, or leave the cell blank.")
    return float(found[1]) if found else None


def _common(row: Row, record: PatientRecord, named: Medicine, occurred: When, part: str) -> dict[str, Any]:
    said = row.common(part, _key(row, record, occurred, part, named.drug))
    return {"record": record, **named.said(), **said}


def _key(row: Row, record: PatientRecord, occurred: When, part: str, drug: str) -> str:
    """By the list's own row id; else by who, which drug and when, so that the same row in tomorrow's list is another
    version of the same statement."""
    source = row.table.origin.source
    if row_id := row.text("row_id"):
        return f"{source}/{row_id}/{part}"
    parts = (row.table.mapping.name, identity(record), str(occurred), drug.casefold(), part)
    return f"{source}/row/{sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"
