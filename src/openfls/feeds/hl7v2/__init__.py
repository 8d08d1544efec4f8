"""HL7 v2.3 to v2.5 messages to facts: stays and merges, results, medicines, appointments, requests, documents."""

from collections.abc import Callable, Iterator

from openfls.clinical.facts import Fact
from openfls.feeds.hl7v2 import administrations, adt, mdm, orders, oru, prescriptions, siu
from openfls.feeds.hl7v2.envelope import Envelope, opened
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.framing import split
from openfls.feeds.reading import Origin, Reading, Unreadable

__all__ = ["KINDS", "read", "split"]

# Every kind of message that gives facts; any other is ignored by rule, and says so.
KINDS: dict[tuple[str, str], Callable[[Envelope], Iterator[Fact]]] = {
    **{("ADT", trigger): adt.facts for trigger in (*adt.OF_ONE_PERSON, *adt.OF_TWO_RECORDS)},
    ("ORU", "R01"): oru.facts,
    **{("RDE", trigger): prescriptions.prescribed for trigger in ("O01", "O11")},  # O01 before HL7 2.4
    **{("RDS", trigger): prescriptions.dispensed for trigger in ("O01", "O13")},
    **{("RAS", trigger): administrations.administered for trigger in ("O01", "O17")},
    **{("SIU", trigger): siu.facts for trigger in siu.TRIGGERS},
    ("ORM", "O01"): orders.facts,
    ("OMG", "O19"): orders.facts,
    **{("MDM", trigger): mdm.facts for trigger in mdm.TRIGGERS},
}


def read(content: bytes, origin: Origin) -> Reading | Unreadable:
    """The facts of one message, or why it can't be read, where, and how to mend it. Never raises for any bytes.

    A file with several messages is cut by `split` first. ``origin.encoding`` is the character set where MSH-18 names
    none. Local times stay as written; ``version`` is UTC.
    """
    try:
        envelope = opened(content, origin)
        reader = KINDS.get((envelope.kind, envelope.trigger))
        if reader is None:
            return Reading(ignored=f"hl7v2: kind {envelope.kind} {envelope.trigger or 'without trigger'} is not used")
        facts = tuple(reader(envelope))
    except Fault as fault:
        return fault.unreadable
    return Reading(facts, envelope.unreadable.told(), notes=tuple(dict.fromkeys(envelope.notes)))
