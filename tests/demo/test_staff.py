"""What staff enter by hand: care by each hospital's habits, pointing at sightings, with realistic gaps."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.caseload import derive
from openfls.clinical.facts import (
    Answer,
    BodySite,
    ClosingReason,
    Declined,
    DoseGiven,
    DxaRequest,
    DxaResult,
    Fact,
    Finder,
    FlsAssessment,
    FollowUpOutcome,
    FractureSighting,
    LetterAcknowledged,
    LetterSent,
    PrescriptionIssued,
    PrescriptionRequested,
    Setting,
    Source,
    TaskClosed,
    Triage,
    TriageDecision,
)
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.patients import PatientRecord
from openfls.clinical.plain import from_plain, to_plain
from openfls.clinical.standards import Step
from openfls.clinical.when import on
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.staff import care

TODAY = date(2026, 11, 24)
RECENT = 14  # days that are left to triage at every hospital


def sighting(number: int = 0, site: str = "X1A01", day: date = date(2026, 5, 1), **changes) -> FractureSighting:
    known = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    details = {
        "record": PatientRecord(nhs_number="9990000018", family_name="Test", birth_date=date(1945, 1, 1)),
        "occurred": on(day),
        "known": known,
        "source": Source("X1A/list", f"message {number}", "row 2"),
        "site": site,
        "finder": Finder.TRAUMA_LIST,
        "body_site": BodySite.HIP,
        "setting": Setting.INPATIENT,
    }
    return FractureSighting(**details | changes)


def entered(site: str = "X1A01", patients: int = 300, **changes) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(patients):
        facts += care([sighting(number, site, **changes)], site, 1, TODAY)
    return facts


def test_the_same_seed_and_first_sighting_give_the_same_facts_and_another_seed_others():
    seen = [sighting(n) for n in range(20)]
    once = [care([s], "X1A01", 1, TODAY) for s in seen]
    assert once == [care([s], "X1A01", 1, TODAY) for s in seen]
    assert once != [care([s], "X1A01", 2, TODAY) for s in seen]


def test_every_fact_points_at_the_sightings_and_was_entered_by_somebody_of_that_site():
    seen = (sighting(1), sighting(2, finder=Finder.CODED_DISCHARGE))
    facts = care(seen, "X1A01", 1, TODAY)
    assert facts
    assert all(fact.about == (seen[0].id, seen[1].id) for fact in facts)
    assert {fact.by for fact in facts} <= {"coordinator", "nurse", "doctor"}
    assert all(fact.site == "X1A01" and not fact.by_feed for fact in facts)


def test_every_fact_has_an_id_of_its_own_and_can_be_stored():
    facts = entered()
    assert len({fact.id for fact in facts}) == len(facts)
    assert [from_plain(to_plain(fact)) for fact in facts] == facts


@given(
    days=st.integers(0, 365),
    patient=st.integers(0, 10_000),
    site=st.sampled_from([h.code for h in HOSPITALS]),
    died_after=st.one_of(st.none(), st.integers(1, 365)),
)
def test_nothing_lies_ahead_and_nothing_but_closing_comes_after_a_death(days, patient, site, died_after):
    day = TODAY - timedelta(days=days)
    died_on = day + timedelta(days=died_after) if died_after else None
    died_on = died_on if died_on and died_on < TODAY else None
    facts = care([sighting(patient, site, day)], site, 1, TODAY, died_on=died_on)
    assert all(fact.occurred.end < TODAY and fact.known.date() < TODAY for fact in facts)
    cared = [fact for fact in facts if not isinstance(fact, TaskClosed) or fact.reason is not ClosingReason.DIED]
    assert all(died_on is None or fact.occurred.start < died_on for fact in cared)
    assert all(fact.occurred.start >= day for fact in facts)


@given(patient=st.integers(0, 10_000), days=st.integers(0, RECENT - 1))
def test_the_last_two_weeks_are_left_to_triage(patient, days):
    assert care([sighting(patient, day=TODAY - timedelta(days=days + 1))], "X1A01", 1, TODAY) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"record": PatientRecord(nhs_number="9990000018", birth_date=date(1990, 1, 1))},
        {"body_site": BodySite.DIGIT},
        {"body_site": BodySite.FACE},
    ],
)
def test_who_is_under_50_or_broke_a_finger_or_the_face_is_not_taken_up(changes):
    assert entered(patients=50, **changes) == []


@pytest.mark.parametrize("changes", [{"low_trauma": Answer.NO}, {"pathological": Answer.YES}])
def test_a_hard_fall_or_a_tumour_is_triaged_as_no_fragility_fracture(changes):
    facts = entered(patients=50, **changes)
    assert facts
    assert {type(fact) for fact in facts} == {TriageDecision}
    assert {fact.answer for fact in facts} == {Triage.NOT_FRAGILITY}


def test_most_are_enrolled_a_few_are_not_and_a_few_nobody_looked_at():
    answers = Counter(fact.answer for fact in entered() if isinstance(fact, TriageDecision))
    assert answers[Triage.ENROL] > 250
    assert answers[Triage.NOT_FRAGILITY]
    assert sum(answers.values()) < 300


def kinds(site: str, **changes) -> Counter[type[Fact]]:
    return Counter(type(fact) for fact in entered(site, **changes))


def test_treatment_begins_in_hospital_in_outpatients_or_by_asking_the_gp():
    in_hospital, outpatients, gp = kinds("X1A01"), kinds("X1B02"), kinds("X1C02")
    assert in_hospital[DoseGiven] > 60
    assert gp[DoseGiven] == 0
    doses = {fact.setting for fact in entered("X1B02") if isinstance(fact, DoseGiven)}
    assert doses == {Setting.OUTPATIENT}  # in the day unit
    assert outpatients[PrescriptionRequested] > outpatients[PrescriptionIssued] > 20
    assert gp[PrescriptionRequested] > gp[PrescriptionIssued] > 10
    issued = [fact.setting for fact in entered("X1B02") if isinstance(fact, PrescriptionIssued)]
    assert Setting.OUTPATIENT in issued


def test_more_are_scanned_where_the_scanner_stands_in_the_house():
    on_site, elsewhere = kinds("X1A01", setting=Setting.OUTPATIENT), kinds("X1C02", setting=Setting.OUTPATIENT)
    assert on_site[DxaResult] > 1.5 * elsewhere[DxaResult]
    assert on_site[DxaResult] < on_site[DxaRequest]


def test_secondary_care_hears_more_at_follow_up_than_hospitals_that_leave_it_to_the_gp():
    """Of others than hips, whom the national audit calls everywhere."""
    secondary, gp = (kinds(site, body_site=BodySite.WRIST)[FollowUpOutcome] for site in ("X1E01", "X1C01"))
    assert secondary > 2 * gp


def test_the_hip_audit_calls_at_120_days_whether_treated_or_not():
    asked = [fact for fact in entered("X1C01") if isinstance(fact, FollowUpOutcome)]
    hips = [fact for fact in asked if "audit" in fact.reason]
    wrists = [fact for fact in entered("X1C01", body_site=BodySite.WRIST) if isinstance(fact, FollowUpOutcome)]
    assert len(hips) > 60
    assert not any("audit" in fact.reason for fact in wrists)
    assert all(106 <= (fact.occurred.start - date(2026, 5, 1)).days <= 135 for fact in hips if fact.occurred.exact)


def test_what_was_done_elsewhere_is_told_by_its_month_once_the_month_is_over():
    heard = [fact for fact in entered() if not fact.occurred.exact]
    assert heard
    assert all(fact.occurred.start.month == fact.occurred.end.month for fact in heard)
    assert all(fact.occurred.end < fact.known.date() for fact in heard)
    assert all(fact.occurred.start >= date(2026, 5, 1) for fact in heard)


def test_some_decline_some_are_not_reached_and_some_are_cared_for_elsewhere():
    facts = [*entered(day=date(2025, 9, 1)), *entered("X1C01", day=date(2025, 9, 1))]
    declined = Counter(fact.step for fact in facts if isinstance(fact, Declined))
    closed = Counter(fact.reason for fact in facts if isinstance(fact, TaskClosed))
    assert {Step.DXA, Step.STRENGTH_BALANCE, Step.FOLLOW_UP_16, Step.FOLLOW_UP_52} <= set(declined)
    assert closed[ClosingReason.NOT_REACHED] > closed[ClosingReason.OTHER_SERVICE] > 0


def test_what_comes_later_changes_no_answer_that_was_given_before():
    """The same facts, though a coder's list has come meanwhile and the hospital's own film."""
    for number in range(40):
        first = sighting(number)
        later = sighting(1000 + number, day=date(2026, 6, 9), occurred=on(first.occurred.start))
        once, again = (care(seen, "X1A01", 1, TODAY) for seen in ([first], [later, first]))
        assert [fact.id for fact in once] == [fact.id for fact in again]


def test_not_every_letter_is_answered_and_no_answer_comes_before_its_letter():
    facts = entered()
    sent = {fact.about: fact.occurred for fact in facts if isinstance(fact, LetterSent)}
    answered = {fact.about: fact.occurred for fact in facts if isinstance(fact, LetterAcknowledged)}
    assert 0 < len(answered) < len(sent)
    assert all(sent[letter].start <= day.start and sent[letter].end <= day.end for letter, day in answered.items())


def test_some_are_enrolled_and_never_assessed():
    facts = entered("X1C02")
    enrolled = sum(isinstance(fact, TriageDecision) and fact.answer is Triage.ENROL for fact in facts)
    assert 0.4 < sum(isinstance(fact, FlsAssessment) for fact in facts) / enrolled < 0.8


def test_a_death_is_confirmed_by_somebody_for_most_and_waits_for_others():
    died_on = date(2026, 6, 1)
    closed = Counter(
        any(isinstance(fact, TaskClosed) for fact in care([sighting(n)], "X1A01", 1, TODAY, died_on=died_on))
        for n in range(200)
    )
    assert closed[True] > closed[False] > 0


def test_the_caseload_takes_the_facts_as_care_of_the_episode():
    seen = [sighting(number) for number in range(100)]
    caseloads = [derive([s, *care([s], "X1A01", 1, TODAY)], TODAY).episodes for s in seen]
    assert all(len(episodes) == 1 for episodes in caseloads)
    status = Counter(episodes[0].status for episodes in caseloads)
    assert status[EpisodeStatus.ENROLLED] > 80
