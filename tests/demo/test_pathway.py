"""The course of care: settled by the fracture, told once, by feed or by staff, cut off by death and by moving away."""

from collections import Counter

import pytest

from openfls.clinical.facts import (
    Answer,
    ClosingReason,
    DoseGiven,
    FlsAssessment,
    FollowUpOutcome,
    PrescriptionIssued,
    PrescriptionRequested,
    Setting,
    TaskClosed,
)
from openfls.demo.habits import Begins
from openfls.demo.pathway import Course, course
from openfls.demo.region import region
from openfls.demo.staff import care
from tests.demo.conftest import TODAY
from tests.demo.test_staff import sighting


@pytest.fixture(scope="module")
def courses(larger):
    """Each fracture that somebody cared for, with the life that it is of."""
    every = ((life, h, course(larger.seed, life, h, TODAY)) for life in larger.truth.lives for h in life.happenings)
    return [(life, happening, found) for life, happening, found in every if found]


def kinds(course: Course) -> set[type]:
    return {act.kind for _, act in course.acts}


def test_only_fractures_that_count_and_that_a_finder_caught_are_cared_for(courses):
    assert len(courses) > 3000
    assert all(happening.counts and happening.catches for _, happening, _ in courses)


def test_treatment_begins_where_the_hospital_begins_it(courses):
    """In hospital at 8 of 11, in outpatients at 2, by asking the GP at 1 (the founding study)."""
    begun = Counter()
    for _, _, found in courses:
        if found.case.inpatient:
            begun.update((found.case.hospital.begins, act.details.get("setting", act.kind)) for _, act in found.acts)
    assert begun[Begins.IN_HOSPITAL, Setting.INPATIENT] > 200
    assert begun[Begins.OUTPATIENTS, Setting.OUTPATIENT] > 40
    assert begun[Begins.GP, PrescriptionRequested] > 10
    assert begun[Begins.GP, Setting.INPATIENT] == begun[Begins.OUTPATIENTS, Setting.INPATIENT] == 0


def test_what_a_feed_tells_nobody_enters(courses, larger):
    told = 0
    for life, happening, found in courses[:400]:
        seen = sighting(site=happening.hospital.code, day=happening.day)
        facts = care([seen], happening.hospital.code, larger.seed, TODAY, truly=happening, life=life)
        entered = Counter((type(fact), fact.occurred) for fact in facts)
        by_feed = Counter((act.kind, act.occurred) for _, act in found.told)
        by_hand = Counter((act.kind, act.occurred) for _, act in found.entered)
        assert not (entered & by_feed) - by_hand
        told += by_feed.total()
    assert told > 20


def test_nothing_is_done_after_a_death_or_a_move_out_of_the_region(courses):
    ends = [(life.died_on or (life.move.day if life.move and life.move.away else None), c) for life, _, c in courses]
    cut = [(day, found) for day, found in ends if day]
    assert len(cut) > 100
    for day, found in cut:
        cared = [act for _, act in found.acts if act.kind is not TaskClosed]
        assert all(act.entered < day for act in cared)


def test_whoever_moved_away_is_closed_by_name_once_the_hospital_has_heard(courses):
    away = [(life.move, c) for life, _, c in courses if life.move and life.move.away and not life.died_on]
    closed = 0
    for move, found in away:
        closing = [act for _, act in found.acts if act.details.get("reason") is ClosingReason.MOVED_AWAY]
        closed += bool(closing)
        assert all(act.day > move.told for act in closing)
    assert closed > 10  # others moved of late, or the service had done nothing yet


def test_follow_ups_reach_past_the_year_and_know_of_another_fracture(courses):
    calls = [(act, found.case) for _, _, found in courses for _, act in found.acts if act.kind is FollowUpOutcome]
    days = [(act.day - case.index).days for act, case in calls]
    assert sum(day > 392 for day in days) > 5
    again = {act.details["refractured"] for act, case in calls if case.again and case.again < act.day}
    assert Answer.YES in again
    assert Answer.NO not in again


def test_a_smaller_region_gives_its_patients_the_same_care(courses, larger):
    few = region(seed=larger.seed, scale=0.05, today=TODAY)
    whole = {happening.number: [(n, act) for n, act in found.acts] for _, happening, found in courses}
    for life in few.truth.lives:
        for happening in life.happenings:
            found = course(few.seed, life, happening, TODAY)
            assert found is None or list(found.acts) == whole[happening.number]


def test_hospitals_differ_in_how_many_they_assess(courses):
    of = {code: [c for _, _, c in courses if c.case.hospital.code == code] for code in ("X1A01", "X1C02")}
    share = {code: sum(FlsAssessment in kinds(c) for c in found) / len(found) for code, found in of.items()}
    assert share["X1A01"] > share["X1C02"] + 0.15
    assert any(kinds(c) & {DoseGiven, PrescriptionIssued} for c in of["X1C02"])
