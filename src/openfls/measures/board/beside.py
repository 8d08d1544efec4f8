"""Hospitals beside one another in what may leave the building: only those none of whose counts is small.

What is compared with is the sum of the hospitals shown, so that nothing follows about one that is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from openfls.clinical.standards import Standard
from openfls.measures.charts.compared import caterpillar_picture, funnel_picture, worse
from openfls.measures.charts.drawing import Picture, published
from openfls.measures.counting import Measure
from openfls.measures.funnel import Position, Unit, funnel
from openfls.measures.small_numbers import both_told

Units = Collection[Unit]


def units_told(measures: Mapping[str, Measure], below: int) -> tuple[list[Unit], list[str]]:
    """The hospitals that may be shown, and the names of those that are left out. ``measures``: by the hospital's
    name."""
    judged = {name: measure for name, measure in sorted(measures.items()) if measure.judged}
    told = [Unit(name, m.met, m.judged) for name, m in judged.items() if both_told(m.met, m.judged, below)]
    return told, [name for name in judged if name not in {unit.name for unit in told}]


def beside_picture(standard: Standard, site: str, measures: Mapping[str, Measure], below: int) -> Picture | None:
    """The funnel of three hospitals or more, the caterpillar of two; None of fewer that may be shown."""
    told, left_out = units_told(measures, below)
    if len(told) < 2:
        return None
    made, given = funnel(told), published(standard, doubt=False)
    drawn = (
        funnel_picture(standard.title, made, standard.direction, given=given, own=site)
        if made
        else caterpillar_picture(standard.title, told, standard.direction, given=given)
    )
    noted = (f"Left out, for counts that are small: {', '.join(left_out)}.",) if left_out else ()
    return replace(drawn, rules=(*drawn.rules, *noted)) if drawn else None


def stands_out(standard: Standard, site: str, measures: Mapping[str, Measure], below: int) -> str | None:
    """Where this hospital stands in the funnel; empty where chance explains it, None without a funnel."""
    made = funnel(units_told(measures, below)[0])
    placed = next((one.position for one in made.placed if one.unit.name == site), None) if made else None
    if placed in (None, Position.NOBODY):
        return None
    if placed is Position.INSIDE:
        return ""
    wanted = "not as wanted" if worse(placed, standard.direction) else "as wanted"
    return f"Funnel: {placed.value}, {wanted}."
