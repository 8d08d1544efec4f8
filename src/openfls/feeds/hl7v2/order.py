"""One order of a result message (OBR), and what all that is reported under it shares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openfls.clinical.facts import Status
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit

# HL7 table 0085 (OBX-11) and, where OBX-11 is empty, 0123 (OBR-25).
STATUSES = {
    "P": Status.PRELIMINARY, "R": Status.PRELIMINARY, "S": Status.PRELIMINARY, "I": Status.PRELIMINARY,
    "A": Status.PRELIMINARY,
    "F": Status.FINAL, "U": Status.FINAL, "": Status.FINAL,
    "C": Status.CORRECTED,
    "D": Status.CORRECTED, "W": Status.CORRECTED,  # deleted, wrong: it must stand above what it takes back
}  # fmt: skip
TAKEN_BACK = {"D", "W"}
WITHOUT_RESULT = {"X", "N", "O", "Y", "Z"}  # can't be obtained, not asked for, only ordered
# OBR-24, HL7 table 0074, and what senders write in its place.
IMAGING = {"RAD", "RX", "XR", "XRC", "CT", "CTH", "MR", "MRI", "NMR", "NMS", "RUS", "VUS", "IMG", "DXA"}


@dataclass(frozen=True, slots=True)
class Order:
    """``key`` names the order across messages, empty without a number; ``taken`` is when it was observed (OBR-7)."""

    request: Segment
    record: PatientRecord
    envelope: Envelope
    visit: Visit
    key: str
    version: datetime | None
    taken: When | None
    exam: str

    @property
    def number(self) -> str:
        """As its key names it; empty without one."""
        return self.key.rpartition("/")[2]

    @property
    def service(self) -> str:
        return self.request.text(24).upper()

    @property
    def imaging(self) -> bool:
        return self.service in IMAGING

    @property
    def may_be_imaging(self) -> bool:
        """Whether its text is read for fractures: imaging, and what doesn't say which service it is."""
        return self.imaging or not self.service

    def status(self, obx: Segment) -> Status | None:
        """How settled an observation is; None where there is no result. Raises `Fault` for what no table has."""
        said = self._status(obx)
        if said in WITHOUT_RESULT:
            return None
        if said not in STATUSES:
            raise Fault(obx.place(11), f"{said[:10]!r} is no status of a result.", "HL7 table 0085: P, F, C, D, W …")
        return STATUSES[said]

    def taken_back(self, obx: Segment) -> bool:
        return self._status(obx) in TAKEN_BACK

    def _status(self, obx: Segment) -> str:
        return (obx.text(11) or self.request.text(25)).upper()

    def common(self, place: str, name: str, status: Status, *, retracted: bool) -> dict[str, Any]:
        """What each fact of this order needs; ``name`` is what is reported, part of the key."""
        key = self.key and f"{self.key}/{name}"
        shared = self.envelope.common(place, key=key, site=self.visit.site, status=status, retracted=retracted)
        return shared | {"version": self.version}
