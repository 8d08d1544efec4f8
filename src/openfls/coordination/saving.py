"""Saving what was derived: rows are written over, those that no longer follow are removed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from openfls.clinical.people import Doubt
from openfls.coordination.places import Places
from openfls.coordination.reading import in_chunks
from openfls.coordination.rows import Derived, Rows, rows_of
from openfls.record.bulk import change, insert, write_over
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


def save(
    derived: Sequence[Derived],
    doubts: Iterable[Doubt],
    before: Mapping[str, str | None],
    beside: Mapping[str, str | None],
    *,
    anew: bool = False,
) -> None:
    """Put the rows of these people in place of those there were. Run inside the door's transaction.

    ``before`` names the person to whom each record belonged, ``beside`` that of each further record that a doubt may
    name. A feed says most things many times: people whose rows would stay as they are are left alone, unless ``anew``.
    """
    places = Places.known()
    people = [rows_of(person, places) for person in derived]
    changed = people if anew else _changed(people)
    people_before = {person for person in before.values() if person}
    vanished = people_before - {person.key for person in derived}
    names = _names(people_before)
    write_over(Person, [rows.person for rows in changed], "key")
    _point_records(derived, before)
    episodes = [row for rows in changed for row in rows.episodes]
    _clear({rows.person.key for rows in changed} | vanished, {row.id for row in episodes})
    write_over(EpisodeRow, episodes, "id")
    insert(PersonSite, (row for rows in changed for row in rows.sites))
    insert(EpisodeSite, (row for rows in changed for row in rows.episode_sites))
    insert(StandingRow, (row for rows in changed for row in rows.standings))
    insert(TaskRow, (row for rows in changed for row in rows.tasks))
    _remove_people(vanished)
    _save_doubts(derived, doubts, beside)
    _mark_name_clashes(names | _names(rows.person.key for rows in changed))


def _changed(people: Sequence[Rows]) -> list[Rows]:
    there: dict[str, str] = {}
    for keys in in_chunks(rows.person.key for rows in people):
        there.update(Person.objects.filter(key__in=keys).values_list("key", "digest"))
    return [rows for rows in people if there.get(rows.person.key) != rows.digest]


def _point_records(derived: Iterable[Derived], before: Mapping[str, str | None]) -> None:
    """Each record at the person it now belongs to; only those that moved are written."""
    person_of = {record: person.key for person in derived for record in person.records}
    moved = {record: person for record, person in person_of.items() if before.get(record) != person}
    change(RecordRow, "person", moved)


def _clear(people: Collection[str], kept_episodes: Collection[str]) -> None:
    """Remove what hangs on these people's episodes and on those kept, and the episodes that no longer follow.

    By the episodes' own ids: deleting through a join, PostgreSQL reads whole tables before it has statistics of them.
    """
    there: set[str] = set()
    for keys in in_chunks(people):
        PersonSite.objects.filter(person__in=keys).delete()
        there.update(EpisodeRow.objects.filter(person__in=keys).values_list("id", flat=True))
    for ids in in_chunks(there.union(kept_episodes)):
        for hanging in (StandingRow, TaskRow, EpisodeSite):
            hanging.objects.filter(episode__in=ids).delete()
    for ids in in_chunks(there.difference(kept_episodes)):
        EpisodeRow.objects.filter(id__in=ids).delete()


def forget(people: Collection[str]) -> None:
    """Remove people to whom no record leads any more, with all that hangs on them."""
    names = _names(people)
    _remove_people(people)
    _mark_name_clashes(names)


def _remove_people(keys: Collection[str]) -> None:
    for chunk in in_chunks(keys):
        Person.objects.filter(key__in=chunk).delete()


def _save_doubts(derived: Sequence[Derived], doubts: Iterable[Doubt], beside: Mapping[str, str | None]) -> None:
    """The doubts that touch a derived person. Another whose person isn't derived yet (in a rebuild) brings his own."""
    ours = {record: person.key for person in derived for record in person.records}
    for keys in in_chunks(ours):
        DoubtRow.objects.filter(left__in=keys).delete()
        DoubtRow.objects.filter(right__in=keys).delete()
    person_of = {**beside, **ours}
    touching = (doubt for doubt in doubts if doubt.left in ours or doubt.right in ours)
    rows = (_doubt(doubt, person_of) for doubt in touching)
    insert(DoubtRow, (row for row in rows if row.person_left_id and row.person_right_id))


def _doubt(doubt: Doubt, person_of: Mapping[str, str | None]) -> DoubtRow:
    return DoubtRow(
        left_id=doubt.left,
        right_id=doubt.right,
        person_left_id=person_of[doubt.left],
        person_right_id=person_of[doubt.right],
        because=doubt.because,
        probability=doubt.probability or 0.0,
        undecided_by=doubt.undecided.by if doubt.undecided else "",
        undecided_on=doubt.undecided.occurred.start if doubt.undecided else None,
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
