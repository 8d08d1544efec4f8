"""The finders' overlap as it may leave the building: no combination of few, and nothing from which one would follow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from openfls.clinical.facts import Finder
from openfls.measures.backstop import PERSON_LISTS, Backstop
from openfls.measures.charts.overlap import Combination, Overlap, combinations
from openfls.measures.small_numbers import few
from openfls.measures.sums import worked_out

Group = frozenset[str]  # the finders that exactly saw it
Sum = Group | str  # one combination by itself, or a sum by its words
ALL, ALONE, CODED_ALONE = (
    "found by any method",
    "found by one method alone",
    "coded at discharge, but on no list that people keep",
)


@dataclass(frozen=True)
class FindersTold:
    """``sums``: the counts of the report's own table that may be told beside the picture, by their words."""

    overlap: Overlap
    sums: frozenset[Sum]


def finders_told(backstop: Backstop, below: int) -> FindersTold:
    """What may be told of the overlap. Where a small combination would follow from what is told, the smallest of that
    is hidden too, until none does."""
    groups = {one.finders: one for one in combinations(backstop)}
    counts = {finders: one.count for finders, one in groups.items()}
    sums = _sums(backstop, groups)
    told = {name: inside for name, inside in sums.items() if not few(_sum(counts, inside), below)}
    while len(told) > 1 and leaks(counts, told, below):
        del told[_least(counts, told)]
    shown = tuple(one for finders, one in groups.items() if finders in told)
    others = sum(counts.values()) - sum(one.count for one in shown)
    return FindersTold(Overlap(shown, _finders(backstop, shown, told), others), frozenset(told))


def leaks(counts: Mapping[Group, int], told: Mapping[Sum, Collection[Group]], below: int) -> bool:
    """Whether a small combination follows from these sums, or those that are told nowhere are few together."""
    rest = sum(number for group, number in counts.items() if group not in told)
    return few(rest, below) or bool(worked_out(counts, list(told.values()), below))


def _sums(backstop: Backstop, groups: Collection[Group]) -> dict[Sum, Collection[Group]]:
    """All sums that the report could tell: each combination, each finder, and the lines of its table."""
    lists = {finder.value for finder in PERSON_LISTS}
    found: dict[Sum, Collection[Group]] = {group: [group] for group in groups}
    for finder in backstop.by_finder:
        found[finder.value] = [group for group in groups if finder.value in group]
    found[ALL] = list(groups)
    found[ALONE] = [group for group in groups if len(group) == 1]
    found[CODED_ALONE] = [group for group in groups if Finder.CODED_DISCHARGE.value in group and not group & lists]
    return found


def _least(counts: Mapping[Group, int], told: Mapping[Sum, Collection[Group]]) -> Sum:
    """Sums go before combinations: they say less to a reader, and more of what is hidden."""
    free = [name for name in told if name != ALL]
    return min(free, key=lambda name: (not isinstance(name, str), _sum(counts, told[name]), str(name)))


def _sum(counts: Mapping[Group, int], inside: Collection[Group]) -> int:
    return sum(counts[group] for group in inside)


def _finders(
    backstop: Backstop, shown: Collection[Combination], told: Collection[Sum]
) -> dict[str, int | None]:  # fmt: skip
    """The finders of the combinations that are shown, each with its number where that may be told."""
    named = {finder for one in shown for finder in one.finders}
    seen = {finder.value: len(on) for finder, on in backstop.by_finder.items() if finder.value in named}
    return {name: number if name in told else None for name, number in seen.items()}
