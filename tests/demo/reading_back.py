"""Reads the region's messages with the feeds and groups them into episodes, as the program does with a database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from openfls.clinical.casefinding import Finding
from openfls.clinical.caseload import EpisodeCare, derive
from openfls.clinical.decisions import Outcome
from openfls.clinical.facts import Death, Fact, FractureSighting, RecordsLinked
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import people
from openfls.clinical.standards import Standing
from openfls.demo.comparison import FoundEpisode
from openfls.demo.hospitals import OF_CODE
from openfls.demo.lookup import People, nearest
from openfls.demo.region import Region
from openfls.demo.sendings import Sending
from openfls.demo.staff import care
from openfls.feeds import doors
from openfls.feeds.reading import Unreadable
from openfls.measures.backstop import Catch, Found


@dataclass
class Taken:
    """What the feeds gave: facts, and what each sending could not tell."""

    facts: list[Fact] = field(default_factory=list)
    unreadable: list[tuple[Sending, Unreadable]] = field(default_factory=list)
    ignored: list[Sending] = field(default_factory=list)


def taken(region: Region) -> Taken:
    found = Taken()
    for sending in region.sendings:
        message = sending.message(region.seed)
        reading = doors.read(message.content, message.name, message.origin)
        found.facts += reading.facts
        found.unreadable += [(sending, row) for row in reading.unreadable]
        found.ignored += [sending] * bool(reading.ignored)
    return found


def by_person(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts of each person, by the exact links alone."""
    facts = list(facts)
    links = [fact for fact in facts if isinstance(fact, RecordsLinked)]
    records = [fact.record for fact in facts] + [link.other for link in links]
    person = {key: place for place, group in enumerate(people(records, links).groups) for key in group}
    groups: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[person[fact.record.key]].append(fact)
    return list(groups.values())


@dataclass
class Derived:
    """A person's episode with the records of the person."""

    care: EpisodeCare
    records: list[PatientRecord]
    facts: list[Fact]

    @property
    def sightings(self) -> tuple[FractureSighting, ...]:
        return self.care.episode.standing


def episodes(groups: Iterable[list[Fact]], today: date) -> Iterator[Derived]:
    """Every episode that may count: eligible or unknown."""
    for facts in groups:
        records = list({fact.record.key: fact.record for fact in facts}.values())
        for one in derive(facts, today).episodes:
            if one.eligible.outcome is not Outcome.NO:
                yield Derived(one, records, facts)


def as_found(one: Derived) -> FoundEpisode:
    """For the comparison with the truth."""
    record = next((r for r in one.records if r.birth_date and r.family_name), one.records[0])
    return FoundEpisode(
        name=(record.family_name, record.given_name),
        birth_date=record.birth_date,
        body_sites=frozenset(one.care.episode.body_sites),
        when=one.care.episode.index.start,
        finders=_first_known(one.care.findings),
        nhs_numbers=frozenset(r.nhs_number for r in one.records if r.nhs_number),
        hospital_numbers=frozenset((n.authority, n.value) for r in one.records for n in r.hospital_numbers),
    )


def _first_known(findings: Iterable[Finding]) -> Mapping:
    first: dict = {}
    for finding in findings:
        known = finding.sighting.known.date()
        first[finding.finder] = min(known, first.get(finding.finder, known))
    return first


def for_the_backstop(one: Derived) -> Found:
    care = one.care
    catches = tuple(Catch(f.finder, f.site, f.days_after, f.late, f.suspected) for f in care.findings)
    index, site = care.episode.index.start, care.episode.main_site
    return Found(care.episode.id, care.site, index, site, care.setting, care.age, catches)


def standings(region: Region, facts: Iterable[Fact]) -> Iterator[Standing]:
    """How every episode stands with every standard, once the staff have entered their part of the care."""
    truth = People(region.truth)
    for group in by_person(facts):
        caseload = derive(group, region.today)
        entered = [fact for one in caseload.episodes for fact in _entered(region, truth, one, caseload.death)]
        for one in derive([*group, *entered], region.today).episodes:
            yield from one.standings


def _entered(region: Region, truth: People, one: EpisodeCare, death: Death | None) -> list[Fact]:
    seen = [sighting for sighting in one.episode.sightings if sighting.site in OF_CODE and not sighting.retracted]
    if not seen:
        return []
    life = truth.of(seen[0].record)
    sites, day = {sighting.body_site for sighting in seen}, seen[0].occurred.start
    truly = nearest(life.happenings, sites, day) if life else None
    died_on = death.occurred.start if death else None
    return care(seen, seen[0].site, region.seed, region.today, died_on=died_on, truly=truly, life=life)
