"""What appointments say about a step of care: booked, cancelled, missed. They are reasons beside a task, never its end.

An attended scan is no result and an attended clinic no assessment: only the fact itself meets a standard.
"""

from collections.abc import Mapping, Sequence

from openfls.clinical.facts import Appointment, AppointmentState, Service
from openfls.clinical.histories import History
from openfls.clinical.standards import Step

# Which services' appointments say something about which step. No published source: docs/safety/to-confirm.md.
SERVICES_OF: Mapping[Step, tuple[Service, ...]] = {
    Step.ASSESS: (Service.FLS, Service.OSTEOPOROSIS_CLINIC),
    Step.DXA_DECISION: (Service.DXA,),
    Step.DXA: (Service.DXA,),
    Step.FALLS: (Service.FALLS,),
    Step.START: (Service.INJECTIONS,),
    Step.STRENGTH_BALANCE: (Service.STRENGTH_AND_BALANCE,),
}
KEPT = (AppointmentState.WAITING, AppointmentState.BOOKED, AppointmentState.ATTENDED)


def reasons(history: History, step: Step) -> tuple[str, ...]:
    """Every appointment for this step that was missed, the last that is or was kept, and what came last, in words.

    The words hold no today: a booking that has passed reads by its date.
    """
    services = SERVICES_OF.get(step, ())
    ours = [fact for fact in _appointments(history) if fact.service in services]
    kept = [fact for fact in ours if fact.state in KEPT]
    told = [fact for fact in ours if fact.state is AppointmentState.MISSED or fact in (*kept[-1:], ours[-1])]
    return tuple(in_words(fact) for fact in told)


def in_words(fact: Appointment) -> str:
    """``DXA: did not attend on 03 Mar 2026``."""
    service = fact.service[:1].upper() + fact.service[1:]
    match fact.state:
        case AppointmentState.WAITING:
            return f"{service}: waiting for a date"
        case AppointmentState.BOOKED:
            return f"{service}: booked for {fact.occurred}"
        case AppointmentState.CANCELLED:
            return f"{service}: the appointment of {fact.occurred} was cancelled"
    return f"{service}: {fact.state} on {fact.occurred}"


def _appointments(history: History) -> Sequence[Appointment]:
    """Those that lie ahead too, in the order of their days."""
    return [fact for fact in history.facts if isinstance(fact, Appointment) and not fact.retracted]
