"""The text of an imaging order, read for fractures: always suspected, with the sentence as evidence, for triage."""

import base64
import binascii
from collections.abc import Iterator

from openfls.clinical.facts import Answer, Fact, Finder, FractureSighting, Note, Status
from openfls.feeds import reports
from openfls.feeds.hl7v2 import density
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order

PROSE = {"TX", "FT", "ED"}  # OBX-2, HL7 table 0125: text, formatted text, encapsulated data
TEXT_TYPES = {"TEXT", "TXT", "PLAIN", "TEXT/PLAIN"}


def is_prose(obx: Segment, order: Order) -> bool:
    """Whether an observation is running text: by its type, or a string (ST) under an imaging service."""
    kind = obx.text(2).upper()
    return kind in PROSE or (kind == "ST" and order.imaging and not density.is_density(obx))


def facts(observations: list[Segment], order: Order) -> Iterator[Fact]:
    """A sighting for each bone that the report speaks of as broken; none where it denies.

    A corrected report without a fracture leaves a note: an earlier version may have had one, and what was seen then
    stays for a person. One whose text the sender takes back gives its sightings as taken back.
    """
    told = [(obx, status) for obx in observations if (status := order.status(obx)) is not None]
    for taken_back in (False, True):
        parts = [(obx, status) for obx, status in told if order.taken_back(obx) is taken_back]
        if parts:
            status = min(status for _, status in parts)
            yield from _read([obx for obx, _ in parts], order, status, taken_back)


def _read(observations: list[Segment], order: Order, status: Status, taken_back: bool) -> Iterator[Fact]:
    text = _text(observations, order)
    mentions = reports.to_triage(reports.read_text(text, order.exam))
    if len(text) > reports.LONGEST:
        order.envelope.notes.append(f"{order.request.place()}: only {reports.LONGEST} characters of it were read.")
    for mention in mentions:
        yield _sighting(mention, order, status, taken_back)
    if not mentions and status is Status.CORRECTED:
        yield _corrected(order, taken_back)


def _text(observations: list[Segment], order: Order) -> str:
    """The report as one text. Raises `Fault` where nothing of it is text."""
    texts, closed = [], []
    for obx in observations:
        if obx.text(2).upper() != "ED":
            texts.append(obx.prose(5))
        elif obx.text(5, 3).upper() in TEXT_TYPES or obx.text(5, 2).upper() in TEXT_TYPES:
            texts.append(_embedded(obx, order))
        else:
            closed.append(obx)
    if closed and not texts:
        kind = closed[0].text(5, 3) or closed[0].text(5, 2)
        mend = "Ask the sender for its text too, or look at it and enter what it says."
        raise Fault(closed[0].place(5), f"the report is a document of type {kind!r}, which is not read.", mend)
    return "\n".join(texts)


def _embedded(obx: Segment, order: Order) -> str:
    """Encapsulated plain text (ED.4 the encoding, ED.5 the data)."""
    coded, data = obx.text(5, 4).upper(), obx.text(5, 5)
    try:
        if coded == "BASE64":
            return base64.b64decode(data, validate=True).decode(obx.delimiters.encoding)
        return bytes.fromhex(data).decode(obx.delimiters.encoding) if coded == "HEX" else data
    except (binascii.Error, ValueError) as error:
        mend = "Ask the sender for plain text."
        raise Fault(obx.place(5), f"the embedded text is not {coded} or not text.", mend) from error


def _sighting(mention: reports.Mention, order: Order, status: Status, taken_back: bool) -> FractureSighting:
    bone, side = mention.body_site, mention.side
    place = f"{order.request.place()}/{bone.name.lower()}{'/taken back' * taken_back}"
    return FractureSighting(
        record=order.record,
        occurred=order.taken or order.envelope.event,
        finder=order.envelope.origin.finder or Finder.RADIOLOGY_REPORT,
        body_site=bone,
        side=side,
        certain=Answer.UNKNOWN,
        setting=order.visit.setting,
        dated_by="report",
        words=mention.words,
        **order.common(place, f"fracture/{bone.name.lower()}", status, retracted=taken_back),
    )


def _corrected(order: Order, taken_back: bool) -> Note:
    what = "took back the report" if taken_back else "corrected the report; it reads without a new fracture now"
    return Note(
        record=order.record,
        occurred=order.taken or order.envelope.event,
        text=f"The sender {what}: {order.exam or 'imaging'}, {order.request.text(3) or 'no number'}.",
        **order.common(f"{order.request.place()}{'/taken back' * taken_back}", "note", Status.FINAL, retracted=False),
    )
