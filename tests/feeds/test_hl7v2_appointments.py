"""HL7 appointments (SIU): what stands of each in any order of arrival, which clinics are kept, what can't be read."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import (
    Answer,
    Appointment,
    AppointmentState,
    Death,
    Finder,
    FractureSighting,
    Service,
)
from openfls.clinical.versions import current
from openfls.clinical.when import at
from tests.feeds.hl7_messages import msh, named, obr, of, orc, pid, pv1, reading, refused, sch

BOOKED, CANCELLED, ATTENDED, MISSED, WAITING = (
    AppointmentState.BOOKED, AppointmentState.CANCELLED, AppointmentState.ATTENDED, AppointmentState.MISSED,
    AppointmentState.WAITING,
)  # fmt: skip


def siu(trigger: str, sent: str = "20250320091500", start: str = "20250414103000", *more, **fields) -> Appointment:
    [found] = of(Appointment, reading(msh(f"SIU^{trigger}", sent), sch(start, **fields), pid(), pv1(), *more))
    return found


def ais(**more):
    return named("AIS", {1: "1"}, more)


def test_an_appointment_tells_service_time_place_and_clinic():
    found = siu("S12")
    assert (found.service, found.state, found.clinic) == (Service.DXA, BOOKED, "DXA scan")
    assert found.occurred == at(datetime.fromisoformat("2025-04-14T10:30"))
    assert (found.site, found.key) == ("X9A01", "X9A/appointment/PAS A1")


@pytest.mark.parametrize(
    ("trigger", "said", "state"),
    [
        ("S12", "Booked", BOOKED),
        ("S12", "Pending", WAITING),
        ("S12", "", BOOKED),
        ("S13", "Booked", BOOKED),
        ("S14", "Complete", ATTENDED),
        ("S14", "Checked in", ATTENDED),
        ("S14", "No-show", MISSED),
        ("S14", "Cancelled", CANCELLED),
        ("S15", "Booked", CANCELLED),
        ("S16", "", CANCELLED),
        ("S26", "", MISSED),
        ("S26", "Booked", MISSED),
    ],
)
def test_the_trigger_and_the_fillers_status_say_what_became_of_it(trigger, said, state):
    assert siu(trigger, f25=said).state is state


def test_a_status_that_no_table_has_is_noted_and_counts_as_booked():
    found = reading(msh("SIU^S14"), sch(f25="Zurückgestellt"), pid(), pv1())
    assert of(Appointment, found)[0].state is BOOKED
    assert "SCH-25" in found.notes[0]


@pytest.mark.parametrize("fields", [{"trigger": "S17"}, {"trigger": "S14", "f25": "Deleted"}])
def test_what_was_entered_in_error_is_taken_back(fields):
    booked, deleted = siu("S12"), siu(sent="20250320091500", **fields)
    assert [fact.retracted for fact in current([deleted, booked])] == [True]


def test_why_it_was_cancelled_or_missed_is_kept():
    assert siu("S15", f6=["PTUNW", "Patient unwell"]).reason == "Patient unwell"
    assert siu("S12", f6=["PTUNW", "Patient unwell"]).reason == ""


STORY = (
    siu("S12", "20250320091500"),
    siu("S15", "20250325100000"),
    siu("S13", "20250326100000", "20250422090000"),
    siu("S26", "20250422101500", "20250422090000"),
    siu("S13", "20250423090000", "20250506090000"),
    siu("S14", "20250506093000", "20250506090000", f25="Complete"),
)


@given(st.permutations(STORY), st.integers(1, len(STORY)))
def test_what_stands_follows_the_senders_time_and_never_the_order_of_arrival(arrived, many):
    told = arrived[:many]
    last = max(told, key=lambda fact: fact.version)
    standing = [(fact.occurred.start, fact.state) for fact in current(told)]
    assert (last.occurred.start, last.state) in standing
    missed = (date(2025, 4, 22), MISSED)
    assert (missed in standing) == (STORY[3] in told)
    assert len(standing) == 1 + (STORY[3] in told and last is not STORY[3])


@pytest.mark.parametrize("ended", [siu("S15"), siu("S26"), siu("S14", f25="Complete")])
def test_of_two_messages_of_one_second_what_ended_it_stands(ended):
    booked = siu("S12")
    assert [fact.state for fact in current([booked, ended])] == [ended.state]
    assert [fact.state for fact in current([ended, booked])] == [ended.state]


@pytest.mark.parametrize(
    ("names", "service"),
    [
        ({"f8": ["", "Bone densitometry"]}, Service.DXA),
        ({"f8": "DXAHS"}, Service.DXA),
        ({"f7": ["", "Fracture liaison service telephone clinic"], "f8": ""}, Service.FLS),
        ({"f7": ["", "Metabolic bone clinic"], "f8": ""}, Service.OSTEOPOROSIS_CLINIC),
        ({"f8": ["", "# clinic"]}, Service.FRACTURE_CLINIC),
        ({"f8": ["", "Falls and syncope"]}, Service.FALLS),
        ({"f8": ["", "Zoledronate infusion"]}, Service.INJECTIONS),
        ({"f8": ["", "Strength & balance class"]}, Service.STRENGTH_AND_BALANCE),
    ],
)
def test_the_clinics_names_tell_the_service(names, service):
    [found] = of(Appointment, reading(msh("SIU^S12"), sch(**names), pid(), pv1(f3=["R1", "", "", "X9A01"])))
    assert found.service is service


@pytest.mark.parametrize("name", ["Genitourinary medicine", "Chest X-ray", "Dexamethasone review", "Fallot clinic", ""])
def test_an_appointment_elsewhere_is_not_kept_and_the_person_still_is(name):
    found = reading(msh("SIU^S12"), sch(f8=["", name]), pid(f29="20250301", f30="Y"), pv1(f3=["R1"]))
    assert {type(fact) for fact in found.facts} == {Death}
    assert "not kept" in found.notes[0]
    assert not any(name and name in note for note in found.notes)


def test_the_time_may_stand_at_the_service_the_place_or_the_room():
    for segment in (ais(f4="20250414103000"), named("AIL", {1: "1"}, {"f6": "20250414103000"})):
        [found] = of(Appointment, reading(msh("SIU^S12"), sch(""), pid(), pv1(), segment))
        assert found.occurred.start == date(2025, 4, 14)


def test_the_room_tells_the_site():
    room = named("AIL", {1: "1", 3: ["DXA1", "", "", "X9B02"]}, {})
    assert siu("S12", "20250320091500", "20250414103000", room).site == "X9B02"


def test_a_time_far_ahead_is_fine_and_one_beyond_three_years_is_refused():
    assert siu("S12", start="20270414103000").occurred.start == date(2027, 4, 14)
    assert refused(msh("SIU^S12"), sch("20990414"), pid(), pv1()).place == "SCH-11"


def test_a_booking_without_a_time_is_refused_and_a_cancellation_without_one_is_read():
    assert refused(msh("SIU^S12"), sch(""), pid(), pv1()).place == "SCH-11"
    assert siu("S15", start="").state is CANCELLED


def test_a_visit_that_lies_ahead_is_no_fault_of_a_booking():
    assert reading(msh("SIU^S12"), sch(), pid(), pv1(f44="20251231100000")).unreadable == ()


def test_a_diagnosis_on_a_fracture_clinics_booking_is_a_sighting_of_the_clinic():
    dg1 = named("DG1", {1: "1", 3: ["S52.5", "Fracture of lower end of radius", "I10"], 5: "20250318"}, {})
    clinic = sch(f8=["", "Fracture clinic"])
    [found] = of(FractureSighting, reading(msh("SIU^S12"), clinic, pid(), pv1(f2=""), dg1))
    assert (found.finder, found.certain, found.occurred.start) == (
        Finder.FRACTURE_CLINIC, Answer.YES, date(2025, 3, 18)
    )  # fmt: skip
    assert of(FractureSighting, reading(msh("SIU^S12"), sch(), pid(), pv1(), dg1)) == []
    assert of(FractureSighting, reading(msh("SIU^S15"), clinic, pid(), pv1(), dg1)) == []


@pytest.mark.parametrize("missing", ["PID", "SCH"])
def test_without_a_patient_or_an_appointment_it_is_refused(missing):
    parts = [part for part in (sch(), pid(), pv1()) if part[0] != missing]
    assert refused(msh("SIU^S12"), *parts).place == missing


def test_an_attended_scan_is_no_result_and_an_order_among_the_segments_no_request():
    found = reading(msh("SIU^S14"), sch(f25="Complete"), pid(), pv1(), orc("NW"), obr())
    assert {type(fact) for fact in found.facts} == {Appointment}
