"""Bone density from OBX: T-scores and BMD, by LOINC code or by the words of a local code."""

import re

from openfls.clinical.codes import Code, Loinc
from openfls.clinical.facts import DxaResult, Side, Status
from openfls.feeds import reports
from openfls.feeds.hl7v2 import coding
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order

# LOINC names "DXA <region> [T-score] Bone density" and "DXA <region> [Mass/Area] Bone density" (LOINC 2.64 and later).
_REGIONS: dict[str, tuple[str, Side]] = {
    "femur": ("femur", Side.UNKNOWN), "left femur": ("femur", Side.LEFT), "right femur": ("femur", Side.RIGHT),
    "hip": ("hip", Side.UNKNOWN), "left hip": ("hip", Side.LEFT), "right hip": ("hip", Side.RIGHT),
    "forearm": ("radius and ulna", Side.UNKNOWN), "left forearm": ("radius and ulna", Side.LEFT),
    "right forearm": ("radius and ulna", Side.RIGHT),
    "lumbar": ("lumbar spine", Side.UNKNOWN), "spine": ("spine", Side.UNKNOWN),
}  # fmt: skip
T_SCORES = {
    "38263-0": "femur", "80948-3": "left femur", "80947-5": "right femur",
    "38264-8": "hip", "80946-7": "left hip", "80945-9": "right hip",
    "38265-5": "forearm", "80944-2": "left forearm", "80943-4": "right forearm",
    "38267-1": "lumbar", "104938-6": "spine",
}  # fmt: skip
DENSITIES = {
    "24701-5": "femur", "80954-1": "left femur", "80953-3": "right femur",
    "38261-4": "hip", "46278-8": "left hip", "46279-6": "right hip",
    "24890-6": "forearm", "80952-5": "left forearm", "80951-7": "right forearm",
    "24966-4": "lumbar",
}  # fmt: skip

_T_SCORE = re.compile(r"\bt[\s_-]?score", re.IGNORECASE)
_DENSITY = re.compile(r"\bBMD\b|bone\s+(?:mineral\s+)?density", re.IGNORECASE)
_OTHER = re.compile(r"\bz[\s_-]?score|%|percent|\bchange\b", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,6})?")
_AREA_UNITS = {"G/CM2", "G/CM^2", "G/CM²", "G/SQCM", "GRAM/CM2"}
# What a person can have, with room to spare: outside it is a placeholder (9999) or another unit.
T_SCORE_BOUNDS = (-12.0, 12.0)
DENSITY_BOUNDS = (0.05, 3.0)  # g/cm²


def is_density(obx: Segment) -> bool:
    """Whether an observation is a T-score or a bone density."""
    return any(_what(coding.codes(obx.field(3)), _named(obx)))


def result(obx: Segment, order: Order, status: Status, name: str) -> DxaResult:
    """A T-score or a density; ``name`` is its part of the key. Raises `Fault` for a value nobody can have."""
    codes, named = coding.codes(obx.field(3)), _named(obx)
    t_score, bmd = _what(codes, named)
    region, side = _region(codes, named, order)
    taken_back = order.taken_back(obx)
    return DxaResult(
        record=order.record,
        occurred=order.envelope.when(obx, 14) or order.taken or order.envelope.event,
        region=region,
        side=side,
        t_score=_within(obx, T_SCORE_BOUNDS, taken_back) if t_score else None,
        bmd_g_cm2=_density(obx, taken_back) if bmd else None,
        scanner=obx.text(18),
        code=codes[0] if codes else None,
        **order.common(obx.place(5), name, status, retracted=taken_back),
    )


def _named(obx: Segment) -> str:
    return coding.words(obx.field(3)) or obx.text(3)


def _what(codes: tuple[Code, ...], named: str) -> tuple[bool, bool]:
    loinc = {code.value for code in codes if isinstance(code, Loinc)}
    if loinc & (T_SCORES.keys() | DENSITIES.keys()):
        return bool(loinc & T_SCORES.keys()), bool(loinc & DENSITIES.keys())
    if _T_SCORE.search(named):
        return True, False
    return False, bool(_DENSITY.search(named)) and not _OTHER.search(named)


def _region(codes: tuple[Code, ...], named: str, order: Order) -> tuple[str, Side]:
    """The region by LOINC, else as the sender names it: in the observation's words, else the order's."""
    for code in codes:
        if isinstance(code, Loinc) and (known := T_SCORES.get(code.value) or DENSITIES.get(code.value)):
            return _REGIONS[known]
    words = re.sub(_T_SCORE.pattern + "|" + _DENSITY.pattern, "", named, flags=re.IGNORECASE).strip(" -_:,[]()")
    region = words or order.exam
    return region, reports.side_in(region)


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
