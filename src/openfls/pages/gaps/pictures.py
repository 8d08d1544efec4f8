"""The pictures of the gaps, each with the addresses that its marks and its table open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from openfls.clinical.standards import Standard
from openfls.measures.charts.compared import caterpillar_picture, funnel_picture
from openfls.measures.charts.drawing import Picture, Reference
from openfls.measures.charts.over_time import name_of, run_picture, xmr_picture
from openfls.measures.charts.pathway import pathway_picture
from openfls.measures.funnel import Unit, funnel
from openfls.measures.months import Month
from openfls.measures.pathway import CELLS, WORDS_OF_BARS, Flow
from openfls.measures.signals import XMR_FEWEST, xmr

Opens = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Shown:
    """A picture as a page draws it. ``opens``: the address behind a cell of its table, by the first cell of the row and
    the head of the column."""

    picture: Picture
    opens: Opens = field(default_factory=dict)

    @property
    def svg(self) -> Markup:
        return Markup(self.picture.svg())  # noqa: S704 (drawn by us: `drawing` escapes what it is given)


def compared(
    standard: Standard, units: Sequence[Unit], codes: Mapping[str, str], given: Sequence[Reference] = ()
) -> list[Shown]:
    """Funnel and caterpillar, where there are hospitals enough. ``codes``: of the hospitals, by name."""
    to = {name: reverse("gap", args=[standard.name]) + f"?site={code}" for name, code in codes.items()}
    opens = {(name, "Hospital"): address for name, address in to.items()}
    made = funnel(units)
    pictures = [
        funnel_picture(standard.title, made, standard.direction, to, given) if made else None,
        caterpillar_picture(standard.title, units, standard.direction, to, given),
    ]
    return [Shown(picture, opens) for picture in pictures if picture]


def over_time(standard: Standard, months: Sequence[Month], site: str, given: Sequence[Reference] = ()) -> list[Shown]:
    """Run chart and XmR chart; each month opens whom it missed."""
    opens = {(name_of(one), "Missed"): _of_month(standard, one, site) for one in months if one.missed}
    pictures = [
        run_picture(standard.title, months, standard.direction, given),
        xmr_picture(standard.title, months, standard.direction, given),
    ]
    return [Shown(picture, opens) for picture in pictures if picture]


def _of_month(standard: Standard, month: Month, site: str) -> str:
    query = {"month": f"{month.start:%Y-%m}"} | ({"site": site} if site else {})
    return reverse("names", args=[standard.name, "missed"]) + f"?{urlencode(query)}"


@dataclass(frozen=True)
class Steady:
    """One hospital's XmR chart in a line: what spoke, or that nothing did."""

    site: str
    code: str
    months: int
    mean: str
    limits: str
    said: str


def steadiness(by_site: Mapping[str, Sequence[Month]], sites: Mapping[str, str]) -> list[Steady]:
    """The XmR chart of every hospital in words; a picture of each is a click away."""
    return [_steady(code, sites.get(code, code), months) for code, months in sorted(by_site.items())]


def _steady(code: str, site: str, months: Iterable[Month]) -> Steady:
    shares = [month.share for month in months if month.share is not None]
    made = xmr(shares)
    if made is None:
        return Steady(site, code, len(shares), "", "", "too few months")
    spoke = ", ".join(dict.fromkeys(signal.rule.lower() for signal in made.signals))
    said = f"fewer than {XMR_FEWEST} months: no rule applied" if made.too_few else spoke or "nothing but chance"
    return Steady(site, code, len(shares), f"{made.mean:.0%}", f"{made.low:.0%} to {made.high:.0%}", said)


def pathway(made: Flow, titles: Mapping[str, str]) -> Shown | None:
    """The flow, each bar and each count of its table opening its names."""
    to = {(step, cell): reverse("names", args=[step, cell]) for step in made.steps for cell in CELLS}
    opens = {(titles[step], WORDS_OF_BARS[cell]): address for (step, cell), address in to.items()}
    picture = pathway_picture(made, to)
    return Shown(picture, opens) if picture else None
