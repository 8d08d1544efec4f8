"""Laboratory results of an order: the measurements that matter to fracture prevention, as the laboratory wrote them.

A result is known by its LOINC code, or by the laboratory's code map that the feed declares. Others are passed over by
rule, and the reading names their codes. A number without its unit, or one that nobody can have, waits for a person.
"""

from collections.abc import Iterable, Iterator

from openfls.clinical.facts import LaboratoryResult, Status
from openfls.clinical.laboratory import Analyte
from openfls.feeds import units
from openfls.feeds.hl7v2 import coding
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order
from openfls.feeds.laboratory import analyte_of, code_map

NUMBERS = {"NM", "SN", "ST"}  # OBX-2, HL7 table 0125: numeric, structured numeric, string
TEXTS = {"TX", "FT", "ST", "CE", "CWE"}  # and where a measurement is a text: text, formatted text, coded text
FIELD_OF = {"value": 5, "unit": 6}
MOST_NAMED = 100  # codes of one order that are named: it has a few dozen


def measures(obx: Segment, order: Order) -> Analyte | None:
    """Which measurement an observation is; None for one that is not read as a laboratory result."""
    return analyte_of(coding.codes(obx.field(3)), code_map(order.envelope.origin.mapping))


def is_text(obx: Segment, order: Order) -> bool:
    """Whether it is a line of a laboratory's text result (an electrophoresis), not of a radiologist's report."""
    analyte = measures(obx, order)
    return analyte is not None and analyte.is_text and obx.text(2).upper() in TEXTS


def texts(observations: Iterable[Segment], order: Order) -> Iterator[LaboratoryResult]:
    """The text results: lines that stand under one code are one result, taken back together."""
    lines: dict[tuple[str, str], list[Segment]] = {}
    for obx in observations:
        lines.setdefault((obx.text(3), obx.text(4)), []).append(obx)
    for (code, part), same in lines.items():
        told = [(obx, status) for obx in same if (status := order.status(obx)) is not None]
        text = "\n".join(filter(None, (_text(obx) for obx, _ in told)))
        analyte = measures(same[0], order)
        if told and text and analyte:
            status = min(status for _, status in told)
            yield _result(same[0], order, status, f"{code}/{part}", analyte, text, "")


def value(obx: Segment, order: Order, status: Status, name: str) -> LaboratoryResult | None:
    """A measured value; None for another measurement, and for one that holds none. Raises `Fault`."""
    analyte = measures(obx, order)
    if analyte is None or analyte.is_text:
        return None
    written, taken_back = _number(obx), order.taken_back(obx)
    if not written and not taken_back:
        order.envelope.notes.append(f"{obx.place(5)}: {analyte.name} has no value.")
        return None
    unit = obx.text(6) or obx.text(6, 2)
    if not taken_back:
        _check(obx, written, unit, analyte)
    return _result(obx, order, status, name, analyte, written, unit)


def passed_over(observations: Iterable[Segment], order: Order) -> Iterator[str]:
    """A note for each code that nobody mapped."""
    codes = sorted({obx.text(3) or obx.text(3, 2) or "no code" for obx in observations})
    mapping = order.envelope.origin.mapping
    by = f"the code map {mapping}" if mapping else "LOINC (the feed declares no code map of its laboratory)"
    for code in codes[:MOST_NAMED]:
        yield f"result {code[:40]} passed over: not known by {by}"
    if len(codes) > MOST_NAMED:
        yield f"{len(codes) - MOST_NAMED} more results passed over: not known by {by}"


def _check(obx: Segment, written: str, unit: str, analyte: Analyte) -> None:
    try:
        units.checked(written, unit, analyte)
    except units.Unmeasured as wrong:
        raise Fault(obx.place(FIELD_OF[wrong.part]), wrong.reason, wrong.mend) from wrong


def _result(
    obx: Segment, order: Order, status: Status, name: str, analyte: Analyte, written: str, unit: str
) -> LaboratoryResult:
    codes = coding.codes(obx.field(3))
    return LaboratoryResult(
        record=order.record,
        occurred=order.envelope.when(obx, 14) or order.taken or order.envelope.event,
        code=codes[0] if codes else None,
        name=coding.words(obx.field(3)) or obx.text(3),
        value=written,
        unit=unit,
        reference_range=obx.text(7),
        analyte=analyte.name,
        **order.common(obx.place(5), name, status, retracted=order.taken_back(obx)),
    )


def _number(obx: Segment) -> str:
    """The value as the laboratory wrote it; a structured numeric (SN) put together: ``>`` and ``90`` as ``>90``."""
    if obx.text(2).upper() == "SN":
        return "".join(obx.text(5, part) for part in (1, 2, 3, 4))
    return obx.prose(5)


def _text(obx: Segment) -> str:
    return (obx.text(5, 2) or obx.text(5)) if obx.text(2).upper() in {"CE", "CWE"} else obx.prose(5)
