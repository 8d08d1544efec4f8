"""The text of an imaging order, read for fractures: always suspected, with the sentence as evidence, for triage."""

from collections.abc import Iterator

from openfls.clinical.facts import Answer, Fact, Finder, FractureSighting, Note, Status
from openfls.feeds import reports
from openfls.feeds.hl7v2 import density, prose
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order

PROSE = {"TX", "FT", "ED"}  # OBX-2, HL7 table 0125: text, formatted text, encapsulated data


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
            yield from read(_text([obx for obx, _ in parts]), order, status, taken_back=taken_back)


def read(
    text: str, order: Order, status: Status, *, taken_back: bool = False, finder: Finder = Finder.RADIOLOGY_REPORT
) -> Iterator[Fact]:
    """What a text says of fractures; ``finder`` is whose text it is, where the feed stands for none."""
    mentions = reports.to_triage(reports.read_text(text, order.exam))
    if len(text) > reports.LONGEST:
        order.envelope.notes.append(f"{order.request.place()}: only {reports.LONGEST} characters of it were read.")
    for mention in mentions:
        yield _sighting(mention, order, status, taken_back, finder)
    if not mentions and status is Status.CORRECTED:
        yield _corrected(order, taken_back)


def _text(observations: list[Segment]) -> str:
    """The report as one text. Raises `Fault` where nothing of it is text."""
    text, closed = prose.text_of(observations)
    if closed and not text:
        mend = "Ask the sender for its text too, or look at it and enter what it says."
        reason = f"the report is a document of type {prose.form_of(closed[0])!r}, which is not read."
        raise Fault(closed[0].place(5), reason, mend)
    return text


def _sighting(
    mention: reports.Mention, order: Order, status: Status, taken_back: bool, finder: Finder
) -> FractureSighting:
    bone, side = mention.body_site, mention.side
    place = f"{order.request.place()}/{bone.name.lower()}{'/taken back' * taken_back}"
    return FractureSighting(
        record=order.record,
        occurred=order.taken or order.envelope.event,
        finder=order.envelope.origin.finder or finder,
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
        text=f"The sender {what}: {order.exam or 'imaging'}, {order.number or 'no number'}.",
        **order.common(f"{order.request.place()}{'/taken back' * taken_back}", "note", Status.FINAL, retracted=False),
    )
