"""Units of laboratory values: how they are spelt, and the same value in the unit in which it is compared.

A value keeps the unit that its laboratory wrote; `canonical` is worked out from it whenever somebody asks. A unit that
is missing or that nobody knows is never assumed: the result waits for a person. Pint converts, in decimals.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from openfls.clinical.facts import LaboratoryResult
from openfls.clinical.laboratory import ANALYTES, PLACEHOLDERS, Analyte

_PER_LITRE = re.compile(r"(?P<top>[munpf]?(?:g|mol)|[mu]?u)/(?P<bottom>[dcmu]?l)")
_COUNT = re.compile(r"(?:x?10(?:\*|\^|e)?|10exp)(?P<power>9|3|6)/(?P<bottom>[mu]?l)")
# Spellings after `_plain`, as UCUM or as senders write them, with what pint is asked.
_WHOLE = MappingProxyType(
    {
        "fl": "femtolitre",
        "1": "gram/gram", "ratio": "gram/gram", "{ratio}": "gram/gram",
        "giga/l": "1e9/litre", "k/ul": "1e9/litre", "thou/ul": "1e9/litre", "th/ul": "1e9/litre",
        "ml/min/1.73m2": "millilitre/minute/body_surface",
        "ml/min": "millilitre/minute",
    }
)  # fmt: skip
_VALUE = re.compile(r"(?P<sign><=|>=|<|>|≤|≥|=|~)?\s*(?P<number>[+-]?\d{1,9}(?:\.\d{1,18})?)\s*(?P<rest>.*)", re.DOTALL)
SIGNS = MappingProxyType({"≤": "<=", "≥": ">=", "=": "", None: ""})


class Unmeasured(Exception):
    """Why a laboratory value can't be read: ``part`` is ``value`` or ``unit``."""

    def __init__(self, part: str, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.part, self.reason, self.mend = part, reason, mend


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its comparator (``<``, ``>``, ``<=``, ``>=``, ``~`` or nothing) and its unit."""

    comparator: str
    number: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.comparator}{self.number.normalize():f} {shown(self.unit)}".strip()

    def rounded(self, digits: int = 3) -> "Measured":
        """With so many significant digits, for people to read."""
        if not self.number:
            return self
        places = digits - 1 - self.number.adjusted()
        return Measured(self.comparator, round(self.number, max(places, 0)), self.unit)


def checked(value: str, unit: str, analyte: Analyte) -> None:
    """Raises `Unmeasured` where the value and unit can't be those of this measurement. Words in place of a number
    (``haemolysed``) stand as words."""
    written = _written(value, unit)
    if analyte.is_text or written is None:
        return
    number, unit = written
    found = _converted(number, unit, analyte)
    if not _possible(found, analyte):
        bounds = f"{analyte.low:g} to {analyte.high:g} {shown(analyte.unit)}"
        reason = f"{value.strip()[:20]} {shown(unit)} is no possible {analyte.name} ({bounds})."
        raise Unmeasured("value", reason, "Ask the laboratory for the measured value and its unit.")


def canonical(result: LaboratoryResult) -> Measured | None:
    """The result in the unit in which its measurement is compared; None for words, and for a unit that stands as it
    was written. Never raises."""
    analyte = ANALYTES.get(result.analyte)
    if analyte is None or analyte.is_text:
        return None
    try:
        written = _written(result.value, result.unit)
        found = _converted(*written, analyte) if written else None
    except Unmeasured:
        return None
    return found if found and found.unit == analyte.unit else None


def shown(unit: str) -> str:
    """A unit as people write it."""
    plain = unit.replace("{1.73_m2}", "1.73 m²").replace("10*9", "10⁹").replace("10*12", "10¹²")
    plain = re.sub(r"^u(?=mol|g)", "µ", plain)
    return "" if plain == "1" else plain


def known_unit(unit: str) -> bool:
    return _asked(unit) is not None


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean one unit."""
    return one == other or (_asked(one) is not None and _asked(one) == _asked(other))


def convert(number: Decimal, unit: str, to: str, molar_mass: str | None = None) -> Decimal:
    """The number in another unit. Raises `Unmeasured` where a unit isn't known or can't become the other."""
    asked, wanted = _asked(unit), _asked(to)
    if asked is None or wanted is None:
        raise _unknown(unit if asked is None else to)
    from openfls.feeds.conversion import factor  # here: Pint takes a tenth of a second that most commands don't need

    by = factor(asked, wanted, molar_mass)
    if by is None:
        reason = f"{shown(unit)[:20]!r} can't be turned into {shown(to)}."
        raise Unmeasured("unit", reason, "Ask the laboratory for the unit in which it measured.")
    return number * by


def _written(value: str, unit: str) -> tuple[Measured, str] | None:
    """The number and its unit; None for words. Raises `Unmeasured`."""
    text = value.strip().replace("\u2212", "-")
    found = _VALUE.fullmatch(text)
    if found is None or (found["rest"] and (unit or not known_unit(found["rest"]))):
        if not re.search(r"\d", text):
            return None
        comma = re.fullmatch(r"[<>]?\s*\d+,\d+", text)
        why = "with a comma, which may part decimals or thousands" if comma else "in no form that a number has"
        raise Unmeasured("value", f"{text[:20]!r} is written {why}.", "Send the number with a decimal point.")
    if found["number"].lstrip("+") in PLACEHOLDERS:
        reason = f"{found['number']} is a placeholder, not a measurement."
        raise Unmeasured("value", reason, "Send no value where there is none.")
    unit = unit.strip() or found["rest"].strip()
    sign = SIGNS.get(found["sign"], found["sign"])
    return Measured(sign, Decimal(found["number"]), unit), unit


def _converted(number: Measured, unit: str, analyte: Analyte) -> Measured:
    if not unit and analyte.unit != "1":
        mend = f"Send its unit: {shown(analyte.unit)} or another that measures the same."
        raise Unmeasured("unit", f"The {analyte.name} has no unit.", mend)
    if any(_plain(unit) == _plain(stands) for stands in analyte.as_written):
        return number
    wanted = analyte.unit
    return Measured(number.comparator, convert(number.number, unit or "1", wanted, analyte.molar_mass), wanted)


def _possible(found: Measured, analyte: Analyte) -> bool:
    """A number below a comparator's end only has to be above nothing: ``<1`` may lie under the lowest value."""
    low = 0.0 if found.comparator.startswith("<") else analyte.low
    return low <= float(found.number) <= analyte.high


def _unknown(unit: str) -> Unmeasured:
    mend = "Send the unit as UCUM writes it: umol/L, g/L, 10*9/L."
    return Unmeasured("unit", f"{unit[:20]!r} is no unit that is known.", mend)


def _plain(unit: str) -> str:
    """A unit in small letters without spaces, its micro sign and litre written one way."""
    text = unit.strip().casefold().replace("μ", "u").replace("µ", "u").replace(" ", "")
    text = text.replace("micromol", "umol").replace("mcmol", "umol").replace("mcg", "ug").replace("microg", "ug")
    text = text.replace("[iu]", "u").replace("iu", "u").replace("litre", "l")
    return re.sub(r"/?(?:\{1\.73_?m2\}|1\.73_?(?:m2|m\^2|m²|m\*2|sqm|sq\.m))$", "/1.73m2", text)


def _asked(unit: str) -> str | None:
    """What pint is asked for a unit; None where it isn't known."""
    return _known(unit[:60])


@lru_cache(maxsize=2000)
def _known(unit: str) -> str | None:
    plain = _plain(unit)
    if plain in _WHOLE:
        return _WHOLE[plain]
    if found := _PER_LITRE.fullmatch(plain):
        top = found["top"]
        return f"{top[:-1]}U/{found['bottom']}" if top.endswith("u") else f"{top}/{found['bottom']}"
    if found := _COUNT.fullmatch(plain):
        return f"1e{found['power']}/{found['bottom']}"
    return None
