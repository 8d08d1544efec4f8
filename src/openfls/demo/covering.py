"""Whether the estimates of the missed cover the truth, over regions whose truth is known.

The truth itself is counted, not the record: what it costs to recognise patients and to settle doubts stands in
`comparison`, which holds the record of one region against the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openfls.demo.region import region
from openfls.demo.truth import Happening
from openfls.measures.backstop import Catch, Found
from openfls.measures.intervals import Interval
from openfls.measures.missed import SETTLING, Estimate, Stratum, estimate

CHAPMAN = "Chapman's estimate"


@dataclass(frozen=True, slots=True)
class Told:
    """One estimate in one region, beside the number truly missed at the same hospitals."""

    stratum: str
    way: str
    truly: int
    estimated: Interval

    @property
    def covers(self) -> bool:
        return self.estimated.low <= self.truly <= self.estimated.high


def told(seed: int, scale: float, today: date) -> Iterator[Told]:
    """Each way of each stratum that gives a number in the region of this seed."""
    truth = region(seed, scale, today=today).truth
    missed = [fracture for fracture in truth.fractures if not fracture.catches and fracture.day <= today - SETTLING]
    for one in estimate(map(_found, (h for h in truth.fractures if h.catches)), today):
        for way, interval, sites in _ways(one):
            if interval:
                yield Told(one.stratum.name, way, sum(_belongs(h, one.stratum, sites) for h in missed), interval)


def _ways(one: Estimate) -> Iterator[tuple[str, Interval | None, tuple[str, ...]]]:
    yield CHAPMAN, one.missed, one.sites
    for beside in one.beside:
        yield beside.way, beside.missed, beside.sites


def _belongs(fracture: Happening, stratum: Stratum, sites: tuple[str, ...]) -> bool:
    return fracture.hospital.code in sites and stratum.holds(_found(fracture))


def _found(fracture: Happening) -> Found:
    site = fracture.hospital.code
    catches = tuple(Catch(finder, site, 0, late=False) for finder in fracture.finders)
    bone, setting = fracture.main_site, fracture.setting
    return Found(fracture.number, site, fracture.day, bone, setting, fracture.age, catches, enrolled=True)
