"""A row of coded discharges: the stay, fractures by ICD-10 code, operations by OPCS-4 code, a death in hospital.

An operation code for replacing a hip counts only together with a fracture code; one that itself names the fixing of
a hip fracture, without a fracture code beside it, is a suspected fracture.
"""

import re
from collections.abc import Sequence
from typing import Any

from openfls.clinical.codes import Icd10, Opcs4, bare
from openfls.clinical.facts import Admission, Answer, BodySite, Death, Discharge, Fact, FractureSighting, Side, Surgery
from openfls.clinical.fracture_codes import FractureMeaning, hip_operation, meanings
from openfls.clinical.fracture_words import Bone
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, between
from openfls.feeds.csv.row import Row
from openfls.feeds.csv.sightings import fracture_date, sighting_key

# The WHO's form, with or without its dot; England's coders add a fifth character, a dagger (D) or an asterisk (A).
ICD10 = re.compile(r"[A-Z]\d[0-9A-Z](?:\.?[0-9X][0-9X]?)?[-†*DA]?")
OPCS4 = re.compile(r"[A-Z]\d\d\.?\d?")
OPCS4_SIDES = {"Z941": Side.BOTH, "Z942": Side.RIGHT, "Z943": Side.LEFT}  # OPCS-4 chapter Z: laterality of operation


def spell(row: Row, record: PatientRecord) -> list[Fact]:
    """Everything that the row says. Raises `Fault` for a date or code that can't be read."""
    diagnoses = _diagnoses(row)
    operations = _operations(row)
    fractures = _fractures(diagnoses, [code for _, code in operations])
    facts: list[Fact] = [*_stay(row, record)]
    if fractures:
        facts += _sightings(row, record, fractures, (*diagnoses, *(code for _, code in operations)))
        facts += _surgery(row, record, operations)
    return facts


def _fractures(diagnoses: Sequence[Icd10], operations: Sequence[Opcs4]) -> list[tuple[FractureMeaning, Answer]]:
    """Each bone with whether its fracture is certain."""
    coded = [(meaning, Answer.YES) for meaning in meanings(diagnoses)]
    if coded or not hip_operation(operations):
        return coded
    because = "an operation on a hip fracture without a fracture code"
    told = FractureMeaning(BodySite.HIP, Answer.UNKNOWN, Answer.UNKNOWN, Side.UNKNOWN, False, because)
    return [(told, Answer.UNKNOWN)]


def _sightings(
    row: Row,
    record: PatientRecord,
    fractures: Sequence[tuple[FractureMeaning, Answer]],
    codes: tuple[Icd10 | Opcs4, ...],
) -> list[Fact]:
    occurred, dated_by = fracture_date(row)
    operated = {OPCS4_SIDES[code.value] for code in codes if isinstance(code, Opcs4) and code.value in OPCS4_SIDES}
    side = operated.pop() if len(operated) == 1 and len(fractures) == 1 else Side.UNKNOWN
    return [
        FractureSighting(
            record=record,
            occurred=occurred,
            finder=row.finder,
            body_site=meaning.body_site,
            side=side,
            codes=codes,
            low_trauma=meaning.low_trauma,
            pathological=meaning.pathological,
            certain=certain,
            setting=row.table.mapping.setting,
            dated_by=dated_by,
            words=meaning.because,
            **row.common(
                f"fracture {place}", sighting_key(row, record, occurred, Bone(meaning.body_site, side), place)
            ),
        )
        for place, (meaning, certain) in enumerate(fractures, start=1)
    ]


def _stay(row: Row, record: PatientRecord) -> list[Fact]:
    admitted, discharged = row.past("admission_date"), row.past("discharge_date")
    if admitted and discharged and discharged.end < admitted.start:
        raise row.fault("discharge_date", "The discharge is before the admission", "Correct one of the two dates.")
    visit = row.text("row_id")
    facts: list[Fact] = []
    if admitted:
        method = {"emergency": Answer.YES, "planned": Answer.NO}.get(row.value("admission_method"), Answer.UNKNOWN)
        said = _common(row, "admission")
        facts.append(
            Admission(record=record, occurred=admitted, visit=visit, ward=row.text("ward"), emergency=method, **said)
        )
    if discharged:
        destination = row.text("discharge_destination")
        said = _common(row, "discharge")
        facts.append(Discharge(record=record, occurred=discharged, visit=visit, destination=destination, **said))
        if "died" in (row.value("discharge_method"), row.value("discharge_destination")):
            facts.append(Death(record=record, occurred=discharged, **_common(row, "death")))
    return facts


def _surgery(row: Row, record: PatientRecord, operations: Sequence[tuple[int, Opcs4]]) -> list[Fact]:
    """The operations of each day; those without a date lie somewhere in the stay, and a code that only tells more of
    the operation before it (OPCS-4 chapters Y and Z) lies on that one's day."""
    dates = row.whens("opcs4_dates")
    days: dict[When, list[Opcs4]] = {}
    day = stay = _in_the_stay(row)
    for number, code in operations:
        day = dates.get(number) or (day if code.value[0] in "YZ" else stay)
        if day:
            days.setdefault(day, []).append(code)
    return [
        Surgery(
            record=record, occurred=day, codes=tuple(codes), visit=row.text("row_id"), **_common(row, f"surgery {n}")
        )
        for n, (day, codes) in enumerate(sorted(days.items()), start=1)
    ]


def _in_the_stay(row: Row) -> When | None:
    admitted, discharged = row.past("admission_date"), row.past("discharge_date")
    if admitted and discharged:
        return between(admitted.start, discharged.end)
    return admitted or discharged


def _common(row: Row, part: str) -> dict[str, Any]:
    row_id = row.text("row_id")
    return row.common(part, f"{row.table.origin.source}/{row_id}/{part.replace(' ', '/')}" if row_id else "")


def _diagnoses(row: Row) -> tuple[Icd10, ...]:
    found = []
    for column, text in row.texts("icd10_codes"):
        for part in text.upper().replace(",", " ").replace(";", " ").split():
            if not ICD10.fullmatch(part):
                raise row.wrong(column, f"{part!r} is no ICD-10 code", "Correct the code, or leave the cell blank.")
            found.append(Icd10(bare(part)))
    return tuple(found)


def _operations(row: Row) -> list[tuple[int, Opcs4]]:
    """Each operation code with the number of its column."""
    found = []
    for column, text in row.texts("opcs4_codes"):
        for part in text.upper().replace(",", " ").replace(";", " ").split():
            if not OPCS4.fullmatch(part):
                raise row.wrong(column, f"{part!r} is no OPCS-4 code", "Correct the code, or leave the cell blank.")
            found.append((column.number, Opcs4(bare(part))))
    return found
