"""What messages about medicines share: orders (ORC) with what belongs to each, the medicine, how long it lasts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from openfls.clinical.facts import Fact, Status
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.hl7v2 import coding, patient, times
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit, visit_of
from openfls.feeds.medicines import MOST_DAYS, NAMELESS, OTHERS_LEFT_OUT, Medicine, medicine, with_strength

# HL7 table 0119, order control: what it says of the order. Both sides of a conversation use codes of their own.
CANCELLED = {"CA", "OC", "CR"}
DISCONTINUED = {"DC", "OD", "DR"}
HELD = {"HD", "OH", "HR"}
RELEASED = {"RL", "OE", "OR"}
REFILLED = {"FU", "OF"}
ORDERED = {"", "NW", "OK", "XO", "XX", "XR", "RO", "SC", "SN", "NA", "PA", "CH", "RE", "PY", "OP"}
# A request that may be refused, a refusal, the old one of a replaced pair (its new order speaks).
NOTHING_DONE = {
    "RF", "AF", "DF", "UA", "UC", "UD", "UF", "UH", "UM", "UR", "UX", "DE", "RP", "RQ", "RU", "RR", "SR", "SS", "LI",
    "UN", "MC", "CN", "PR",
}  # fmt: skip
STATUSES = {"CA": "CA", "DC": "DC", "HD": "HD", "RP": "RP", "ER": "DE"}  # HL7 table 0038 (ORC-5), as an order control

MASS = {"mg", "g", "microgram", "micrograms", "mcg", "ug", "unit", "units"}
_DURATION = re.compile(r"(?P<unit>[DWL])(?P<number>\d{1,4})")  # TQ.3, HL7 2.5 2.A.82: days, weeks, months
_UNIT_DAYS = {"D": 1, "W": 7, "L": 28}  # a month is taken for four weeks: it has no fewer
_CQ_DAYS = {"D": 1, "DAY": 1, "DAYS": 1, "W": 7, "WK": 7, "WEEK": 7, "WEEKS": 7, "MO": 28, "MONTH": 28, "MONTHS": 28}
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,4})?")
PLANNED = timedelta(days=366)  # a start may be planned so far ahead without being a slip


@dataclass(slots=True)
class Group:
    """One ORC with the segments after it; ``orc`` is an empty segment where a message leaves it out."""

    orc: Segment
    segments: list[Segment] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Segment]:
        return (segment for segment in self.segments if segment.name == name)

    def first(self, name: str) -> Segment | None:
        return next(self.all(name), None)


@dataclass(frozen=True, slots=True)
class MedicineOrder:
    """An order of one person. ``key`` names it across messages, empty without a number; ``control`` is ORC-1, or what
    ORC-5 says in its place."""

    group: Group
    record: PatientRecord
    visit: Visit
    envelope: Envelope
    key: str
    version: datetime | None
    control: str

    def statement(self, what: str, drug: str, occurred: When) -> str:
        """The key of a statement: by the order, else by person, drug and day, so that a repeat counts once."""
        if self.key:
            return f"{self.key}/{what}" if what else self.key
        subject = patient.subject(self.record, self.envelope)
        return f"{subject}/{what or 'prescription'}/{drug.casefold()}/{occurred.start:%Y%m%d}" if subject else ""

    def common(self, place: str, key: str, *, status: Status = Status.FINAL, retracted: bool = False) -> dict[str, Any]:
        shared = self.envelope.common(place, key=key, site=self.visit.site, status=status, retracted=retracted)
        return shared | {"record": self.record, "version": self.version}

    def reason(self) -> str:
        """ORC-16, why the order was changed."""
        return coding.words(self.group.orc.field(16)) or self.group.orc.text(16)

    def changed(self) -> When:
        """When what ORC-1 says took effect: ORC-15, else ORC-9, else the message's event."""
        orc = self.group.orc
        return self.begun(orc, 15) or self.envelope.when(orc, 9) or self.envelope.event

    def begun(self, segment: Segment, number: int, component: int = 1) -> When | None:
        """A start that may lie ahead; None then, since it hasn't been yet."""
        text, place = segment.text(number, component), segment.place(number)
        found = times.when(text, place, self.envelope.origin.known + PLANNED)
        latest = times.local(self.envelope.origin.known).date() + times.AHEAD
        return found if found and found.start <= latest else None


def facts(envelope: Envelope, read: Callable[[MedicineOrder], Iterator[Fact]]) -> Iterator[Fact]:
    """What ``read`` makes of each order; one that can't be read waits while the others count. Where the person lives
    is told only beside a bone drug: of others nothing is kept."""
    pid = envelope.message.need("PID")
    if len(list(envelope.message.all("PID"))) > 1:
        raise Fault("PID[2]", "a second patient stands in one message.", "Send one message for each patient.")
    record, visit = patient.record_of(pid, envelope), visit_of(envelope)
    found = False
    for group in _groups(envelope):
        for fact in _of(group, record, visit, envelope, read):
            found = True
            yield fact
    if found:
        yield from patient.demographics(pid, envelope.message.first("PD1"), record, envelope)
    yield from patient.death(pid, record, envelope)


