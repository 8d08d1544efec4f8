"""The finders' overlap (UpSet): a column for each combination of finders, its height the number of fractures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openfls.measures.backstop import Backstop
from openfls.measures.charts.drawing import ALARM, DEEP, FAINT, PALE, Picture, Table, TextCell

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_COLUMNS = 20
RULES = (
    "Each column is a combination of finders; its bar counts the fractures that exactly these saw. Hatched bars were "
    "seen by one finder only.",
)


@dataclass(frozen=True)
class Combination:
    """Exactly these finders, by name, and how many fractures they saw together and nobody else did."""

    finders: frozenset[str]
    words: str
    count: int


def words_of(finders: frozenset[str]) -> str:
    named = sorted(finders)
    return f"{named[0]} only" if len(named) == 1 else ", ".join(named)


def combinations(backstop: Backstop) -> tuple[Combination, ...]:
    """All of them, the largest first."""
    named = ((frozenset(f.value for f in finders), len(group)) for finders, group in backstop.overlap)
    return tuple(Combination(finders, words_of(finders), count) for finders, count in named)


@dataclass(frozen=True)
class Overlap:
    """What the picture is drawn from. ``finders``: how many each saw, None where that is hidden. ``others``: how many
    fractures are in combinations that are too small to be told."""

    groups: tuple[Combination, ...]
    finders: Mapping[str, int | None]
    others: int = 0


def overlap_of(backstop: Backstop) -> Overlap:
    """All of it, for who may see the names."""
    return Overlap(combinations(backstop), {finder.value: len(seen) for finder, seen in backstop.by_finder.items()})


def overlap_picture(
    made: Overlap, to: Mapping[frozenset[str], str] | None = None, columns: int = MOST_COLUMNS
) -> Picture | None:
    """The largest combinations; finders in the order of their definition. None where nothing was found.
    ``to``: the list that a column opens."""
    groups = made.groups
    if not groups:
        return None
    shown, left = groups[:columns], len(groups) - columns
    more = (f"{left} smaller combinations stand only in the table.",) if left > 0 else ()
    rows: list[tuple[TextCell, ...]] = [(one.words, one.count) for one in groups]
    return Picture(
        title="Who saw whom",
        finding=_finding(made),
        table=Table(("Finders", "Fractures"), (*rows, *_small(made))),
        size=(11.0, 2.6 + 0.3 * len(made.finders)),
        draw=lambda figure: _draw(figure, shown, made.finders, to or {}),
        rules=(*RULES, *more),
    )


def _small(made: Overlap) -> tuple[tuple[TextCell, ...], ...]:
    return (("combinations too small to be told, together", made.others),) if made.others else ()


def _finding(made: Overlap) -> str:
    groups = made.groups
    largest = f"The largest: {groups[0].words} ({groups[0].count:,})."
    if made.others:  # how many saw one alone would tell of those that are hidden
        total = sum(one.count for one in groups) + made.others
        small = f"{made.others:,} of them in combinations of finders too small to be told"
        return f"{total:,} fractures, {small}. {largest}"
    total = sum(one.count for one in groups)
    alone = sum(one.count for one in groups if len(one.finders) == 1)
    return (
        f"{total:,} fractures in {len(groups)} combinations of finders; {alone:,} ({alone / total:.0%}) were seen by "
        f"one finder only. {largest}"
    )


def _draw(
    figure: "Figure", groups: Sequence[Combination], finders: Mapping[str, int | None], to: Mapping[frozenset[str], str]
) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.3, 0.32 * len(finders)])
    _bars(above, groups, to)
    _matrix(below, groups, finders)
    below.set_xlim(-0.6, max(len(groups), 6) - 0.4)


def _bars(axes: "Axes", groups: Sequence[Combination], to: Mapping[frozenset[str], str]) -> None:
    for place, one in enumerate(groups):
        alone = len(one.finders) == 1
        (bar,) = axes.bar([place], [one.count], width=0.66, facecolor="white" if alone else DEEP,
                          edgecolor=ALARM if alone else DEEP, hatch="////" if alone else "", linewidth=1.2)  # fmt: skip
        if address := to.get(one.finders):
            bar.set_url(address)
        axes.annotate(f"{one.count:,}", (place, one.count), xytext=(0, 3), textcoords="offset points", ha="center")
    axes.set_ylabel("fractures")
    axes.tick_params(axis="x", length=0)
    axes.margins(y=0.12)


def _matrix(axes: "Axes", groups: Sequence[Combination], finders: Mapping[str, int | None]) -> None:
    names = list(finders)
    for row in range(0, len(names), 2):
        axes.axhspan(row - 0.5, row + 0.5, facecolor=FAINT, zorder=0)
    every = [(place, row, name in one.finders) for place, one in enumerate(groups) for row, name in enumerate(names)]
    lit = [(place, row) for place, row, on in every if on]
    dark = [(place, row) for place, row, on in every if not on]
    axes.scatter([x for x, _ in dark], [y for _, y in dark], s=44, facecolor="white", edgecolor=PALE, zorder=1)
    for place in range(len(groups)):
        rows = [row for at, row in lit if at == place]
        axes.plot([place, place], [min(rows), max(rows)], color=DEEP, linewidth=2.4, zorder=2)
    axes.scatter([x for x, _ in lit], [y for _, y in lit], s=64, color=DEEP, zorder=3)
    axes.set_yticks(range(len(names)), [_named(name, number) for name, number in finders.items()])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _named(finder: str, number: int | None) -> str:
    return finder if number is None else f"{finder} ({number:,})"
