"""What a scan measures at hip and spine: density and both scores, plausible together, drawn from no one's data."""

from collections.abc import Iterator
from dataclasses import dataclass

from openfls.clinical.facts import BodySite, Side
from openfls.demo.streams import stream
from openfls.demo.truth import Happening

YOUNG_ADULT = {"femoral neck": (0.86, 0.12), "total hip": (0.94, 0.12), "lumbar spine L1-L4": (1.05, 0.11)}  # g/cm2
LOST_A_YEAR = 0.045  # standard deviations, from the age at which bone is densest
DENSEST_AT = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """One region."""

    region: str
    side: str
    bmd: float
    t: float
    z: float


def measured(seed: int, happening: Happening) -> Iterator[Measured]:
    """Neck and total of the hip that isn't broken, and the spine unless that is."""
    chance = stream(seed, happening.number, "density")
    broken = {side for site, side in happening.bones if site is BodySite.HIP}
    side = Side.RIGHT if Side.LEFT in broken else Side.LEFT
    bone = chance.gauss(-2.1, 0.9)
    for region, (mean, deviation) in YOUNG_ADULT.items():
        spine = region.startswith("lumbar")
        t = min(2.0, max(-5.0, bone + chance.gauss(0.3 if spine else 0, 0.4)))
        if spine and BodySite.SPINE in happening.body_sites:
            continue
        z = t + LOST_A_YEAR * (happening.age - DENSEST_AT)
        yield Measured(region, "" if spine else side.value, mean + deviation * t, t, z)
