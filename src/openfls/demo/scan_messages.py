"""The messages about a scan: requests (ORM O01), appointments (SIU), what was measured (ORU R01, or DICOM)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openfls.demo import hl7_messages as hl7
from openfls.demo import scan_reports
from openfls.demo.adt import as_registered
from openfls.demo.habits import ScanResults
from openfls.demo.hospitals import trust_of
from openfls.demo.scan_values import Measured, measured
from openfls.demo.times import hl7 as hl7_time
from openfls.demo.truth import Happening, Stay
from openfls.feeds.hl7v2.build import Field, segment

EXAM = ["DXAHS", "DXA hip and spine", "L"]
SCANNER = ("Hologic", "Horizon W", "5.6.1")


class Tells(StrEnum):
    """What a message tells of a scan."""

    ASKED = "asked for"
    WITHDRAWN = "request taken back"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    MISSED = "did not attend"
    ATTENDED = "attended"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class ScanMessage:
    """One message, to be written when it is its turn. ``slot``: the time of appointment number ``appointment``."""

    tells: Tells
    happening: Happening
    sent: datetime
    number: int
    slot: datetime
    appointment: int

    @property
    def stay(self) -> Stay:
        return self.happening.stays[0]

    @property
    def suffix(self) -> str:
        scans = self.stay.hospital.scans
        return scans.value if scans and self.tells is Tells.MEASURED else ScanResults.HL7.value

    @property
    def message_id(self) -> str:
        return f"D{self.stay.hospital.trust}{self.stay.visit[3:]}{self.number:02d}"

    def content(self, seed: int) -> bytes:
        """The bytes; the same seed gives the same."""
        if self.suffix == ScanResults.DICOM:
            return scan_reports.content(seed, self.happening, self.sent, self.slot)
        return _content(seed, self)


TRIGGERS = {  # by what the message tells: the trigger and SCH-25
    Tells.BOOKED: ("S12", "Booked"),
    Tells.MOVED: ("S13", "Booked"),
    Tells.CANCELLED: ("S15", "Cancelled"),
    Tells.MISSED: ("S26", "Noshow"),
    Tells.ATTENDED: ("S14", "Complete"),
}
CONTROLS = {Tells.ASKED: "NW", Tells.WITHDRAWN: "CA"}

Segments = list[Sequence[Field]]


def _content(seed: int, told: ScanMessage) -> bytes:
    """The bytes of one message."""
    trust, person = trust_of(told.stay.hospital), told.happening.person
    kind, trigger = _kind(told)
    segments = hl7.header(kind, trigger, trust, told.message_id, told.sent)
    who = hl7.patient(as_registered(seed, person, trust), person, trust)
    place = segment("PV1", {1: "1", 2: "O", 3: ["DXA", "", "", told.stay.hospital.code]})
    if kind == "SIU":
        return hl7.content([*segments, _schedule(told), who, place, _booked(told)], trust)
    rest = _request(told) if kind == "ORM" else _result(seed, told)
    return hl7.content([*segments, who, place, *rest], trust)


def _kind(told: ScanMessage) -> tuple[str, str]:
    if told.tells in TRIGGERS:
        return "SIU", TRIGGERS[told.tells][0]
    return ("ORM", "O01") if told.tells in CONTROLS else ("ORU", "R01")


def _schedule(told: ScanMessage) -> Sequence[Field]:
    number = [f"DX{told.stay.visit[3:]}-{told.appointment}", "RIS"]
    state = TRIGGERS[told.tells][1]
    return segment(
        "SCH",
        {2: number, 7: EXAM, 8: "ROUTINE", 9: "30", 10: "min", 11: ["", "", "30", hl7_time(told.slot)], 25: state},
    )


def _booked(told: ScanMessage) -> Sequence[Field]:
    return segment("AIS", {1: "1", 3: EXAM, 4: hl7_time(told.slot)})


def _request(told: ScanMessage) -> Segments:
    number = _order(told)
    why: Field = ["PTCHO", "Patient does not want a scan"] if told.tells is Tells.WITHDRAWN else None
    control = segment("ORC", {1: CONTROLS[told.tells], 2: number, 9: hl7_time(told.sent), 16: why})
    return [control, segment("OBR", {1: "1", 2: number, 4: EXAM, 31: ["", "Fracture after a fall"]})]


def _result(seed: int, told: ScanMessage) -> Segments:
    times = {7: hl7_time(told.slot), 22: hl7_time(told.sent)}
    order = segment("OBR", {1: "1", 2: _order(told), 3: [f"D{told.stay.visit[3:]}", "RIS"], 4: EXAM, **times, 25: "F"})
    found: Segments = [order]
    for value in measured(seed, told.happening):
        found += [_observed(len(found) + place, *one) for place, one in enumerate(_values(value))]
    for name, words in zip(("Manufacturer", "Scanner model", "Software version"), SCANNER, strict=True):
        found.append(segment("OBX", {1: str(len(found)), 2: "ST", 3: ["", name], 5: words, 11: "F"}))
    return found


def _values(value: Measured) -> list[tuple[str, str, str]]:
    """Name, value and unit of each observation."""
    region = f"{value.region} {value.side}".strip()
    return [
        (f"BMD {region}", f"{value.bmd:.3f}", "g/cm2"),
        (f"T-score {region}", f"{value.t:.1f}", ""),
        (f"Z-score {region}", f"{value.z:.1f}", ""),
    ]


def _observed(place: int, name: str, value: str, unit: str) -> Sequence[Field]:
    return segment("OBX", {1: str(place), 2: "NM", 3: ["", name], 5: value, 6: unit, 11: "F"})


def _order(told: ScanMessage) -> list[str]:
    return [f"RQ{told.stay.visit[3:]}", "EPR"]
