"""The pathway as a flow: a column a step, its bars stacked by how the fractures stand, ribbons from bar to bar."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openfls.clinical.rulebook import BY_NAME
from openfls.measures.charts.drawing import ALARM, DEEP, INK, PAPER, Picture, Table
from openfls.measures.pathway import CELLS, POOLED, WORDS_OF_BARS, Flow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Fill and hatch: each differs from its neighbours in black and white too.
LOOKS = {
    "met": (DEEP, ""),
    "met_early": ("#3f6f8c", ""),
    "met_late": ("#9dbbcb", "//"),
    "waiting": ("#ffffff", ""),
    "missed": (ALARM, "xx"),
    "unknown": ("#ffffff", ".."),
    "excluded": ("#c3cacf", ""),
    "not_asked": ("#eef1f3", ""),
}
POOLED_RULES = (
    "Bars that are too small to be told stand together as one; ribbons that would tell a small number aren't drawn.",
)
LOOKS_POOLED = ("#ffffff", "++")
BARS = (*CELLS, POOLED)
WIDE = 0.34


def pathway_picture(made: Flow, to: Mapping[tuple[str, str], str] | None = None) -> Picture | None:
    """``to``: the list that a bar opens, by standard and cell. None while nobody is on the pathway."""
    if not made.entered:
        return None
    return Picture(
        title="The pathway",
        finding=_finding(made),
        table=_table(made),
        size=(10.6, 5.2),
        draw=lambda figure: _draw(figure, made, to or {}),
        rules=(
            "Every fracture that is asked at the first step stands in one bar of each column; a ribbon is as wide as "
            "the number that went from bar to bar.",
            *(POOLED_RULES if made.pooled else ()),
        ),
    )


def words_of(made: Flow, at: int, bar: str) -> str:
    """What the bar of this step holds; of one that was put together, all of it."""
    if bar != POOLED:
        return WORDS_OF_BARS[bar]
    return " or ".join(WORDS_OF_BARS[cell] for cell in CELLS if cell in made.pooled[at])


def _finding(made: Flow) -> str:
    """Of bars that were put together nothing is said but in the table."""
    lost = [(made.counts[at]["missed"], BY_NAME[step].title) for at, step in enumerate(made.steps)]
    most, where = max(lost)
    if made.pooled:
        worst = f" Of the steps where it is told, most are missed at: {where} ({most:,})." if most else ""
        return f"{made.entered:,} fractures on the pathway.{worst}"
    done = made.counts[-1]["met"] + made.counts[-1]["met_early"] + made.counts[-1]["met_late"]
    worst = f"Most are missed at: {where} ({most:,})." if most else "Nobody is missed at any step."
    return f"{made.entered:,} fractures on the pathway; {done:,} reached its last step. {worst}"


def _table(made: Flow) -> Table:
    """A row a step; a row a bar where bars were put together, for then steps differ in what they have."""
    if made.pooled:
        bars = [(at, step, bar) for at, step in enumerate(made.steps) for bar in BARS if made.counts[at][bar]]
        rows = tuple((BY_NAME[step].title, words_of(made, at, bar), made.counts[at][bar]) for at, step, bar in bars)
        return Table(("Step", "How they stand", "Fractures"), rows)
    heads = ("Step", *(WORDS_OF_BARS[cell] for cell in CELLS))
    steps = enumerate(made.steps)
    return Table(heads, tuple((BY_NAME[s].title, *(made.counts[at][c] for c in CELLS)) for at, s in steps))


def _bottoms(made: Flow) -> list[dict[str, float]]:
    """Where each bar begins, from above: the first cell lies on top."""
    gap, found = made.entered * 0.012, []
    for counts in made.counts:
        at, places = 0.0, {}
        for cell in BARS:
            if counts[cell]:
                at -= counts[cell] + gap
                places[cell] = at
        found.append(places)
    return found


def _draw(figure: "Figure", made: Flow, to: Mapping[tuple[str, str], str]) -> None:
    axes, bottoms = figure.add_subplot(), _bottoms(made)
    for at in range(len(made.steps) - 1):
        _ribbons(axes, made, bottoms, at)
    for at, step in enumerate(made.steps):
        for cell, bottom in bottoms[at].items():
            _bar(axes, made, at, cell, bottom, to.get((step, cell), ""))
    axes.set_xticks(range(len(made.steps)), [_broken(BY_NAME[step].title) for step in made.steps], fontsize=9)
    axes.xaxis.tick_top()
    axes.set_xlim(-0.3, len(made.steps) - 0.1)
    axes.set_ylim(min(min(places.values()) for places in bottoms) * 1.01, 0)
    axes.set_yticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _bar(axes: "Axes", made: Flow, at: int, cell: str, bottom: float, address: str) -> None:
    from matplotlib.patches import Rectangle

    fill, hatch = LOOKS_POOLED if cell == POOLED else LOOKS[cell]
    size = made.counts[at][cell]
    bar = Rectangle((at - WIDE / 2, bottom), WIDE, size, facecolor=fill, hatch=hatch, edgecolor=INK, linewidth=0.8)
    axes.add_patch(bar)
    if address:
        bar.set_url(address)
    if size >= made.entered * 0.02:
        words = _broken(words_of(made, at, cell), 18)
        axes.annotate(f"{words}\n{size:,}" if size >= made.entered * 0.07 else f"{words} {size:,}",
                      (at + WIDE / 2, bottom + size / 2), xytext=(4, 0), textcoords="offset points", fontsize=8.5,
                      va="center", bbox=PAPER)  # fmt: skip


def _ribbons(axes: "Axes", made: Flow, bottoms: list[dict[str, float]], at: int) -> None:
    out = {cell: bottom + made.counts[at][cell] for cell, bottom in bottoms[at].items()}
    into = {cell: bottom + made.counts[at + 1][cell] for cell, bottom in bottoms[at + 1].items()}
    for start in BARS:
        for end in BARS:
            if size := made.moves[at][start, end]:
                _ribbon(axes, at, out[start], into[end], size)
                out[start] -= size
                into[end] -= size


def _ribbon(axes: "Axes", at: int, left: float, right: float, size: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    a, b = at + WIDE / 2, at + 1 - WIDE / 2
    middle = (a + b) / 2
    above = [(a, left), (middle, left), (middle, right), (b, right)]
    points = [*above, *((x, y - size) for x, y in reversed(above)), (a, left)]
    curve = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, curve), facecolor="#c9d3d9", edgecolor="none", alpha=0.55, zorder=0))


def _broken(title: str, width: int = 22) -> str:
    import textwrap

    return textwrap.fill(title, width)
