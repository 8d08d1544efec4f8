"""Bands: green, amber or red by the share that meets a standard, as the source published them, holes and all.

A published band often leaves a hole (green from 80, amber 50 to 79: what is 79.5?). `Bands` says what was published, in
the source's words, what is done here, as data, and which choice fills the hole.
"""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """Always worded: colour alone tells nobody anything."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "no band"


@dataclass(frozen=True, slots=True)
class Edge:
    """Percent of those judged; ``included``: the value itself belongs to the band."""

    percent: float
    included: bool = True


@dataclass(frozen=True, slots=True)
class Bands:
    """``green`` from its edge on, ``red`` on the far side of its own, amber between; where lower is better, mirrored.

    ``published``: what the source says; ``choice``: what is done where that leaves a hole.
    """

    green: Edge
    red: Edge
    published: str
    choice: str
    lower_is_better: bool = False

    def of(self, met: float, judged: float) -> Band:
        """The band of so many met among so many judged, compared in whole numbers so that no rounding decides."""
        if not judged:
            return Band.NONE
        sign = -1 if self.lower_is_better else 1
        above = _compared(met, judged, self.green, sign)
        below = _compared(met, judged, self.red, -sign)
        return Band.GREEN if above else Band.RED if below else Band.AMBER

    def told(self) -> str:
        """What is done here, what was published, and the choice between the two."""
        return f"{self.words()}. Published: {self.published}. Chosen: {self.choice}"

    def words(self) -> str:
        """Both edges, the way they are used here."""
        better, worse = ("less", "more") if self.lower_is_better else ("more", "less")
        return f"green {_side(self.green, better)}, red {_side(self.red, worse)}, else amber"


def _compared(met: float, judged: float, edge: Edge, sign: int) -> bool:
    beyond = sign * (100 * met - edge.percent * judged)
    return beyond > 0 or (edge.included and beyond == 0)


def _side(edge: Edge, side: str) -> str:
    return f"{edge.percent:g}% or {side}" if edge.included else f"{side} than {edge.percent:g}%"


FLS_DB_BANDS = Bands(
    green=Edge(80),
    red=Edge(50, included=False),
    published="green 80 or more, amber 50 to 79, red under 50 (whole percent)",
    choice="between 79 and 80 is amber",
)
FLS_DB_SPINE_BANDS = Bands(
    green=Edge(20, included=False),
    red=Edge(10, included=False),
    published="green over 20, amber 11 to 19, red under 10",
    choice="from 10 to 11 and from 19 to 20, both ends included, is amber",
)
FLS_DB_TREATMENT_BANDS = Bands(
    green=Edge(50, included=False),
    red=Edge(50, included=False),
    published='green over 50, red under 50 (published as "B 6", taken as KPI 7)',
    choice="exactly 50 is amber",
)
IOF_BANDS = Bands(
    green=Edge(80, included=False),
    red=Edge(50, included=False),
    published="under 50, 50 to 80, over 80",
    choice="the source names no colours: its three bands are called red, amber and green",
)
IOF_TREATMENT_BANDS = Bands(
    green=Edge(50),
    red=Edge(50, included=False),
    published="a single cut at 50",
    choice="exactly 50 is green; there is no amber",
)
