"""Who resembles whom: the blocks of records in the database, and the pairs near these records to ask about.

Only pairs that reach the threshold are followed, and only one step: whoever is doubted is not derived again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Count

from openfls.clinical.candidates import CROWDED_FROM, Alike, block_number, blocks, compared
from openfls.clinical.likeness import weigh
from openfls.clinical.likeness_levels import Details, details_of, spelled
from openfls.clinical.people import Doubt
from openfls.coordination.reading import Neighbourhood, in_chunks
from openfls.record.bulk import change, insert
from openfls.record.models import CrowdedBlock, RecordBlock, RecordRow


@dataclass(frozen=True)
class _Change:
    """The blocks that a record comes into and leaves, in words."""

    record: str
    into: frozenset[str]
    out_of: frozenset[str] = frozenset()


def keep_blocks(before: Mapping[str, str | None], details: Mapping[str, Details], *, anew: bool = False) -> set[str]:
    """Write the blocks of these records where they changed, or all ``anew``; ``before``: the postcode by which each was
    compared.

    Gives the members of blocks that have become crowded by it, or cease to be: all their doubts must be looked at anew.
    """
    everything = (_Change(key, frozenset(blocks(one))) for key, one in details.items())
    changes = list(everything if anew else _changes(before, details))
    moved = {one.record for one in changes if anew or one.out_of}
    for keys in in_chunks(moved):
        RecordBlock.objects.filter(record__in=keys).delete()
    rows = (
        RecordBlock(record_id=one.record, block=block_number(words))
        for one in changes
        for words in sorted(blocks(details[one.record]) if one.record in moved else one.into)
    )
    insert(RecordBlock, rows)
    change(RecordRow, "postcode", {one.record: details[one.record].postcode for one in changes})
    into = {words for one in changes for words in one.into}
    return _newly_crowded(into) | _no_longer_crowded(block_number(words) for one in changes for words in one.out_of)


def drop_blocks(keys: Collection[str]) -> set[str]:
    """Records that are set aside are compared with nobody. Gives the members of blocks that cease to be crowded."""
    left: set[int] = set()
    for some in in_chunks(keys):
        kept = RecordBlock.objects.filter(record__in=some)
        left.update(kept.values_list("block", flat=True))
        kept.delete()
        RecordRow.every.filter(key__in=some).update(postcode=None)
    return _no_longer_crowded(left)


def settle_crowds() -> set[str]:
    """The members of blocks that are marked as crowded and aren't: after a rebuild by other rules."""
    return _no_longer_crowded(CrowdedBlock.objects.values_list("block", flat=True))


def _changes(before: Mapping[str, str | None], details: Mapping[str, Details]) -> Iterator[_Change]:
    for key, now in details.items():
        if before[key] != now.postcode:
            new = frozenset(blocks(now))
            old = frozenset() if before[key] is None else frozenset(blocks(replace(now, postcode=before[key] or "")))
            yield _Change(key, new - old, old - new)


def _newly_crowded(words: Iterable[str]) -> set[str]:
    numbers = {block_number(one): one for one in words}
    known = _crowded(numbers)
    sizes = _sizes(numbers.keys() - known)
    over = [number for number, size in sizes.items() if size >= CROWDED_FROM]
    insert(CrowdedBlock, (CrowdedBlock(block=number, words=numbers[number]) for number in over))
    return _members(over)


def _no_longer_crowded(numbers: Iterable[int]) -> set[str]:
    known = _crowded(set(numbers))
    sizes = _sizes(known)
    under = [number for number in known if sizes.get(number, 0) < CROWDED_FROM]
    for some in in_chunks(under):
        CrowdedBlock.objects.filter(block__in=some).delete()
    return _members(under)


def _crowded(numbers: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for chunk in in_chunks(numbers):
        found.update(CrowdedBlock.objects.filter(block__in=chunk).values_list("block", flat=True))
    return found


def _sizes(numbers: Iterable[int]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for chunk in in_chunks(numbers):
        counted = RecordBlock.objects.filter(block__in=chunk).values("block").annotate(size=Count("pk"))
        sizes.update(counted.order_by().values_list("block", "size"))
    return sizes


def _members(numbers: Iterable[int]) -> set[str]:
    found: set[str] = set()
    for chunk in in_chunks(numbers):
        found.update(RecordBlock.objects.filter(block__in=chunk).values_list("record", flat=True))
    return found


def alike_to(details: Mapping[str, Details]) -> list[Alike]:
    """The pairs worth asking about of which at least one record is among these. Their blocks must be kept already."""
    pairs = _candidates(details)
    others = {key for pair in pairs for key in pair} - details.keys()
    return list(compared(sorted(pairs), {**_details(others), **details}, settings.LIKENESS))


def weighed(doubts: Iterable[Doubt], details: Mapping[str, Details]) -> list[Doubt]:
    """The doubts with how alike their records are, whatever the reason to ask."""
    found = {one: weigh(details[one.left], details[one.right], settings.LIKENESS) for one in doubts}
    return [replace(one, probability=likeness.probability) for one, likeness in found.items()]


def _candidates(details: Mapping[str, Details]) -> set[tuple[str, str]]:
    ours: dict[int, list[str]] = defaultdict(list)
    for key, one in details.items():
        for words in blocks(one):
            ours[block_number(words)].append(key)
    pairs: set[tuple[str, str]] = set()
    for chunk in in_chunks(ours.keys() - _crowded(ours)):
        for number, other in RecordBlock.objects.filter(block__in=chunk).values_list("block", "record"):
            pairs.update((min(key, other), max(key, other)) for key in ours[number] if key != other)
    return pairs


def _details(keys: Iterable[str]) -> dict[str, Details]:
    columns = ("key", "matching_family", "matching_given", "birth_date", "sex", "postcode")
    found: dict[str, Details] = {}
    for chunk in in_chunks(keys):
        for key, family, given, *rest in RecordRow.objects.filter(key__in=chunk).values_list(*columns):
            found[key] = spelled(family, given, *rest)
    return found


def kept_details(beside: Neighbourhood) -> dict[str, Details]:
    """What these records are compared by, as it was kept."""
    return {key: details_of(record, beside.postcodes[key] or "") for key, record in beside.records.items()}
