"""What practices, injection clinics, day units and discharging wards list of bone treatment.

Only some hospitals get such lists, by their habits. What the service's patients were prescribed follows their course of
care (`pathway.course`); issues come late or end, and practices treat some whom the service never saw. The injection
clinic speaks for itself.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from openfls.clinical.dosing import months_after
from openfls.clinical.facts import Finder
from openfls.demo.care import Act
from openfls.demo.habits import MONDAYS, Hospital, Prescribing, Rhythm
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import Written, digits_apart, written
from openfls.demo.layouts import written_date
from openfls.demo.pathway import Course, course
from openfls.demo.sendings import Feed, Sending
from openfls.demo.streams import stream
from openfls.demo.therapy import told_by_feed
from openfls.demo.times import utc
from openfls.demo.truth import Happening, Life

QUARTERLY = Rhythm(day_of_month=5)
MONTHLY_LIST = Rhythm(day_of_month=2)
PRACTICES, CLINIC, DAY_UNIT, DISCHARGE = "practice-issues", "injection-clinic", "day-unit", "discharge-medicines"
MAPPINGS = {
    PRACTICES: "practice_issues", CLINIC: "injection_clinic", DAY_UNIT: "day_unit", DISCHARGE: "discharge_medicines",
}  # fmt: skip
HEADINGS = {
    PRACTICES: ("Search Date", "NHS Number", "Surname", "Forename", "Date of Birth", "Sex", "Medication",
                "Date of Issue", "Quantity", "Days Supply", "Date Ended", "Reason Ended", "Practice Code"),
    CLINIC: ("List Date", "Appointment ID", "NHS Number", "Hosp No", "Patient Name", "Date of Birth", "Drug", "Dose",
             "Clinic Date", "Outcome", "Reason Not Given"),
    DAY_UNIT: ("List Date", "Attendance ID", "NHS Number", "Hosp No", "Surname", "Forename", "Date of Birth", "Sex",
               "Treatment", "Treatment Date", "Outcome", "Reason Not Given"),
    DISCHARGE: ("Extract Date", "TTO ID", "NHS Number", "Hosp No", "Surname", "Forename", "Date of Birth", "Sex",
                "Medicine", "Discharge Date", "Quantity", "Days Supply", "Status", "GP Practice Code"),
}  # fmt: skip
TABLETS = ("Alendronic acid 70mg tablets", "Alendronic acid 70mg tablets", "Risedronate sodium 35mg tablets")
ORAL = {"alendronate 70 mg weekly": TABLETS[0], "risedronate 35 mg weekly": TABLETS[2]}
SUPPLY_DAYS, QUANTITY = 56, 8  # two months at a time
ENDS = ("Dyspepsia", "Patient choice", "Dental treatment", "")
OUTCOMES = (("Given", "", 0.88), ("DNA", "", 0.05), ("Deferred", "Calcium low", 0.04), ("Refused", "", 0.03))
PUT_OFF = 0.08  # of infusions: the day unit first lists one that didn't happen
TREATED_BY_THE_PRACTICE = 0.08  # of those whom the service never saw

Row = tuple[str, ...]


@dataclass(slots=True)
class TreatmentLists:
    """The lists of the region until ``now`` (local). Add every life, then take the `sendings`."""

    seed: int
    now: datetime
    _rows: dict[tuple[str, str], dict[datetime, list[Row]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, life: Life) -> None:
        """Puts each fracture that counts on the lists of its hospital."""
        for happening in (h for h in life.happenings if h.counts):
            habits, done = happening.hospital, course(self.seed, life, happening, self.now.date())
            if habits.practice_lists:
                self._put(happening, PRACTICES, QUARTERLY, self._issues(happening, life.died_on, done), every=3)
            if habits.injections and not happening.number.endswith("2"):
                self._put(happening, CLINIC, MONTHLY_LIST, self._doses(happening, life.died_on), every=1)
            if done and habits.day_unit:
                self._put(happening, DAY_UNIT, MONDAYS, self._infusions(happening, done), every=1)
            if done and habits.prescribing is Prescribing.DISCHARGE_LIST:
                self._put(happening, DISCHARGE, MONDAYS, self._taken_home(happening, done), every=1)

    def sendings(self, hospitals: Sequence[Hospital]) -> Iterator[Sending]:
        for hospital in hospitals:
            for kind, mapping in MAPPINGS.items():
                feed = Feed(f"{hospital.trust}/{hospital.code}-{kind}", hospital.code, "csv", mapping=mapping)
                for sent, rows in sorted(self._rows[hospital.code, kind].items()):
                    message_id = f"{hospital.code}-{kind}-{sent:%Y%m%d}"
                    yield Sending(utc(sent), feed, message_id, partial(_content, kind=kind, day=sent.date(), rows=rows))

    def _put(
        self, happening: Happening, kind: str, rhythm: Rhythm, rows: Iterator[tuple[date, Row]], every: int
    ) -> None:
        for day, row in rows:
            sent = rhythm.next_after(datetime.combine(day, time(18)))
            while (sent.month - 1) % every:
                sent = rhythm.next_after(sent)
            if sent <= self.now:
                self._rows[happening.hospital.code, kind][sent].append(row)

    def _issues(self, happening: Happening, died_on: date | None, done: Course | None) -> Iterator[tuple[date, Row]]:
        """From each first prescription of the course on every two months; some late, some ended."""
        chance = stream(self.seed, happening.number, PRACTICES)
        by_practice = chance.random() < TREATED_BY_THE_PRACTICE, chance.choice(TABLETS), chance.randint(14, 80)
        starts = [(act.day, ORAL[act.details["drug"]]) for _, act in _told(done, "practice list")]
        if done is None and by_practice[0]:
            starts = [(happening.day + timedelta(days=by_practice[2]), by_practice[1])]
        who = self._written(happening, PRACTICES)
        for number, (first, drug) in enumerate(starts):
            until = starts[number + 1][0] if number + 1 < len(starts) else self.now.date()
            until = min(until, died_on or until)
            yield from self._every_two_months(happening, who, chance, drug, first, until)

    def _every_two_months(
        self, happening: Happening, who: Written, chance: Random, drug: str, day: date, until: date
    ) -> Iterator[tuple[date, Row]]:
        number, ends_after = 0, chance.choice((2, 99, 99, 99, 99))
        while day < until:
            number += 1
            ended = day + timedelta(days=chance.randint(5, 40)) if number == ends_after else None
            ended = ended if ended and ended < self.now.date() - timedelta(days=100) else None
            yield ended or day, _issue(who, happening, drug, day, ended, chance)
            if number == ends_after:
                return
            day += timedelta(days=SUPPLY_DAYS + chance.choice((-3, 0, 0, 1, 4, 9, 30)))

    def _infusions(self, happening: Happening, done: Course) -> Iterator[tuple[date, Row]]:
        """Each infusion of the course; some were put off once."""
        chance, who = stream(self.seed, happening.number, DAY_UNIT), self._written(happening, DAY_UNIT)
        for number, act in _told(done, "day unit"):
            luck, earlier = chance.random(), act.day - timedelta(days=chance.randint(7, 21))
            if luck < PUT_OFF and earlier > done.case.seen:
                yield earlier, _infusion(who, happening, number, earlier, "Deferred", "Vitamin D low")
            yield act.day, _infusion(who, happening, number + 50, act.day, "Completed", "")

    def _taken_home(self, happening: Happening, done: Course) -> Iterator[tuple[date, Row]]:
        who = self._written(happening, DISCHARGE)
        for number, act in _told(done, Prescribing.DISCHARGE_LIST):
            yield act.day, _tto(who, happening, number, act)

    def _doses(self, happening: Happening, died_on: date | None) -> Iterator[tuple[date, Row]]:
        """A first injection weeks after the fracture, the next half a year later or a little after."""
        chance = stream(self.seed, happening.number, CLINIC)
        if chance.random() >= happening.hospital.injections:
            return
        day = happening.day + timedelta(days=chance.randint(21, 70))
        who = self._written(happening, CLINIC)
        for number in (1, 2):
            if day >= self.now.date() or (died_on and day >= died_on):
                return
            outcome, reason = _outcome(chance)
            yield day, _dose(who, happening, number, day, outcome, reason)
            day = months_after(day, 6) + timedelta(days=chance.choice((0, 0, 3, 7, 14, 60)))

    def _written(self, happening: Happening, kind: str) -> Written:
        source = stream(self.seed, happening.person.slot, happening.hospital.code, kind)
        return written(source, happening.person, trust_of(happening.hospital), Finder.CODED_RECORD)


def _told(done: Course | None, feed: Prescribing | str) -> list[tuple[int, Act]]:
    """What this list tells of the course, in the order in which it happened."""
    found = [(number, act) for number, act in done.told if told_by_feed(done.case, act) == feed] if done else []
    return sorted(found, key=lambda one: one[1].day)


def _infusion(who: Written, happening: Happening, number: int, day: date, outcome: str, reason: str) -> Row:
    return (
        f"U{happening.number}-{number}", digits_apart(who.nhs_number), who.hospital_number, who.family, who.given,
        written_date(who.born, 0), who.sex.value[0].upper(), "Zoledronic acid 5mg/100ml", written_date(day, 0), outcome,
        reason,
    )  # fmt: skip


def _tto(who: Written, happening: Happening, number: int, act: Act) -> Row:
    days = act.details["days_supplied"]
    return (
        f"T{happening.number}-{number}", digits_apart(who.nhs_number), who.hospital_number, who.family, who.given,
        written_date(who.born, 0), who.sex.value[0].upper(), ORAL[act.details["drug"]], written_date(act.day, 0),
        str(days // 7), str(days), "New", happening.person.practice,
    )  # fmt: skip


def _issue(who: Written, happening: Happening, drug: str, day: date, ended: date | None, chance: Random) -> Row:
    told = chance.random() < 0.7  # many searches give tablets, not days
    stopped = (written_date(ended, 0), chance.choice(ENDS)) if ended else ("", "")
    return (
        who.nhs_number, who.family, who.given, written_date(who.born, 0), who.sex.value[0].upper(), drug,
        written_date(day, 0), str(QUANTITY), str(SUPPLY_DAYS) if told else "", *stopped, happening.person.practice,
    )  # fmt: skip


def _dose(who: Written, happening: Happening, number: int, day: date, outcome: str, reason: str) -> Row:
    return (
        f"I{happening.number}-{number}", digits_apart(who.nhs_number), who.hospital_number,
        f"{who.family}, {who.given}", written_date(who.born, 0), "Denosumab (Prolia)", "60mg", written_date(day, 0),
        outcome, reason,
    )  # fmt: skip


def _outcome(chance: Random) -> tuple[str, str]:
    left = chance.random()
    for outcome, reason, share in OUTCOMES:
        left -= share
        if left < 0:
            return outcome, reason
    return OUTCOMES[0][:2]


def _content(seed: int, *, kind: str, day: date, rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS[kind])
    writer.writerows((written_date(day, 0), *row) for row in rows)
    return out.getvalue().encode()
