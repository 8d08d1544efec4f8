"""Saving what was derived: rows are written over, those that no longer follow are removed."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openfls.clinical.caseload import Caseload, EpisodeCare
from openfls.clinical.facts import Admission, Answer, Demographics, Discharge, Fact, Transfer
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import Doubt
from openfls.clinical.standards import Verdict
from openfls.clinical.versions import current
from openfls.coordination.reading import in_chunks
from openfls.record.models import (
    DoubtRow,
    EpisodeRow,
    EpisodeSite,
    Person,
    PersonSite,
    RecordRow,
    StandingRow,
    TaskRow,
)


@dataclass(frozen=True, kw_only=True)
class Derived:
    """One person as derived: ``key`` is the smallest of the ``records``."""

    key: str
    records: frozenset[str]
    facts: Sequence[Fact]
    caseload: Caseload


def save(derived: Sequence[Derived], doubts: Iterable[Doubt], before: Collection[str]) -> None:
    """Put the rows of these people in place of those there were. Run inside the door's transaction."""
    cares = [(person.key, care) for person in derived for care in person.caseload.episodes]
    names = _names(before)
    _write_over(Person, [_person(person) for person in derived], "key")
    _point_records(derived)
    _clear({person.key for person in derived} | set(before), {care.episode.id for _, care in cares})
    _write_over(EpisodeRow, [_episode(key, care) for key, care in cares], "id")
    PersonSite.objects.bulk_create(
        PersonSite(person_id=person.key, site=site) for person in derived for site in sorted(_sites(person))
    )
    EpisodeSite.objects.bulk_create(
        EpisodeSite(episode_id=care.episode.id, site=site) for _, care in cares for site in sorted(care.sites)
    )
    StandingRow.objects.bulk_create(row for _, care in cares for row in _standings(care))
    TaskRow.objects.bulk_create(row for key, care in cares for row in _tasks(key, care))
    _remove_people(set(before) - {person.key for person in derived})
    _save_doubts(derived, doubts)
    _mark_name_clashes(names | _names(person.key for person in derived))


def _write_over(model: Any, rows: Sequence[Any], key: str) -> None:
    """Insert, or update where the key is there already."""
    others = [f.attname for f in model._meta.concrete_fields if f.attname != key]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=others)


def _point_records(derived: Iterable[Derived]) -> None:
    """Each record at the person it now belongs to; only those that moved are written."""
    person_of = {record: person.key for person in derived for record in person.records}
    moved: list[RecordRow] = []
    for keys in in_chunks(person_of):
        for row in RecordRow.objects.filter(key__in=keys).only("key", "person"):
            if row.person_id != person_of[row.key]:
                row.person_id = person_of[row.key]
                moved.append(row)
    RecordRow.objects.bulk_update(moved, ["person"], batch_size=400)


def _clear(people: Collection[str], kept_episodes: Collection[str]) -> None:
    """Remove what hangs on these people's episodes, and the episodes that no longer follow."""
    for keys in in_chunks(people):
        StandingRow.objects.filter(episode__person__in=keys).delete()
        TaskRow.objects.filter(episode__person__in=keys).delete()
        EpisodeSite.objects.filter(episode__person__in=keys).delete()
        PersonSite.objects.filter(person__in=keys).delete()
        there = EpisodeRow.objects.filter(person__in=keys).values_list("id", flat=True)
        gone = set(there) - set(kept_episodes)
        EpisodeRow.objects.filter(id__in=gone).delete()


def _remove_people(keys: Collection[str]) -> None:
    for chunk in in_chunks(keys):
        Person.objects.filter(key__in=chunk).delete()


def _save_doubts(derived: Sequence[Derived], doubts: Iterable[Doubt]) -> None:
    person_of = {record: person.key for person in derived for record in person.records}
    for keys in in_chunks(person_of):
        DoubtRow.objects.filter(left__in=keys).delete()
        DoubtRow.objects.filter(right__in=keys).delete()
    DoubtRow.objects.bulk_create(
        DoubtRow(
            left_id=doubt.left,
            right_id=doubt.right,
            person_left_id=person_of[doubt.left],
            person_right_id=person_of[doubt.right],
            because=doubt.because,
        )
        for doubt in doubts
    )


def _names(keys: Iterable[str]) -> set[str]:
    """The names of these people as lists show them."""
    names: set[str] = set()
    for chunk in in_chunks(keys):
        names.update(Person.objects.filter(key__in=chunk).exclude(name="").values_list("name", flat=True))
    return names


