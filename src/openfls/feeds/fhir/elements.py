"""FHIR's building blocks as plain values: codings, words, references, quantities.

What is optional and ill-shaped counts as absent; what a reader needs it asks for and then says what is missing.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from typing import Any

from openfls.clinical.codes import (
    Atc,
    Code,
    Dmd,
    Icd10,
    Icd10Cm,
    LocalCode,
    Loinc,
    Opcs4,
    RxNorm,
    Snomed,
    bare,
)

Json = dict[str, Any]

# HL7 Terminology (terminology.hl7.org), UK Core, NHS; compared in lower case, without version and last slash.
SYSTEMS: dict[str, type[Code]] = {
    "http://snomed.info/sct": Snomed,
    "urn:oid:2.16.840.1.113883.6.96": Snomed,
    "http://hl7.org/fhir/sid/icd-10": Icd10,
    "http://hl7.org/fhir/sid/icd-10-uk": Icd10,
    "https://fhir.hl7.org.uk/id/icd-10": Icd10,
    "https://fhir.nhs.uk/id/icd-10": Icd10,
    "urn:oid:2.16.840.1.113883.6.3": Icd10,
    "http://hl7.org/fhir/sid/icd-10-cm": Icd10Cm,
    "urn:oid:2.16.840.1.113883.6.90": Icd10Cm,
    "https://fhir.hl7.org.uk/id/opcs-4": Opcs4,
    "https://fhir.nhs.uk/id/opcs-4": Opcs4,
    "https://fhir.hl7.org.uk/id/opcs-4-9": Opcs4,
    "https://fhir.nhs.uk/id/opcs-4-9": Opcs4,
    "http://loinc.org": Loinc,
    "urn:oid:2.16.840.1.113883.6.1": Loinc,
    "http://www.whocc.no/atc": Atc,
    "https://dmd.nhs.uk": Dmd,
    "http://www.nlm.nih.gov/research/umls/rxnorm": RxNorm,
}
_CLASSIFICATIONS = (Icd10, Opcs4)


def each(value: Any) -> list[Json]:
    """The objects of a list; an object alone counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def child(parent: Json, name: str) -> Json:
    """The object of this name (the first, where a list stands), or an empty one."""
    value = parent.get(name)
    if isinstance(value, dict):
        return value
    return next(iter(each(value)), {})


def text(value: Any) -> str:
    """A string stripped, a whole number as digits; anything else counts as absent."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: Any) -> list[str]:
    return [found for item in (value if isinstance(value, list) else [value]) if (found := text(item))]


def codes(concept: Json) -> tuple[Code, ...]:
    """The codings of a CodeableConcept, each as a code of its own system; a system nobody knows is its sender's own."""
    return tuple(
        system_of(coding)(_value(coding), text(coding.get("display")))
        for coding in each(concept.get("coding"))
        if text(coding.get("code"))
    )


def system_of(coding: Json) -> type[Code]:
    return _system(text(coding.get("system")))


@lru_cache(maxsize=4_096)  # of millions of codings, the addresses are a dozen
def _system(written: str) -> type[Code]:
    system = written.split("|")[0].rstrip("/").lower()
    if system.startswith("http://snomed.info/sct"):
        return Snomed
    return SYSTEMS.get(system, LocalCode)


def _value(coding: Json) -> str:
    value = text(coding.get("code"))
    return bare(value) if system_of(coding) in _CLASSIFICATIONS else value


def words(concept: Json) -> str:
    """What a CodeableConcept says in words: its text, else the first display."""
    return text(concept.get("text")) or next(
        (shown for coding in each(concept.get("coding")) if (shown := text(coding.get("display")))), ""
    )


def words_of_all(concepts: Any) -> str:
    return ", ".join(filter(None, (words(concept) for concept in each(concepts))))


def symbols(concept: Json) -> set[str]:
    """The bare code values of a concept that FHIR itself defines (verification status, class, priority)."""
    return {text(coding.get("code")) for coding in each(concept.get("coding")) or [concept]} - {""}


def extensions(element: Json, ending: str) -> Iterator[Json]:
    """The extensions whose address ends so: UK Core's have moved between hosts, not changed their names."""
    return (item for item in each(element.get("extension")) if text(item.get("url")).endswith(ending))


def number(quantity: Json) -> float | None:
    """A quantity's value as a finite number; None where it has none."""
    value = quantity.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 and isfinite(value) else None


def unit(quantity: Json) -> str:
    return text(quantity.get("unit")) or text(quantity.get("code"))
