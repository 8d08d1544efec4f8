"""What the record shows of each hospital's way of working, to stand beside what the hospital says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from openfls.clinical.standards import Component
from openfls.pages.components.ways import Told, ways
from openfls.record.models import EpisodeRow

SHOWN = 2  # of the commonest answers


@dataclass(frozen=True)
class Recorded:
    """What each hospital's record shows: ``nurse 92%, not said 8%; 24 fractures``, empty for nothing."""

    question: str
    cells: tuple[str, ...]


def recorded(
    episodes: "QuerySet[EpisodeRow]", codes: Sequence[str], names: Mapping[str, str]
) -> dict[Component, list[Recorded]]:
    """For each component, over these episodes. ``codes``: the hospitals in the order of their columns."""
    found = {}
    for component in Component:
        rows = []
        for asked in ways(episodes, component, {}):
            told = {way.site: way.told for way in asked.sites}
            rows.append(Recorded(asked.question, tuple(_words(told.get(code, ()), names) for code in codes)))
        found[component] = rows
    return found


def _words(told: Sequence[Told], names: Mapping[str, str]) -> str:
    total = sum(one.number for one in told)
    if not total:
        return ""
    said = ", ".join(f"{names.get(one.words, one.words)} {100 * one.number / total:.0f}%" for one in told[:SHOWN])
    return f"{said}{', …' if len(told) > SHOWN else ''}; {total:,} fractures"
