"""The records that the region's messages bring, in order of arrival, each with whom it is truly about."""

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.clinical.facts import Demographics, Fact
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import LinkFact
from openfls.demo.lookup import People
from openfls.demo.region import Region
from openfls.feeds import doors


@dataclass(frozen=True)
class KnownRecord:
    """``truth`` is the person's true NHS number, empty for a number given in haste that names nobody."""

    record: PatientRecord
    postcode: str
    truth: str


@dataclass(frozen=True)
class KnownRecords:
    """All records, the merges that hospitals announced, and how many messages brought them."""

    records: tuple[KnownRecord, ...]
    links: tuple[LinkFact, ...]
    messages: int


def known_records(region: Region) -> KnownRecords:
    facts, messages = _facts(region)
    records: dict[str, PatientRecord] = {}
    postcodes: dict[str, str] = {}
    links = tuple(fact for fact in facts if isinstance(fact, LinkFact))
    for fact in facts:
        records.setdefault(fact.record.key, fact.record)
        if isinstance(fact, Demographics) and fact.postcode:
            postcodes[fact.record.key] = fact.postcode
    for link in links:
        records.setdefault(link.other.key, link.other)
    truth = People(region.truth)
    known = (KnownRecord(one, postcodes.get(key, ""), _truth(one, truth)) for key, one in records.items())
    return KnownRecords(tuple(known), links, messages)


def _facts(region: Region) -> tuple[Sequence[Fact], int]:
    facts: list[Fact] = []
    messages = 0
    for message in region.messages():
        messages += 1
        facts += doors.read(message.content, message.name, message.origin).facts
    return facts, messages


def _truth(record: PatientRecord, people: People) -> str:
    life = people.of(record)
    return life.person.nhs_number if life else ""
