"""What a hospital's electronic prescribing sends of bone treatment: a dose given on the ward (RAS), tablets that go
home with the patient (RDE)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from openfls.clinical.facts import DoseGiven
from openfls.demo import hl7_messages as hl7
from openfls.demo.adt import as_registered
from openfls.demo.care import Act
from openfls.demo.habits import Prescribing
from openfls.demo.hospitals import trust_of
from openfls.demo.pathway import Course
from openfls.demo.therapy import told_by_feed
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Stay
from openfls.feeds.hl7v2.build import Field, segment

AS_PRESCRIBED = {  # by what the plan calls it: the words of the prescribing system, strength and its unit, the route
    "zoledronate 5 mg": ("Zoledronic acid 5mg/100ml infusion", "5", "mg"),
    "alendronate 70 mg weekly": ("Alendronic acid 70mg tablets", "70", "mg"),
    "risedronate 35 mg weekly": ("Risedronate sodium 35mg tablets", "35", "mg"),
}


@dataclass(frozen=True, slots=True)
class MedicineMessage:
    """One order or dose, to be written when it is its turn."""

    happening: Happening
    act: Act
    number: int

    @property
    def stay(self) -> Stay:
        """The ward that prescribed it."""
        return next(stay for stay in self.happening.stays if stay.inpatient)

    @property
    def at(self) -> datetime:
        return datetime.combine(self.act.day, time(8 + self.happening.person.slot % 4, self.happening.person.slot % 60))

    @property
    def sent(self) -> datetime:
        return self.at.replace(hour=self.at.hour + 1)

    @property
    def message_id(self) -> str:
        return f"M{self.stay.hospital.trust}{self.stay.visit[3:]}{self.number:02d}"

    def content(self, seed: int) -> bytes:
        trust, person = trust_of(self.stay.hospital), self.happening.person
        kind = ("RAS", "O17") if self.act.kind is DoseGiven else ("RDE", "O11")
        segments = hl7.header(*kind, trust, self.message_id, self.sent, system="EPMA")
        segments += [hl7.patient(as_registered(seed, person, trust), person, trust), hl7.visit(self.stay)]
        order = segment("ORC", {1: "RE" if kind[0] == "RAS" else "NW", 2: self._order, 9: hl7_time(self.at)})
        return hl7.content([*segments, order, self._given() if kind[0] == "RAS" else self._prescribed()], trust)

    @property
    def _order(self) -> Field:
        return [f"RX{self.stay.visit[3:]}{self.number}", "EPMA"]

    def _given(self) -> list[Field]:
        words, amount, unit = AS_PRESCRIBED[self.act.details["drug"]]
        at = hl7_time(self.at)
        return segment("RXA", {1: "0", 2: "1", 3: at, 4: at, 5: ["", words], 6: amount, 7: unit, 20: "CP", 21: "A"})

    def _prescribed(self) -> list[Field]:
        words, amount, unit = AS_PRESCRIBED[self.act.details["drug"]]
        days = self.act.details["days_supplied"]
        timing: Field = ["1", "QW", f"D{days}", hl7_time(self.at)]
        return segment("RXE", {1: timing, 2: ["", words], 3: amount, 5: unit, 10: str(days // 7), 11: "tablet"})


def messages(happening: Happening, course: Course | None) -> Iterator[MedicineMessage]:
    """The doses and orders of the wards whose prescribing system sends them."""
    for number, act in course.told if course else ():
        if course and told_by_feed(course.case, act) is Prescribing.MESSAGES:
            yield MedicineMessage(happening, act, number)
