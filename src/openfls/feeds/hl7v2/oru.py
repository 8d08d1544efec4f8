"""Results (ORU R01): laboratory values, bone density, and radiology reports read for fractures.

Each order (OBR) with its observations (OBX) is read by itself: one that can't be read waits, the others count.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord
from openfls.feeds.hl7v2 import coding, density, laboratory, patient, radiology, times
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order
from openfls.feeds.hl7v2.visit import Visit, visit_of


@dataclass(slots=True)
class _Patient:
    """One PATIENT_RESULT group: a PID, what goes with it, and its orders."""

    pid: Segment
    extra: Segment | None = None
    visit: Segment | None = None
    orders: list[tuple[Segment, list[Segment]]] = field(default_factory=list)


def facts(envelope: Envelope) -> Iterator[Fact]:
    """The facts of one ORU message, of each patient in it. Raises `Fault` where patient or visit can't be read."""
    for group in _patients(envelope):
        record = patient.record_of(group.pid, envelope)
        visit = visit_of(envelope, group.visit)
        for request, observations in group.orders:
            yield from _order(request, observations, record, visit, envelope)
        yield from patient.demographics(group.pid, group.extra, record, envelope)
        yield from patient.death(group.pid, record, envelope)


def _patients(envelope: Envelope) -> list[_Patient]:
    envelope.message.need("PID")
    groups: list[_Patient] = []
    for segment in envelope.message.segments:
        if segment.name == "PID":
            groups.append(_Patient(segment))
        elif segment.name in {"PD1", "PV1", "OBR", "OBX"}:
            if not groups or (segment.name == "OBX" and not groups[-1].orders):
                raise Fault(segment.place(), "it stands before the patient or order that it belongs to.", _SEQUENCE)
            _belongs(segment, groups[-1])
    return groups


_SEQUENCE = "Ask the sender for PID, then OBR, then its OBX."


def _belongs(segment: Segment, group: _Patient) -> None:
    match segment.name:
        case "PD1":
            group.extra = segment
        case "PV1":
            group.visit = segment
        case "OBR":
            group.orders.append((segment, []))
        case "OBX":
            group.orders[-1][1].append(segment)


def _order(
    request: Segment, observations: list[Segment], record: PatientRecord, visit: Visit, envelope: Envelope
) -> Iterator[Fact]:
    try:
        order = _opened(request, record, visit, envelope)
    except Fault as fault:
        envelope.unreadable.append(fault.unreadable)
        return
    lines = {obx for obx in observations if laboratory.is_text(obx, order)}
    yield from _texts([obx for obx in observations if obx in lines], order)
    scanned = any(density.is_density(obx) for obx in observations)
    told = density.beside(observations) if scanned else density.Beside()
    apart = {obx for obx in observations if scanned and density.is_beside(obx)}
    read = lines | apart
    prose = [obx for obx in observations if obx not in read and radiology.is_prose(obx, order)]
    yield from _report(prose, order)
    read.update(prose)
    yield from _values([obx for obx in observations if obx not in read], order, told)


def _values(observations: list[Segment], order: Order, told: density.Beside) -> Iterator[Fact]:
    """The measured values, each under its own name; those that no list knows leave a note."""
    names: Counter[str] = Counter()
    unknown: list[Segment] = []
    for obx in observations:
        name = f"{obx.text(3) or coding.words(obx.field(3))}/{obx.text(4)}"
        names[name] += 1
        named = name if names[name] == 1 else f"{name}/{names[name]}"
        yield from _value(obx, order, named, told, unknown)
    order.envelope.notes.extend(laboratory.passed_over(unknown, order))


def _opened(request: Segment, record: PatientRecord, visit: Visit, envelope: Envelope) -> Order:
    """The order of an OBR; its version is OBR-22, when the results changed, else the message's."""
    changed, note = times.version(request.text(22), request.place(22), envelope.origin.known)
    if note:
        envelope.notes.append(note)
    number = 3 if request.text(3) else 2
    named = " ".join(filter(None, (request.text(number, 2), request.text(number))))
    return Order(
        request=request,
        record=record,
        envelope=envelope,
        visit=visit,
        key=f"{envelope.authority}/order/{named}" if request.text(number) else "",
        version=changed or envelope.version,
        taken=envelope.when(request, 7),
        exam=coding.words(request.field(4)) or request.text(4),
    )


def _report(prose: list[Segment], order: Order) -> Iterator[Fact]:
    if prose and not order.may_be_imaging:
        order.envelope.notes.append(f"{order.request.place()}: text of service {order.service} is not read.")
    elif prose:
        try:
            yield from radiology.facts(prose, order)
        except Fault as fault:
            order.envelope.unreadable.append(fault.unreadable)


def _texts(lines: list[Segment], order: Order) -> Iterator[Fact]:
    try:
        yield from laboratory.texts(lines, order)
    except Fault as fault:
        order.envelope.unreadable.append(fault.unreadable)


def _value(
    obx: Segment, order: Order, name: str, told: density.Beside, unknown: list[Segment]
) -> Iterator[Fact]:
    """A measured value; one that no list knows goes to ``unknown``."""
    try:
        status = order.status(obx)
        if obx.text(2).upper() not in laboratory.NUMBERS:
            order.envelope.notes.append(f"OBX-2: a value of type {obx.text(2) or 'nothing'} is not read.")
        elif status is not None and density.is_density(obx):
            yield density.result(obx, order, status, name, told)
        elif status is not None and laboratory.measures(obx, order) is None:
            unknown.append(obx)
        elif status is not None and (found := laboratory.value(obx, order, status, name)):
            yield found
    except Fault as fault:
        order.envelope.unreadable.append(fault.unreadable)
