"""Requests (ORM O01, OMG O19): a bone density scan asked for, and taken back. What else is ordered is not kept.

A request is one statement under its placer's number. A word in passing about it (accepted, scheduled, in progress) is
less settled than the request itself, so that its date stays; what cancels it stands above both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from openfls.clinical.bone_measurements import names_dxa
from openfls.clinical.facts import DxaNeed, DxaRequest, Fact, Note, Status
from openfls.clinical.patients import PatientRecord
from openfls.feeds.hl7v2 import coding, patient
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit, visit_of

# ORC-1, HL7 table 0119: what asks, what speaks of it in passing, what ends it, and what asks about it.
ASKS = frozenset({"NW", "RO", "XO", "XX", "XR", "CH", "PA", "UC", "UD", "RL", "OE"})
IN_PASSING = frozenset({"OK", "SC", "SN", "NA", "RE", "HD", "OH", "OR", "PR", "RF", "AF", "FU", "HR", "UH", "UR", "DE"})
ENDS = frozenset({"CA", "OC", "CR", "DC", "OD", "DR", "UA", "RP", "RU", "RQ"})
ENQUIRIES = frozenset({"SR", "SS", "NR"})
ENDED = frozenset({"CA", "DC", "RP"})  # ORC-5, HL7 table 0038: cancelled, discontinued, replaced
IMAGING_OF_BONE = "DXA"  # OBR-24, as senders write it


@dataclass(frozen=True, slots=True)
class _Request:
    """One ORC with its OBR."""

    control: Segment
    order: Segment
    record: PatientRecord
    visit: Visit
    envelope: Envelope

    @property
    def number(self) -> str:
        """The placer's number, else the filler's."""
        for segment, field in ((self.control, 2), (self.order, 2), (self.control, 3), (self.order, 3)):
            if segment.text(field):
                return " ".join(filter(None, (segment.text(field, 2), segment.text(field))))
        return ""

    @property
    def key(self) -> str:
        return f"{self.envelope.authority}/request/{self.number}" if self.number else ""

    @property
    def exam(self) -> str:
        return coding.words(self.order.field(4)) or self.order.text(4)

    @property
    def for_dxa(self) -> bool:
        codes = coding.codes(self.order.field(4))
        return self.order.text(24).upper() == IMAGING_OF_BONE or names_dxa(codes, f"{self.exam} {self.order.text(4)}")

    @property
    def ended(self) -> bool:
        return self.said in ENDS or (self.said in IN_PASSING and self.control.text(5).upper() in ENDED)

    @property
    def said(self) -> str:
        return self.control.text(1).upper()


def facts(envelope: Envelope) -> Iterator[Fact]:
    """The requests for DXA in one message. Raises `Fault` where patient or visit can't be read."""
    pid = envelope.message.need("PID")
    record, visit = patient.record_of(pid, envelope), visit_of(envelope, dated=False)
    for control, order in _pairs(envelope):
        request = _Request(control, order, record, visit, envelope)
        try:
            yield from _of_request(request)
        except Fault as fault:
            envelope.unreadable.append(fault.unreadable)
    yield from patient.demographics(pid, envelope.message.first("PD1"), record, envelope)
    yield from patient.death(pid, record, envelope)


def _pairs(envelope: Envelope) -> Iterator[tuple[Segment, Segment]]:
    """Each OBR under the ORC before it; an ORC without one says of nothing what it is about."""
    control: Segment | None = None
    named = True
    for segment in envelope.message.segments:
        if segment.name == "ORC":
            if not named and control:
                _nameless(control, envelope)
            control, named = segment, False
        elif segment.name == "OBR":
            if control is None:
                raise Fault(segment.place(), "it stands before the ORC that it belongs to.", "Send ORC, then its OBR.")
            named = True
            yield control, segment
    if control is None:
        raise Fault("ORC", "there is no ORC segment.", "Ask the sender for a complete message.")
    if not named:
        _nameless(control, envelope)


def _nameless(control: Segment, envelope: Envelope) -> None:
    envelope.notes.append(f"{control.place()}: it doesn't say what was ordered (no OBR); it is not read.")


def _of_request(request: _Request) -> Iterator[Fact]:
    if not request.for_dxa:
        request.envelope.notes.append("OBR-4: what is ordered is no DXA; the request is not kept.")
        return
    if request.said in ENQUIRIES:
        return
    if request.said not in ASKS | IN_PASSING | ENDS:
        mend = "HL7 table 0119: NW, CA, DC, SC …"
        raise Fault(request.control.place(1), f"{request.said[:10]!r} is no order control that is known.", mend)
    yield _dxa(request)
    if request.ended and (why := _why(request)):
        yield _note(request, why)


def _dxa(request: _Request) -> DxaRequest:
    envelope, order = request.envelope, request.order
    passing = request.said in IN_PASSING and not request.ended
    common = envelope.common(
        order.place(4),
        key=request.key,
        site=request.visit.site,
        status=Status.PRELIMINARY if passing else Status.FINAL,
        version=envelope.ending if request.ended else envelope.version,
        retracted=request.ended,
    )
    return DxaRequest(
        record=request.record,
        occurred=envelope.when(request.control, 9) or envelope.event,
        need=DxaNeed.REQUESTED,
        reason=coding.words(order.field(31)) or order.text(31),
        **common,
    )


def _why(request: _Request) -> str:
    """Why it was ended: ORC-16."""
    return coding.words(request.control.field(16)) or request.control.text(16)


def _note(request: _Request, why: str) -> Note:
    text = f"The request for {request.exam or 'DXA'} ({request.number or 'no number'}) was ended: {why}."
    occurred = request.envelope.when(request.control, 9) or request.envelope.event
    key = request.key and f"{request.key}/ended"
    common = request.envelope.common(request.control.place(16), key=key, site=request.visit.site)
    return Note(record=request.record, occurred=occurred, text=text, **common)
