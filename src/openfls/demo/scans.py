"""Bone density scans where messages tell of them: asked for, booked, moved, missed, cancelled, attended, measured.

Whether a scan is asked for hangs on seed, hospital and birth date alone, so that the staff, who know only what feeds
showed them, and the messages agree on it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from openfls.demo.habits import WORKDAYS, Begins, Hospital
from openfls.demo.scan_messages import ScanMessage, Tells
from openfls.demo.streams import luck, stream
from openfls.demo.truth import Happening

MOVED, MISSED_ONCE = 0.08, 0.09
NEVER_CAME = 0.6  # of those who are not scanned: the others cancel
WITHDRAWN = 0.5  # of requests whose appointment was cancelled


def scan_asked(seed: int, hospital: Hospital, born: date | None, age: int) -> bool:
    """Whether somebody of this hospital is sent for a scan."""
    care = hospital.care
    return luck(seed, hospital.code, born, "scan") < care.assessed * care.scan_asked(age)


def messages(seed: int, happening: Happening, died_on: date | None) -> Iterator[ScanMessage]:
    """What is sent of the scan after a fracture that counts, until somebody's death."""
    hospital, person = happening.hospital, happening.person
    if not hospital.scans or not happening.counts or not scan_asked(seed, hospital, person.born, happening.age):
        return
    chance = stream(seed, happening.number, "scan")
    for number, (tells, sent, slot, appointment) in enumerate(_story(chance, happening), 1):
        if died_on and sent.date() >= died_on:
            return
        yield ScanMessage(tells, happening, sent, number, slot, appointment)


Step = tuple[Tells, datetime, datetime, int]


def _story(chance: Random, happening: Happening) -> Iterator[Step]:
    care, asked = happening.hospital.care, _asked(chance, happening)
    slot = _slot(chance, asked + timedelta(days=max(6, round(care.dxa_days * chance.lognormvariate(0, 0.4)))))
    yield Tells.ASKED, asked, slot, 1
    yield Tells.BOOKED, asked + timedelta(days=2, hours=chance.randint(1, 5)), slot, 1
    if chance.random() < MOVED:
        moved, slot = slot - timedelta(days=2), _slot(chance, slot + timedelta(days=chance.randint(3, 14)))
        yield Tells.MOVED, moved, slot, 1
    done, missed_once, number = chance.random() < care.dxa_done, chance.random() < MISSED_ONCE, 1
    if not done:
        yield from _not_done(chance, slot)
        return
    if missed_once:
        yield Tells.MISSED, slot + timedelta(minutes=45), slot, 1
        again, slot, number = slot + timedelta(days=1), _slot(chance, slot + timedelta(days=21)), 2
        yield Tells.BOOKED, again, slot, number
    yield Tells.ATTENDED, slot + timedelta(minutes=35), slot, number
    yield Tells.MEASURED, slot + timedelta(days=chance.randint(0, 3), hours=2), slot, number


def _not_done(chance: Random, slot: datetime) -> Iterator[Step]:
    """Somebody who never came, or who cancelled and whose request may be taken back."""
    never_came, withdrawn = chance.random() < NEVER_CAME, chance.random() < WITHDRAWN
    if never_came:
        yield Tells.MISSED, slot + timedelta(minutes=45), slot, 1
        return
    yield Tells.CANCELLED, slot - timedelta(days=1, hours=2), slot, 1
    if withdrawn:
        yield Tells.WITHDRAWN, slot + timedelta(days=1), slot, 1


def _asked(chance: Random, happening: Happening) -> datetime:
    """With the assessment: on the ward within days where treatment begins there, else in a clinic weeks later."""
    hospital, arrived = happening.hospital, happening.stays[0].arrived
    if happening.inpatient and hospital.begins is Begins.IN_HOSPITAL:
        days = chance.choice((1, 2, 3, 4, 5, 8))
    else:
        days = max(1, round(hospital.care.assessed_in_days * chance.lognormvariate(0, 0.45)))
    return datetime.combine(arrived.date() + timedelta(days=days), time(chance.randint(9, 16), chance.randint(0, 59)))


def _slot(chance: Random, after: datetime) -> datetime:
    """A time of a working day."""
    day = after.date()
    while day.weekday() not in WORKDAYS:
        day += timedelta(days=1)
    return datetime.combine(day, time(chance.randint(9, 15), chance.choice((0, 30))))
