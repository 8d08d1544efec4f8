"""All pictures of a board's report, from what may be told alone, and for each that can't be drawn the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.measures.board.beside import beside_picture, stands_out
from openfls.measures.board.figures import Figure, source_of
from openfls.measures.board.finders import FindersTold
from openfls.measures.board.flow import flow_told
from openfls.measures.board.trend import ruled, signals, trend, trend_picture
from openfls.measures.charts.drawing import Picture
from openfls.measures.charts.overlap import overlap_picture
from openfls.measures.charts.pathway import pathway_picture
from openfls.measures.counting import Measure
from openfls.measures.months import Month
from openfls.measures.pathway import Flow
from openfls.measures.small_numbers import both_told

MOST_STANDARDS = 3  # with pictures of their own; more than a board looks at
MOST_COLUMNS = 14  # of the overlap, as many as a page is wide
COUNTS_ONLY = "Counts of fractures: neither higher nor lower is better."


@dataclass(frozen=True)
class Drawn:
    """``charted``: the standards whose trend a picture tells. ``signals``: what spoke, by the standard's title.
    ``ruled``: of how many series and funnels the rules could say anything."""

    figures: tuple[Figure, ...]
    withheld: tuple[str, ...]
    charted: frozenset[str]
    signals: tuple[tuple[str, str], ...]
    ruled: int = 0


def drawn(
    site: str,
    telling: Sequence[Measure],
    months: Mapping[str, Sequence[Month]],
    hospitals: Mapping[str, Mapping[str, Measure]],
    way: Flow,
    measures: Mapping[str, Measure],
    finders: FindersTold,
    today: date,
    below: int,
) -> Drawn:
    """``telling``: the standards to draw, those that matter most first. ``months`` and ``hospitals`` by their names."""
    made = _trends(telling, months, today, below)
    made += [_beside(site, one, hospitals.get(one.standard.name, {}), below) for one in telling[:MOST_STANDARDS]]
    made += [_pathway(way, measures, below), _overlap(finders)]
    charted = frozenset(name for one in made for name in one.charted)
    return Drawn(
        tuple(figure for one in made for figure in one.figures),
        (*_too_small(telling, charted), *(why for one in made for why in one.withheld)),
        charted,
        tuple(signal for one in made for signal in one.signals),
        sum(one.ruled for one in made),
    )


def _too_small(telling: Sequence[Measure], charted: frozenset[str]) -> tuple[str, ...]:
    """Of the standards that matter most those without a picture of their trend."""
    left = [one.standard.title for one in telling[:MOST_STANDARDS] if one.standard.name not in charted]
    why = "Too few fractures in a month or a quarter for a trend that may be told"
    return (f"{why}: {'; '.join(left)}.",) if left else ()


def _trends(telling: Sequence[Measure], months: Mapping[str, Sequence[Month]], today: date, below: int) -> list[Drawn]:
    """Of the first standards whose trend can be told; what spoke, of all."""
    made: list[Drawn] = []
    for one in telling:
        wanted = sum(bool(drawn.figures) for drawn in made) < MOST_STANDARDS
        made.append(_trend(one, months.get(one.standard.name, ()), today, below, wanted))
    return made


def _trend(measure: Measure, months: Sequence[Month], today: date, below: int, wanted: bool) -> Drawn:
    standard = measure.standard
    said = tuple((standard.title, one) for one in signals(measure, months, below))
    made = trend(measure, months, today, below) if wanted else None
    picture = trend_picture(made) if made else None
    figures = (_figure(picture, measure),) if picture else ()
    return Drawn(figures, (), frozenset({standard.name} if picture else ()), said, int(ruled(months, below)))


def _beside(site: str, measure: Measure, hospitals: Mapping[str, Measure], below: int) -> Drawn:
    """Nothing, and no reason, where no other hospital was to be shown."""
    standard = measure.standard
    if len(hospitals) < 2:
        return Drawn((), (), frozenset(), ())
    if not both_told(measure.met, measure.judged, below):
        return _not(f"Hospitals beside one another, “{standard.title}”: {site} has counts too small to be told.")
    picture = beside_picture(standard, site, hospitals, below)
    if picture is None:
        return _not(f"Hospitals beside one another, “{standard.title}”: no other has counts that may be told.")
    out = stands_out(standard, site, hospitals, below)
    said = ((standard.title, out),) if out else ()
    return Drawn((_figure(picture, measure),), (), frozenset(), said, int(out is not None))


def _pathway(way: Flow, measures: Mapping[str, Measure], below: int) -> Drawn:
    if not way.entered:
        return _not("The pathway: nobody is on it yet.")
    told = flow_told(way, measures, below)
    picture = pathway_picture(told) if told else None
    if picture is None:
        return _not("The pathway: it can't be drawn without giving small numbers away.")
    return _whole(picture, "Each step's standard has its source in the tables.")


def _overlap(finders: FindersTold) -> Drawn:
    picture = overlap_picture(finders.overlap, columns=MOST_COLUMNS)
    if picture is None:
        return _not("Who saw whom: no combination of finders has fractures enough to be told.")
    return _whole(picture, "")


def _figure(picture: Picture, measure: Measure) -> Figure:
    better = measure.standard.direction.value
    return Figure(picture, f"{better[:1].upper()}{better[1:]}.", f"{source_of(measure.standard)}.")


def _whole(picture: Picture, source: str) -> Drawn:
    return Drawn((Figure(picture, COUNTS_ONLY, source, wide=True),), (), frozenset(), ())


def _not(why: str) -> Drawn:
    return Drawn((), (why,), frozenset(), ())
