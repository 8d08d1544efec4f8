"""By what a number in one unit is multiplied to be one in another, in decimals: the one place that asks Pint."""

from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pint import DimensionalityError, UnitRegistry

# Only what laboratories of this field use: a unit outside it is not understood, rather than understood wrongly.
DEFINITIONS = """
deci- = 1e-1 = d-
centi- = 1e-2 = c-
milli- = 1e-3 = m-
micro- = 1e-6 = u-
nano- = 1e-9 = n-
pico- = 1e-12 = p-
femto- = 1e-15 = f-
gram = [mass] = g
mole = [substance] = mol
litre = [volume] = l
enzyme_unit = [activity] = U
minute = [time] = min
body_surface = [surface]
@context(mw=0) laboratory
    [mass] / [volume] -> [substance] / [volume]: value / mw
    [substance] / [volume] -> [mass] / [volume]: value * mw
@end
"""


@lru_cache(maxsize=2000)
def factor(asked: str, wanted: str, molar_mass: str | None = None) -> Decimal | None:
    """The factor between two expressions of `DEFINITIONS`; ``molar_mass`` in g/mol turns mass into substance. None
    where nothing turns the one into the other."""
    registry = _registry()
    one, other = registry.parse_expression(asked), registry.parse_expression(wanted)
    try:
        if molar_mass:
            mass = registry.Quantity(Decimal(molar_mass), "gram/mole")
            same = one.to(other.units, "laboratory", mw=mass)
        else:
            same = one.to(other.units)
    except DimensionalityError:
        return None
    return Decimal(same.magnitude / other.magnitude)


@cache
def _registry() -> Any:
    registry: UnitRegistry[Decimal] = UnitRegistry(None, non_int_type=Decimal)
    registry.load_definitions(DEFINITIONS.strip().splitlines())
    return registry
