"""Whole files against files: pairs that may be one person, by number and by likeness, and what hangs together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from openfls.clinical.likeness import Band, Likeness, band, in_words, probability_of
from openfls.clinical.likeness_levels import COMPARE, LEVELS
from openfls.clinical.people import people
from openfls.linkage.model import ALSO_LEVELS, Model
from openfls.linkage.rows import Row, Table, table_of
from openfls.linkage.settings import LinkType
from openfls.linkage.training import linker_of

CLUSTER_AT = 0.6  # where the clusters of data with known truth were best (docs/reference/linkage.md)
BY_NUMBER, BY_LIKENESS = "NHS number", "likeness"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows. ``by``: what speaks for it; a number that agrees is certain (probability 1) unless it is doubted."""

    left: str
    right: str
    probability: float
    band: Band
    because: str
    by: str


@dataclass(frozen=True)
class Linked:
    """``pairs`` reach the lower threshold. ``clusters``: rows that hang together over pairs at or above the
    threshold for clusters, each of two or more. ``crowded``: blocks too large to compare, with their size."""

    pairs: tuple[Pair, ...]
    clusters: tuple[tuple[str, ...], ...]
    crowded: Mapping[str, int]


def link(
    rows: Sequence[Row],
    model: Model,
    *,
    link_type: LinkType = "dedupe_only",
    also: Sequence[str] = (),
    cluster_at: float = CLUSTER_AT,
) -> Linked:
    """Link these rows, within one file or across several. The same NHS number links by the rules of
    `clinical.people`; different ones part, however alike."""
    numbered = {(pair.left, pair.right): pair for pair in _by_number(rows, link_type)}
    table = table_of(rows)
    alike = {(pair.left, pair.right): pair for pair in _by_likeness(table, rows, model, link_type, also)}
    pairs = tuple(sorted({**alike, **numbered}.values(), key=lambda pair: (-pair.probability, pair.left, pair.right)))
    joined = [(pair.left, pair.right) for pair in pairs if pair.probability >= cluster_at]
    return Linked(pairs, tuple(clusters(joined)), table.crowded)


def _by_number(rows: Sequence[Row], link_type: LinkType) -> Iterator[Pair]:
    """Rows whose NHS numbers make them one person; those with a contradiction are left to likeness and a person."""
    numbered = [row for row in rows if row.record.nhs_number]
    found = people(row.record for row in numbered)
    group_of = {key: place for place, group in enumerate(found.groups) for key in group}
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in numbered:
        groups[group_of[row.record.key]].append(row)
    for group in groups.values():
        for a, b in combinations(sorted(group, key=lambda row: row.id), 2):
            if link_type != "link_only" or a.source != b.source:
                yield Pair(a.id, b.id, 1.0, Band.VERY_LIKELY, "the same NHS number", BY_NUMBER)


def _by_likeness(
    table: Table, rows: Sequence[Row], model: Model, link_type: LinkType, also: Sequence[str]
) -> Iterator[Pair]:
    by_id = {row.id: row for row in rows}
    linker = linker_of(table, model, link_type, tuple(LEVELS), also)
    found: Any = linker.inference.predict(threshold_match_probability=model.weights.lower)
    found = found.as_pyarrow_table()
    further = [found.column(f"gamma_also_{number}").to_pylist() for number in range(len(also))]
    columns = (found.column(name).to_pylist() for name in ("id_l", "id_r", "match_weight"))
    for place, (one, other, weight) in enumerate(zip(*columns, strict=True)):
        a, b = sorted((by_id[one], by_id[other]), key=lambda row: row.id)
        if not _told_apart(a, b):
            told = [_also_said(name, further[n][place]) for n, name in enumerate(also)]
            yield _alike(a, b, weight, model, filter(None, told))


def _alike(a: Row, b: Row, weight: float, model: Model, further: Iterable[str]) -> Pair:
    likeness = Likeness({what: compare(a.details, b.details) for what, compare in COMPARE.items()}, weight)
    because = "; ".join([in_words(likeness, model.weights), *further])
    return Pair(a.id, b.id, probability_of(weight), band(likeness, model.weights), because, BY_LIKENESS)


def _told_apart(a: Row, b: Row) -> bool:
    numbers = a.record.nhs_number, b.record.nhs_number
    return all(numbers) and numbers[0] != numbers[1]


def _also_said(name: str, gamma: int) -> str:
    """Splink counts levels from the worst, 0, upwards; -1 is not given."""
    return f"{name} {ALSO_LEVELS[len(ALSO_LEVELS) - 1 - gamma]}" if gamma >= 0 else ""


def clusters(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """What hangs together over these pairs, each sorted, in the order of their first."""
    group_of: dict[str, set[str]] = {}
    for a, b in pairs:
        one, other = sorted((group_of.setdefault(a, {a}), group_of.setdefault(b, {b})), key=len)
        if one is not other:
            other |= one
            group_of.update(dict.fromkeys(one, other))
    distinct = {id(group): group for group in group_of.values()}
    yield from sorted(tuple(sorted(group)) for group in distinct.values())
