"""Coded elements (CE, CWE) as codes: the coding system's name decides, a code without one is its sender's own."""

from openfls.clinical.codes import Atc, Code, Dmd, Icd10, Icd10Cm, LocalCode, Loinc, Opcs4, Snomed, bare
from openfls.feeds.hl7v2.message import Field

# HL7 table 0396 and what English senders write in its place; compared without spaces, dots and dashes.
SYSTEMS: dict[str, type[Code]] = {
    "I10": Icd10, "ICD10": Icd10, "ICD10WHO": Icd10, "I10W": Icd10,
    "I10C": Icd10Cm, "ICD10CM": Icd10Cm,
    "SCT": Snomed, "SNOMED": Snomed, "SNOMEDCT": Snomed, "SCTUK": Snomed,
    "OPCS": Opcs4, "OPCS4": Opcs4, "O4": Opcs4, "OPC4": Opcs4,
    "LN": Loinc, "LOINC": Loinc,
    "DMD": Dmd, "NHSDMD": Dmd,
    "ATC": Atc, "WC": Atc,
}  # fmt: skip
_CLASSIFICATIONS = (Icd10, Opcs4)  # written with or without the dot


def codes(element: Field, system: str = "") -> tuple[Code, ...]:
    """The code and the alternate code of a coded element. ``system`` stands where the element names none (DG1-2)."""
    pairs = (_code(element, first, system) for first in (1, 4))
    return tuple(code for code in pairs if code)


def words(element: Field) -> str:
    """What the element says in words: its text, else its alternate text, else its original text (CWE.9)."""
    return element.text(2) or element.text(5) or element.text(9)


def _code(element: Field, first: int, system: str) -> Code | None:
    value, display = element.text(first), element.text(first + 1)
    named = element.text(first + 2) or (system if first == 1 else "")
    kind = SYSTEMS.get("".join(c for c in named.upper() if c.isalnum()), LocalCode)
    value = bare(value) if kind in _CLASSIFICATIONS else value
    return kind(value, display) if value else None
