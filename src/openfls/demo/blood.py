"""Blood results as ORU R01: what an inpatient's first sample shows, in each laboratory's codes, units and habits.

The figures are plausible for the ages met, drawn from no one's data. The eGFR is what such a laboratory would report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from openfls.clinical.patients import Sex
from openfls.demo import hl7_messages as hl7
from openfls.demo.adt import as_registered
from openfls.demo.hospitals import trust_of
from openfls.demo.streams import stream
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Stay
from openfls.feeds.hl7v2.build import Field, segment

VITAMIN_D_ASKED = 0.7
HAEMOLYSED = 0.01
LOINC = {  # by the laboratory's own code: LOINC and its words
    "CREA": ("2160-0", "Creatinine"),
    "EGFR": ("62238-1", "eGFR (CKD-EPI)"),
    "ACA": ("29265-6", "Adjusted calcium"),
    "HB": ("718-7", "Haemoglobin"),
    "VITD": ("1989-3", "25-OH vitamin D"),
}
UNITS = {
    "CREA": "umol/L", "EGFR": "mL/min/1.73m2", "ACA": "mmol/L", "HB": "g/L", "VITD": "nmol/L",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """The results of one stay's first sample, to be written when it is their turn."""

    happening: Happening
    stay: Stay
    sent: datetime

    @property
    def message_id(self) -> str:
        return f"L{self.stay.hospital.trust}{self.stay.visit[3:]}"

    def content(self, seed: int) -> bytes:
        return _content(seed, self)


def samples(seed: int, happening: Happening, stay: Stay) -> Iterator[Sample]:
    """The sample of an admission, where the trust's laboratory sends its results to us."""
    sends = trust_of(stay.hospital).laboratory is not None
    if sends and stay.inpatient and happening.is_fracture and not stay.since:
        hours = 3 + stream(seed, happening.number, "blood").random() * 20
        yield Sample(happening, stay, stay.arrived + timedelta(hours=hours))


def _content(seed: int, sample: Sample) -> bytes:
    trust, stay = trust_of(sample.stay.hospital), sample.stay
    who = as_registered(seed, sample.happening.person, trust)
    taken = hl7_time(stay.arrived + timedelta(hours=1))
    segments = hl7.header("ORU", "R01", trust, sample.message_id, sample.sent, system="LIMS")
    segments.append(hl7.patient(who, sample.happening.person, trust))
    segments.append(hl7.visit(stay))
    segments.append(
        segment("OBR", {1: "1", 3: [f"B{stay.visit[3:]}", "LAB"], 4: ["BONE", "Bone profile"], 7: taken,
                        22: hl7_time(sample.sent), 24: "LAB", 25: "F"})
    )  # fmt: skip
    values = _values(stream(seed, sample.happening.number, "blood", "values"), sample.happening)
    for place, (code, value) in enumerate(values, 1):
        unit = UNITS[code] if any(letter.isdigit() for letter in value) else ""
        told: dict[int, Field] = {1: str(place), 2: "ST", 3: _code(code, trust.laboratory or ""), 5: value, 6: unit}
        segments.append(segment("OBX", told | {11: "F"}))
    return hl7.content(segments, trust)


def _code(code: str, laboratory: str) -> Field:
    """In LOINC, or in the laboratory's own code that its map explains."""
    loinc, words = LOINC[code]
    return [code, words, "L"] if laboratory else [loinc, words, "LN"]


def _values(chance: Random, happening: Happening) -> Iterator[tuple[str, str]]:
    """Kidneys worsen with age, a broken hip costs blood, and vitamin D is low in many."""
    woman, age = happening.person.sex is Sex.FEMALE, happening.age
    creatinine = min(420.0, chance.lognormvariate(0, 0.28) * ((62 if woman else 78) + 0.35 * (age - 50)))
    asked, haemolysed = chance.random() < VITAMIN_D_ASKED, chance.random() < HAEMOLYSED
    yield "CREA", "Haemolysed" if haemolysed else f"{creatinine:.0f}"
    if not haemolysed:
        egfr = _egfr(creatinine, age, woman)
        yield "EGFR", ">90" if egfr > 90 else f"{egfr:.0f}"
    yield "ACA", f"{chance.gauss(2.33, 0.08):.2f}"
    yield "HB", f"{min(175, max(62, chance.gauss(121 if woman else 130, 16))):.0f}"
    if asked:
        vitamin_d = chance.lognormvariate(3.75, 0.55)
        yield "VITD", "<15" if vitamin_d < 15 else f"{min(240, vitamin_d):.0f}"


def _egfr(creatinine: float, age: int, woman: bool) -> float:
    """As laboratories report it: CKD-EPI 2009 without an ethnicity factor."""
    kappa, alpha = (0.7, -0.329) if woman else (0.9, -0.411)
    share = creatinine / 88.4 / kappa
    return 141 * min(share, 1) ** alpha * max(share, 1) ** -1.209 * 0.993**age * (1.018 if woman else 1)
