"""A measure month by month: the run chart and the XmR chart, with the number judged beneath."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openfls.clinical.standards import Direction
from openfls.measures.charts.drawing import (
    ALARM,
    DEEP,
    INK,
    QUIET,
    Picture,
    Reference,
    Table,
    TextCell,
    percent,
    percent_axis,
    references,
)
from openfls.measures.months import QUARTER, Month
from openfls.measures.signals import (
    RUN_FEWEST,
    RUN_RULES,
    RUN_SOURCE,
    XMR_FEWEST,
    XMR_RULES,
    XMR_SOURCE,
    RunChart,
    Signal,
    XmR,
    run_chart,
    xmr,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (8.6, 3.9)


def run_picture(
    title: str,
    months: Sequence[Month],
    direction: Direction,
    given: Sequence[Reference] = (),
    notes: Sequence[str] = (),
) -> Picture | None:
    """The run chart about the median; None while no month is judged."""
    told = [month for month in months if month.judged]
    made = run_chart([month.share or 0.0 for month in told])
    if made is None:
        return None
    return Picture(
        title=f"Run chart: {title}",
        finding=_finding(made.signals, made.too_few, RUN_FEWEST, direction, f"median {percent(made.median)}", told),
        table=_table(told, made.signals),
        size=SIZE,
        draw=lambda figure: _draw(figure, told, made, direction, given),
        rules=(*RUN_RULES, f"Rules: {RUN_SOURCE}.", *_empty(months), *notes, *_sources(given)),
    )


def xmr_picture(
    title: str,
    months: Sequence[Month],
    direction: Direction,
    given: Sequence[Reference] = (),
    notes: Sequence[str] = (),
) -> Picture | None:
    """The XmR chart with its process limits; None of fewer than two months."""
    told = [month for month in months if month.judged]
    made = xmr([month.share or 0.0 for month in told])
    if made is None:
        return None
    middle = f"mean {percent(made.mean)}, limits {percent(made.low)} to {percent(made.high)}"
    return Picture(
        title=f"XmR chart: {title}",
        finding=_finding(made.signals, made.too_few, XMR_FEWEST, direction, middle, told),
        table=_table(told, made.signals),
        size=SIZE,
        draw=lambda figure: _draw(figure, told, made, direction, given),
        rules=(*XMR_RULES, f"Rules: {XMR_SOURCE}.", *_empty(months), *notes, *_sources(given)),
    )


def name_of(month: Month) -> str:
    return f"{_span(month)} {month.start:%Y}"


def _span(month: Month) -> str:
    """By the first and the last of its months."""
    last = month.start.replace(month=month.start.month + month.months - 1)
    return f"{month.start:%b}" if month.months == 1 else f"{month.start:%b}–{last:%b}"


def _many(months: Sequence[Month]) -> str:
    noun = "quarter" if months and months[0].months == QUARTER else "month"
    return f"{len(months)} {noun}{'' if len(months) == 1 else 's'}"


def _empty(months: Sequence[Month]) -> tuple[str, ...]:
    empty = [month for month in months if not month.judged]
    return (f"Left out: {_many(empty)} in which no window closed.",) if empty else ()


def signals_told(months: Sequence[Month], direction: Direction) -> tuple[str, ...]:
    """What the rules of the chart that these months are many enough for say, in its words; nothing of too few."""
    told = [month for month in months if month.judged]
    values = [month.share or 0.0 for month in told]
    made = xmr(values) if len(told) >= XMR_FEWEST else run_chart(values)
    return tuple(_said(one, told, direction) for one in made.signals) if made else ()


def _said(signal: Signal, months: Sequence[Month], direction: Direction) -> str:
    return f"{signal.rule}: {_when(signal, months)}{_wanted(signal, direction)}."


def _sources(given: Sequence[Reference]) -> tuple[str, ...]:
    return tuple(f"{one.label}: {one.value:.1%}, {one.source}" for one in given)


def _finding(
    signals: Sequence[Signal], too_few: bool, fewest: int, direction: Direction, middle: str, months: Sequence[Month]
) -> str:
    head = f"{_many(months)}, {middle} ({direction.value})."
    if too_few:
        return f"{head} Too few for the rules, which want {fewest}: read no trend into it."
    if not signals:
        return f"{head} No rule spoke: chance explains the months."
    return f"{head} " + " ".join(_said(one, months, direction) for one in signals)


def _when(signal: Signal, months: Sequence[Month]) -> str:
    first, last = months[signal.places[0]], months[signal.places[-1]]
    if len(signal.places) == 1:
        return f"{name_of(first)} beyond the {'upper' if signal.higher else 'lower'} limit"
    return f"{signal.words}, {name_of(first)} to {name_of(last)}"


def _wanted(signal: Signal, direction: Direction) -> str:
    if signal.higher is None:
        return ""
    return ", as wanted" if signal.higher is (direction is Direction.HIGHER) else ", not as wanted"


def _table(months: Sequence[Month], signals: Sequence[Signal]) -> Table:
    """Without the column of the missed where they may not be told."""
    missed = all(month.missed is not None for month in months)
    rows: list[tuple[TextCell, ...]] = []
    for place, month in enumerate(months):
        spoke = ", ".join(dict.fromkeys(one.rule for one in signals if place in one.places and one.rule != "Runs"))
        counts = (month.met, month.missed, month.judged) if missed else (month.met, month.judged)
        rows.append((name_of(month), *counts, percent(month.share), spoke))
    first = "Quarter" if months and months[0].months == QUARTER else "Month"
    heads = ("Met in time", "Missed", "Judged") if missed else ("Met in time", "Judged")
    return Table((first, *heads, "Share", "Rule that spoke"), tuple(rows))


def _draw(
    figure: "Figure", months: Sequence[Month], made: RunChart | XmR, direction: Direction, given: Sequence[Reference]
) -> None:
    axes, places = figure.add_subplot(), range(len(months))
    for stretch in _stretches(months):  # broken where a month is left out
        axes.plot(stretch, [made.values[at] for at in stretch], color=DEEP, linewidth=1.3)
    _marks(axes, made, direction)
    middle, words = (made.mean, "mean") if isinstance(made, XmR) else (made.median, "median")
    axes.axhline(middle, color=INK, linewidth=1.3)
    axes.annotate(words, (1, middle), xycoords=("axes fraction", "data"), xytext=(2, 2), textcoords="offset points",
                  fontsize=9)  # fmt: skip
    if isinstance(made, XmR):
        for end in (made.low, made.high):
            axes.axhline(end, color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)))
            axes.annotate("limit", (1, end), xycoords=("axes fraction", "data"), xytext=(2, -3),
                          textcoords="offset points", fontsize=9)  # fmt: skip
    every = max(1, round(len(months) / 12))
    shown = [place for place in places if place % every == 0]
    axes.set_xticks(shown, [_tick(months[at]) for at in shown], fontsize=8.5)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylabel(f"met in time\n({direction.value})")
    percent_axis(axes)
    references(axes, given)


def _stretches(months: Sequence[Month]) -> list[list[int]]:
    """The places of months that follow one another."""
    found: list[list[int]] = []
    for at, month in enumerate(months):
        if not found or _number(month) != _number(months[at - 1]) + month.months:
            found.append([])
        found[-1].append(at)
    return found


def _number(month: Month) -> int:
    return 12 * month.start.year + month.start.month


def _tick(month: Month) -> str:
    return f"{_span(month)}\n{month.start:%Y}\nn={month.judged:,}"


def _marks(axes: "Axes", made: RunChart | XmR, direction: Direction) -> None:
    """A value that a rule spoke of is a filled triangle, up or down; the others are open rings."""
    told = {place: one.higher for one in made.signals if one.higher is not None for place in one.places}
    for higher, shape in ((None, "o"), (True, "^"), (False, "v")):
        places = [place for place in range(len(made.values)) if told.get(place) is higher]
        colour = DEEP if higher is None or higher is (direction is Direction.HIGHER) else ALARM
        if places:
            looks: dict[str, Any] = (
                {"facecolor": "white", "s": 36} if higher is None else {"facecolor": colour, "s": 60}
            )
            shown = [made.values[at] for at in places]
            axes.scatter(places, shown, marker=shape, edgecolor=colour, linewidth=1.5, zorder=3, **looks)
