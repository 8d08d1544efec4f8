"""Standards counted over many episodes: the same verdicts that make a nurse's tasks, added up.

Only episodes whose window has closed are judged, so that a patient met early does not flatter the measure while those
not yet due stay out of it. What is unknown is shown, and how far it could move the figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openfls.clinical.bands import Band
from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import Standard, Verdict
from openfls.measures.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Verdicted:
    """A verdict on one standard, as little of it as counting needs, of so many ``episodes``."""

    standard: str
    verdict: Verdict
    due: date | None
    episodes: int = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """A standard counted. ``met``, ``met_late`` and ``missed`` are episodes whose window has closed; ``waiting`` have
    time left, ``met_early`` met it while they still had; ``unknown`` and ``excluded`` are judged neither way."""

    standard: Standard
    met: int = 0
    met_late: int = 0
    missed: int = 0
    met_early: int = 0
    waiting: int = 0
    unknown: int = 0
    excluded: int = 0

    @property
    def judged(self) -> int:
        return self.met + self.met_late + self.missed

    @property
    def share(self) -> Interval | None:
        """Met in time among those judged, with a 95% interval; None while nobody is judged."""
        return wilson(self.met, self.judged)

    @property
    def band(self) -> Band:
        """By the bands of the standard's source; none where it has none, or while nobody is judged."""
        bands = self.standard.bands
        return bands.of(self.met, self.judged) if bands else Band.NONE

    @property
    def if_all_unknown(self) -> tuple[float, float] | None:
        """The share if every unknown were missed, and if every unknown were met."""
        total = self.judged + self.unknown
        return (self.met / total, (self.met + self.unknown) / total) if total else None

    @property
    def asked(self) -> int:
        return self.judged + self.met_early + self.waiting + self.unknown + self.excluded


def count(
    verdicts: Iterable[Verdicted], today: date, standards: Mapping[str, Standard] = BY_NAME
) -> dict[str, Measure]:
    """Each standard's measure over these verdicts, by name, all ``standards`` in their order. Verdicts on a standard
    that is in force no more, a site's own that was taken away, count nowhere."""
    cells: dict[str, Counter[str]] = {name: Counter() for name in standards}
    for verdicted in verdicts:
        if verdicted.standard in cells:
            cells[verdicted.standard][cell_of(verdicted, today)] += verdicted.episodes
    return {name: Measure(standards[name], **_named(cell)) for name, cell in cells.items()}


def of_one(standard: Standard, verdicts: Iterable[Verdicted], today: date) -> Measure:
    """The measure of this standard alone, in force at a site or everywhere."""
    return count(verdicts, today, {standard.name: standard})[standard.name]


def cell_of(verdicted: Verdicted, today: date) -> str:
    """Which field of `Measure` the verdict adds to; empty for what is not asked."""
    closed = verdicted.due is not None and verdicted.due < today  # the last day itself is still open
    return cell(verdicted.verdict, closed)


def cell(verdict: Verdict, closed: bool) -> str:
    """The same, where it is known already whether the window has ``closed``."""
    if verdict is Verdict.MET:
        return "met" if closed else "met_early"
    return CELLS[verdict]


# The counts of a measure in words, in the order in which they are shown.
WORDS = {
    "met": "met in time",
    "met_late": "met late",
    "missed": "missed",
    "met_early": "met, window open",
    "waiting": "still to be done",
    "unknown": "unknown",
    "excluded": "excluded",
}
CELLS = {
    Verdict.MET_LATE: "met_late",
    Verdict.MISSED: "missed",
    Verdict.DUE: "waiting",
    Verdict.UNKNOWN: "unknown",
    Verdict.EXCLUDED: "excluded",
    Verdict.NOT_ASKED: "",
}


def _named(cell: Counter[str]) -> dict[str, int]:
    return {name: number for name, number in cell.items() if name}


def most_missed(measures: Iterable[Measure]) -> list[Measure]:
    """Those missed by anybody, the most missed first: of standards that make a task, so that one act left undone isn't
    named once for each audit that counts it."""
    asked = [measure for measure in measures if measure.standard.makes_task and measure.missed]
    return sorted(asked, key=lambda measure: -measure.missed)
