"""Bone density from OBX: T-scores, Z-scores and densities, by LOINC code or by the words of a local code.

Each value is a statement of its own, since a correction may restate one alone. The population that scores compare with
and the scanner stand beside them: in observations of the same order, in OBX-18, or in what the feed declares.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openfls.clinical.bone_measurements import DXA, Densitometry, DxaMeasure
from openfls.clinical.codes import Code, Loinc
from openfls.clinical.dxa_regions import region_in_words
from openfls.clinical.facts import DxaResult, Side, Status
from openfls.feeds import reports
from openfls.feeds.hl7v2 import coding
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order

_T_SCORE = re.compile(r"\bt[\s_-]?score", re.IGNORECASE)
_Z_SCORE = re.compile(r"\bz[\s_-]?score", re.IGNORECASE)
_DENSITY = re.compile(r"\bBMD\b|bone\s+(?:mineral\s+)?density", re.IGNORECASE)
_OTHER = re.compile(r"%|percent|\bchange\b|\bchng\b", re.IGNORECASE)
_RADIUS_33 = re.compile(r"\b33\s?%", re.IGNORECASE)  # a region, not a change in percent
_MEASURED = re.compile("|".join((_T_SCORE.pattern, _Z_SCORE.pattern, _DENSITY.pattern)), re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,6})?")
_AREA_UNITS = {"G/CM2", "G/CM^2", "G/CM²", "G/SQCM", "GRAM/CM2"}
# What a person can have, with room to spare: outside it is a placeholder (9999) or another unit.
SCORE_BOUNDS = (-12.0, 12.0)
DENSITY_BOUNDS = (0.05, 3.0)  # g/cm²

# What is told beside the values, by the words of the observation.
_REFERENCE = re.compile(r"\breference (?:population|data(?:base)?|set|group)\b|\bNHANES\b", re.IGNORECASE)
_MAKER = re.compile(r"\b(?:manufacturer|maker)\b", re.IGNORECASE)
_MODEL = re.compile(r"\b(?:scanner|device|densitometer) ?(?:model|type)?\b", re.IGNORECASE)
_SOFTWARE = re.compile(r"\bsoftware\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the observations of one order tell beside the values."""

    reference: str = ""
    maker: str = ""
    model: str = ""
    software: str = ""


def beside(observations: Iterable[Segment]) -> Beside:
    """The population and the scanner, from observations that hold words."""
    told: dict[str, str] = {}
    for obx in observations:
        name, value = _named(obx), obx.prose(5)
        for field, pattern in (
            ("reference", _REFERENCE), ("maker", _MAKER), ("software", _SOFTWARE), ("model", _MODEL)
        ):  # fmt: skip
            if value and _what((), name) is None and pattern.search(name):
                told.setdefault(field, value)
                break
    return Beside(**told)


def is_density(obx: Segment) -> bool:
    """Whether an observation is a T-score, a Z-score or a bone density."""
    return _what(coding.codes(obx.field(3)), _named(obx)) is not None


def is_beside(obx: Segment) -> bool:
    """Whether an observation only names the population or the scanner."""
    return not is_density(obx) and beside([obx]) != Beside()


def result(obx: Segment, order: Order, status: Status, name: str, told: Beside) -> DxaResult:
    """One value; ``name`` is its part of the key. Raises `Fault` for one that nobody can have, or of no region."""
    codes, named = coding.codes(obx.field(3)), _named(obx)
    gives = _what(codes, named)
    region, side = _region(codes, named, order)
    taken_back = order.taken_back(obx)
    if not region:
        raise Fault(obx.place(3), f"the {gives} names no region.", "Send the region: femoral neck, total hip, L1-L4 …")
    score = _within(obx, SCORE_BOUNDS, taken_back) if gives is not Densitometry.DENSITY else None
    return DxaResult(
        record=order.record,
        occurred=order.envelope.when(obx, 14) or order.taken or order.envelope.event,
        region=region,
        side=side,
        t_score=score if gives is Densitometry.T_SCORE else None,
        z_score=score if gives is Densitometry.Z_SCORE else None,
        bmd_g_cm2=_density(obx, taken_back) if gives is Densitometry.DENSITY else None,
        reference=told.reference or order.envelope.origin.reference or "",
        scanner=obx.text(18),
        maker=told.maker,
        model=told.model,
        software=told.software,
        code=codes[0] if codes else None,
        **order.common(obx.place(5), name, status, retracted=taken_back),
    )


def _named(obx: Segment) -> str:
    return coding.words(obx.field(3)) or obx.text(3)


def _by_code(codes: tuple[Code, ...]) -> DxaMeasure | None:
    return next((DXA[c.value] for c in codes if isinstance(c, Loinc) and c.value in DXA), None)


def _what(codes: tuple[Code, ...], named: str) -> Densitometry | None:
    if measure := _by_code(codes):
        return measure.gives
    if _T_SCORE.search(named):
        return Densitometry.T_SCORE
    if _Z_SCORE.search(named):
        return Densitometry.Z_SCORE
    stated = _DENSITY.search(named) and not _OTHER.search(_RADIUS_33.sub("", named))
    return Densitometry.DENSITY if stated else None


def _region(codes: tuple[Code, ...], named: str, order: Order) -> tuple[str, Side]:
    """The region by LOINC, else as the sender names it: in the observation's words, else the order's."""
    if measure := _by_code(codes):
        return measure.region, measure.side
    words = _MEASURED.sub("", named).strip(" -_:,[]()")
    for text in (words, order.exam):
        if found := region_in_words(text):
            return found.name, reports.side_in(text) if found.paired else Side.UNKNOWN
    return words, reports.side_in(words)


def _density(obx: Segment, taken_back: bool) -> float | None:
    unit = (obx.text(6) or obx.text(6, 2)).upper().replace(" ", "")
    if unit not in _AREA_UNITS and not taken_back:
        raise Fault(obx.place(6), f"{unit or 'no unit'!r} is no unit of bone density.", "Send the density in g/cm2.")
    return _within(obx, DENSITY_BOUNDS, taken_back)


def _within(obx: Segment, bounds: tuple[float, float], taken_back: bool) -> float | None:
    written = obx.prose(5).replace("\u2212", "-")
    if taken_back and not written:
        return None
    number = float(written) if _NUMBER.fullmatch(written) else None
    if number is None or not bounds[0] <= number <= bounds[1]:
        reason = f"{written[:20]!r} is no value from {bounds[0]:g} to {bounds[1]:g}."
        raise Fault(obx.place(5), reason, "Ask the sender for the measured value, with a decimal point.")
    return number
