"""The pieces that resources are put together from: codings, dates, references, quantities."""

from datetime import date, datetime, timedelta
from typing import Any

from openfls.clinical.codes import Atc, Code, Dmd, Icd10, Icd10Cm, Loinc, Opcs4, RxNorm, Snomed
from openfls.clinical.facts import Fact
from openfls.clinical.when import When

Json = dict[str, Any]

# HL7 Terminology and UK Core, as `elements.SYSTEMS` reads them. A local code has no system: only its sender knows it.
ADDRESS_OF: dict[type[Code], str] = {
    Icd10: "http://hl7.org/fhir/sid/icd-10",
    Icd10Cm: "http://hl7.org/fhir/sid/icd-10-cm",
    Snomed: "http://snomed.info/sct",
    Opcs4: "https://fhir.hl7.org.uk/Id/opcs-4",
    Loinc: "http://loinc.org",
    Atc: "http://www.whocc.no/atc",
    Dmd: "https://dmd.nhs.uk",
    RxNorm: "http://www.nlm.nih.gov/research/umls/rxnorm",
}
DOTTED = (Icd10, Icd10Cm, Opcs4)  # written with a dot after the third character
ERROR = "entered-in-error"  # what FHIR says of a statement that was taken back
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def told(**elements: Any) -> Json:
    """The elements that say something: FHIR has no empty ones."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def concept(words: str, codes: tuple[Code, ...] = ()) -> Json:
    return told(coding=[coding(code) for code in codes], text=words)


def coding(code: Code) -> Json:
    value = f"{code.value[:3]}.{code.value[3:]}" if isinstance(code, DOTTED) and len(code.value) > 3 else code.value
    return told(system=ADDRESS_OF.get(type(code)), code=value, display=code.display)


def terms(system: str, code: str) -> Json:
    """A code of a system that FHIR itself defines."""
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def subject(patient: str) -> Json:
    return {"reference": f"Patient/{patient}"}


def organisation(code: str | None) -> Json:
    """A logical reference to a site or practice by its ODS code."""
    return {"identifier": {"system": ODS, "value": code}, "display": code} if code else {}


def moment_or_period(name: str, occurred: When) -> Json:
    """``onsetDateTime`` where the day is known, ``onsetPeriod`` from the first to the last possible day otherwise."""
    if written := _as_one_date(occurred):
        return {f"{name}DateTime": written}
    return {f"{name}Period": period(occurred.start, occurred.end)}


def date_of(occurred: When) -> str:
    """For elements that take no period: a day, month or year, whichever holds every possible day; else the first."""
    return _as_one_date(occurred) or occurred.start.isoformat()


def period(start: date, end: date) -> Json:
    return {"start": start.isoformat(), "end": end.isoformat()}


def _as_one_date(occurred: When) -> str:
    """FHIR writes a month or a year as a shorter date; a time only with its offset."""
    if occurred.exact:
        return _moment(occurred.at) if occurred.at else occurred.start.isoformat()
    if occurred.start.day == 1 and (occurred.end + timedelta(days=1)).day == 1:
        if (occurred.start.year, occurred.start.month) == (occurred.end.year, occurred.end.month):
            return f"{occurred.start:%Y-%m}"
        if (occurred.start.month, occurred.end.month) == (1, 12) and occurred.start.year == occurred.end.year:
            return f"{occurred.start:%Y}"
    return ""


def _moment(at: datetime) -> str:
    return at.isoformat() if at.tzinfo else at.date().isoformat()


def meta(fact: Fact) -> Json:
    """When this version was stated, and by which feed or person's form."""
    return {
        "lastUpdated": (fact.version or fact.known).isoformat(),
        "source": f"urn:openfls:feed:{fact.source.system.replace(' ', '%20')}",
    }
