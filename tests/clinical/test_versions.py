"""Which version of a statement holds: by status, then the sender's own time, then digest; never by order of receipt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import (
    Answer,
    Appointment,
    AppointmentState,
    Fact,
    FractureSighting,
    LaboratoryResult,
    Note,
    Service,
    Side,
    Source,
    Status,
)
from openfls.clinical.versions import current, rank, takes_back
from openfls.clinical.when import on
from tests.clinical.histories import day, hip, moment, person


def said(n: int, *, key: str = "T1", **fields) -> LaboratoryResult:
    details = {"value": str(n), "version": moment(n), "known": moment(n), "occurred": on(day(0))}
    source = Source("lab", f"message {n}", "OBX-1")
    return LaboratoryResult(record=person().record, source=source, key=key, **details | fields)


def values(facts) -> list[str]:
    return [fact.value for fact in current(facts)]


@pytest.mark.parametrize(
    ("versions", "stands"),
    [
        ([said(1), said(2)], "2"),
        ([said(1, status=Status.FINAL), said(2, status=Status.PRELIMINARY)], "1"),
        ([said(1, status=Status.CORRECTED), said(2, status=Status.FINAL)], "1"),
        ([said(1, status=Status.CORRECTED), said(2, status=Status.CORRECTED)], "2"),
        ([said(1, version=None), said(2)], "2"),
        ([said(1, known=moment(9)), said(2, known=moment(3))], "2"),
    ],
    ids=[
        "the later of two",
        "a preliminary result after the final one changes nothing",
        "a plain final one after a correction changes nothing",
        "the later correction",
        "one without a time of its own ranks below one with",
        "received in the other order, the sender's time still decides",
    ],
)
def test_the_version_that_stands(versions, stands):
    assert values(versions) == values(versions[::-1]) == [stands]


def test_two_versions_that_nothing_else_tells_apart_rank_by_digest_in_any_order():
    one, other = said(1, version=None), said(2, version=None)
    [stands] = current([one, other])
    assert stands.id == max(one.id, other.id)
    assert current([other, one]) == [stands]


def test_facts_without_a_key_are_statements_of_their_own():
    assert len(current([said(1, key=""), said(2, key="")])) == 2


def test_the_same_fact_twice_is_one():
    assert current([said(1), said(1), said(1)]) == [said(1)]


def test_a_retraction_shows_what_was_taken_back_and_since_when():
    [fact] = current([said(1), said(2), said(5, retracted=True, value="")])
    assert (fact.value, fact.retracted, fact.known) == ("2", True, moment(5))


def test_a_retraction_of_something_never_stated_is_given_as_it_came():
    assert current([said(3, retracted=True)]) == [said(3, retracted=True)]


def test_what_was_taken_back_and_then_stated_again_stands():
    [fact] = current([said(1), said(2, retracted=True), said(3)])
    assert (fact.value, fact.retracted, fact.known) == ("3", False, moment(3))


def test_a_retraction_of_another_kind_under_the_same_key_takes_back_nothing_of_this_kind():
    note = Note(record=person().record, source=Source("lab", "m", "1"), key="T1", text="", occurred=on(day(0)),
                known=moment(9), version=moment(9), retracted=True)  # fmt: skip
    assert current([said(1), note]) == [note]


def test_a_list_sent_again_does_not_make_its_finder_late():
    """Every version of a day's list says the same fracture again; the service has known since the first."""
    listed = hip(known=0).corrected("hip", known=20, side=Side.LEFT).corrected("hip", known=40, words="# left NOF")
    [sighting] = current(listed.facts)
    assert (sighting.side, sighting.words, sighting.known) == (Side.LEFT, "# left NOF", moment(0))


def test_a_finder_that_says_no_fracture_after_all_takes_its_sighting_back():
    reported = hip(known=0, certain=Answer.UNKNOWN).corrected("hip", known=2, certain=Answer.NO)
    [sighting] = current(reported.facts)
    assert (sighting.certain, sighting.retracted, sighting.known) == (Answer.UNKNOWN, True, moment(2, 1))


def test_a_denial_that_was_never_anything_else_stays_a_denial():
    [sighting] = current(hip(certain=Answer.NO).facts)
    assert takes_back(sighting)
    assert not sighting.retracted


