"""The messages of a patient administration system about one stay, in the order in which they happen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from openfls.clinical.facts import Finder
from openfls.demo import hl7_messages as hl7
from openfls.demo.habits import Trust
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import Written, written
from openfls.demo.people import Person
from openfls.demo.streams import luck, stream
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Stay
from openfls.demo.wording import WORDS
from openfls.feeds.hl7v2.build import Field, segment

CODED = 0.7  # of working diagnoses; the others are words
MOVED_WARD = 0.25
UPDATED = 0.20
TEMPORARY_NUMBER = 0.012  # registered in haste in the emergency department, merged later (A40)
TAKEN_BACK = 0.004  # a transfer or discharge entered too soon, cancelled (A12, A13)
DEATH_TOLD = 0.92
MONTH_OF_DEATH = 0.15  # of deaths out of hospital: whoever told knew the month alone
DIED, WENT_HOME, OTHER_HOSPITAL = "20", "01", "02"
REASONS = ("Fall", "Collapse ?cause", "Off legs", "Pain, unable to weight bear", "Trauma", "")


@dataclass(frozen=True, slots=True)
class Told:
    """A message to be written when it is its turn: which one, about when, with what."""

    trigger: str
    happening: Happening
    stay: Stay
    sent: datetime
    number: int
    says_fracture: bool = False
    note: str = ""

    @property
    def message_id(self) -> str:
        return f"{self.stay.hospital.trust}{self.stay.visit[3:]}{self.number:02d}"

    def content(self, seed: int) -> bytes:
        """The bytes; the same seed gives the same."""
        return _Writer(seed, self).content()


def messages(seed: int, happening: Happening, stay: Stay) -> Iterator[Told]:
    """What the system sends of this stay, from the attendance to discharge or death there."""
    chance = stream(seed, happening.number, stay.hospital.code, "adt")
    first = 41 if stay.since else 1
    for number, (trigger, occurred, says, note) in enumerate(_story(chance, happening, stay), first):
        yield Told(trigger, happening, stay, occurred, number, says, note)


def death(seed: int, happening: Happening, died_on: date) -> Told | None:
    """The message that tells of a death out of hospital, some days later; seldom none comes."""
    chance = stream(seed, happening.person.slot, "death")
    luck, trigger, days = chance.random(), chance.choice(("A31", "A31", "A31", "A08")), chance.randint(2, 18)
    stay = happening.stays[-1]
    if luck > DEATH_TOLD or stay.died:
        return None
    told = datetime.combine(died_on + timedelta(days=days), time(chance.randint(9, 17), chance.randint(0, 59)))
    known = f"{died_on:%Y%m}" if chance.random() < MONTH_OF_DEATH else f"{died_on:%Y%m%d}000000"
    return Told(trigger, happening, stay, told, 90, note=known)


Step = tuple[str, datetime, bool, str]


def _story(chance: Random, happening: Happening, stay: Stay) -> Iterator[Step]:
    hours, temporary = chance.randint(2, 5), chance.random() < TEMPORARY_NUMBER
    before = stay.arrived - timedelta(hours=hours) if stay.inpatient else stay.arrived
    if stay.by_ed and trust_of(stay.hospital).ed_messages and happening.kind != "admitted in error":
        note = "temporary" if temporary else ""
        yield "A04", before, False, note
        if temporary:
            yield "A40", before + timedelta(hours=1, minutes=chance.randint(0, 50)), False, note
    if stay.inpatient:
        yield from _admission(chance, happening, stay)


def _admission(chance: Random, happening: Happening, stay: Stay) -> Iterator[Step]:
    says = any(c.finder is Finder.ADMISSION and c.stay is stay for c in happening.catches)
    in_error = happening.kind == "admitted in error"
    if not stay.since:
        yield "A01", stay.arrived, says or in_error, ""
    if in_error:
        yield "A11", stay.arrived + timedelta(hours=chance.randint(1, 20)), False, ""
    moved = stay.arrived + timedelta(hours=chance.randint(20, 60))
    if chance.random() < MOVED_WARD and stay.left and moved < stay.left:
        yield "A02", moved, False, chance.choice(stay.hospital.wards)
        if chance.random() < TAKEN_BACK:
            yield "A12", moved, False, ""
    updated = stay.arrived + timedelta(hours=chance.randint(6, 30))
    if chance.random() < UPDATED and stay.left and updated < stay.left:
        yield "A08", updated, says, ""
    if stay.left:
        yield from _end(chance, stay, stay.left)


def _end(chance: Random, stay: Stay, left: datetime) -> Iterator[Step]:
    if stay.onward and stay.onward.trust == stay.hospital.trust:
        yield "A02", left, False, stay.onward.code
        return
    if not stay.died and chance.random() < TAKEN_BACK:
        too_soon = left - timedelta(hours=20)
        if too_soon > stay.arrived:
            yield "A03", too_soon, False, ""
            yield "A13", too_soon + timedelta(minutes=40), False, ""
    yield "A03", left, False, ""


class _Writer:
    """Writes one message: the person as this trust's system has him, and what the trigger tells."""

    def __init__(self, seed: int, told: Told) -> None:
        self.seed, self.told, self.stay, self.person = seed, told, told.stay, told.happening.person
        self.trust: Trust = trust_of(told.stay.hospital)
        self.who: Written = as_registered(seed, self.person, self.trust)

    def content(self) -> bytes:
        told = self.told
        segments = hl7.header("ADT", told.trigger, self.trust, told.message_id, told.sent)
        recorded = told.sent + timedelta(minutes=5) if told.trigger == "A12" else told.sent
        segments.append(hl7.event(told.trigger, recorded, told.sent))
        segments += [self._patient(), hl7.practice(self.person)]
        segments += self._rest()
        return hl7.content(segments, self.trust)

    def _patient(self) -> Sequence[Field]:
        told = self.told
        if told.trigger == "A04" and told.note == "temporary":
            nameless = Written("", "", self.who.family, self.who.given, self.who.born, self.who.sex)
            return hl7.patient(nameless, self.person, self.trust, number=self._temporary())
        died = hl7_time(told.sent) if told.trigger == "A03" and self.stay.died else ""
        died = told.note if told.number == 90 else died
        return hl7.patient(self.who, self.person, self.trust, died=died)

    def _temporary(self) -> str:
        return f"TEMP{self.stay.visit[5:]}"

    def _rest(self) -> hl7.Segments:
        told = self.told
        match told.trigger:
            case "A40":
                return [segment("MRG", {1: [self._temporary(), "", "", self.trust.code, "MR"]})]
            case "A04":
                return [hl7.attendance(self.stay, told.sent), self._reason()]
            case "A02" | "A12":
                return [self._moved()]
            case "A03":
                return [hl7.visit(self.stay, outcome=self._outcome(), left=told.sent)]
            case "A31":
                return []
        planned = told.happening.kind == "elective hip"
        if told.number == 90:
            return []
        rest: hl7.Segments = [hl7.visit(self.stay, emergency=not planned)]
        return [*rest, *self._diagnoses()] if told.says_fracture else [*rest, self._reason()]

    def _reason(self) -> Sequence[Field]:
        elective = self.told.happening.kind == "elective hip"
        reason = "Osteoarthritis hip" if elective else REASONS[int(self._luck() * len(REASONS))]
        return segment("PV2", {3: ["", reason]})

    def _luck(self) -> float:
        return luck(self.seed, self.told.message_id)

    def _moved(self) -> Sequence[Field]:
        before = (self.stay.ward, "", "", self.stay.hospital.code)
        if self.stay.onward and self.told.note == self.stay.onward.code:
            ward = self.stay.onward.wards[0]
            return hl7.visit(self.stay, hospital=self.stay.onward, ward=ward, before=before)
        return hl7.visit(self.stay, ward=self.told.note, before=before)

    def _outcome(self) -> str:
        if self.stay.died:
            return DIED
        return OTHER_HOSPITAL if self.stay.onward else WENT_HOME

    def _diagnoses(self) -> hl7.Segments:
        """DG1 for each bone: a working diagnosis, coded here, in words only there."""
        coded = self._luck() < CODED
        return [self._diagnosis(n, coded) for n in range(len(self.told.happening.bones))]

    def _diagnosis(self, place: int, coded: bool) -> Sequence[Field]:
        site, side = self.told.happening.bones[place]
        chance = stream(self.told.happening.number, "working diagnosis", place)
        code, words = chance.choice(WORDS[site].icd10), chance.choice(WORDS[site].lists)
        text = " ".join(words.replace("{side}", side.value if "unknown" not in side.value else "").split())
        told: Field = [code, text, "I10"] if coded else ["", text]
        return segment("DG1", {1: str(place + 1), 2: "I10" if coded else "", 3: told, 4: text, 6: "W"})


@lru_cache(maxsize=4096)
def as_registered(seed: int, person: Person, trust: Trust) -> Written:
    """The person as the trust's patient administration system has him: the same in all its messages."""
    return written(stream(seed, person.slot, trust.code, "pas"), person, trust, Finder.ADMISSION)
