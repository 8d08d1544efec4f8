"""Appointments (SIU S12 to S22, S26): booked, moved, cancelled, attended, missed.

One appointment is one statement under its filler's number, and the sender's time decides which message stands. Clinics
that are none of the services round a fracture are not kept: what else a patient is seen for is none of our business.
"""

from collections.abc import Iterator
from dataclasses import replace

from openfls.clinical.facts import Appointment, AppointmentState, Fact, Service, Setting
from openfls.clinical.patients import PatientRecord
from openfls.clinical.service_words import service_in_words
from openfls.clinical.when import When
from openfls.feeds.hl7v2 import coding, diagnoses, patient, times
from openfls.feeds.hl7v2.envelope import Envelope
from openfls.feeds.hl7v2.faults import Fault
from openfls.feeds.hl7v2.message import Segment
from openfls.feeds.hl7v2.visit import Visit, site_of, visit_of

# HL7 table 0003. S18 to S22 add, change or end one service or resource of an appointment: SCH-25 says what it is now.
CHANGES = ("S12", "S13", "S14", "S18", "S19", "S20", "S21", "S22")
ENDS = {"S15": AppointmentState.CANCELLED, "S16": AppointmentState.CANCELLED, "S26": AppointmentState.MISSED}
DELETED = "S17"  # it was entered in error
TRIGGERS = (*CHANGES, *ENDS, DELETED)

# SCH-25, HL7 table 0278, and what senders write in its place; compared without spaces and dashes.
STATES = {
    "PENDING": AppointmentState.WAITING, "WAITLIST": AppointmentState.WAITING,
    "BOOKED": AppointmentState.BOOKED, "OVERBOOK": AppointmentState.BOOKED, "CONFIRMED": AppointmentState.BOOKED,
    "SCHEDULED": AppointmentState.BOOKED, "RESCHEDULED": AppointmentState.BOOKED,
    "CANCELLED": AppointmentState.CANCELLED, "CANCELED": AppointmentState.CANCELLED, "DC": AppointmentState.CANCELLED,
    "STARTED": AppointmentState.ATTENDED, "ARRIVED": AppointmentState.ATTENDED, "CHECKEDIN": AppointmentState.ATTENDED,
    "COMPLETE": AppointmentState.ATTENDED, "COMPLETED": AppointmentState.ATTENDED,
    "CHECKEDOUT": AppointmentState.ATTENDED, "ATTENDED": AppointmentState.ATTENDED,
    "NOSHOW": AppointmentState.MISSED, "DNA": AppointmentState.MISSED, "DIDNOTATTEND": AppointmentState.MISSED,
}  # fmt: skip
# Where a time stands: the appointment's own (SCH-11.4, TQ1-7), else that of its service, place or people.
STARTS = (("TQ1", 7), ("AIS", 4), ("AIL", 6), ("AIG", 8), ("AIP", 6))
KEPT = frozenset(
    {
        Service.DXA, Service.FLS, Service.OSTEOPOROSIS_CLINIC, Service.FRACTURE_CLINIC, Service.FALLS,
        Service.STRENGTH_AND_BALANCE, Service.INJECTIONS,
    }
)  # fmt: skip


def facts(envelope: Envelope) -> Iterator[Fact]:
    """The appointment, and what a diagnosis on a fracture clinic's booking says. Raises `Fault`."""
    pid, schedule = envelope.message.need("PID"), envelope.message.need("SCH")
    record, visit = patient.record_of(pid, envelope), visit_of(envelope, dated=False)
    service = _service(schedule, envelope)
    if service is None:
        envelope.notes.append("SCH: the clinic is none of the services round a fracture; the appointment is not kept.")
    else:
        appointment = _appointment(schedule, service, record, visit, envelope)
        yield appointment
        if service is Service.FRACTURE_CLINIC and appointment.state is not AppointmentState.CANCELLED:
            seen_there = replace(visit, setting=Setting.OUTPATIENT, key=visit.key or appointment.key)
            yield from diagnoses.facts(record, seen_there, envelope)
    yield from patient.demographics(pid, envelope.message.first("PD1"), record, envelope)
    yield from patient.death(pid, record, envelope)