def _mark_name_clashes(names: Iterable[str]) -> None:
    """Two people of one name are told apart only by looking twice: lists and pages warn. Run with all rows written."""
    for chunk in in_chunks(names):
        people = Person.objects.filter(name__in=chunk)
        shared = Counter(people.values_list("name", flat=True))
        clashing = [name for name, bearers in shared.items() if bearers > 1]
        people.filter(name__in=clashing, name_clash=False).update(name_clash=True)
        people.filter(name_clash=True).exclude(name__in=clashing).update(name_clash=False)


def _person(person: Derived) -> Person:
    record = _fullest(person.facts)
    reach = _reach(person.facts)
    death = person.caseload.death
    return Person(
        key=person.key,
        nhs_number=_most_common(fact.record.nhs_number for fact in person.facts) or None,
        name=record.name if record else "",
        family_name=record.family_name if record else "",
        birth_date=record.birth_date if record else None,
        sex=record.sex if record else "unknown",
        died_on=death.occurred.start if death else None,
        postcode=reach.get("postcode", ""),
        phone=reach.get("phone", ""),
        practice=reach.get("practice", ""),
        care_home=reach.get("care_home", Answer.UNKNOWN),
        ward=_ward(person.facts),
    )


def _fullest(facts: Iterable[Fact]) -> PatientRecord | None:
    """The record that says most about the person; of equals the one stated last."""
    fact = max(facts, key=lambda fact: (_fullness(fact.record), fact.known, fact.id), default=None)
    return fact.record if fact else None


def _fullness(record: PatientRecord) -> int:
    details = (record.nhs_number, record.family_name, record.given_name, record.birth_date)
    return sum(bool(detail) for detail in details)


def _most_common(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return max(counted, key=lambda value: (counted[value], value), default=None)


def _reach(facts: Iterable[Fact]) -> dict[str, str]:
    """The newest of each detail that any source gives."""
    told = [fact for fact in current(facts) if isinstance(fact, Demographics) and not fact.retracted]
    reach: dict[str, str] = {}
    for fact in sorted(told, key=lambda fact: (fact.version or fact.known, fact.id)):
        details = {name: getattr(fact, name) for name in ("postcode", "phone", "practice", "care_home")}
        reach.update({name: value for name, value in details.items() if value and value != Answer.UNKNOWN})
    return reach


def _ward(facts: Iterable[Fact]) -> str:
    """The ward of a stay that no discharge has ended, by the times on the messages; empty when not in hospital."""
    stays = [f for f in current(facts) if isinstance(f, Admission | Transfer | Discharge) and not f.retracted]
    latest = _latest_stay(stays)
    return "" if latest is None or isinstance(latest, Discharge) else latest.ward


def _latest_stay(stays: Sequence[Admission | Transfer | Discharge]) -> Admission | Transfer | Discharge | None:
    def moment(fact: Fact) -> tuple[Any, ...]:
        clock = fact.occurred.at.isoformat() if fact.occurred.at else fact.occurred.start.isoformat()
        return clock, isinstance(fact, Discharge), fact.id

    return max(stays, key=moment, default=None)


def _sites(person: Derived) -> set[str]:
    return {site for care in person.caseload.episodes for site in care.sites}


def _episode(person: str, care: EpisodeCare) -> EpisodeRow:
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
        site=care.site,
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
            "fact": finding.sighting.id,
        }
        for finding in care.findings
    ]


def _standings(care: EpisodeCare) -> Iterable[StandingRow]:
    """The verdicts on what is asked of the episode; what isn't asked leaves no row."""
    for standing in care.standings:
        if standing.verdict is not Verdict.NOT_ASKED:
            yield StandingRow(
                episode_id=care.episode.id,
                site=care.site,
                standard=standing.standard,
                step=standing.step,
                verdict=standing.verdict,
                due=standing.due,
                met_on=standing.met_on,
                met_by=standing.met_by,
                because=list(standing.because),
            )


def _tasks(person: str, care: EpisodeCare) -> Iterable[TaskRow]:
    for task in care.tasks:
        yield TaskRow(
            episode_id=care.episode.id,
            person_id=person,
            step=task.step,
            state=task.state,
            due=task.due,
            owner_role=task.owner_role,
            owner=task.owner,
            site=task.site,
            because=list(task.because),
            standard=task.standard,
            rank=care.rank,
        )
