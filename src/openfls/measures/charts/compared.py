"""Hospitals beside one another: the funnel, and the caterpillar of shares with their intervals."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openfls.clinical.standards import Direction
from openfls.measures.charts.drawing import (
    ALARM,
    DEEP,
    INK,
    PALE,
    PAPER,
    QUIET,
    Picture,
    Reference,
    Table,
    percent,
    percent_axis,
    references,
)
from openfls.measures.funnel import ALARM as OUTER
from openfls.measures.funnel import WARNING, Funnel, Placed, Position, Unit
from openfls.measures.intervals import wilson

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FUNNEL_RULES = (
    "Inside the inner lines fall 95 of 100 hospitals, inside the outer ones 99.8 of 100, if nothing but chance "
    "sets them apart from all together.",
    "The lines are exact binomial limits, interpolated between whole patients (Spiegelhalter, Statistics in Medicine "
    "2005). A hospital counts as outside when it is so by whole patients.",
    "Where hospitals differ more than chance explains, the distance of the lines from the middle is widened by the "
    "root of the mean squared z score, a tenth of the scores at each end drawn in to the next.",
)
CATERPILLAR_RULES = (
    "The bar is Wilson's 95% interval. A hospital whose bar crosses the line can't be told from all together.",
)
SHAPES = {Position.INSIDE: "o", Position.HIGH: "^", Position.VERY_HIGH: "^", Position.LOW: "v", Position.VERY_LOW: "v"}
LOUD = {Position.HIGH, Position.VERY_HIGH, Position.LOW, Position.VERY_LOW}


def worse(position: Position, direction: Direction) -> bool:
    """Whether a hospital stands out on the side that is not wanted."""
    bad = {Position.LOW, Position.VERY_LOW} if direction is Direction.HIGHER else {Position.HIGH, Position.VERY_HIGH}
    return position in bad


def funnel_picture(
    title: str, made: Funnel, direction: Direction, to: Mapping[str, str] | None = None,
    given: Sequence[Reference] = (), own: str = "",
) -> Picture:  # fmt: skip
    """``to``: the address that a hospital's mark opens, by its name. ``own``: the hospital that is named in any case.
    """
    return Picture(
        title=f"Funnel: {title}",
        finding=funnel_finding(made, direction),
        table=_funnel_table(made),
        size=(8.6, 4.6),
        draw=lambda figure: _draw_funnel(figure, made, direction, to or {}, given, own),
        rules=(*FUNNEL_RULES, _widened(made), *_sources(given)),
    )


def funnel_finding(made: Funnel, direction: Direction) -> str:
    out = [one for one in made.placed if one.position in LOUD]
    said = "; ".join(f"{one.unit.name} {percent(one.share)}, {one.position.value}" for one in out)
    powerless = [one.unit.name for one in made.placed if one.powerless and one.unit.total]
    few = f" Too few patients for a low share to show: {', '.join(powerless)}." if powerless else ""
    told = f"Outside the limits: {said}." if out else "No hospital stands outside what chance explains."
    return f"All hospitals together {percent(made.target)} ({direction.value}). {told}{few}"


def _widened(made: Funnel) -> str:
    if made.factor > 1:
        return f"Here the hospitals differ more than chance explains: the lines were widened {made.factor:.2f} times."
    return "Here chance explains the differences: the lines were not widened."


def _sources(given: Sequence[Reference]) -> tuple[str, ...]:
    return tuple(f"{one.label}: {one.value:.1%}, {one.source}" for one in given)


def _funnel_table(made: Funnel) -> Table:
    rows = tuple(_funnel_row(one, made) for one in made.placed)
    return Table(("Hospital", "Met in time", "Judged", "Share", "95% limits", "99.8% limits", "Position"), rows)


def _funnel_row(one: Placed, made: Funnel) -> tuple[str | int, ...]:
    unit = one.unit
    inner = _between(made.limits(unit.total)) if unit.total else ""
    outer = _between(made.limits(unit.total, OUTER)) if unit.total else ""
    return (unit.name, unit.hits, unit.total, percent(one.share), inner, outer, one.position.value)


def _between(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.0%} to {ends[1]:.0%}"


def _draw_funnel(
    figure: "Figure", made: Funnel, direction: Direction, to: Mapping[str, str], given: Sequence[Reference], own: str
) -> None:
    axes = figure.add_subplot()
    most = max(one.unit.total for one in made.placed)
    sizes = _steps(most)
    for inside, dashes, words in ((WARNING, (0, (4, 2)), "95%"), (OUTER, "solid", "99.8%")):
        ends = [made.limits(size, inside) for size in sizes]
        for side in (0, 1):
            axes.plot(sizes, [end[side] for end in ends], color=QUIET, linewidth=1.2, linestyle=dashes)
        end = ends[-1][0 if inside == WARNING else 1]
        axes.annotate(words, (sizes[-1], end), xytext=(3, -3), textcoords="offset points", fontsize=9)
    axes.axhline(made.target, color=INK, linewidth=1.5)
    axes.annotate(f"all {made.target:.0%}", (sizes[-1], made.target), xytext=(3, -3), textcoords="offset points")
    for one in made.placed:
        if one.share is not None:
            _mark(axes, one, direction, to, own=one.unit.name == own)
            if one.position in LOUD or one.unit.name == own:
                _name(axes, one, left=one.unit.total > 0.6 * sizes[-1])
    percent_axis(axes)
    axes.set_xlim(0, sizes[-1])
    axes.set_xlabel("patients judged")
    axes.set_ylabel(f"met in time ({direction.value})")
    references(axes, given)


def _steps(most: int) -> list[int]:
    """Sizes at which the lines are drawn, closer where they bend."""
    end = max(10, round(most * 1.06))
    return sorted(
        {*range(1, min(end, 40) + 1), *(40 + round((end - 40) * part / 60) for part in range(61) if end > 40)}
    )


def _mark(axes: "Axes", one: Placed, direction: Direction, to: Mapping[str, str], *, own: bool) -> None:
    loud = one.position in LOUD or own
    colour = ALARM if worse(one.position, direction) else DEEP
    mark = axes.scatter([one.unit.total], [one.share or 0.0], marker=SHAPES[one.position], s=64 if loud else 40,
                        zorder=3, facecolor=colour if loud else "white", edgecolor=colour, linewidth=1.6)  # fmt: skip
    if address := to.get(one.unit.name):
        mark.set_urls([address])


def _name(axes: "Axes", one: Placed, *, left: bool) -> None:
    """Beside the mark, on the side where there is room."""
    axes.annotate(one.unit.name, (one.unit.total, one.share or 0.0), xytext=(-8 if left else 8, 0),
                  textcoords="offset points", ha="right" if left else "left", va="center", fontsize=9,
                  fontweight="bold", bbox=PAPER)  # fmt: skip


def caterpillar_picture(
    title: str, units: Sequence[Unit], direction: Direction, to: Mapping[str, str] | None = None,
    given: Sequence[Reference] = (),
) -> Picture | None:  # fmt: skip
    """Every hospital's share with its interval, the best first; None where nobody is judged."""
    judged = _best_first(units, direction)
    if not judged:
        return None
    return Picture(
        title=f"Hospital by hospital: {title}",
        finding=_caterpillar_finding(judged, direction),
        table=_caterpillar_table(judged),
        size=(8.6, 1.2 + 0.32 * len(judged)),
        draw=lambda figure: _draw_caterpillar(figure, judged, direction, to or {}, given),
        rules=(*CATERPILLAR_RULES, *_sources(given)),
    )


