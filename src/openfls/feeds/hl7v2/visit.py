"""The visit of a message (PV1, PV2): its number, where it is, since when, and the names of the statements about it."""

import re
from dataclasses import dataclass

from openfls.clinical.facts import Answer, Setting
from openfls.clinical.when import When
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment

# HL7 table 0004. Recurring patients come to clinics.
SETTINGS = {"I": Setting.INPATIENT, "E": Setting.EMERGENCY, "O": Setting.OUTPATIENT, "R": Setting.OUTPATIENT}

# HL7 table 0007 (A accident, E emergency, L labour, R routine, C elective); NHS Data Dictionary ADMISSION METHOD CODE:
# 11 to 13 elective, 21 to 2D emergency. What is urgent, maternity or a transfer says neither.
EMERGENCY_TYPES, PLANNED_TYPES = {"A", "E"}, {"R", "C", "11", "12", "13"}
EMERGENCY_METHOD = re.compile(r"2[0-9A-D]\Z")

SITE_CODE = re.compile(r"[A-Z0-9]{3,9}\Z")  # an organisation code; a name in its place would be a site of its own


@dataclass(frozen=True, slots=True)
class Visit:
    """``begun`` and ``ended`` are PV1-44 and PV1-45; ``key`` is empty where the sender gives no number."""

    number: str
    key: str
    setting: Setting
    site: str | None
    ward: str
    begun: When | None
    ended: When | None
    reason: str
    emergency: Answer

    def statement(self, what: str) -> str:
        """The key of a statement about this visit: ``X9A/visit/V1/admission``; empty without a visit number."""
        return self.key and f"{self.key}/{what}"


def visit_of(envelope: Envelope, pv1: Segment | None = None, *, dated: bool = True) -> Visit:
    """The visit of this PV1, else of the message's first; empty where it has none. Raises `Fault` for dates that
    can't be. ``dated`` False: its dates don't matter, and those of a visit that is only planned lie ahead."""
    pv1, pv2 = pv1 or envelope.message.one("PV1"), envelope.message.one("PV2")
    number = pv1.text(19)
    authority = pv1.text(19, 4) or pv1.text(19, 4, 2) or envelope.authority
    return Visit(
        number=number,
        key=f"{authority}/visit/{number}" if number else "",
        setting=SETTINGS.get(pv1.text(2).upper(), Setting.UNKNOWN),
        site=site_of(pv1, 3, envelope),
        ward=pv1.text(3),
        begun=envelope.when(pv1, 44) if dated else None,
        ended=_ended(pv1, envelope) if dated else None,
        reason=pv2.text(3, 2) or pv2.text(3),
        emergency=_emergency(pv1.text(4).upper()),
    )


def site_of(pv1: Segment, number: int, envelope: Envelope) -> str | None:
    """The facility of a location (PL.4) where it is an organisation's code, else the site of the feed."""
    facility = pv1.text(number, 4).upper()
    if facility and not SITE_CODE.match(facility):
        envelope.notes.append(f"{pv1.place(number)}: {facility!r} is no organisation code; the feed's site stands.")
        return envelope.origin.site
    return facility or envelope.origin.site


def _ended(pv1: Segment, envelope: Envelope) -> When | None:
    """PV1-45 where a stay may be over. Before that it is a plan: one that lies ahead is no fault of the message."""
    if envelope.trigger in {"A03", "A13"}:
        return envelope.when(pv1, 45)
    try:
        return envelope.when(pv1, 45) if envelope.trigger == "A08" else None
    except Fault as fault:
        envelope.notes.append(str(fault.unreadable))
        return None


def _emergency(kind: str) -> Answer:
    if kind in EMERGENCY_TYPES or EMERGENCY_METHOD.match(kind):
        return Answer.YES
    return Answer.NO if kind in PLANNED_TYPES else Answer.UNKNOWN
