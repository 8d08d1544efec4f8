"""Standards as FHIR R4 Measures, and a standard counted at a site in a period as a MeasureReport of type summary.

Who is asked is the initial population; of these the excluded, those whose window has closed (the denominator) and those
who met it in time (the numerator). What is unknown or still open stands in the initial population alone.
"""

from datetime import date
from typing import Any

from openfls.clinical.standards import Direction, Standard
from openfls.measures.counting import Measure
from openfls.measures.small_numbers import few

Json = dict[str, Any]
CANONICAL = "https://openfls.org/fhir/Measure"  # names them; nothing is served there
POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"
SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"
NOTATION = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code"
POPULATIONS = ("initial-population", "denominator-exclusion", "denominator", "numerator")


def canonical(standard: Standard) -> str:
    return f"{CANONICAL}/{standard.name}"


def measure_resource(standard: Standard) -> Json:
    """The declaration, as far as FHIR has words for it; the rule itself stands in the rulebook, not in CQL."""
    return {
        "resourceType": "Measure",
        "id": standard.name,
        "url": canonical(standard),
        "version": standard.edition,
        "name": "".join(part.capitalize() for part in standard.name.split("-")),
        "title": standard.title,
        "status": "active" if standard.checked_by else "draft",
        "experimental": not standard.checked_by,
        "description": standard.why,
        "usage": "; ".join(filter(None, (standard.source, ", ".join(standard.aliases), standard.notes))),
        "scoring": _concept(SCORING, "proportion"),
        "improvementNotation": _notation(standard),
        "group": [{"population": [{"code": _concept(POPULATION, code), **_criteria()} for code in POPULATIONS]}],
    }


def measure_report(measure: Measure, site: str, first: date, last: date, today: date, *, below: int = 0) -> Json:
    """``below``: counts below this are not told, for it is to leave the building; 0 where it stays."""
    counts = (measure.asked, measure.excluded, measure.judged, measure.met)
    neither = measure.asked - measure.excluded - measure.judged  # open or unknown
    hidden = any(few(count, below) for count in (*counts, measure.judged - measure.met, neither))
    group: Json = {"population": [_population(c, n, hidden) for c, n in zip(POPULATIONS, counts, strict=True)]}
    if measure.share and not hidden:
        score = {"value": round(measure.share.value, 4), "system": "http://unitsofmeasure.org", "code": "1"}
        group["measureScore"] = score
    return {
        "resourceType": "MeasureReport",
        "id": report_id(measure.standard.name, site, first, last),
        "status": "complete",
        "type": "summary",
        "measure": f"{canonical(measure.standard)}|{measure.standard.edition}",
        "date": today.isoformat(),
        "reporter": {"identifier": {"system": ORGANISATION, "value": site}},
        "period": {"start": first.isoformat(), "end": last.isoformat()},
        "improvementNotation": _notation(measure.standard),
        "group": [group],
    }


def report_id(standard: str, site: str, first: date, last: date) -> str:
    return f"{site}.{first:%y%m%d}.{last:%y%m%d}.{standard}"  # an id has 64 characters at most


def _population(code: str, count: int, hidden: bool) -> Json:
    """Where one count of a standard is small none of it is told: the others would give it away."""
    told: Json = {"code": _concept(POPULATION, code)}
    if not hidden:
        return told | {"count": count}
    return told | {"_count": {"extension": [{"url": ABSENT, "valueCode": "masked"}]}}


def _criteria() -> Json:
    return {"criteria": {"language": "text/plain", "expression": "see the rulebook of OpenFLS"}}


def _notation(standard: Standard) -> Json:
    return _concept(NOTATION, "increase" if standard.direction is Direction.HIGHER else "decrease")


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
