"""Which measurements matter to fracture prevention, by LOINC code: bone density, risk, laboratory. Data with source.

``confirmed=False``: from general knowledge of LOINC; `docs/safety/to-confirm.md` lists these. Units are the sender's:
nothing is converted.
"""

from dataclasses import dataclass
from enum import StrEnum

SOURCE = "LOINC names as published; DXA, FRAX, creatinine and eGFR codes read in public measure definitions and lists"
EDITION = "LOINC 2.80"


class Densitometry(StrEnum):
    """What a DXA measurement gives."""

    T_SCORE = "T-score"
    DENSITY = "bone mineral density"


@dataclass(frozen=True, slots=True)
class DxaMeasure:
    gives: Densitometry
    region: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class LaboratoryMeasure:
    name: str
    confirmed: bool = True


DXA: dict[str, DxaMeasure] = {
    "38263-0": DxaMeasure(Densitometry.T_SCORE, "femur"),
    "38264-8": DxaMeasure(Densitometry.T_SCORE, "hip"),
    "38267-1": DxaMeasure(Densitometry.T_SCORE, "lumbar spine"),
    "38265-5": DxaMeasure(Densitometry.T_SCORE, "radius and ulna"),
    "80945-9": DxaMeasure(Densitometry.T_SCORE, "right hip", confirmed=False),
    "24701-5": DxaMeasure(Densitometry.DENSITY, "femur"),
    "38261-4": DxaMeasure(Densitometry.DENSITY, "hip"),
    "24966-4": DxaMeasure(Densitometry.DENSITY, "lumbar spine"),
    "24890-6": DxaMeasure(Densitometry.DENSITY, "radius and ulna"),
}
DXA_STUDIES_LOINC = frozenset({"38268-9"})  # DXA skeletal system, the study as a whole
DXA_STUDIES_SNOMED = frozenset({"312681000"})  # bone density scan, met in the Synthea generator's records
FRAX_MAJOR_FRACTURE = "90265-0"  # ten-year probability of a major osteoporotic fracture, percent

# A T-score or density beyond these is a slip of the keyboard, not a measurement: no densitometer prints one.
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
