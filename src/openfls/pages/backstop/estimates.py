"""How many no finder saw, in words: an interval with what it stands on, or why it can't be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.measures.intervals import Interval
from openfls.measures.missed import Beside, Estimate


@dataclass(frozen=True)
class Told:
    """One way to the number. ``missed`` is empty where it tells nothing."""

    way: str
    missed: str
    interval: str
    because: tuple[str, ...]
    sites: str


@dataclass(frozen=True)
class ToldOfStratum:
    """``ways``: Chapman's estimate or why there is none, then the others."""

    stratum: str
    seen: int
    ways: tuple[Told, ...]
    warnings: tuple[str, ...]


def told(estimate: Estimate, sites: Mapping[str, str]) -> ToldOfStratum:
    main = Beside("Chapman's estimate", estimate.missed, estimate.because, estimate.sites)
    ways = tuple(_told(way, sites) for way in (main, *estimate.beside))
    return ToldOfStratum(estimate.stratum.name, estimate.seen, ways, estimate.warnings)


def _told(way: Beside, sites: Mapping[str, str]) -> Told:
    named = ", ".join(sorted(sites.get(site, site) for site in way.sites))
    return Told(way.way, *_interval(way.missed), way.because, named)


def _interval(missed: Interval | None) -> tuple[str, str]:
    return (f"{missed.value:,.0f}", f"{missed.low:,.0f} to {missed.high:,.0f}") if missed else ("", "")
