"""Doses given and not given (RAS)."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.facts import Answer, DoseGiven, DoseNotGiven, Fact, Status
from openfls.feeds.hl7v2 import coding
from openfls.feeds.hl7v2 import medicine_orders as orders
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.medicine_orders import MedicineOrder, medicine_of
from openfls.feeds.hl7v2.message import Segment

# HL7 table 0322 (RXA-20); empty means that it was given.
GIVEN = {"", "CP"}
PARTLY = {"PA"}
NOT_GIVEN = {"RE": "refused", "NA": "not administered"}
DELETED, UPDATED, ACTIONS = "D", "U", ("", "A", "D", "U", "X")  # HL7 table 0323 (RXA-21)
STRENGTH = (13, 14, 6, 7)  # RXA: strength and its unit, else the amount given and its unit


def administered(envelope: Envelope) -> Iterator[Fact]:
    """RAS: what was given on the ward, in the clinic or day unit, or not given and why."""
    return orders.facts(envelope, _doses)


def _doses(order: MedicineOrder) -> Iterator[Fact]:
    for rxa in order.group.all("RXA"):
        named = medicine_of(rxa, 5, order, STRENGTH)
        if named is None:
            continue
        status = rxa.text(20).upper()
        if status not in GIVEN | PARTLY | NOT_GIVEN.keys():
            raise Fault(rxa.place(20), f"{status[:10]!r} is no completion status.", "HL7 table 0322: CP, RE, NA, PA.")
        common = _common(rxa, order, named.drug) | named.said()
        if status in NOT_GIVEN:
            yield DoseNotGiven(reason=_reason(rxa, NOT_GIVEN[status]), **common)
        else:
            yield DoseGiven(complete=Answer.NO if status in PARTLY else Answer.YES, **common)


def _common(rxa: Segment, order: MedicineOrder, drug: str) -> dict[str, Any]:
    """A dose is named by its order, its counters and its day: senders repeat one counter over months, and a dose
    given must not stand in the place of another. Given or not given are versions of one statement."""
    occurred = order.envelope.when(rxa, 3)
    if occurred is None:
        raise Fault(rxa.place(3), "no time says when it was given.", "Ask the sender to fill RXA-3.")
    action = rxa.text(21).upper()
    if action not in ACTIONS:
        raise Fault(rxa.place(21), f"{action[:10]!r} is no action code.", "HL7 table 0323: A, D, U, X.")
    taken_back = action == DELETED or order.control in orders.CANCELLED
    status = Status.CORRECTED if taken_back or action == UPDATED else Status.FINAL
    counters = "-".join(filter(None, (rxa.text(1), rxa.text(2))))
    key = order.statement(f"dose/{counters}/{occurred.start:%Y%m%d}", drug, occurred)
    common = order.common(rxa.place(5), key, status=status, retracted=taken_back)
    return common | {"occurred": occurred, "setting": order.visit.setting}


def _reason(rxa: Segment, status: str) -> str:
    """Why not: the refusal's reason (RXA-18), else the notes (RXA-9), else what the status says."""
    for number in (18, 9):
        found = coding.words(rxa.field(number)) or rxa.text(number)
        if found:
            return f"{status}: {found}"
    return status
