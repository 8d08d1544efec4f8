"""Everything that the region sends, in the order of its receipt: messages as they happen, lists as they leave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from openfls.clinical.facts import Finder
from openfls.demo import adt, blood, clinics, medicine_messages, moves, planted, radiology, scans
from openfls.demo.bundles import CodedStay
from openfls.demo.habits import Hospital
from openfls.demo.listings import Listings
from openfls.demo.pathway import course
from openfls.demo.sendings import Feed, Sending, clinic, laboratory, pas, prescribing, record_system, ris
from openfls.demo.sendings import scans as scan_service
from openfls.demo.streams import luck
from openfls.demo.times import utc
from openfls.demo.treatments import TreatmentLists
from openfls.demo.truth import Happening, Life, Stay

SENT_TWICE = 0.005
DELIVERED_LATE = 0.006  # hours or days: the order of arrival is not the order of events


class Writable(Protocol):
    """A message that knows when it leaves (local) and can be written."""

    @property
    def stay(self) -> Stay: ...
    @property
    def sent(self) -> datetime: ...
    @property
    def message_id(self) -> str: ...
    def content(self, seed: int) -> bytes: ...


@dataclass(slots=True)
class Outbox:
    """Fills with lives, then gives the sendings until ``now`` (local)."""

    seed: int
    now: datetime
    _sendings: list[Sending] = field(default_factory=list)
    _listings: Listings = field(init=False)
    _treatments: TreatmentLists = field(init=False)

    def __post_init__(self) -> None:
        self._listings = Listings(self.seed, self.now)
        self._treatments = TreatmentLists(self.seed, self.now)

    def add(self, life: Life) -> None:
        """Everything that is sent about one person."""
        for happening in life.happenings:
            for stay in happening.stays:
                self._send(adt.messages(self.seed, happening, stay), pas(stay.hospital))
                self._listings.add(happening, stay)
                self._send(blood.samples(self.seed, happening, stay), laboratory(stay.hospital))
            self._send(radiology.reports(self.seed, happening), ris(happening.hospital))
            for catch in (c for c in happening.catches if c.finder is Finder.CODED_RECORD):
                coded = CodedStay(happening, catch.stay, catch.sent)
                self._send([coded], record_system(coded.stay.hospital))
            self._care(life, happening)
        self._treatments.add(life)
        if life.died_on and (death := adt.death(self.seed, life.happenings[-1], life.died_on)):
            self._send([death], pas(death.stay.hospital))
        if moved := moves.told(life):
            self._send([moved], pas(moved.stay.hospital))

    def _care(self, life: Life, happening: Happening) -> None:
        """What a hospital's own systems tell of the care that follows."""
        hospital, done = happening.hospital, course(self.seed, life, happening, self.now.date())
        for told in scans.messages(self.seed, happening, life.died_on):
            self._send([told], scan_service(hospital, told.suffix))
        for dose in medicine_messages.messages(happening, done):
            self._send([dose], prescribing(dose.stay.hospital))
        self._send(clinics.messages(self.seed, life, happening, done), clinic(hospital))

    def sendings(self, hospitals: tuple[Hospital, ...], year: tuple[date, date]) -> list[Sending]:
        """All sendings, what was planted with them, in the order of their receipt."""
        broken = (sending for hospital in hospitals for sending in planted.messages(self.seed, hospital, year))
        lists = (*self._listings.sendings(hospitals, year[0]), *self._treatments.sendings(hospitals))
        found = [*self._sendings, *lists, *broken]
        return sorted(found, key=lambda s: (s.received, s.feed.source, s.message_id))

    def _send(self, messages: Iterable[Writable], feed: Feed) -> None:
        for message in messages:
            if message.sent <= self.now:
                self._sendings += self._deliveries(message, feed)

    def _deliveries(self, message: Writable, feed: Feed) -> Iterator[Sending]:
        """Mostly once and at once; seldom late, seldom twice."""
        chance = luck(self.seed, message.message_id, "delivery")
        seconds = 1 + int(chance * 1_000_000) % 50
        late = SENT_TWICE <= chance < SENT_TWICE + DELIVERED_LATE
        received = message.sent + (timedelta(hours=5 + seconds) if late else timedelta(seconds=seconds))
        for moment in [received] + [received + timedelta(minutes=seconds)] * (chance < SENT_TWICE):
            if moment <= self.now:
                yield Sending(utc(moment), feed, message.message_id, message.content)
