"""Held against the truth: of the pairs that are one person, how many were found; of those found, how many are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from openfls.linkage.linking import Linked, Pair
from openfls.linkage.rows import Row
from openfls.linkage.settings import LinkType

Two = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Error:
    """At one threshold: pairs found that are one person, found that are not, and missed."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def error(pairs: Iterable[Pair], true: set[Two], threshold: float) -> Error:
    found = {(pair.left, pair.right) for pair in pairs if pair.probability >= threshold}
    return Error(threshold, len(found & true), len(found - true), len(true - found))


def cluster_error(linked: Linked, true: set[Two], threshold: float, link_type: LinkType, rows: Iterable[Row]) -> Error:
    """The same of all pairs inside a cluster; ``threshold`` is the one that the clusters were made at."""
    source = {row.id: row.source for row in rows}
    within = {pair for cluster in linked.clusters for pair in combinations(cluster, 2)}
    if link_type == "link_only":
        within = {(a, b) for a, b in within if source[a] != source[b]}
    return Error(threshold, len(within & true), len(within - true), len(true - within))


def true_pairs(rows: Iterable[Row], link_type: LinkType = "dedupe_only") -> set[Two]:
    """Each two rows of one person, the smaller id first; across files only where that is asked for."""
    known: Mapping[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.truth:
            known[row.truth].append(row)
    return {
        (a.id, b.id)
        for group in known.values()
        for a, b in combinations(sorted(group, key=lambda row: row.id), 2)
        if link_type != "link_only" or a.source != b.source
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
