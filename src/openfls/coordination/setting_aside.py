"""Setting aside: a record of which nothing counts any more, since an upload was undone, is nobody's record.

It must join nobody, raise no doubt and be on no list. It comes back as soon as something about it counts again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from openfls.clinical.facts import Fact, UploadUndone
from openfls.clinical.people import LinkFact
from openfls.clinical.undoing import counting
from openfls.coordination.reading import facts_by_record, in_chunks
from openfls.coordination.resembling import drop_blocks
from openfls.coordination.saving import forget
from openfls.record.locks import one_writer
from openfls.record.models import DoubtRow, FactRow, RecordLink, RecordRow


@dataclass(frozen=True, slots=True)
class Settled:
    """What setting aside has done. ``again``: the records to derive again; ``gone``: people of whom none is left."""

    again: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def set_aside(new: Sequence[Fact]) -> Settled:
    """Set aside, or take back into use, the records whose standing these facts change. Run inside the door's
    transaction, with the facts written."""
    touched = {fact.record.key for fact in new if isinstance(fact, UploadUndone)}
    touched |= _aside_already(_named(new))
    return _settle(touched) if touched else Settled()


def set_aside_all() -> None:
    """Decide it again from the facts alone, for every record that it may concern."""
    undone = FactRow.objects.filter(kind=UploadUndone.kind).order_by().values_list("record", flat=True).distinct()
    aside = RecordRow.every.filter(set_aside=True).values_list("key", flat=True)
    for keys in in_chunks(sorted({*undone, *aside})):
        with transaction.atomic():
            one_writer()
            _settle(set(keys))


def _aside_already(keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for chunk in in_chunks(keys):
        found.update(RecordRow.every.filter(key__in=chunk, set_aside=True).values_list("key", flat=True))
    return found


def _named(facts: Sequence[Fact]) -> set[str]:
    others = {fact.other.key for fact in facts if isinstance(fact, LinkFact)}
    return others | {fact.record.key for fact in facts}


def _settle(touched: set[str]) -> Settled:
    person_of = _people_of(touched)
    members = _members(person_of)
    facts = facts_by_record(members.keys() | touched)
    live = _live(person_of | members, facts)
    live |= _linked(touched - live, facts)
    for keys in in_chunks(touched - live):
        RecordRow.every.filter(key__in=keys).update(set_aside=True, person=None)
        DoubtRow.objects.filter(Q(left__in=keys) | Q(right__in=keys)).delete()
    for keys in in_chunks(touched & live):
        RecordRow.every.filter(key__in=keys, set_aside=True).update(set_aside=False)
    gone = _left_empty({person for person in person_of.values() if person})
    forget(gone)
    again = members.keys() | touched | drop_blocks(touched - live)
    return Settled(frozenset(again - (touched - live)), frozenset(gone))


def _live(person_of: Mapping[str, str | None], facts: Mapping[str, list[Fact]]) -> set[str]:
    """The records of which something counts; whether it does may hang on what was done on another record of hers."""
    people: dict[str, list[Fact]] = defaultdict(list)
    for record, person in person_of.items():
        people[person or record].extend(facts.get(record, ()))
    return {fact.record.key for own in people.values() for fact in counting(own)}


def _linked(keys: Collection[str], facts: Mapping[str, list[Fact]]) -> set[str]:
    """Those that a link names which is not undone with them: an answer about a record needs the record."""
    linked: set[str] = set()
    for chunk in in_chunks(keys):
        links = RecordLink.objects.filter(Q(left__in=chunk) | Q(right__in=chunk))
        for left, right, message in links.values_list("left", "right", "fact__source_message"):
            ends = {left, right} & set(chunk)
            linked |= {key for key in ends if message not in _messages_undone(facts.get(key, ()))}
    return linked


def _messages_undone(facts: Iterable[Fact]) -> set[str]:
    return {fact.message for fact in facts if isinstance(fact, UploadUndone)}


def _people_of(keys: Collection[str]) -> dict[str, str | None]:
    """The person of each record; None for one that is set aside, or new."""
    found: dict[str, str | None] = {}
    for chunk in in_chunks(keys):
        found.update(RecordRow.every.filter(key__in=chunk).values_list("key", "person"))
    return found


def _members(person_of: Mapping[str, str | None]) -> dict[str, str | None]:
    """Every record of these people."""
    found: dict[str, str | None] = {}
    for chunk in in_chunks({person for person in person_of.values() if person}):
        found.update(RecordRow.objects.filter(person__in=chunk).values_list("key", "person"))
    return found


def _left_empty(people: set[str]) -> set[str]:
    left = set(people)
    for chunk in in_chunks(people):
        left.difference_update(RecordRow.objects.filter(person__in=chunk).values_list("person", flat=True))
    return left
