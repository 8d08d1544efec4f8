"""Observation resources: bone density, fracture risk, and the laboratory values that matter to bone treatment."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.bone_measurements import (
    DENSITY_LIMIT_G_CM2,
    DXA,
    FRAX_MAJOR_FRACTURE,
    T_SCORE_LIMIT,
    Densitometry,
)
from openfls.clinical.codes import Code, Loinc
from openfls.clinical.facts import DxaResult, Fact, LaboratoryResult, RiskScore
from openfls.clinical.fracture_words import side_in_words
from openfls.clinical.laboratory import Analyte
from openfls.feeds import units
from openfls.feeds.fhir.content import Entry
from openfls.feeds.fhir.elements import Json, child, codes, each, number, text, unit, words
from openfls.feeds.fhir.export import File, begun, status_of
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.times import first_given
from openfls.feeds.laboratory import analyte_of, code_map

_DATES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
_G_CM2 = frozenset({"g/cm2", "g/cm²", "g/cm^2", "g/cm*2", "g/cm-2", "g.cm-2"})


def wanted(resource: Json, mapping: str | None = None) -> bool:
    """Whether a value or component is one that the tables, or the laboratory's code map, know."""
    return any(_known(part) or _analyte(part, mapping) for part in _parts(resource))


def facts(entry: Entry, file: File) -> Iterator[Fact]:
    """A fact for the value and for each component that is known."""
    resource = entry.resource
    for place, part in enumerate(_parts(resource)):
        code, analyte = _known(part), _analyte(part, file.origin.mapping)
        if not (code or analyte) or text(resource.get("status")) == "registered":
            continue
        encounter = file.encounter(resource)
        occurred = first_given(resource, _DATES, file.known) or begun(encounter, file.known)
        if occurred is None:
            raise CannotRead("The measurement has no date.", "Send it with effectiveDateTime.")
        inside = f"component[{place - 1}]" if place else ""
        told = status_of(text(resource.get("status")))
        common = file.common(entry, file.subject(entry), occurred, encounter, inside, **told)
        if analyte:
            yield _laboratory(analyte, part, common)
        elif code:
            yield _fact(code, part, words(child(resource, "bodySite")), common)


def _parts(resource: Json) -> list[Json]:
    return [resource, *each(resource.get("component"))]


def _known(part: Json) -> Loinc | None:
    """The first code of bone density or of a risk that a table knows."""
    known = (code for code in codes(child(part, "code")) if isinstance(code, Loinc))
    return next((code for code in known if code.value in DXA or code.value == FRAX_MAJOR_FRACTURE), None)


def _analyte(part: Json, mapping: str | None) -> Analyte | None:
    return analyte_of(codes(child(part, "code")), code_map(mapping))


def _fact(code: Loinc, part: Json, body_site: str, common: dict[str, Any]) -> Fact:
    if code.value in DXA:
        return _dxa(code, part, body_site, common)
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
    score = value if measure.gives is not Densitometry.DENSITY else None
    density = value if measure.gives is Densitometry.DENSITY else None
    if score is not None and abs(score) > T_SCORE_LIMIT:
        raise CannotRead(f"{score:g} is no {measure.gives}.", "Ask the sender for the right value.")
    if density is not None and (unit(quantity).lower() not in _G_CM2 or not 0 < density < DENSITY_LIMIT_G_CM2):
        raise CannotRead(f"{density:g} {unit(quantity)[:20]!r} is no density in g/cm2.", "Send the density in g/cm2.")
    return DxaResult(
        region=body_site or measure.region,
        side=side_in_words(body_site) if body_site else measure.side,
        t_score=score if measure.gives is Densitometry.T_SCORE else None,
        z_score=score if measure.gives is Densitometry.Z_SCORE else None,
        bmd_g_cm2=density,
        code=code,
        **common,
    )


def _laboratory(analyte: Analyte, part: Json, common: dict[str, Any]) -> LaboratoryResult:
    """The value as the laboratory wrote it: a quantity with its comparator, else its words."""
    quantity = child(part, "valueQuantity")
    value = number(quantity)
    comparator = text(quantity.get("comparator"))
    shown = f"{comparator}{value:.12g}" if value is not None else _said(part)
    if not shown:
        raise CannotRead(f"The {analyte.name} has no value.", "Send valueQuantity or valueString.")
    measured = _unit(quantity) if value is not None else ""
    if not common.get("retracted"):
        _check(shown, measured, analyte)
    its_codes = codes(child(part, "code"))
    return LaboratoryResult(
        code=_mapped(its_codes, analyte),
        name=analyte.name,
        value=shown,
        unit=measured,
        reference_range=_range(child(part, "referenceRange")),
        analyte=analyte.name,
        **common,
    )


def _unit(quantity: Json) -> str:
    """The unit as it is written, unless only its code is one that is known."""
    written, coded = unit(quantity), text(quantity.get("code"))
    return coded if coded and not units.known_unit(written) and units.known_unit(coded) else written


def _mapped(its_codes: tuple[Code, ...], analyte: Analyte) -> Code | None:
    """The code by which it is known, else its first."""
    by = (code for code in its_codes if analyte_of((code,), code_map(None)) is analyte)
    return next(by, its_codes[0] if its_codes else None)


def _check(shown: str, measured: str, analyte: Analyte) -> None:
    try:
        units.checked(shown, measured, analyte)
    except units.Unmeasured as wrong:
        raise CannotRead(wrong.reason, wrong.mend) from wrong


def _said(part: Json) -> str:
    absent = words(child(part, "dataAbsentReason"))
    return text(part.get("valueString")) or words(child(part, "valueCodeableConcept")) or (absent and f"({absent})")


def _range(given: Json) -> str:
    """``2.2 - 2.6``, or the range's own text."""
    ends = [number(child(given, name)) for name in ("low", "high")]
    if text(given.get("text")) or ends == [None, None]:
        return text(given.get("text"))
    return " - ".join("" if end is None else f"{end:.12g}" for end in ends).strip()
