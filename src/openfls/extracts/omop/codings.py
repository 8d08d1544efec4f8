"""OMOP concepts as FHIR codings: the source's own code first, then the standard concept it was mapped to."""

# OMOP vocabulary_id -> the address of the same coding system in FHIR. What isn't here stays the sender's own code.
SYSTEMS = {
    "SNOMED": "http://snomed.info/sct",
    "ICD10": "http://hl7.org/fhir/sid/icd-10",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "OPCS4": "https://fhir.hl7.org.uk/Id/opcs-4",
    "LOINC": "http://loinc.org",
    "ATC": "http://www.whocc.no/atc",
    "dm+d": "https://dmd.nhs.uk",
    "RxNorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "RxNorm Extension": "",
}
_SYSTEM = " ".join(f"WHEN '{name}' THEN '{address}'" for name, address in SYSTEMS.items())


def concept(source_id: str, standard_id: str) -> str:
    """The SQL of a CodeableConcept as a struct; of what the two joins ``s`` and ``c`` (see `joined`) found."""
    codings = f"[{_coding('s')}, {_coding('c')}]"
    return f"{{coding: list_filter({codings}, lambda one: one.code IS NOT NULL)}}"


def joined(source_id: str, standard_id: str) -> str:
    """The joins that `concept` reads. Concept 0 is OMOP's "no matching concept" and says nothing."""
    return (
        f" LEFT JOIN concept s ON s.concept_id = nullif(t.{source_id}, '0')"
        f" LEFT JOIN concept c ON c.concept_id = nullif(t.{standard_id}, '0')"
    )


def _coding(of: str) -> str:
    system = f"nullif(CASE {of}.vocabulary_id {_SYSTEM} ELSE '' END, '')"
    return f"{{system: {system}, code: {of}.concept_code, display: {of}.concept_name}}"
