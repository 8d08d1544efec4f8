"""Observation resources: bone density, fracture risk, and the laboratory values that matter to bone treatment."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.bone_measurements import (
    DENSITY_LIMIT_G_CM2,
    DXA,
    FRAX_MAJOR_FRACTURE,
    LABORATORY,
    T_SCORE_LIMIT,
    Densitometry,
)
from openfls.clinical.codes import Loinc
from openfls.clinical.facts import DxaResult, Fact, LaboratoryResult, RiskScore
from openfls.clinical.fracture_words import side_in_words
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, each, number, text, unit, words
from openfls.feeds.fhir.export import File, begun, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given

_DATES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
_G_CM2 = frozenset({"g/cm2", "g/cm²", "g/cm^2", "g/cm*2", "g/cm-2", "g.cm-2"})


def wanted(resource: Json) -> bool:
    return any(_measure(part) is not None for part in _parts(resource))


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A fact for the value and for each component whose code the tables know."""
    resource = entry.resource
    for place, part in enumerate(_parts(resource)):
        code = _measure(part)
        if code is None or text(resource.get("status")) == "registered":
            continue
        encounter = file.encounter(resource)
        occurred = first_given(resource, _DATES, file.known) or begun(encounter, file.known)
        if occurred is None:
            raise CannotRead("The measurement has no date.", "Send it with effectiveDateTime.")
        inside = f"component[{place - 1}]" if place else ""
        told = status_of(text(resource.get("status")))
        common = file.common(entry, file.subject(entry), occurred, encounter, inside, **told)
        yield _fact(code, part, words(child(resource, "bodySite")), common)


def _parts(resource: Json) -> list[Json]:
    return [resource, *each(resource.get("component"))]


def _measure(part: Json) -> Loinc | None:
    """The first code of the value that a table knows."""
    for coding in each(child(part, "code").get("coding")):
        value = text(coding.get("code"))
        if (value in DXA or value in LABORATORY or value == FRAX_MAJOR_FRACTURE) and _is_loinc(coding):
            return Loinc(value, text(coding.get("display")))
    return None


def _is_loinc(coding: Json) -> bool:
    return any(isinstance(code, Loinc) for code in codes({"coding": [coding]}))


def _fact(code: Loinc, part: Json, body_site: str, common: dict[str, Any]) -> Fact:
    if code.value in DXA:
        return _dxa(code, part, body_site, common)
    if code.value in LABORATORY:
        return _laboratory(code, part, common)
    percent = number(child(part, "valueQuantity"))
    if percent is None or not 0 <= percent <= 100:
        raise CannotRead("The FRAX probability is no percentage.", "Send valueQuantity in percent.")
    return RiskScore(tool="FRAX", major_fracture_percent=percent, **common)


def _dxa(code: Loinc, part: Json, body_site: str, common: dict[str, Any]) -> DxaResult:
    """A T-score or a density; one that the sender left out is a scan without a value."""
    measure, quantity = DXA[code.value], child(part, "valueQuantity")
    value = number(quantity)
    if value is None and "value" in quantity:
        raise CannotRead(f"The {measure.gives} is no number.", "Send valueQuantity.value as a number.")
    t_score = value if measure.gives is Densitometry.T_SCORE else None
    density = value if measure.gives is Densitometry.DENSITY else None
    if t_score is not None and abs(t_score) > T_SCORE_LIMIT:
        raise CannotRead(f"{t_score:g} is no T-score.", "Ask the sender for the right value.")
    if density is not None and (unit(quantity).lower() not in _G_CM2 or not 0 < density < DENSITY_LIMIT_G_CM2):
        raise CannotRead(f"{density:g} {unit(quantity)[:20]!r} is no density in g/cm2.", "Send the density in g/cm2.")
    return DxaResult(
        region=body_site or measure.region,
        side=side_in_words(body_site or measure.region),
        t_score=t_score,
        bmd_g_cm2=density,
        code=code,
        **common,
    )


def _laboratory(code: Loinc, part: Json, common: dict[str, Any]) -> LaboratoryResult:
    """The value as the laboratory wrote it: a quantity with its comparator, else its words."""
    quantity = child(part, "valueQuantity")
    value = number(quantity)
    comparator = text(quantity.get("comparator"))
    shown = f"{comparator}{value:.12g}" if value is not None else _said(part)
    if not shown:
        raise CannotRead(f"The {LABORATORY[code.value].name} has no value.", "Send valueQuantity or valueString.")
    return LaboratoryResult(
        code=code,
        name=LABORATORY[code.value].name,
        value=shown,
        unit=unit(quantity),
        reference_range=_range(child(part, "referenceRange")),
        **common,
    )


def _said(part: Json) -> str:
    absent = words(child(part, "dataAbsentReason"))
    return text(part.get("valueString")) or words(child(part, "valueCodeableConcept")) or (absent and f"({absent})")


def _range(given: Json) -> str:
    """``2.2 - 2.6``, or the range's own text."""
    ends = [number(child(given, name)) for name in ("low", "high")]
    if text(given.get("text")) or ends == [None, None]:
        return text(given.get("text"))
    return " - ".join("" if end is None else f"{end:.12g}" for end in ends).strip()