def _service(schedule: Segment, envelope: Envelope) -> Service | None:
    """By what was booked, else by what it is booked on, else by where the patient is seen; None for what isn't kept."""
    booked = [*_names(schedule, 7), *_names(schedule, 8)]
    booked += [name for segment in envelope.message.all("AIS") for name in _names(segment, 3)]
    on = [name for kind in ("AIG", "AIL") for segment in envelope.message.all(kind) for name in _names(segment, 3)]
    pv1 = envelope.message.one("PV1")
    found = service_in_words(*booked) or service_in_words(*on) or service_in_words(pv1.text(10), pv1.text(3))
    return found if found in KEPT else None


def _names(segment: Segment, number: int) -> list[str]:
    """A coded element's words and code, and a location's description (PL.9)."""
    return [coding.words(segment.field(number)), segment.text(number), segment.text(number, 9)]


def _appointment(
    schedule: Segment, service: Service, record: PatientRecord, visit: Visit, envelope: Envelope
) -> Appointment:
    state = _state(schedule, envelope)
    common = envelope.common(
        schedule.place(11),
        key=_key(schedule, envelope),
        site=_site(visit, envelope),
        version=envelope.version if _begins(state, schedule, envelope) else envelope.ending,
        retracted=_deleted(schedule, envelope),
    )
    return Appointment(
        record=record,
        occurred=_start(schedule, state, envelope),
        service=service,
        state=state,
        clinic=_clinic(schedule, envelope),
        reason=coding.words(schedule.field(6)) if state in ENDS.values() else "",
        **common,
    )


def _state(schedule: Segment, envelope: Envelope) -> AppointmentState:
    """What the trigger ends is ended; else the filler's status says what it is now."""
    if ended := ENDS.get(envelope.trigger):
        return ended
    said = _said(schedule)
    state = STATES.get(said)
    if said and state is None and not _deleted(schedule, envelope):
        envelope.notes.append(f"{schedule.place(25)}: {said[:30]!r} is no status that is known; it counts as booked.")
    return state or AppointmentState.BOOKED


def _begins(state: AppointmentState, schedule: Segment, envelope: Envelope) -> bool:
    """Whether it is only asked for or booked: of messages of one second, what came of it stands above that."""
    waits = state in (AppointmentState.WAITING, AppointmentState.BOOKED)
    return waits and not _deleted(schedule, envelope)


def _deleted(schedule: Segment, envelope: Envelope) -> bool:
    return envelope.trigger == DELETED or _said(schedule) == "DELETED"


def _said(schedule: Segment) -> str:
    """The filler's status without spaces and dashes."""
    return "".join(c for c in (schedule.text(25) or coding.words(schedule.field(25))).upper() if c.isalnum())


def _key(schedule: Segment, envelope: Envelope) -> str:
    """By the filler's number (SCH-2), else the placer's (SCH-1)."""
    number = 2 if schedule.text(2) else 1
    named = " ".join(filter(None, (schedule.text(number, 2), schedule.text(number))))
    return f"{envelope.authority}/appointment/{named}" if schedule.text(number) else ""


def _start(schedule: Segment, state: AppointmentState, envelope: Envelope) -> When:
    """When it is to be or was. Raises `Fault` where a booking, or a time that somebody missed, has none."""
    known = envelope.origin.known
    if found := times.planned(schedule.text(11, 4), schedule.place(11), known):
        return found
    for name, number in STARTS:
        for segment in envelope.message.all(name):
            if found := times.planned(segment.text(number), segment.place(number), known):
                return found
    if state in (AppointmentState.WAITING, AppointmentState.CANCELLED) or _deleted(schedule, envelope):
        return envelope.event
    raise Fault(schedule.place(11), "the appointment has no time.", "Ask the sender to fill SCH-11.4 or AIS-4.")


def _site(visit: Visit, envelope: Envelope) -> str | None:
    """The site of the clinic's room (AIL-3.4) where it is an organisation's code, else the visit's."""
    room = envelope.message.first("AIL")
    return (site_of(room, 3, envelope) if room and room.text(3, 4) else None) or visit.site


def _clinic(schedule: Segment, envelope: Envelope) -> str:
    """What the sender calls it: the service booked, else the reason or the type of the appointment."""
    booked = envelope.message.one("AIS").field(3)
    named = (coding.words(booked), booked.text(), coding.words(schedule.field(7)), coding.words(schedule.field(8)))
    return next(filter(None, named), "")
