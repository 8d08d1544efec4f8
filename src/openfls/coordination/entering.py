"""The one door: a hospital's feed and a nurse's form append facts here, and nowhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import LinkFact
from openfls.coordination.deriving import derive_around
from openfls.coordination.reading import in_chunks
from openfls.coordination.setting_aside import set_aside
from openfls.record import trail
from openfls.record.bulk import insert
from openfls.record.locks import one_writer
from openfls.record.models import FactRow, RecordLink, RecordNumber, RecordRow


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a batch. ``people``: the keys of those whose episodes and tasks were derived again."""

    new: int
    known_already: int
    people: frozenset[str]


def enter(facts: Iterable[Fact], *, by: str, today: date | None = None, purpose: str = "") -> Entered:
    """Append what is new, write the audit entry and derive the touched people again, all in one transaction.

    ``by`` is the user, or the feed's name. A batch may span many people; the same facts again change nothing.
    Raises `record.storable.NotStorable` before anything is written where a fact can't be held.
    """
    batch = {fact.id: fact for fact in facts}
    rows = {fact_id: FactRow.of(fact) for fact_id, fact in batch.items()}
    with transaction.atomic():
        one_writer()
        known = _on_record(batch)
        new = [fact for fact_id, fact in batch.items() if fact_id not in known]
        if not new:
            return Entered(0, len(batch), frozenset())
        _append(new, [rows[fact.id] for fact in new])
        settled = set_aside(new)
        keys = {fact.record.key for fact in new} | _others(new) | settled.again
        people = derive_around(keys, today or timezone.localdate())
        _leave_trail(new, by, people | settled.gone, purpose)
    return Entered(len(new), len(batch) - len(new), people)


def _on_record(batch: dict[str, Fact]) -> set[str]:
    known: set[str] = set()
    for ids in in_chunks(batch):
        known.update(FactRow.objects.filter(fact_id__in=ids).values_list("fact_id", flat=True))
    return known


def _append(facts: Sequence[Fact], rows: Sequence[FactRow]) -> None:
    """Records before the facts that lean on them; a record that many facts share is one row."""
    records: dict[str, PatientRecord] = {fact.record.key: fact.record for fact in facts}
    records.update((fact.other.key, fact.other) for fact in facts if isinstance(fact, LinkFact))
    insert(RecordRow, (RecordRow.of(record) for record in records.values()), skip_known=True)
    insert(RecordNumber, (n for record in records.values() for n in RecordNumber.of(record)), skip_known=True)
    insert(FactRow, rows)
    _append_links([fact for fact in facts if isinstance(fact, LinkFact)])


def _append_links(links: Sequence[LinkFact]) -> None:
    number_of = dict(FactRow.objects.filter(fact_id__in=[fact.id for fact in links]).values_list("fact_id", "number"))
    insert(
        RecordLink,
        (RecordLink(fact_id=number_of[fact.id], left_id=fact.record.key, right_id=fact.other.key) for fact in links),
    )


def _others(facts: Iterable[Fact]) -> set[str]:
    return {fact.other.key for fact in facts if isinstance(fact, LinkFact)}


def _leave_trail(facts: Sequence[Fact], by: str, people: frozenset[str], purpose: str) -> None:
    """Last before the commit: where the trail can't be written, nothing is."""
    kinds: dict[str, int] = {}
    for fact in facts:
        kinds[fact.kind] = kinds.get(fact.kind, 0) + 1
    trail.write(user=by, action="enter", patients=sorted(people), purpose=purpose, detail={"facts": kinds})