def _of(
    group: Group,
    record: PatientRecord,
    visit: Visit,
    envelope: Envelope,
    read: Callable[[MedicineOrder], Iterator[Fact]],
) -> Iterator[Fact]:
    try:
        yield from read(_opened(group, record, visit, envelope))
    except Fault as fault:
        envelope.unreadable.append(fault.unreadable)


def _groups(envelope: Envelope) -> list[Group]:
    groups: list[Group] = []
    for segment in envelope.message.segments:
        if segment.name == "ORC":
            groups.append(Group(segment))
        elif segment.name in {"RXO", "RXE", "RXD", "RXA", "RXR", "TQ1"}:
            if not groups:
                groups.append(Group(Segment("ORC", 1, "ORC", envelope.message.delimiters)))
            groups[-1].segments.append(segment)
    if not groups:
        raise Fault("ORC", "there is no order in the message.", "Ask the sender for ORC and what belongs to it.")
    return groups


def _opened(group: Group, record: PatientRecord, visit: Visit, envelope: Envelope) -> MedicineOrder:
    orc = group.orc
    version, note = times.version(orc.text(9), orc.place(9), envelope.origin.known)
    if note:
        envelope.notes.append(note)
    control = orc.text(1).upper()
    if control in ORDERED:
        control = STATUSES.get(orc.text(5).upper(), control)
    known = (CANCELLED, DISCONTINUED, HELD, RELEASED, REFILLED, ORDERED, NOTHING_DONE)
    if not any(control in codes for codes in known):
        raise Fault(orc.place(1), f"{control[:10]!r} is no order control.", "HL7 table 0119: NW, CA, DC, HD …")
    return MedicineOrder(group, record, visit, envelope, _number(group, envelope), version or envelope.version, control)


def _number(group: Group, envelope: Envelope) -> str:
    """The placer's number of the order, else the filler's, else that of the prescription."""
    rxe = group.first("RXE")
    fields = [(group.orc, 2), (group.orc, 3), *([(rxe, 15)] if rxe else [])]
    for segment, number in fields:
        if segment.text(number):
            named = " ".join(filter(None, (segment.text(number, 2), segment.text(number))))
            return f"{envelope.authority}/medicine/{named}"
    return ""


def medicine_of(segment: Segment, number: int, order: MedicineOrder, strength: tuple[int, ...]) -> Medicine | None:
    """The bone drug in this coded field; None for another medicine. ``strength``: the fields of amount and unit, in
    pairs, the first that is a mass counts. Raises `Fault` where nothing names the medicine."""
    element = segment.field(number)
    codes, words = coding.codes(element), coding.words(element) or segment.text(number)
    pairs = zip(strength[::2], strength[1::2], strict=True)
    amounts = ((segment.text(amount), segment.text(unit, 2) or segment.text(unit)) for amount, unit in pairs)
    amount, unit = next(((a, u) for a, u in amounts if a and u.casefold() in MASS), ("", ""))
    found = medicine(codes, with_strength(coding.words(element), amount, unit))
    if found is None:
        order.envelope.notes.append(OTHERS_LEFT_OUT)
    elif found.nameless:
        mend = "Ask the sender for the name, or have the code added to the list of bone drugs."
        raise Fault(segment.place(number), f"{words[:30]!r}: {NAMELESS}" if words else NAMELESS, mend)
    return found


def days_of(order: MedicineOrder) -> int | None:
    """How many days the order's timing says that it lasts: TQ1-6, else the duration or the ends of RXE-1 or ORC-7."""
    tq1 = order.group.first("TQ1")
    found = _service_days(tq1) if tq1 else None
    timings = [(segment, 1) for segment in order.group.all("RXE")] + [(order.group.orc, 7)]
    for segment, number in timings:
        found = found or _duration(segment.text(number, 3)) or _between(segment, number, order)
    return found if found and 0 < found <= MOST_DAYS else None


def _service_days(tq1: Segment) -> int | None:
    """TQ1-6, a quantity with its unit (CQ): ``28^d``."""
    number, unit = tq1.text(6), (tq1.text(6, 2, 1) or tq1.text(6, 2)).upper()
    return round(float(number) * _CQ_DAYS[unit]) if _NUMBER.fullmatch(number) and unit in _CQ_DAYS else None


def _duration(text: str) -> int | None:
    found = _DURATION.fullmatch(text.upper())
    return int(found["number"]) * _UNIT_DAYS[found["unit"]] if found else None


def _between(segment: Segment, number: int, order: MedicineOrder) -> int | None:
    known = order.envelope.origin.known + PLANNED
    ends = [times.when(segment.text(number, part), segment.place(number), known) for part in (4, 5)]
    return (ends[1].start - ends[0].start).days if ends[0] and ends[1] else None


def quantity_of(segment: Segment, number: int) -> float | None:
    text = segment.text(number)
    return float(text) if _NUMBER.fullmatch(text) and float(text) > 0 else None
