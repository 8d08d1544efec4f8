"""Who moves: to another practice near by, or out of the region; and the message (ADT A31) that tells of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from openfls.demo import hl7_messages as hl7
from openfls.demo import names
from openfls.demo.adt import as_registered
from openfls.demo.habits import Hospital
from openfls.demo.hospitals import NO_PRACTICE, PRACTICES_PER_HOSPITAL, practice_code, trust_of
from openfls.demo.people import Person
from openfls.demo.streams import stream
from openfls.demo.truth import Life, Move, Stay

MOVE_NEAR, MOVE_AWAY = 0.03, 0.015  # of everybody, within a year or so after the fracture
TOLD_WITHIN = 24  # days until the hospital hears of it


def move(seed: int, person: Person, hospital: Hospital, day: date, died_on: date | None) -> Move | None:
    """Whether and when this person moves after what happened on ``day``; nobody does who has died."""
    chance = stream(seed, person.slot, "move")
    luck, wait, later = chance.random(), chance.randint(20, 360), chance.randint(1, TOLD_WITHIN)
    moved = day + timedelta(days=wait)
    told = moved + timedelta(days=later)
    if luck >= MOVE_NEAR + MOVE_AWAY or person.out_of_area or (died_on and told >= died_on):
        return None
    away = luck < MOVE_AWAY
    street = f"{chance.randint(1, 140)} {chance.choice(names.STREETS)} {chance.choice(names.KINDS_OF_STREET)}"
    practice = NO_PRACTICE if away else _another(person.practice, hospital, chance.randint(1, PRACTICES_PER_HOSPITAL))
    home = (street, "Farhaven" if away else hospital.name.split()[0])
    postcode = f"{'XZ' if away else hospital.area}{chance.randint(1, 19)} {chance.randint(1, 9)}AB"
    return Move(moved, told, away, home, postcode, practice)


def _another(practice: str, hospital: Hospital, number: int) -> str:
    found = practice_code(hospital, number)
    return found if found != practice else practice_code(hospital, number % PRACTICES_PER_HOSPITAL + 1)


@dataclass(frozen=True, slots=True)
class MoveTold:
    """The message of a patient administration system that has the new address."""

    person: Person
    stay: Stay
    move: Move

    @property
    def sent(self) -> datetime:
        return datetime.combine(self.move.told, time(9 + self.person.slot % 8, self.person.slot % 60))

    @property
    def message_id(self) -> str:
        return f"{self.stay.hospital.trust}{self.stay.visit[3:]}91"

    def content(self, seed: int) -> bytes:
        trust, moved = trust_of(self.stay.hospital), self.move
        now = replace(self.person, address=moved.address, postcode=moved.postcode, practice=moved.practice)
        segments = hl7.header("ADT", "A31", trust, self.message_id, self.sent)
        segments.append(hl7.event("A31", self.sent, self.sent))
        segments += [hl7.patient(as_registered(seed, self.person, trust), now, trust), hl7.practice(now)]
        return hl7.content(segments, trust)


def told(life: Life) -> MoveTold | None:
    """The message of the hospital where the person was last, where there is a move to tell of."""
    last = life.happenings[-1]
    if life.move is None or life.move.told <= last.stays[-1].arrived.date():
        return None
    return MoveTold(life.person, last.stays[-1], life.move)
