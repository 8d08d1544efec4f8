"""Service standards graded: a level, a band, or unknown with the question that is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.best_practice import ASSESSMENT_DAYS
from openfls.clinical.parameters import with_changes
from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.service_rulebook import (
    COMPLETENESS_FIELDS,
    OTHER_RECORDS,
    QUESTIONS,
    RECORDS,
    SERVICE_STANDARDS,
    SPINE_RECORDS,
)
from openfls.measures.counting import Measure
from openfls.measures.service import UNKNOWN, Figures, Grade, faults, grade, grades

BY_ALIAS = {alias: standard for standard in SERVICE_STANDARDS for alias in standard.aliases}
NOTHING = Figures()


def framework(number: int, figures: Figures = NOTHING, **answers: bool | float | None) -> Grade:
    return grade(BY_ALIAS[f"Best Practice Framework {number}"], figures, answers)


def indicator(alias: str, figures: Figures = NOTHING, **answers: bool | float | None) -> Grade:
    return grade(BY_ALIAS[alias], figures, answers)


def counted(name: str, met: int, late: int = 0, missed: int = 0) -> Figures:
    return Figures(measures={name: Measure(BY_NAME[name], met=met, met_late=late, missed=missed)})


def test_the_framework_has_thirteen_standards_and_the_audits_their_own():
    assert [f"Best Practice Framework {n}" in BY_ALIAS for n in range(1, 14)] == [True] * 13
    assert {"FLS-DB KPI 1", "FLS-DB KPI 2", "FLS-DB KPI 3 (text)", "FLS-DB KPI 3 (tables)"} <= set(BY_ALIAS)
    assert {"IOF KPI 1", "IOF KPI 2", "IOF KPI 11"} <= set(BY_ALIAS)
    assert len({standard.name for standard in SERVICE_STANDARDS}) == len(SERVICE_STANDARDS) == 20


def test_while_nobody_has_counted_or_answered_everything_is_unknown_and_says_why():
    for graded in grades(NOTHING, {}):
        assert graded.grade == UNKNOWN, graded.standard.name
        assert graded.because
        assert set(graded.open) <= set(QUESTIONS)


@pytest.mark.parametrize(
    ("met", "late", "missed", "level"),
    [(49, 0, 51, "below level 1"), (50, 0, 50, "level 1"), (40, 10, 50, "level 1"), (70, 0, 30, "level 2"),
     (899, 0, 101, "level 2"), (90, 0, 10, "level 3")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("number", "name"),
    [(2, "assessed-within-12-weeks"), (7, "falls-assessed"), (9, "treatment-started-by-16-weeks")],
)
def test_levels_by_a_measure_count_what_was_met_late(number, name, met, late, missed, level):
    assert framework(number, counted(name, met, late, missed)).grade == level


@pytest.mark.parametrize(
    ("days", "level"),
    [((10, 55, 300), "level 3"), ((56,), "level 2"), ((84,), "level 2"), ((85,), "level 1"), ((112,), "level 1"),
     ((113,), "below level 1"), ((55, 56), "level 2")],
)  # fmt: skip
def test_timing_goes_by_the_median_of_weeks_counted_as_days(days, level):
    assert framework(3, Figures(days={ASSESSMENT_DAYS: days})).grade == level


@pytest.mark.parametrize(
    ("share", "level"), [(0, "below level 1"), (50, "level 1"), (89.9, "level 2"), (90, "level 3")]
)
def test_a_share_that_the_record_cannot_count_is_answered(share, level):
    assert framework(6, secondary_causes_share=share).grade == level


def test_steps_build_on_one_another():
    identified, tracked = {"patients_identified": True}, {"identification_tracked": True}
    assert framework(1, patients_identified=False, data_quality_reviewed=True).grade == "below level 1"
    assert framework(1, **identified, identification_tracked=False).grade == "level 1"
    assert framework(1, **identified, **tracked, data_quality_reviewed=False).grade == "level 2"
    assert framework(1, **identified, **tracked, data_quality_reviewed=True).grade == "level 3"


def test_an_unanswered_step_is_unknown_and_never_no():
    graded = framework(1, patients_identified=True, identification_tracked=None, data_quality_reviewed=True)
    assert graded.grade == UNKNOWN
    assert "at least level 1" in graded.because
    assert graded.open == ("identification_tracked",)


def test_of_guidelines_the_widest_counts():
    assert framework(5, guidelines_national=True).grade == "level 3"
    assert framework(5, guidelines_national=False, guidelines_regional=True).grade == "level 2"
    assert framework(5, guidelines_regional=True).grade == UNKNOWN
    none = {"guidelines_local": False, "guidelines_regional": False, "guidelines_national": False}
    assert framework(5, **none).grade == "below level 1"


@pytest.mark.parametrize(
    ("plan", "follow_up", "level"),
    [(False, False, "below level 1"), (True, False, "level 1"), (False, True, "level 2"), (True, True, "level 3"),
     (True, None, UNKNOWN), (None, True, UNKNOWN)],
)  # fmt: skip
def test_long_term_management_is_best_with_both(plan, follow_up, level):
    assert framework(12, plan_beyond_a_year=plan, follow_up_within_a_year=follow_up).grade == level


@pytest.mark.parametrize(
    ("sent", "share", "level"),
    [(None, 95, UNKNOWN), (False, None, "below level 1"), (True, None, UNKNOWN), (True, 49, "level 1"),
     (True, 50, "level 2"), (True, 90, "level 3")],
)  # fmt: skip
def test_a_plan_is_first_sent_and_then_complete(sent, share, level):
    assert framework(11, plan_to_doctor=sent, plan_items_share=share).grade == level


def test_the_caseload_is_so_many_times_the_hip_fractures_as_the_site_says():
    records = Figures(numbers={RECORDS: 400})
    assert indicator("FLS-DB KPI 2", records, hip_fractures_a_year=100).grade == "green"
    assert indicator("FLS-DB KPI 2", records, hip_fractures_a_year=101).grade == "amber"
    assert indicator("FLS-DB KPI 2", records).open == ("hip_fractures_a_year",)
    assert indicator("FLS-DB KPI 2", records, hip_fractures_a_year=0).grade == UNKNOWN
    smaller = Figures(numbers={RECORDS: 400}, parameters=with_changes({"caseload_per_hip_fracture": 4.0}))
    assert indicator("FLS-DB KPI 2", smaller, hip_fractures_a_year=125).grade == "green"


@pytest.mark.parametrize(
    ("spine", "band"), [(99, "red"), (100, "amber"), (105, "amber"), (200, "amber"), (201, "green")]
)
def test_the_spine_share_has_both_holes_amber(spine, band):
    figures = Figures(numbers={RECORDS: 1000, SPINE_RECORDS: spine, OTHER_RECORDS: 1000 - spine})
    assert indicator("FLS-DB KPI 3 (text)", figures).grade == band
    assert indicator("FLS-DB KPI 3 (tables)", figures, expected_spine_fractures=1000).grade == band


def missing(bad: int, unknown: int = 0) -> Figures:
    fields = COMPLETENESS_FIELDS[: len(COMPLETENESS_FIELDS) - unknown]
    return Figures(missing={name: (21 if place < bad else 20, 100) for place, name in enumerate(fields)})


@pytest.mark.parametrize(
    ("bad", "unknown", "said"),
    [(0, 0, "met"), (4, 0, "met"), (5, 0, "not met"), (5, 10, "not met"), (2, 2, "met"), (2, 3, UNKNOWN)],
)
def test_completeness_is_decided_once_the_fields_not_counted_cannot_turn_it(bad, unknown, said):
    assert len(COMPLETENESS_FIELDS) == 17
    assert indicator("FLS-DB KPI 1", missing(bad, unknown)).grade == said


answers = st.fixed_dictionaries(
    {},
    optional={
        name: st.none() | (st.floats(0, question.at_most or 9999) if question.unit else st.booleans())
        for name, question in QUESTIONS.items()
    },
)


@given(answers, st.data())
def test_an_answer_more_never_changes_what_was_known(given_answers, data):
    """Unknown is only ever filled in: that is what makes it unknown and not no."""
    figures = Figures(numbers={RECORDS: 50, SPINE_RECORDS: 5, OTHER_RECORDS: 45})
    assert faults(given_answers) == []
    before = grades(figures, given_answers)
    open_names = [name for name in QUESTIONS if given_answers.get(name) is None]
    told = data.draw(st.sets(st.sampled_from(open_names))) if open_names else ()
    more = {name: 1.0 if QUESTIONS[name].unit else True for name in told}
    after = grades(figures, {**given_answers, **more})
    for one, other in zip(before, after, strict=True):
        assert not one.known or (one.grade, one.value) == (other.grade, other.value), one.standard.name
        assert one.known or one.open or one.because


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"databse_local": True}, "'databse_local' is no question"),
        ({"database_local": "yes"}, "write true, false or null"),
        ({"database_local": 1}, "write true, false or null"),
        ({"lifestyle_share": True}, "write a number"),
        ({"lifestyle_share": 101}, "between 0 and 100"),
        ({"hip_fractures_a_year": -1}, "of 0 or more"),
        ({"lifestyle_share": float("nan")}, "between 0 and 100"),
    ],
)
def test_a_wrong_answer_is_told_with_what_where_and_how_to_mend_it(answers, said):
    [fault] = faults(answers)
    assert said in fault
