"""A patient's appointments: what is ahead, soonest first, then what was, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import Appointment, AppointmentState, Fact
from openfls.clinical.versions import current
from openfls.pages.forms.fields import sentence
from openfls.pages.patient.fracture import State

STATES: Mapping[AppointmentState, State] = {
    AppointmentState.WAITING: State("waiting for a date", "due"),
    AppointmentState.BOOKED: State("booked", "due"),
    AppointmentState.CANCELLED: State("cancelled", "none"),
    AppointmentState.ATTENDED: State("attended", "done"),
    AppointmentState.MISSED: State("did not attend", "missed"),
}
PASSED = State("booked; nobody said what became of it", "unknown")


@dataclass(frozen=True)
class AppointmentLine:
    day: str
    at: str
    service: str
    clinic: str
    site: str
    state: State
    reason: str


def appointments(facts: Iterable[Fact], sites: Mapping[str, str], today: date) -> list[AppointmentLine]:
    """``sites``: names of sites by code."""
    held = [fact for fact in current(facts) if isinstance(fact, Appointment) and not fact.retracted]
    ahead = [fact for fact in held if fact.occurred.end >= today]
    been = [fact for fact in held if fact.occurred.end < today]
    return [_line(fact, sites, today) for fact in (*ahead, *reversed(been))]


def _line(fact: Appointment, sites: Mapping[str, str], today: date) -> AppointmentLine:
    passed = fact.state is AppointmentState.BOOKED and fact.occurred.end < today
    waiting = fact.state is AppointmentState.WAITING
    return AppointmentLine(
        day="" if waiting else str(fact.occurred),
        at=f"{fact.occurred.at:%H:%M}" if fact.occurred.at and not waiting else "",
        service=sentence(fact.service),
        clinic=fact.clinic,
        site=sites.get(fact.site or "", fact.site or ""),
        state=PASSED if passed else STATES[fact.state],
        reason=fact.reason,
    )
