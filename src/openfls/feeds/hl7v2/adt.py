"""Admissions, discharges, transfers, attendances, updates, cancellations and merges (ADT) as facts.

A cancellation takes back the one statement that it cancels, under the same key. What the cancelled visit's diagnoses
said stays for a person to triage: the message doesn't list them, and a fracture seen is never dropped by a slip.
"""

from collections.abc import Callable, Iterator

from openfls.clinical.facts import (
    Admission,
    Attendance,
    Discharge,
    Fact,
    Note,
    RecordsLinked,
    RecordsSeparated,
    Setting,
    Transfer,
)
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When
from openfls.feeds.hl7v2 import diagnoses, patient
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit, site_of, visit_of

Facts = Iterator[Fact]
AMBULANT = {Setting.EMERGENCY, Setting.OUTPATIENT}


def begun(record: PatientRecord, envelope: Envelope) -> Facts:
    """A01, A04: an admission or, by the class of the patient, an attendance."""
    visit = _visit(envelope)
    attends = visit.setting in AMBULANT or (envelope.trigger == "A04" and visit.setting is not Setting.INPATIENT)
    yield _attendance(record, visit, envelope) if attends else _admission(record, visit, envelope)
    yield from diagnoses.facts(record, visit, envelope)


def updated(record: PatientRecord, envelope: Envelope) -> Facts:
    """A08: restates the beginning of the visit where it names it, and whatever is diagnosed by now."""
    visit = visit_of(envelope)
    if visit.begun and visit.setting in AMBULANT:
        yield _attendance(record, visit, envelope)
    if visit.begun and visit.setting is Setting.INPATIENT:
        yield _admission(record, visit, envelope)
    yield from diagnoses.facts(record, visit, envelope)


def transferred(record: PatientRecord, envelope: Envelope) -> Facts:
    """A02."""
    visit = _visit(envelope)
    yield _transfer(record, visit, envelope, envelope.event)
    yield from diagnoses.facts(record, visit, envelope)


def discharged(record: PatientRecord, envelope: Envelope) -> Facts:
    """A03."""
    visit = _visit(envelope)
    yield _discharge(record, visit, envelope)
    yield from diagnoses.facts(record, visit, envelope)


def admission_cancelled(record: PatientRecord, envelope: Envelope) -> Facts:
    """A11: takes the admission or attendance back, both where the patient's class doesn't say which."""
    visit = _visit(envelope)
    if not visit.key:
        yield _unnamed("admission", record, visit, envelope)
        return
    if visit.setting not in AMBULANT:
        yield _admission(record, visit, envelope, retracted=True)
    if visit.setting is not Setting.INPATIENT:
        yield _attendance(record, visit, envelope, retracted=True)


def transfer_cancelled(record: PatientRecord, envelope: Envelope) -> Facts:
    """A12: takes the transfer of the time in EVN-6 back; HL7 has no other place that says which transfer is meant."""
    visit = _visit(envelope)
    moment = envelope.when(envelope.message.one("EVN"), 6)
    if not visit.key or moment is None:
        yield _unnamed("transfer", record, visit, envelope)
    else:
        yield _transfer(record, visit, envelope, moment, retracted=True)


def discharge_cancelled(record: PatientRecord, envelope: Envelope) -> Facts:
    """A13."""
    visit = _visit(envelope)
    if visit.key:
        yield _discharge(record, visit, envelope, retracted=True)
    else:
        yield _unnamed("discharge", record, visit, envelope)


def nothing_more(record: PatientRecord, envelope: Envelope) -> Facts:
    """A31: the person's details alone."""
    return iter(())


def merged(envelope: Envelope) -> Facts:
    """A40: each PID survives the MRG after it. Both records stay; that they are one person is a fact of its own."""
    survivor: tuple[Segment, PatientRecord] | None = None
    pairs = 0
    for segment in envelope.message.segments:
        if segment.name == "PID":
            survivor = segment, patient.record_of(segment, envelope)
            yield from patient.demographics(segment, None, survivor[1], envelope)
        if segment.name == "MRG" and survivor:
            pairs += 1
            prior = patient.prior_of(segment, envelope)
            key = _pair_key("merge", survivor[1], prior, envelope)
            common = envelope.common(segment.place(1), key=key, site=None)
            yield RecordsLinked(record=survivor[1], other=prior, occurred=envelope.event, **common)
    if not pairs:
        raise Fault("MRG", "no record that was merged is named.", "Ask the sender for PID and MRG.")


