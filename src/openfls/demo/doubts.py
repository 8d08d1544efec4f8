"""What the staff answer where two records may be one person: they ask, and mostly find out the truth."""

from datetime import date, datetime, timedelta
from hashlib import sha256

from openfls.clinical.facts import RecordsLinked, RecordsSeparated, Source
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import on
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.lookup import People
from openfls.demo.organisations import username
from openfls.demo.pathway import ENTERED_AT, LEFT_TO_TRIAGE
from openfls.demo.streams import stream
from openfls.demo.times import utc

UNANSWERED = 0.12


def answer(
    left: PatientRecord, right: PatientRecord, people: People, rng_seed: int, arose: date, today: date
) -> RecordsLinked | RecordsSeparated | None:
    """The answer of a coordinator to a doubt that arose on a day, given within the week; None where it still waits.

    Answers agree with the truth that ``people`` looks up. The last two or three weeks wait, and some older doubts too.
    Deterministic by seed and the two records, in whichever order they are given.
    """
    first, second = sorted((left, right), key=lambda record: record.key)
    chance = stream(rng_seed, first.key, second.key, "doubt")
    waits, left_alone, days = chance.random(), chance.randint(*LEFT_TO_TRIAGE), chance.randint(1, 7)
    one, other = people.of(first), people.of(second)
    if waits < UNANSWERED or arose > today - timedelta(days=left_alone) or one is None or other is None:
        return None
    day = arose + timedelta(days=days)
    known = utc(datetime.combine(day, ENTERED_AT))
    user = username("coordinator", _site(first))
    said = RecordsLinked if one is other else RecordsSeparated
    content = sha256(f"{rng_seed}/{first.key}/{second.key}".encode()).hexdigest()
    source = Source(f"hand/{user}", content, "answer")
    return said(record=first, other=second, occurred=on(day), known=known, version=known, source=source, by=user)


def _site(record: PatientRecord) -> str:
    """A hospital of the trust that gave the record its number."""
    trusts = {number.authority for number in record.hospital_numbers}
    return next((h.code for h in HOSPITALS if h.trust in trusts), HOSPITALS[0].code)
