"""The fracture prevention clinic where messages tell of it: appointments (SIU), and the letter written there (MDM)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from openfls.clinical.facts import FlsAssessment, LetterSent
from openfls.demo import hl7_messages as hl7
from openfls.demo.adt import as_registered
from openfls.demo.habits import WORKDAYS
from openfls.demo.hospitals import trust_of
from openfls.demo.pathway import Course
from openfls.demo.scan_messages import TRIGGERS, Tells
from openfls.demo.streams import stream
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Life, Stay
from openfls.feeds.hl7v2.build import Field, segment

CLINIC = ["FLS", "Fracture liaison service clinic", "L"]
BOOKED_BEFORE = (5, 20)  # days from the booking to the day
MOVED, MISSED_ONCE = 0.10, 0.12
NEVER_SEEN_MISSED = 0.6  # of those who are never assessed: the others cancel or were never booked
AGAIN_AFTER = 14  # days at most from a missed appointment to the one that is kept


@dataclass(frozen=True, slots=True)
class ClinicMessage:
    """An appointment booked, moved, missed, kept or cancelled; ``tells`` None for the letter."""

    tells: Tells | None
    happening: Happening
    sent: datetime
    number: int
    slot: datetime
    appointment: int = 1

    @property
    def stay(self) -> Stay:
        return self.happening.stays[0]

    @property
    def message_id(self) -> str:
        return f"F{self.stay.hospital.trust}{self.stay.visit[3:]}{self.number:02d}"

    def content(self, seed: int) -> bytes:
        trust, person = trust_of(self.stay.hospital), self.happening.person
        kind = ("SIU", TRIGGERS[self.tells][0]) if self.tells else ("MDM", "T02")
        segments = hl7.header(*kind, trust, self.message_id, self.sent, system="CLINICS" if self.tells else "EDMS")
        who = hl7.patient(as_registered(seed, person, trust), person, trust)
        place = segment("PV1", {1: "1", 2: "O", 3: ["FLS", "", "", self.stay.hospital.code]})
        if self.tells:
            return hl7.content([*segments, self._schedule(), who, place, self._booked()], trust)
        event = hl7.event("T02", self.sent, self.sent)
        return hl7.content([*segments, event, who, hl7.practice(person), place, *self._letter()], trust)

    def _schedule(self) -> Sequence[Field]:
        number = [f"FC{self.stay.visit[3:]}-{self.appointment}", "CLINICS"]
        state = TRIGGERS[self.tells][1] if self.tells else ""
        times: Field = ["", "", "40", hl7_time(self.slot)]
        return segment("SCH", {2: number, 7: CLINIC, 8: "ROUTINE", 9: "40", 10: "min", 11: times, 25: state})

    def _booked(self) -> Sequence[Field]:
        return segment("AIS", {1: "1", 3: CLINIC, 4: hl7_time(self.slot)})

    def _letter(self) -> list[Sequence[Field]]:
        title: Field = ["LT", "Fracture liaison service letter"]
        written, number = hl7_time(self.sent), [f"FL{self.stay.visit[3:]}", "EDMS"]
        fields: dict[int, Field] = {1: "1", 2: title, 3: "TX", 4: written, 6: written, 12: number, 17: "LA", 19: "AV"}
        said = (
            f"Seen in the fracture liaison service after a fracture on {self.happening.day:%d %B %Y}.",
            "Bone health and falls were assessed. What we advise stands in the plan enclosed.",
            "Please tell us that this has reached you.",
        )
        lines = enumerate(said, 1)
        return [segment("TXA", fields), *(segment("OBX", {1: str(n), 2: "TX", 3: title, 5: t}) for n, t in lines)]


def messages(seed: int, life: Life, happening: Happening, course: Course | None) -> Iterator[ClinicMessage]:
    """What is sent of the clinic's visit after a fracture, until somebody's death."""
    if course is None or not course.case.hospital.clinic:
        return
    chance = stream(seed, happening.number, "clinic")
    for number, (tells, sent, slot, appointment) in enumerate(_story(chance, course), 1):
        if life.died_on and sent.date() >= life.died_on:
            return
        yield ClinicMessage(tells, happening, sent, number, slot, appointment)
    for _, act in course.acts:
        if act.kind is LetterSent and not act.heard:
            written = datetime.combine(act.day, time(15, happening.person.slot % 60))
            yield ClinicMessage(None, happening, written, 50, written)


Step = tuple[Tells, datetime, datetime, int]


def _story(chance: Random, course: Course) -> Iterator[Step]:
    case = course.case
    seen = next((act.day for _, act in course.acts if act.kind is FlsAssessment and not act.heard), None)
    if seen is None:
        yield from _never_seen(chance, case.seen)
    elif not case.inpatient or (case.left and seen > case.left):
        yield from _seen(chance, case.seen, seen)


def _seen(chance: Random, known: date, day: date) -> Iterator[Step]:
    """Booked, perhaps moved, perhaps missed once; kept on the day of the assessment."""
    slot, number = _slot(chance, day), 1
    booked = datetime.combine(max(known, day - timedelta(days=chance.randint(*BOOKED_BEFORE))), time(9, 12))
    luck, earlier = chance.random(), _slot(chance, day - timedelta(days=chance.randint(5, AGAIN_AFTER)))
    if luck < MOVED and earlier > booked:
        yield Tells.BOOKED, booked, earlier, 1
        yield Tells.MOVED, earlier - timedelta(hours=20), slot, 1
    elif luck < MOVED + MISSED_ONCE and earlier > booked:
        yield Tells.BOOKED, booked, earlier, 1
        yield Tells.MISSED, earlier + timedelta(minutes=50), earlier, 1
        yield Tells.BOOKED, earlier + timedelta(hours=3), slot, 2
        number = 2
    else:
        yield Tells.BOOKED, booked, slot, 1
    yield Tells.ATTENDED, slot + timedelta(minutes=45), slot, number


def _never_seen(chance: Random, known: date) -> Iterator[Step]:
    slot = _slot(chance, known + timedelta(days=chance.randint(14, 50)))
    while slot.weekday() not in WORKDAYS:
        slot += timedelta(days=1)
    booked = datetime.combine(known + timedelta(days=1), time(9, 12))
    yield Tells.BOOKED, booked, slot, 1
    if chance.random() < NEVER_SEEN_MISSED:
        yield Tells.MISSED, slot + timedelta(minutes=50), slot, 1
    else:
        yield Tells.CANCELLED, slot - timedelta(days=1, hours=1), slot, 1


def _slot(chance: Random, day: date) -> datetime:
    return datetime.combine(day, time(chance.randint(9, 15), chance.choice((0, 20, 40))))
