"""What practices and injection clinics list of bone treatment: issues that come late or end, doses missed or refused.

Only some hospitals get such lists, by their habits. Nobody's treatment here follows from what the staff entered: the
lists and the staff speak of the same people as they would, each for itself.
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
from openfls.demo.habits import Hospital, Rhythm
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import Written, digits_apart, written
from openfls.demo.layouts import written_date
from openfls.demo.sendings import Feed, Sending
from openfls.demo.streams import stream
from openfls.demo.times import utc
from openfls.demo.truth import Happening, Life

QUARTERLY = Rhythm(day_of_month=5)
MONTHLY_LIST = Rhythm(day_of_month=2)
PRACTICES, CLINIC = "practice-issues", "injection-clinic"
HEADINGS = {
    PRACTICES: ("Search Date", "NHS Number", "Surname", "Forename", "Date of Birth", "Sex", "Medication",
                "Date of Issue", "Quantity", "Days Supply", "Date Ended", "Reason Ended", "Practice Code"),
    CLINIC: ("List Date", "Appointment ID", "NHS Number", "Hosp No", "Patient Name", "Date of Birth", "Drug", "Dose",
             "Clinic Date", "Outcome", "Reason Not Given"),
}  # fmt: skip
TABLETS = ("Alendronic acid 70mg tablets", "Alendronic acid 70mg tablets", "Risedronate sodium 35mg tablets")
SUPPLY_DAYS, QUANTITY = 56, 8  # two months at a time
ENDS = ("Dyspepsia", "Patient choice", "Dental treatment", "")
OUTCOMES = (("Given", "", 0.88), ("DNA", "", 0.05), ("Deferred", "Calcium low", 0.04), ("Refused", "", 0.03))

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
        """Puts the first fracture that counts on the lists of its hospital."""
        happening = next((h for h in life.happenings if h.counts), None)
        if happening is None:
            return
        habits = happening.hospital
        if habits.practice_lists:
            self._put(happening, PRACTICES, QUARTERLY, self._issues(happening, life.died_on), every=3)
        if habits.injections:
            self._put(happening, CLINIC, MONTHLY_LIST, self._doses(happening, life.died_on), every=1)

    def sendings(self, hospitals: Sequence[Hospital]) -> Iterator[Sending]:
        for hospital in hospitals:
            for kind, mapping in ((PRACTICES, "practice_issues"), (CLINIC, "injection_clinic")):
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

    def _issues(self, happening: Happening, died_on: date | None) -> Iterator[tuple[date, Row]]:
        """Issues every two months, some late, some ended; none for most."""
        chance = stream(self.seed, happening.number, PRACTICES)
        if chance.random() >= happening.hospital.care.recommended * happening.hospital.care.begun:
            return
        drug, ends_after = chance.choice(TABLETS), chance.choice((2, 99, 99, 99, 99))
        day = happening.day + timedelta(days=chance.randint(14, 80))
        who, number = self._written(happening, PRACTICES), 0
        while day < self.now.date() and (died_on is None or day < died_on):
            number += 1
            ended = day + timedelta(days=chance.randint(5, 40)) if number == ends_after else None
            ended = ended if ended and ended < self.now.date() - timedelta(days=100) else None
            yield ended or day, _issue(who, happening, drug, day, ended, chance)
            if number == ends_after:
                return
            day += timedelta(days=SUPPLY_DAYS + chance.choice((-3, 0, 0, 1, 4, 9, 30)))

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
