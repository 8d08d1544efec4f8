"""Where a bone density was measured, in one set of words: a T-score says nothing without its region and side.

The words are those of densitometry (ISCD): femoral neck, total hip, lumbar spine with its levels, the 33% radius.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """``paired``: there is a left and a right one, so that the side belongs to it."""

    name: str
    paired: bool = True


FEMORAL_NECK, TOTAL_HIP, HIP = Region("femoral neck"), Region("total hip"), Region("hip")
FOREARM_33, FOREARM = Region("forearm, 33% radius"), Region("forearm")
LUMBAR_SPINE = "lumbar spine"

_LEVELS = re.compile(r"\bL([1-5])\s*(?:-|\u2013|to)\s*L?([1-5])\b", re.IGNORECASE)
_LEVEL = re.compile(r"\bL([1-5])\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\bupper neck|\blower neck|\bmean\b|\bdifference\b|\btrend\b|\bintertroch|\bshaft\b", re.IGNORECASE
)
_IN_WORDS: tuple[tuple[re.Pattern[str], Region], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), region)
    for pattern, region in (
        (r"\bneck\b|\bFN\b", FEMORAL_NECK),
        (r"\btotal\b.{0,20}\b(?:hip|femur)\b|\b(?:hip|femur)\b.{0,20}\btotal\b|\bTH\b", TOTAL_HIP),
        (r"\b33\s?%|\b1/3\b|\b(?:one|distal) third\b", FOREARM_33),
        (r"\bforearm\b|\bradius\b|\bradial\b", FOREARM),
        (r"\blumbar\b|\b(?:AP|PA) spine\b|\bLS\b", Region(LUMBAR_SPINE, paired=False)),
        (r"\bhip\b", HIP),
        (r"\bfemur\b|\bfemoral\b", Region("femur")),
        (r"\bspine\b", Region("spine", paired=False)),
    )
)


def region_in_words(text: str) -> Region | None:
    """The region that a text names; None for none, or for a part that isn't reported (upper neck, a mean, a trend)."""
    if _OTHER.search(text):
        return None
    if levels := _LEVELS.search(text):
        return Region(f"{LUMBAR_SPINE} L{levels[1]}-L{levels[2]}", paired=False)
    if level := _LEVEL.search(text):
        return Region(f"{LUMBAR_SPINE} L{level[1]}", paired=False)
    return next((region for pattern, region in _IN_WORDS if pattern.search(text)), None)
