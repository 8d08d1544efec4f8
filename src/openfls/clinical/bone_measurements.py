"""Which measurements matter to fracture prevention, by LOINC code: bone density, risk, laboratory. Data with source.

``confirmed=False``: from general knowledge of LOINC; `docs/safety/to-confirm.md` lists these. Units are the sender's:
nothing is converted.
"""

from dataclasses import dataclass
from enum import StrEnum

SOURCE = "LOINC names as published; DXA, FRAX, creatinine and eGFR codes read in public measure definitions"
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

LABORATORY: dict[str, LaboratoryMeasure] = {
    "2160-0": LaboratoryMeasure("creatinine"),
    "77140-2": LaboratoryMeasure("creatinine"),
    "38483-4": LaboratoryMeasure("creatinine"),
    "14682-9": LaboratoryMeasure("creatinine", confirmed=False),
    "98979-8": LaboratoryMeasure("eGFR"),
    "33914-3": LaboratoryMeasure("eGFR"),
    "62238-1": LaboratoryMeasure("eGFR", confirmed=False),
    "69405-9": LaboratoryMeasure("eGFR", confirmed=False),
    "2000-8": LaboratoryMeasure("calcium", confirmed=False),
    "17861-6": LaboratoryMeasure("calcium", confirmed=False),
    "49765-1": LaboratoryMeasure("calcium"),
    "29265-6": LaboratoryMeasure("adjusted calcium", confirmed=False),
    "1751-7": LaboratoryMeasure("albumin"),
    "62292-8": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "1989-3": LaboratoryMeasure("25-hydroxyvitamin D", confirmed=False),
    "2731-8": LaboratoryMeasure("parathyroid hormone", confirmed=False),
    "6768-6": LaboratoryMeasure("alkaline phosphatase"),
    "2777-1": LaboratoryMeasure("phosphate", confirmed=False),
    "718-7": LaboratoryMeasure("haemoglobin"),
    "3016-3": LaboratoryMeasure("thyroid stimulating hormone", confirmed=False),
}
