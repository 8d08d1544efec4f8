"""Documents (MDM T01 to T11): letters and reports of the services round a fracture, with their status and corrections.

Plain text is held; a PDF or a pointer stays in its message. The text of radiology, of a fracture clinic and of an
emergency department is read for fractures as well. Documents of other services are not kept.
"""

from collections.abc import Iterator

from openfls.clinical.facts import Document, Fact, Finder, Service, Status
from openfls.clinical.patients import PatientRecord
from openfls.clinical.service_words import service_in_words
from openfls.feeds.hl7v2 import coding, patient, prose, radiology
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.order import Order
from openfls.feeds.hl7v2.visit import visit_of

TRIGGERS = tuple(f"T{number:02}" for number in range(1, 12))
EDITS, REPLACES, CANCELS = ("T07", "T08"), ("T09", "T10"), "T11"

# TXA-17, HL7 table 0271: dictated, documented, in progress, incomplete, pre-authenticated.
UNSETTLED = frozenset({"DI", "DO", "IP", "IN", "PA"})
WITHDRAWN = frozenset({"CA", "OB"})  # TXA-19, HL7 table 0273: deleted, obsolete
RESTRICTED = frozenset({"R", "V"})  # TXA-18, HL7 table 0272: restricted, very restricted
OF_TYPE = {"DI": Service.RADIOLOGY, "ED": Service.EMERGENCY}  # TXA-2, HL7 table 0270
READ_FOR_FRACTURES = {
    Service.RADIOLOGY: Finder.RADIOLOGY_REPORT,
    Service.FRACTURE_CLINIC: Finder.FRACTURE_CLINIC,
    Service.EMERGENCY: Finder.EMERGENCY_DEPARTMENT,
}
LONGEST = 20_000  # characters of a document that are held


def facts(envelope: Envelope) -> Iterator[Fact]:
    """The document, and the fractures that its text speaks of. Raises `Fault`."""
    pid, header = envelope.message.need("PID"), envelope.message.need("TXA")
    record = patient.record_of(pid, envelope)
    service = _service(header, envelope)
    if service is None:
        envelope.notes.append("TXA-2: the document is of none of the services round a fracture; it is not kept.")
    else:
        yield from _of_document(header, service, record, envelope)
    yield from patient.demographics(pid, envelope.message.first("PD1"), record, envelope)
    yield from patient.death(pid, record, envelope)


def _service(header: Segment, envelope: Envelope) -> Service | None:
    """By what the document is called, else by the type's code, else by where the patient was seen."""
    pv1 = envelope.message.one("PV1")
    names = [coding.words(header.field(2)), header.text(2), header.text(16)]
    names += [coding.words(obx.field(3)) for obx in envelope.message.all("OBX")]
    names += [coding.words(obr.field(4)) for obr in envelope.message.all("OBR")]
    typed = OF_TYPE.get(header.text(2).upper())
    return service_in_words(*names) or typed or service_in_words(pv1.text(10), pv1.text(3))


def _of_document(header: Segment, service: Service, record: PatientRecord, envelope: Envelope) -> Iterator[Fact]:
    order = _order(header, record, envelope)
    status, withdrawn = _status(header, envelope), _withdrawn(header, envelope)
    text, closed = prose.text_of(envelope.message.all("OBX"))
    document = _document(order, service, status, withdrawn, text, closed)
    if envelope.trigger in REPLACES and (replaced := _replaced(document, envelope)):
        yield replaced
    yield document
    if service in READ_FOR_FRACTURES and not withdrawn:
        yield from _read(text, closed, service, order, status)


def _order(header: Segment, record: PatientRecord, envelope: Envelope) -> Order:
    """The document as what its facts share: key, version, day."""
    number = header.text(12)
    return Order(
        request=header,
        record=record,
        envelope=envelope,
        visit=visit_of(envelope, dated=False),
        key=_key(number, envelope),
        version=envelope.ending if _withdrawn(header, envelope) else envelope.version,
        taken=envelope.when(header, 4) or envelope.when(header, 6),
        exam=coding.words(header.field(2)) or header.text(16),
    )


def _key(number: str, envelope: Envelope) -> str:
    return f"{envelope.authority}/document/{number}" if number else ""


def _status(header: Segment, envelope: Envelope) -> Status:
    """A draft, even of a correction, never stands above what was signed."""
    if header.text(17).upper() in UNSETTLED:
        return Status.PRELIMINARY
    return Status.CORRECTED if envelope.trigger in (*EDITS, *REPLACES, CANCELS) else Status.FINAL


def _withdrawn(header: Segment, envelope: Envelope) -> bool:
    return envelope.trigger == CANCELS or header.text(19).upper() in WITHDRAWN


def _document(
    order: Order, service: Service, status: Status, withdrawn: bool, text: str, closed: list[Segment]
) -> Document:
    header, envelope = order.request, order.envelope
    if len(text) > LONGEST:
        envelope.notes.append(f"{header.place()}: only {LONGEST} characters of the document are held.")
    if restricted := header.text(18).upper() in RESTRICTED:
        envelope.notes.append(f"{header.place(18)}: the document is restricted; its text is not held.")
    author = header.repetitions(9) or header.repetitions(5)
    common = envelope.common(
        header.place(12),
        key=order.key,
        site=order.visit.site,
        status=Status.CORRECTED if withdrawn else status,
        version=order.version,
        retracted=withdrawn,
    )
    return Document(
        record=order.record,
        occurred=order.taken or envelope.event,
        service=service,
        title=order.exam,
        author=" ".join(filter(None, (author[0].text(3), author[0].text(2)))) if author else "",
        form=prose.form_of(closed[0]) if closed else "text" if text else "",
        text="" if restricted else text[:LONGEST],
        parent=_key(header.text(13), envelope),
        **common,
    )


def _replaced(document: Document, envelope: Envelope) -> Document | None:
    """The document that this one replaces, taken back; None where it has the same number or none."""
    if not document.parent or document.parent == document.key:
        return None
    common = envelope.common(
        "TXA-13", key=document.parent, site=document.site, status=Status.CORRECTED, version=envelope.ending,
        retracted=True,
    )  # fmt: skip
    return Document(
        record=document.record, occurred=document.occurred, service=document.service, title=document.title, **common
    )


def _read(text: str, closed: list[Segment], service: Service, order: Order, status: Status) -> Iterator[Fact]:
    if closed and not text and service is Service.RADIOLOGY:
        mend = "Ask the sender for its text too, or look at it and enter what it says."
        reason = f"the report is a document of type {prose.form_of(closed[0])!r}, which is not read."
        order.envelope.unreadable.append(Fault(closed[0].place(5), reason, mend).unreadable)
    if text:
        yield from radiology.read(text, order, status, finder=READ_FOR_FRACTURES[service])
