"""Radiology reports as ORU R01: fractures stated, hedged, denied, found by chance, preliminary first, or corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from openfls.clinical.facts import Finder, Side
from openfls.demo import hl7_messages as hl7
from openfls.demo.adt import as_registered
from openfls.demo.hospitals import trust_of
from openfls.demo.identities import NHS_NUMBER_MISSING, Written
from openfls.demo.streams import stream
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Stay
from openfls.demo.wording import INCIDENTAL_REPORTS, NO_FRACTURE_REPORTS, WORDS, filled
from openfls.feeds.hl7v2.build import Field, segment

HEDGED = 0.06
PRELIMINARY_FIRST = 0.10
CORRECTED = 0.02  # first read as no fracture, corrected later
NEGATIVE_SENT = 0.7  # of the films of people without a fracture
PRELIMINARY, FINAL, CORRECTION = "P", "F", "C"


@dataclass(frozen=True, slots=True)
class Report:
    """One version of a report, to be written when it is its turn. ``says``: fracture, hedged, none."""

    happening: Happening
    stay: Stay
    sent: datetime
    status: str
    says: str
    number: int

    @property
    def message_id(self) -> str:
        return f"R{self.stay.hospital.trust}{self.stay.visit[3:]}{self.number}"

    def content(self, seed: int) -> bytes:
        return _content(seed, self)


def reports(seed: int, happening: Happening) -> Iterator[Report]:
    """The reports of an event, as its hospital's radiology sends them."""
    chance = stream(seed, happening.number, "radiology")
    luck, hedged, sent_at = chance.random(), chance.random() < HEDGED, chance.random()
    caught = next((c for c in happening.catches if c.finder is Finder.RADIOLOGY_REPORT), None)
    stay = happening.stays[0]
    if caught:
        yield from _versions(happening, caught.stay, caught.sent, "hedged" if hedged else "fracture", luck)
    elif not happening.bones and happening.kind == "no fracture" and stay.hospital.reports and luck < NEGATIVE_SENT:
        yield Report(happening, stay, stay.arrived + timedelta(hours=1 + sent_at * 48), FINAL, "none", 1)


def _versions(happening: Happening, stay: Stay, sent: datetime, says: str, luck: float) -> Iterator[Report]:
    if luck < CORRECTED:
        yield Report(happening, stay, sent - timedelta(minutes=30), FINAL, "none", 1)
        yield Report(happening, stay, sent, CORRECTION, says, 2)
    elif luck < CORRECTED + PRELIMINARY_FIRST:
        yield Report(happening, stay, sent, PRELIMINARY, says, 1)
        yield Report(happening, stay, sent + timedelta(hours=20), FINAL, says, 2)
    else:
        yield Report(happening, stay, sent, FINAL, says, 1)


def _content(seed: int, report: Report) -> bytes:
    happening, stay = report.happening, report.stay
    trust = trust_of(stay.hospital)
    chance = stream(seed, happening.number, "report")
    who = as_registered(seed, happening.person, trust)
    if chance.random() < NHS_NUMBER_MISSING[Finder.RADIOLOGY_REPORT]:
        who = Written("", who.hospital_number, who.family, who.given, who.born, who.sex)
    exam = _exam(happening)
    segments = hl7.header("ORU", "R01", trust, report.message_id, report.sent)
    segments.append(hl7.patient(who, happening.person, trust))
    segments.append(_place(stay))
    segments.append(
        segment("OBR", {1: "1", 3: f"XR{stay.visit[3:]}", 4: [exam.upper().replace(" ", "")[:8], exam],
                        7: hl7_time(stay.arrived), 22: hl7_time(report.sent), 24: "RAD", 25: report.status})
    )  # fmt: skip
    for place, line in enumerate(_lines(chance, report, exam), 1):
        obx = {1: str(place), 2: "TX", 3: ["GDT", "Report"], 5: line, 11: report.status, 14: hl7_time(report.sent)}
        segments.append(segment("OBX", obx))
    return hl7.content(segments, trust)


def _place(stay: Stay) -> Sequence[Field]:
    if stay.inpatient:
        return hl7.visit(stay)
    return hl7.attendance(stay, stay.arrived)


def _exam(happening: Happening) -> str:
    if happening.incidental:
        return "CT Thorax abdomen pelvis with contrast"
    return filled(WORDS[happening.main_site].exam, happening.bones[0][1]) if happening.bones else "XR Skeletal"


def _lines(chance: Random, report: Report, exam: str) -> Iterator[str]:
    happening = report.happening
    yield "Clinical details: " + chance.choice(("Fall, ?fracture", "Fall, pain, reduced movement", "Trauma", "?# "))
    yield f"{exam}:"
    if report.says == "none":
        yield chance.choice(NO_FRACTURE_REPORTS)
        return
    if happening.incidental:
        yield chance.choice(INCIDENTAL_REPORTS)
        return
    for site, side in happening.bones:
        finding = filled(chance.choice(WORDS[site].report), side)
        yield _hedged(site.value, side) if report.says == "hedged" else finding
    if chance.random() < 0.3:
        yield chance.choice(("Bones are osteopenic.", "No other bony injury.", "Vascular calcification noted."))


def _hedged(bone: str, side: Side) -> str:
    named = side.value if side is not Side.UNKNOWN else ""
    text = f"Subtle cortical irregularity: an undisplaced fracture of the {named} {bone.split(',')[0]} is suspected."
    return " ".join(text.split())