def separated(envelope: Envelope) -> Facts:
    """A37: the two PID are two people."""
    found = [(pid, patient.record_of(pid, envelope)) for pid in envelope.message.all("PID")]
    if len(found) != 2:
        raise Fault("PID", f"{len(found)} people are named, not two.", "Ask the sender for two PID segments.")
    (_, one), (place, other) = found
    common = envelope.common(place.place(3), key=_pair_key("separate", one, other, envelope), site=None)
    yield RecordsSeparated(record=one, other=other, occurred=envelope.event, **common)


def _pair_key(what: str, one: PatientRecord, other: PatientRecord, envelope: Envelope) -> str:
    names = patient.subject(one, envelope), patient.subject(other, envelope)
    return f"{names[0]}/{what}/{names[1]}" if all(names) else ""


OF_ONE_PERSON: dict[str, Callable[[PatientRecord, Envelope], Facts]] = {
    "A01": begun,
    "A02": transferred,
    "A03": discharged,
    "A04": begun,
    "A08": updated,
    "A11": admission_cancelled,
    "A12": transfer_cancelled,
    "A13": discharge_cancelled,
    "A31": nothing_more,
}
OF_TWO_RECORDS: dict[str, Callable[[Envelope], Facts]] = {"A37": separated, "A40": merged}


def facts(envelope: Envelope) -> Facts:
    """The facts of one ADT message of a kind that is used. Raises `Fault` where it can't be read."""
    if envelope.trigger in OF_TWO_RECORDS:
        yield from OF_TWO_RECORDS[envelope.trigger](envelope)
        return
    pid = envelope.message.need("PID")
    record = patient.record_of(pid, envelope)
    yield from OF_ONE_PERSON[envelope.trigger](record, envelope)
    yield from patient.demographics(pid, envelope.message.first("PD1"), record, envelope)
    yield from patient.death(pid, record, envelope)


def _visit(envelope: Envelope) -> Visit:
    envelope.message.need("PV1")
    return visit_of(envelope)


def _admission(record: PatientRecord, visit: Visit, envelope: Envelope, *, retracted: bool = False) -> Admission:
    common = envelope.common("PV1-44", key=visit.statement("admission"), site=visit.site, retracted=retracted)
    return Admission(
        record=record,
        occurred=visit.begun or envelope.event,
        visit=visit.number,
        ward=visit.ward,
        emergency=visit.emergency,
        reason=visit.reason,
        **common,
    )


def _attendance(record: PatientRecord, visit: Visit, envelope: Envelope, *, retracted: bool = False) -> Attendance:
    common = envelope.common("PV1-44", key=visit.statement("attendance"), site=visit.site, retracted=retracted)
    return Attendance(
        record=record,
        occurred=visit.begun or envelope.event,
        visit=visit.number,
        setting=visit.setting,
        reason=visit.reason,
        **common,
    )


def _transfer(
    record: PatientRecord, visit: Visit, envelope: Envelope, moment: When, *, retracted: bool = False
) -> Transfer:
    """A visit has many transfers: the time of each is part of its key."""
    left = site_of(envelope.message.one("PV1"), 6, envelope)
    time = f"{moment.at or moment.start:%Y%m%d%H%M}"
    key = visit.statement(f"transfer/{time}")
    common = envelope.common("PV1-3", key=key, site=left, retracted=retracted)
    to_site = visit.site if visit.site != left else None
    return Transfer(record=record, occurred=moment, visit=visit.number, ward=visit.ward, to_site=to_site, **common)


def _discharge(record: PatientRecord, visit: Visit, envelope: Envelope, *, retracted: bool = False) -> Discharge:
    pv1 = envelope.message.one("PV1")
    common = envelope.common("PV1-45", key=visit.statement("discharge"), site=visit.site, retracted=retracted)
    return Discharge(
        record=record,
        occurred=visit.ended or envelope.event,
        visit=visit.number,
        destination=pv1.text(37) or pv1.text(36),
        **common,
    )


def _unnamed(what: str, record: PatientRecord, visit: Visit, envelope: Envelope) -> Note:
    """A cancellation that doesn't say of what: nothing is taken back, and a person reads why."""
    of = f" of visit {visit.number}" if visit.number else ""
    text = f"The sender cancelled a {what}{of} without saying which: nothing was taken back."
    envelope.notes.append(text)
    return Note(record=record, occurred=envelope.event, text=text, **envelope.common("EVN-6", site=visit.site))
