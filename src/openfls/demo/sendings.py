"""What waits to be sent: a message or list with its receipt, written only when it is its turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from openfls.clinical.facts import Finder
from openfls.demo.habits import Hospital
from openfls.demo.hospitals import trust_of
from openfls.feeds.reading import Origin


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """A message or file as the inbox receives it. ``name`` is a file name, ``received`` an aware UTC instant."""

    source: str
    name: str
    message_id: str
    content: bytes
    origin: Origin
    received: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A sender's line to us: what `Origin` says of every message on it.

    ``source`` begins with the trust (``X1A/X1A01-trauma-list``): it is the authority of the hospital numbers in lists.
    """

    source: str
    site: str | None
    suffix: str
    finder: Finder | None = None
    encoding: str = "utf-8"
    mapping: str | None = None
    reference: str | None = None

    def origin(self, received: datetime) -> Origin:
        return Origin(self.source, received, self.site, self.finder, self.encoding, self.mapping, self.reference)


@dataclass(frozen=True, slots=True)
class Sending:
    """``unreadable``: what was planted so that no reader can read it (the whole, or one row), empty if nothing."""

    received: datetime
    feed: Feed
    message_id: str
    write: Callable[[int], bytes]
    unreadable: str = ""

    @property
    def name(self) -> str:
        return f"{self.received:%Y%m%dT%H%M%S}-{self.message_id}.{self.feed.suffix}"

    def message(self, seed: int) -> DemoMessage:
        """The message itself; the same seed gives the same bytes."""
        origin = self.feed.origin(self.received)
        return DemoMessage(self.feed.source, self.name, self.message_id, self.write(seed), origin, self.received)


def pas(hospital: Hospital) -> Feed:
    """The patient administration system of the hospital's trust; where things happened stands in its messages."""
    return Feed(f"{hospital.trust}/pas", _only_site(hospital), "hl7")


def ris(hospital: Hospital) -> Feed:
    """The radiology system of the hospital's trust."""
    return Feed(f"{hospital.trust}/ris", _only_site(hospital), "hl7", Finder.RADIOLOGY_REPORT)


def laboratory(hospital: Hospital) -> Feed:
    """The laboratory of the hospital's trust, with the code map that explains its codes."""
    mapping = trust_of(hospital).laboratory or None
    return Feed(f"{hospital.trust}/laboratory", _only_site(hospital), "hl7", mapping=mapping)


def scans(hospital: Hospital, suffix: str) -> Feed:
    """Its bone density service: requests, appointments and results as HL7, or its scanner's reports as DICOM."""
    part = "dxa" if suffix == "hl7" else "dxa-scanner"
    return Feed(f"{hospital.trust}/{hospital.code}-{part}", hospital.code, suffix, reference="NHANES III, women")


def prescribing(hospital: Hospital) -> Feed:
    """The electronic prescribing of the hospital's trust."""
    return Feed(f"{hospital.trust}/{hospital.code}-medicines", hospital.code, "hl7")


def clinic(hospital: Hospital) -> Feed:
    """The appointments of its fracture prevention clinic, and the letters written there."""
    return Feed(f"{hospital.trust}/{hospital.code}-clinic", hospital.code, "hl7")


def record_system(hospital: Hospital) -> Feed:
    return Feed(f"{hospital.trust}/{hospital.code}-record", hospital.code, "json", Finder.CODED_RECORD)


def _only_site(hospital: Hospital) -> str | None:
    """The site where the trust has but one."""
    return hospital.code if trust_of(hospital).single_site else None
