"""Which measurements matter to fracture prevention, by LOINC code: bone density, risk, laboratory. Data with source.

``confirmed=False``: from general knowledge of LOINC; `docs/safety/to-confirm.md` lists these. Units are the sender's:
nothing is converted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openfls.clinical.codes import Code, Loinc, Snomed
from openfls.clinical.facts import Side

SOURCE = "LOINC names as published; FRAX, creatinine and eGFR codes read in public measure definitions and lists"
EDITION = "LOINC 2.80"


class Densitometry(StrEnum):
    """What a DXA measurement gives."""

    T_SCORE = "T-score"
    Z_SCORE = "Z-score"
    DENSITY = "bone mineral density"


@dataclass(frozen=True, slots=True)
class DxaMeasure:
    """``DXA <region> - <side> [T-score] Bone density`` and its sisters."""

    gives: Densitometry
    region: str
    side: Side = Side.UNKNOWN
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class LaboratoryMeasure:
    name: str
    confirmed: bool = True


_T, _Z, _BMD = Densitometry.T_SCORE, Densitometry.Z_SCORE, Densitometry.DENSITY
DXA: dict[str, DxaMeasure] = {
    code: DxaMeasure(gives, region, side)
    for region, side, codes in (
        ("femur", Side.UNKNOWN, {"38263-0": _T, "80934-3": _Z, "24701-5": _BMD}),
        ("femur", Side.LEFT, {"80948-3": _T, "80940-0": _Z, "80954-1": _BMD}),
        ("femur", Side.RIGHT, {"80947-5": _T, "80939-2": _Z, "80953-3": _BMD}),
        ("hip", Side.UNKNOWN, {"38264-8": _T, "80933-5": _Z, "38261-4": _BMD}),
        ("hip", Side.LEFT, {"80946-7": _T, "80938-4": _Z, "46278-8": _BMD}),
        ("hip", Side.RIGHT, {"80945-9": _T, "80937-6": _Z, "46279-6": _BMD}),
        ("lumbar spine", Side.UNKNOWN, {"38267-1": _T, "85394-5": _Z, "24966-4": _BMD}),
        ("spine", Side.UNKNOWN, {"104938-6": _T}),
        ("radius and ulna", Side.UNKNOWN, {"38265-5": _T, "80932-7": _Z, "24890-6": _BMD}),
        ("radius and ulna", Side.LEFT, {"80944-2": _T, "80936-8": _Z, "80952-5": _BMD}),
        ("radius and ulna", Side.RIGHT, {"80943-4": _T, "80935-0": _Z, "80951-7": _BMD}),
    )
    for code, gives in codes.items()
}
DXA_STUDIES_LOINC = frozenset({"38268-9"})  # DXA skeletal system, the study as a whole
DXA_STUDIES_SNOMED = frozenset({"312681000"})  # bone density scan, met in the Synthea generator's records
FRAX_MAJOR_FRACTURE = "90265-0"  # ten-year probability of a major osteoporotic fracture, percent

# A score or density beyond these is a slip of the keyboard, not a measurement: no densitometer prints one.
T_SCORE_LIMIT = 20.0
DENSITY_LIMIT_G_CM2 = 10.0

# What each measurement is, its unit and its bounds stand in `laboratory`.
LABORATORY: dict[str, LaboratoryMeasure] = {
    "2160-0": LaboratoryMeasure("creatinine"),
    "77140-2": LaboratoryMeasure("creatinine"),
    "38483-4": LaboratoryMeasure("creatinine"),
    "59826-8": LaboratoryMeasure("creatinine"),
    "14682-9": LaboratoryMeasure("creatinine", confirmed=False),
    "98979-8": LaboratoryMeasure("eGFR"),
    "33914-3": LaboratoryMeasure("eGFR"),
    "62238-1": LaboratoryMeasure("eGFR", confirmed=False),
    "69405-9": LaboratoryMeasure("eGFR", confirmed=False),
    "2000-8": LaboratoryMeasure("calcium", confirmed=False),
    "17861-6": LaboratoryMeasure("calcium"),
    "49765-1": LaboratoryMeasure("calcium"),
    "29265-6": LaboratoryMeasure("adjusted calcium"),
    "1751-7": LaboratoryMeasure("albumin"),
    "61151-7": LaboratoryMeasure("albumin", confirmed=False),
    "61152-5": LaboratoryMeasure("albumin", confirmed=False),
    "62292-8": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "1989-3": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "68438-1": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "14635-7": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "2731-8": LaboratoryMeasure("parathyroid hormone"),
    "14866-8": LaboratoryMeasure("parathyroid hormone"),
    "2777-1": LaboratoryMeasure("phosphate", confirmed=False),
    "14879-1": LaboratoryMeasure("phosphate", confirmed=False),
    "6768-6": LaboratoryMeasure("alkaline phosphatase"),
    "718-7": LaboratoryMeasure("haemoglobin"),
    "6690-2": LaboratoryMeasure("white cell count", confirmed=False),
    "777-3": LaboratoryMeasure("platelets", confirmed=False),
    "787-2": LaboratoryMeasure("mean cell volume", confirmed=False),
    "1742-6": LaboratoryMeasure("alanine aminotransferase"),
    "1743-4": LaboratoryMeasure("alanine aminotransferase"),
    "2324-2": LaboratoryMeasure("gamma-glutamyltransferase", confirmed=False),
    "1975-2": LaboratoryMeasure("bilirubin"),
    "14631-6": LaboratoryMeasure("bilirubin"),
    "3016-3": LaboratoryMeasure("thyroid stimulating hormone"),
    "14920-3": LaboratoryMeasure("free thyroxine"),
    "3024-7": LaboratoryMeasure("free thyroxine", confirmed=False),
    "49275-1": LaboratoryMeasure("protein electrophoresis", confirmed=False),
    "25700-6": LaboratoryMeasure("immunofixation", confirmed=False),
    "33358-3": LaboratoryMeasure("paraprotein", confirmed=False),
    "36916-3": LaboratoryMeasure("kappa free light chains", confirmed=False),
    "33944-0": LaboratoryMeasure("lambda free light chains", confirmed=False),
    "48378-4": LaboratoryMeasure("kappa to lambda ratio", confirmed=False),
}


_DXA_IN_WORDS = re.compile(r"\bDXA\w*|\bDEXA\b|\bbone (?:mineral )?densi", re.IGNORECASE)


def names_dxa(codes: Iterable[Code], words: str) -> bool:
    """Whether codes or words name a scan of bone density as a whole."""
    return bool(_DXA_IN_WORDS.search(words)) or any(
        (isinstance(code, Loinc) and code.value in DXA_STUDIES_LOINC)
        or (isinstance(code, Snomed) and code.value in DXA_STUDIES_SNOMED)
        for code in codes
    )