versions_of_two_statements = st.lists(
    st.builds(
        lambda n, key, status, version, retracted, delay: said(
            n, key=key, status=status, version=version and moment(version), retracted=retracted, known=moment(n + delay)
        ),
        n=st.integers(0, 30),
        key=st.sampled_from(["T1", "T2"]),
        status=st.sampled_from(Status),
        version=st.none() | st.integers(1, 3),
        retracted=st.booleans(),
        delay=st.integers(0, 40),
    ),
    unique_by=lambda fact: fact.id,
    max_size=8,
)


@given(versions_of_two_statements, st.data())
def test_order_and_repetition_change_nothing(facts: list[Fact], data: st.DataObject):
    again = data.draw(st.permutations(facts + facts[: len(facts) // 2]))
    assert current(again) == current(facts)


@given(versions_of_two_statements)
def test_there_is_one_fact_a_statement_and_it_says_what_the_highest_version_says(facts: list[Fact]):
    standing = {fact.key: fact for fact in current(facts)}
    assert len(current(facts)) == len(standing) == len({fact.key for fact in facts})
    for key, fact in standing.items():
        highest = max((f for f in facts if f.key == key), key=rank)
        assert fact.retracted == highest.retracted
        assert highest.retracted or fact == replace(highest, known=fact.known)


@given(versions_of_two_statements, st.data())
def test_a_version_below_the_one_that_stands_changes_only_since_when(facts: list[Fact], data: st.DataObject):
    if not facts:
        return
    lowest = min((f for f in facts if f.key == facts[0].key), key=rank)
    without = [f for f in facts if f is not lowest]
    if any(f.key == lowest.key and not f.retracted for f in without):
        assert blurred(current(facts)) == blurred(current(without))


def blurred(facts: list[Fact]) -> list[Fact]:
    return [replace(fact, known=datetime(2026, 1, 1, tzinfo=UTC)) for fact in facts]


def test_since_when_is_never_later_than_the_version_that_stands():
    later = replace(said(2), known=moment(2) + timedelta(hours=3))
    assert current([said(1), later])[0].known == said(1).known


def test_only_a_sighting_can_deny():
    assert not takes_back(said(1))
    assert isinstance(hip().facts[0], FractureSighting)


# --- appointments

BOOKED, CANCELLED, ATTENDED, MISSED = (
    AppointmentState.BOOKED, AppointmentState.CANCELLED, AppointmentState.ATTENDED, AppointmentState.MISSED,
)  # fmt: skip


def slot(n: int, state: AppointmentState, at: int, **fields) -> Appointment:
    details = {"occurred": on(day(at)), "version": moment(n), "known": moment(n), "service": Service.DXA}
    source = Source("pas", f"message {n}", "SCH-11")
    return Appointment(record=person().record, source=source, key="A1", state=state, **details | fields)


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([slot(1, BOOKED, 40), slot(2, CANCELLED, 40), slot(3, BOOKED, 60)], [(60, BOOKED)]),
        ([slot(1, BOOKED, 40), slot(2, MISSED, 40)], [(40, MISSED)]),
        ([slot(1, BOOKED, 40), slot(2, MISSED, 40), slot(3, BOOKED, 60)], [(40, MISSED), (60, BOOKED)]),
        ([slot(2, MISSED, 40), slot(3, BOOKED, 60), slot(4, MISSED, 60)], [(40, MISSED), (60, MISSED)]),
        ([slot(2, MISSED, 40), slot(3, ATTENDED, 40), slot(4, BOOKED, 60)], [(60, BOOKED)]),
        ([slot(2, MISSED, 40), slot(3, MISSED, 40, retracted=True), slot(4, BOOKED, 60)], [(60, BOOKED)]),
        ([slot(1, BOOKED, 40), slot(2, BOOKED, 60)], [(60, BOOKED)]),
    ],
    ids=[
        "cancelled, then booked for another day",
        "missed",
        "missed, then booked for another day: both are told",
        "missed twice",
        "missed, corrected to attended, then booked again",
        "missed, taken back, then booked again",
        "moved to another day",
    ],
)
@given(data=st.data())
def test_what_stands_of_an_appointment_does_not_depend_on_the_order_of_arrival(told, stands, data):
    shuffled = data.draw(st.permutations(told))
    assert [(f.occurred.start, f.state) for f in current(shuffled)] == [(day(at), state) for at, state in stands]
