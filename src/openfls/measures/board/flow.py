"""The pathway as it may leave the building: what is small at a step is put together until no small number follows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from openfls.measures.counting import Measure
from openfls.measures.pathway import CELLS, Cells, Flow
from openfls.measures.small_numbers import both_told, few, open_told
from openfls.measures.sums import few_together, worked_out

NOT_MET = ("met_late", "missed")


def flow_told(made: Flow, measures: Mapping[str, Measure], below: int) -> Flow | None:
    """The flow with its small bars put together; None where that leaves nothing. ``measures``: what the report tells
    of each step's standard, beside which no small bar may follow either."""
    if few(made.entered, below) or any(_strays(made, at, measures, below) for at in range(len(made.steps))):
        return None
    pools = [_pool(made, at, below) for at in range(len(made.steps))]
    if any(pool is None for pool in pools):
        return None
    together = replace(made, counts=(), moves=(), pooled=tuple(pool or frozenset() for pool in pools))
    counts = tuple(_counts(together, at, counts) for at, counts in enumerate(made.counts))
    moves = tuple(_moves(together, at, moves, below) for at, moves in enumerate(made.moves))
    return replace(together, counts=counts, moves=moves)


def _strays(made: Flow, at: int, measures: Mapping[str, Measure], below: int) -> bool:
    """Whether few are asked by the step's standard without being on the pathway: two counts would give them away."""
    measure, counts = measures[made.steps[at]], made.counts[at]
    here = {cell: getattr(measure, cell) - counts[cell] for cell in CELLS if hasattr(measure, cell)}
    return any(few(abs(number), below) for number in (*here.values(), sum(here.values())))


def _pool(made: Flow, at: int, below: int) -> Cells | None:
    """The fewest bars of the step, all small ones among them, that are many enough and hide each other."""
    counts = made.counts[at]
    small = {cell for cell in CELLS if few(counts[cell], below)}
    if not small:
        return frozenset()
    return next((pool for pool in _pools(counts, small) if _hides(counts, pool, below)), None)


def _pools(counts: "Counter[str]", small: set[str]) -> Iterator[Cells]:
    others = [cell for cell in CELLS if cell not in small]  # one of nobody too: its being empty may tell of the rest
    more = [set(some) for size in range(len(others) + 1) for some in combinations(others, size)]
    sizes = sorted(more, key=lambda some: (len(some), sum(counts[cell] for cell in some)))
    return (frozenset(small | some) for some in sizes)


def _hides(counts: "Counter[str]", pool: Cells, below: int) -> bool:
    if len(pool) < 2 or sum(counts[cell] for cell in pool) < below:
        return False
    bars, every = [{cell} for cell in CELLS if cell not in pool], {cell: counts[cell] for cell in CELLS}
    told = [*bars, pool, *_told_elsewhere(counts, below)]
    return not few_together(every, told, below) and not worked_out(every, told, below, zeros_told=False)


def _told_elsewhere(counts: "Counter[str]", below: int) -> Iterator[set[str]]:
    """What the report's other tables say of the step: the share, who is unknown, whose task is open."""
    judged = sum(counts[cell] for cell in ("met", *NOT_MET))
    if both_told(counts["met"], judged, below):
        yield from ({"met"}, set(NOT_MET))
    for group in ({"met", *NOT_MET}, {"unknown"}):
        if not few(sum(counts[cell] for cell in group), below):
            yield group
    not_met, still_open = counts["met_late"] + counts["missed"], counts["waiting"] + counts["missed"]
    if open_told(not_met, still_open, below):
        yield {"waiting", "missed"}


def _counts(together: Flow, at: int, counts: "Counter[str]") -> "Counter[str]":
    told: Counter[str] = Counter()
    for cell, number in counts.items():
        told[together.bar(at, cell)] += number
    return told


def _moves(together: Flow, at: int, moves: "Counter[tuple[str, str]]", below: int) -> "Counter[tuple[str, str]]":
    """From bar to bar. A ribbon of few isn't drawn, nor one from which its width would follow; where none is drawn
    there may be few or nobody."""
    told: Counter[tuple[str, str]] = Counter()
    for (start, end), number in moves.items():
        told[together.bar(at, start), together.bar(at + 1, end)] += number
    starts, ends = sorted({start for start, _ in told}), sorted({end for _, end in told})
    every = {(start, end): told[start, end] for start in starts for end in ends}
    bars = [*([(one, end) for end in ends] for one in starts), *([(start, one) for start in starts] for one in ends)]
    shown = {move for move, number in every.items() if number >= below}
    while shown and (small := worked_out(every, [*bars, *([move] for move in shown)], below, zeros_told=False)):
        beside = {move for start, end in small for move in shown if move[0] == start or move[1] == end}
        shown.remove(min(beside or shown, key=lambda move: (told[move], move)))
    return Counter({move: told[move] for move in shown})
