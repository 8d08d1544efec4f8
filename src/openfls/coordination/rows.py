"""The rows of one derived person, and a digest of them: what is the same as before is not written again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson

from openfls.clinical.caseload import Caseload, EpisodeCare
from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord, Sex
from openfls.clinical.reach import reach, stays
from openfls.clinical.standards import Verdict
from openfls.coordination.places import Places
from openfls.record.models import EpisodeRow, EpisodeSite, Person, PersonSite, StandingRow, TaskRow


@dataclass(frozen=True, kw_only=True)
class Derived:
    """One person as derived on ``today``: ``key`` is the smallest of the ``records``."""

    key: str
    today: date
    records: frozenset[str]
    facts: Sequence[Fact]
    caseload: Caseload


@dataclass(frozen=True)
class Rows:
    """Everything that stands in the database for one person."""

    person: Person
    sites: list[PersonSite]
    episodes: list[EpisodeRow]
    episode_sites: list[EpisodeSite]
    standings: list[StandingRow]
    tasks: list[TaskRow]

    @cached_property
    def digest(self) -> str:
        """Equal where every row would be written as it stands."""
        lists = ([self.person], self.sites, self.episodes, self.episode_sites, self.standings, self.tasks)
        told = [[list(_values(row)) for row in rows] for rows in lists]
        return sha256(orjson.dumps(told, default=str)).hexdigest()


def rows_of(person: Derived, places: Places) -> Rows:
    """The rows of a derived person, the digest written into the first."""
    cares = person.caseload.episodes
    seen_at = {care.episode.id: places.seen_at(care) for care in cares}
    answering = {care.episode.id: places.answering(care) for care in cares}
    rows = Rows(
        person=_person(person),
        sites=[PersonSite(person_id=person.key, site=s) for s in sorted(frozenset().union(*seen_at.values()))],
        episodes=[_episode(person.key, care, answering[care.episode.id]) for care in cares],
        episode_sites=[EpisodeSite(episode_id=key, site=site) for key, at in seen_at.items() for site in sorted(at)],
        standings=[row for care in cares for row in _standings(care, answering[care.episode.id])],
        tasks=[row for care in cares for row in _tasks(person.key, care, answering[care.episode.id])],
    )
    rows.person.digest = rows.digest
    return rows


def _values(row: Any) -> Iterable[Any]:
    """What a row holds, but for a number not yet given and what others decide (the mark of namesakes, the digest)."""
    held = vars(row)
    left_out = {"_state", "name_clash", "digest"} | ({"id"} if held.get("id") is None else set())
    return (held[name] for name in sorted(held) if name not in left_out)


def _person(person: Derived) -> Person:
    record = _fullest(person.facts)
    reached = reach(person.facts)
    death = person.caseload.death
    return Person(
        key=person.key,
        nhs_number=_most_common(fact.record.nhs_number for fact in person.facts) or None,
        name=record.name if record else "",
        family_name=record.family_name if record else "",
        birth_date=record.birth_date if record else None,
        sex=record.sex if record else "unknown",
        died_on=death.occurred.start if death else None,
        postcode=reached.postcode,
        phone=reached.phone,
        practice=reached.practice,
        care_home=reached.care_home,
        ethnic_group=reached.ethnic_category.group,
        stays=[asdict(stay) for stay in stays(person.facts, person.today)],
        changes_on=person.caseload.changes_on,
    )


def _fullest(facts: Iterable[Fact]) -> PatientRecord | None:
    """The record that says most about the person; of equals a feed's before one entered by hand (which mostly repeats
    an older record), then the one stated last."""
    fact = max(facts, key=lambda fact: (_fullness(fact.record), not fact.by, fact.known, fact.id), default=None)
    return fact.record if fact else None


def _fullness(record: PatientRecord) -> int:
    sexed = record.sex is not Sex.UNKNOWN
    details = (record.nhs_number, record.family_name, record.given_name, record.birth_date, sexed)
    return sum(bool(detail) for detail in details)


def _most_common(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return max(counted, key=lambda value: (counted[value], value), default=None)


def _episode(person: str, care: EpisodeCare, site: str | None) -> EpisodeRow:
    episode = care.episode
    return EpisodeRow(
        id=episode.id,
        person_id=person,
        index_start=episode.index.start,
        index_end=episode.index.end,
        index_precision=episode.index.precision,
        body_sites=[site.value for site in episode.body_sites],
        main_site=episode.main_site,
        side=episode.side,
        age=care.age,
        site=site,
        status=care.status,
        eligible=care.eligible.outcome,
        eligible_because=list(care.eligible.because),
        refracture=episode.refracture,
        setting=care.setting,
        finders=_finders(care),
        sightings=[sighting.id for sighting in episode.sightings],
        other_site=care.other_site,
    )


def _finders(care: EpisodeCare) -> list[dict[str, Any]]:
    return [
        {
            "finder": finding.finder.value,
            "site": finding.site,
            "source": finding.sighting.source.system,
            "known": finding.sighting.known.isoformat(),
            "days_after": finding.days_after,
            "late": finding.late,
            "suspected": finding.suspected,
            "fact": finding.sighting.id,
        }
        for finding in care.findings
    ]


def _standings(care: EpisodeCare, site: str | None) -> Iterable[StandingRow]:
    """The verdicts on what is asked of the episode; what isn't asked leaves no row."""
    for standing in care.standings:
        if standing.verdict is not Verdict.NOT_ASKED:
            yield StandingRow(
                episode_id=care.episode.id,
                site=site,
                standard=standing.standard,
                step=standing.step,
                verdict=standing.verdict,
                due=standing.due,
                met_on=standing.met_on,
                met_by=standing.met_by,
                because=list(standing.because),
            )


def _tasks(person: str, care: EpisodeCare, site: str | None) -> Iterable[TaskRow]:
    for task in care.tasks:
        yield TaskRow(
            episode_id=care.episode.id,
            person_id=person,
            step=task.step,
            state=task.state,
            due=task.due,
            owner_role=task.owner_role,
            owner=task.owner,
            site=site,
            because=list(task.because),
            standard=task.standard,
            rank=care.rank,
        )
