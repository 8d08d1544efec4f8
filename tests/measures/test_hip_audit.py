"""The hip audit's fields about bone health follow from what was known at discharge and at about 120 days."""

from datetime import date

import pytest

from openfls.clinical.facts import Answer, AuditAnswer, BodySite, TreatmentAdvice
from openfls.measures.audits.fields import State, row_of
from openfls.measures.audits.hip_audit import (
    AWAITS_CLINIC,
    AWAITS_DXA,
    CONTINUED,
    HIP_AUDIT,
    NONE_NEEDED,
    NOT_ASSESSED,
    STARTED,
)
from tests.clinical.histories import Drawn, day, hip, person, wrist
from tests.measures.test_fls_db import case_of, cells

STAY = hip().enrolled().admitted(0)
ADVICE = TreatmentAdvice


def assessment(drawn: Drawn) -> str:
    return cells(drawn, HIP_AUDIT)["Bone health assessment"].text


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (STAY.dosed_on_ward(5), STARTED),
        (STAY.decided(ADVICE.CONTINUE, 3, drug="alendronate").dosed_on_ward(5), CONTINUED),
        (STAY.decided(ADVICE.INAPPROPRIATE, 3), NONE_NEEDED),
        (STAY.decided(ADVICE.SPECIALIST, 3), AWAITS_CLINIC),
        (STAY.dxa_requested(3), AWAITS_DXA),
    ],
)
def test_the_assessment_is_as_it_stood_at_discharge(drawn, expected):
    assert assessment(drawn.discharged(12).seen_on(30)) == expected


def test_what_came_after_discharge_is_not_of_the_stay():
    after = STAY.discharged(12).dosed(40).decided(ADVICE.INAPPROPRIATE, 50).seen_on(60)
    cell = cells(after, HIP_AUDIT)["Bone health assessment"]
    assert (cell.text, cell.state) == ("", State.BLANK)  # nobody said that nobody assessed
    told = {"question": "Bone health assessment", "answer": NOT_ASSESSED}
    said = after.said(AuditAnswer, 13, audit="hip-audit", by="nurse", **told)
    assert assessment(said.seen_on(60)) == NOT_ASSESSED


def test_before_discharge_it_is_not_due():
    assert cells(STAY.dosed_on_ward(5).seen_on(8), HIP_AUDIT)["Bone health assessment"].state is State.NOT_DUE


def test_a_decline_has_no_word_and_is_said_so():
    cell = cells(STAY.decided(ADVICE.DECLINED, 3).discharged(12).seen_on(30), HIP_AUDIT)["Bone health assessment"]
    assert (cell.state, cell.told) == (State.NO_WORD, "informed decline")


@pytest.mark.parametrize(("on", "found"), [(83, "No"), (84, "Yes"), (150, "Yes"), (335, "Yes"), (336, "No")])
def test_a_follow_up_near_day_120_counts(on, found):
    drawn = STAY.followed_up(on, drug="denosumab").seen_on(340)
    told = cells(drawn, HIP_AUDIT)
    assert told["120-day follow-up"].text == found
    assert told["120-day bone medication"].text == ("Denosumab" if found == "Yes" else "")
    assert told["120-day follow-up date"].text == (f"{day(on):%d/%m/%Y}" if found == "Yes" else "")


def test_nobody_reached_at_120_days_is_dont_know():
    drawn = STAY.followed_up(120, Answer.UNKNOWN).seen_on(160)
    assert cells(drawn, HIP_AUDIT)["120-day bone protection"].text == "Don't know"


def test_it_takes_hips_from_sixty_on():
    born = [person(date(year, 3, 2)).sighted(BodySite.HIP, key="h").enrolled().seen_on(5) for year in (1967, 1966)]
    assert [HIP_AUDIT.takes(case_of(one)) for one in born] == [False, True]
    both = person().sighted(BodySite.WRIST, key="w").sighted(BodySite.HIP, on=1, key="h").enrolled()
    taken = [HIP_AUDIT.takes(case_of(one.seen_on(5))) for one in (STAY, wrist().enrolled(), both)]
    assert taken == [True, False, True]
    assert len(row_of(HIP_AUDIT, case_of(STAY.seen_on(5)), "p").cells) == len(HIP_AUDIT.headers)
