"""How many no finder saw, in words: an interval with what it stands on, or why it can't be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.measures.missed import Estimate


@dataclass(frozen=True)
class Told:
    """``missed`` is empty where it can't be estimated."""

    stratum: str
    seen: int
    missed: str
    interval: str
    because: tuple[str, ...]
    sites: str


def told(estimate: Estimate, sites: Mapping[str, str]) -> Told:
    missed = estimate.missed
    return Told(
        stratum=estimate.stratum.name,
        seen=estimate.seen,
        missed=f"{missed.value:,.0f}" if missed else "",
        interval=f"{missed.low:,.0f} to {missed.high:,.0f}" if missed else "",
        because=estimate.because,
        sites=", ".join(sorted(sites.get(site, site) for site in estimate.sites)),
    )