def _best_first(units: Sequence[Unit], direction: Direction) -> list[Unit]:
    sign = -1 if direction is Direction.HIGHER else 1
    return sorted((one for one in units if one.total), key=lambda one: (sign * one.hits / one.total, one.name))


def _together(units: Sequence[Unit]) -> float:
    return sum(one.hits for one in units) / sum(one.total for one in units)


def _against(unit: Unit, middle: float) -> str:
    interval = wilson(unit.hits, unit.total)
    if interval is None or interval.low <= middle <= interval.high:
        return "not told apart"
    return "above all together" if interval.low > middle else "below all together"


def _caterpillar_finding(units: Sequence[Unit], direction: Direction) -> str:
    middle = _together(units)
    if len(units) == 1:
        return f"One hospital, {units[0].name}: {percent(middle)} of {units[0].total} judged ({direction.value})."
    ends = " to ".join(f"{one.name} with {percent(one.hits / one.total)}" for one in (units[0], units[-1]))
    apart = sum(_against(one, middle) != "not told apart" for one in units)
    told = f"{apart} of {len(units)} hospitals differ from all together, {percent(middle)}"
    return f"From {ends} ({direction.value}); {told}."


def _caterpillar_table(units: Sequence[Unit]) -> Table:
    middle, rows = _together(units), []
    for one in units:
        interval = wilson(one.hits, one.total)
        assert interval is not None
        ends = _between((interval.low, interval.high))
        rows.append((one.name, one.hits, one.total, percent(interval.value), ends, _against(one, middle)))
    return Table(("Hospital", "Met in time", "Judged", "Share", "95% interval", "Against all together"), tuple(rows))


def _draw_caterpillar(
    figure: "Figure", units: Sequence[Unit], direction: Direction, to: Mapping[str, str], given: Sequence[Reference]
) -> None:
    axes, middle = figure.add_subplot(), _together(units)
    for place, one in enumerate(reversed(units)):
        interval = wilson(one.hits, one.total)
        assert interval is not None
        apart = _against(one, middle) != "not told apart"
        low = (interval.value < middle) is (direction is Direction.HIGHER)
        colour = ALARM if apart and low else DEEP
        axes.plot([interval.low, interval.high], [place, place], color=colour, linewidth=2.2)
        mark = axes.scatter([interval.value], [place], s=46, zorder=3, marker="D" if apart else "o",
                            facecolor=colour if apart else "white", edgecolor=colour, linewidth=1.6)  # fmt: skip
        if address := to.get(one.name):
            mark.set_urls([address])
    axes.axvline(middle, color=INK, linewidth=1.5)
    axes.set_yticks(range(len(units)), [f"{one.name} ({one.total:,})" for one in reversed(units)])
    axes.set_ylim(-0.6, len(units) - 0.4)
    axes.set_facecolor("white")
    axes.tick_params(axis="y", color=PALE)
    percent_axis(axes, which="x")
    axes.set_xlabel(f"met in time, with 95% interval ({direction.value});\nthe line is all together, {middle:.0%}")
    references(axes, given, upright=True)
