"""Measures how often the intervals for the missed cover the truth: ``python -m docs.generating.missed_measured``.

It takes some minutes. The figures go to `missed_measured.json`, from which the reference page is written.
"""

import json
from collections import defaultdict
from datetime import date

from docs.generating.missed import FIGURES
from openfls.demo.covering import Told, told

TODAY = date(2026, 6, 1)
REGIONS = 100
SCALES = (1.0, 0.25)


def measured(scale: float) -> list[dict[str, object]]:
    groups: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for seed in range(1, REGIONS + 1):
        for one in told(seed, scale, TODAY):
            groups[one.stratum, one.way].append(one)
    return [_row(scale, *group, every) for group, every in groups.items()]


def _row(scale: float, stratum: str, way: str, every: list[Told]) -> dict[str, object]:
    number = len(every)
    return {
        "scale": scale, "stratum": stratum, "way": way, "regions": number,
        "covered": sum(one.covers for one in every),
        "above_the_truth": sum(one.estimated.low > one.truly for one in every),
        "truly": round(sum(one.truly for one in every) / number, 1),
        "estimated": round(sum(one.estimated.value for one in every) / number, 1),
    }  # fmt: skip


if __name__ == "__main__":
    FIGURES.write_text(json.dumps([row for scale in SCALES for row in measured(scale)], indent=1) + "\n")
