"""Case finding over many people at once: facts in, people with their index fracture episodes out. No database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.clinical.candidates import alike
from openfls.clinical.casefinding import Finding, age_at, findings, is_other_site, who_counts, with_refractures
from openfls.clinical.caseload import birth_date, birth_dates
from openfls.clinical.decisions import Decision
from openfls.clinical.episodes import Episode, group
from openfls.clinical.facts import Fact, FractureSighting
from openfls.clinical.likeness_levels import details_of
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import Doubt, LinkFact, people
from openfls.clinical.reach import postcode_of
from openfls.clinical.versions import current


@dataclass(frozen=True)
class FoundEpisode:
    """An index fracture episode and whether it counts, with the reasons."""

    episode: Episode
    counts: Decision
    age: int | None
    findings: tuple[Finding, ...]

    @property
    def other_site(self) -> bool:
        return is_other_site(self.episode)


@dataclass(frozen=True)
class FoundPerson:
    """Somebody with at least one episode, by all the records that are hers."""

    records: tuple[PatientRecord, ...]
    birth_date: date | None
    episodes: tuple[FoundEpisode, ...]


@dataclass(frozen=True)
class Population:
    """``doubts`` are pairs of records that may be one person and are kept as two until somebody says so."""

    people: tuple[FoundPerson, ...]
    doubts: tuple[Doubt, ...]


def find(facts: Iterable[Fact], parameters: Parameters = DEFAULTS) -> Population:
    """Everyone with a fracture sighting, whether it counts or not, in the order of the first index date."""
    by_record: dict[str, list[Fact]] = defaultdict(list)
    records: dict[str, PatientRecord] = {}
    for fact in facts:
        by_record[fact.record.key].append(fact)
        records[fact.record.key] = fact.record
    links = [fact for told in by_record.values() for fact in told if isinstance(fact, LinkFact)]
    records.update((fact.other.key, fact.other) for fact in links)
    details = {key: details_of(record, postcode_of(by_record.get(key, ()))) for key, record in records.items()}
    grouped = people(records.values(), links, alike(details))
    found = (_person([records[key] for key in sorted(keys)], by_record, parameters) for keys in grouped.groups)
    with_episodes = sorted((person for person in found if person.episodes), key=_order)
    return Population(tuple(with_episodes), grouped.doubts)


def _person(records: Sequence[PatientRecord], by_record: dict[str, list[Fact]], parameters: Parameters) -> FoundPerson:
    facts = current(fact for record in records for fact in by_record.get(record.key, ()))
    born, births = birth_date(facts), birth_dates(facts)
    sightings = (fact for fact in facts if isinstance(fact, FractureSighting))
    episodes = with_refractures(group(sightings, parameters), births, parameters)
    return FoundPerson(tuple(records), born, tuple(_episodes(episodes, born, births, parameters)))


def _episodes(
    episodes: Iterable[Episode], born: date | None, births: frozenset[date], parameters: Parameters
) -> Iterator[FoundEpisode]:
    for episode in episodes:
        counts = who_counts(episode, births, parameters)
        yield FoundEpisode(episode, counts, age_at(born, episode.index), findings(episode, parameters))


def _order(person: FoundPerson) -> tuple[date, str]:
    return person.episodes[0].episode.index.start, person.records[0].key
