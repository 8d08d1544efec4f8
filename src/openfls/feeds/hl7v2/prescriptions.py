"""Prescriptions and supplies (RDE, RDS): what was ordered, handed out, held back, stopped or cancelled."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.facts import Answer, Fact, MedicineSupplied, PrescriptionIssued, Status, TreatmentStopped
from openfls.clinical.when import When
from openfls.feeds.hl7v2 import medicine_orders as orders
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.medicine_orders import MedicineOrder, days_of, medicine_of, quantity_of
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.medicines import Medicine

STRENGTH = (25, 26, 3, 5)  # RXE: strength and its unit, else the amount to give and its unit
DISPENSED_STRENGTH = (16, 17)  # RXD


def prescribed(envelope: Envelope) -> Iterator[Fact]:
    """RDE: an encoded order."""
    return orders.facts(envelope, _order)


def dispensed(envelope: Envelope) -> Iterator[Fact]:
    """RDS: what was handed out."""
    return orders.facts(envelope, _dispense)


def _order(order: MedicineOrder) -> Iterator[Fact]:
    if order.control in orders.NOTHING_DONE:
        order.envelope.notes.append(f"{order.group.orc.place(1)} {order.control}: nothing was prescribed by it.")
        return
    encoded = list(order.group.all("RXE")) or list(order.group.all("RXO"))
    if not encoded and order.control in orders.CANCELLED:
        yield _cancelled(order)
    for place, segment in enumerate(encoded, start=1):
        first = segment.name == "RXO"
        named = medicine_of(segment, 1 if first else 2, order, () if first else STRENGTH)
        if named:
            yield from _said(order, segment, named, f"/{place}" if place > 1 else "")


def _cancelled(order: MedicineOrder) -> PrescriptionIssued:
    """A cancellation that doesn't repeat the medicine still takes back the order that it names."""
    occurred = order.changed()
    common = order.common(order.group.orc.place(1), order.key, status=Status.CORRECTED, retracted=True)
    return PrescriptionIssued(drug="", occurred=occurred, **common)


def _said(order: MedicineOrder, segment: Segment, named: Medicine, part: str) -> Iterator[Fact]:
    if order.control in orders.DISCONTINUED:
        yield _stopped(order, segment, named, part)
    elif order.control in orders.HELD | orders.RELEASED:
        yield _held(order, segment, named, part)
    else:
        yield _issued(order, segment, named, part)


def _issued(order: MedicineOrder, segment: Segment, named: Medicine, part: str) -> PrescriptionIssued:
    """The prescription, or that it was taken back. A refill is an issue of its own, on its own day."""
    refilled = order.control in orders.REFILLED
    occurred = _refilled(order, segment) if refilled else _prescribed(order, segment)
    key = order.statement(f"refill/{occurred.start:%Y%m%d}{part}" if refilled else part[1:], named.drug, occurred)
    cancelled = order.control in orders.CANCELLED
    status = Status.CORRECTED if cancelled else Status.FINAL  # a cancellation stands above what it takes back
    return PrescriptionIssued(
        occurred=occurred,
        setting=order.visit.setting,
        days_supplied=days_of(order),
        quantity=quantity_of(segment, 10 if segment.name == "RXE" else 11),
        **named.said(),
        **order.common(segment.place(), key, status=status, retracted=cancelled),
    )


def _prescribed(order: MedicineOrder, segment: Segment) -> When:
    """When it was first ordered, else when it begins, else when the order was sent."""
    rxe, tq1, orc = segment.name == "RXE", order.group.first("TQ1"), order.group.orc
    found = order.begun(segment, 32) if rxe else None
    found = found or (order.begun(tq1, 7) if tq1 else None)
    found = found or (order.begun(segment, 1, 4) if rxe else None) or order.begun(orc, 7, 4)
    return found or order.begun(orc, 15) or order.envelope.when(orc, 9) or order.envelope.event


def _refilled(order: MedicineOrder, segment: Segment) -> When:
    return order.envelope.when(segment, 18) or order.envelope.when(order.group.orc, 9) or order.envelope.event


def _stopped(order: MedicineOrder, segment: Segment, named: Medicine, part: str) -> TreatmentStopped:
    occurred = order.changed()
    key = order.statement(f"stopped{part}", named.drug, occurred)
    common = order.common(segment.place(), key)
    return TreatmentStopped(occurred=occurred, for_now=Answer.NO, reason=order.reason(), **named.said(), **common)


def _held(order: MedicineOrder, segment: Segment, named: Medicine, part: str) -> TreatmentStopped:
    """Held back for now; a release takes that back under the same key."""
    occurred, released = order.changed(), order.control in orders.RELEASED
    key = order.statement(f"held{part}", named.drug, occurred)
    common = order.common(segment.place(), key, retracted=released)
    return TreatmentStopped(occurred=occurred, for_now=Answer.YES, reason=order.reason(), **named.said(), **common)


def _dispense(order: MedicineOrder) -> Iterator[Fact]:
    if order.control in orders.NOTHING_DONE | orders.HELD | orders.DISCONTINUED | orders.RELEASED:
        order.envelope.notes.append(f"{order.group.orc.place(1)} {order.control}: nothing was handed out by it.")
        return
    for rxd in order.group.all("RXD"):
        named = medicine_of(rxd, 2, order, DISPENSED_STRENGTH)
        if named:
            yield _supplied(order, rxd, named)


def _supplied(order: MedicineOrder, rxd: Segment, named: Medicine) -> MedicineSupplied:
    occurred = order.envelope.when(rxd, 3) or order.changed()
    cancelled = order.control in orders.CANCELLED
    what = f"supply/{rxd.text(1)}/{occurred.start:%Y%m%d}"
    told: dict[str, Any] = {"status": Status.CORRECTED, "retracted": True} if cancelled else {}
    return MedicineSupplied(
        occurred=occurred,
        setting=order.visit.setting,
        days_supplied=days_of(order),
        quantity=quantity_of(rxd, 4),
        supplied_by="hospital pharmacy",
        order=order.key,
        **named.said(),
        **order.common(rxd.place(2), order.statement(what, named.drug, occurred), **told),
    )
