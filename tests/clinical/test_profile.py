"""The questions of the service profile and of the self-assessment: what is taken, and what stays unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.profile.asked import QUESTIONS, SECTIONS, checked_section, known_answers, staff_in_all
from openfls.clinical.profile.pathway import ASSESSING, FINDING
from openfls.clinical.profile.questions import DONT_KNOW, NONE, Kind, NoAnswer, checked, known
from openfls.clinical.profile.self_assessment import (
    SCALE,
    STATEMENTS,
    Construct,
    NoRating,
    checked_ratings,
    distribution,
)
from openfls.clinical.profile.service import BANDS, STAFFING, post
from openfls.clinical.standards import Component


def test_every_question_has_a_name_of_its_own():
    assert len(QUESTIONS) == sum(len(section.questions) for section in SECTIONS)


def test_each_of_the_four_components_is_asked_about():
    assert {section.component for section in SECTIONS} == {None, *Component}


def test_only_choices_offer_answers_and_each_offers_dont_know():
    choosing = {Kind.CHOICE, Kind.SEVERAL}
    assert [q.name for q in QUESTIONS.values() if (q.kind in choosing) != (DONT_KNOW in q.offered)] == []
    assert [q.name for q in QUESTIONS.values() if (q.kind is Kind.SEVERAL) != (NONE in q.offered)] == []


@pytest.mark.parametrize("answers", [{}, {"dxa-where": DONT_KNOW}, {"who-assesses": []}])
def test_what_nobody_answered_or_nobody_knows_is_unknown(answers):
    assert known(answers, "dxa-where") is None
    assert known(answers, "who-assesses") is None


def test_none_of_these_and_nought_are_answers():
    assert known({"who-finds": [NONE]}, "who-finds") == [NONE]
    assert known({"wte-nurse-7": 0}, "wte-nurse-7") == 0


def test_several_answers_are_kept_once_each_in_the_order_in_which_they_are_offered():
    given_twice = ["pharmacist", "coordinator", "pharmacist"]
    assert checked(QUESTIONS["who-finds"], given_twice) == ["coordinator", "pharmacist"]


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("dxa-where", "next door", "'next door' is none of the answers; choose on site, off site"),
        ("who-finds", [NONE, "nurse"], "“none of these” stands alone"),
        ("who-finds", [DONT_KNOW, "nurse"], "“don't know” stands alone"),
        ("who-finds", "nurse", "give a list of answers"),
        ("hours", 169, "not a number from 0 to 168"),
        ("hours", True, "not a number"),
        ("hours", float("nan"), "not a number"),
        ("started-month", 2.5, "not a whole number from 1 to 12"),
        ("other-posts", "x" * 501, "up to 500 characters"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_the_reason(name, answer, says):
    with pytest.raises(NoAnswer) as refused:
        checked(QUESTIONS[name], answer)
    assert str(refused.value).startswith(f"{name}: ")
    assert says in str(refused.value)


def test_a_section_refuses_what_it_does_not_ask():
    with pytest.raises(NoAnswer, match="doesn't ask dxa-where"):
        checked_section(FINDING, {"dxa-where": "on site"})
    assert checked_section(ASSESSING, {"dxa-where": "on site"}) == {"dxa-where": "on site"}


def test_the_posts_add_up_to_at_least_so_many_until_somebody_says_that_these_are_all():
    answers = {"wte-nurse-6": 0.6, "wte-nurse-7": 1}
    assert staff_in_all({}) is None
    assert staff_in_all(answers) == (1.6, False)
    assert staff_in_all({**answers, "posts-complete": "yes"}) == (1.6, True)
    assert staff_in_all({**answers, "posts-complete": "no"}) == (1.6, False)


def test_with_every_post_told_the_sum_is_all_of_them():
    posts = {post(role, band): 0 for role, bands in BANDS.items() for band in bands}
    assert staff_in_all({**posts, "wte-other": 0.5}) == (0.5, True)


@given(st.dictionaries(st.sampled_from([q.name for q in STAFFING.questions]), st.integers(0, 30)))
def test_an_empty_post_never_lowers_the_sum_nor_makes_it_complete(told):
    posts = {name: number for name, number in told.items() if name.startswith("wte-")}
    found = staff_in_all(posts)
    assert found == ((sum(posts.values()), len(posts) == 15) if posts else None)


def test_only_what_is_known_is_there_to_judge_a_service_by():
    answers = {"dxa-where": DONT_KNOW, "who-finds": [NONE], "wte-nurse-7": 1, "posts-complete": "yes"}
    told = known_answers(answers)
    assert "dxa-where" not in told
    assert (told["who-finds"], told["wte-nurse-7"], told["wte-nurse-6"]) == ([NONE], 1, 0)
    assert "wte-nurse-6" not in known_answers({**answers, "posts-complete": DONT_KNOW})


def test_every_construct_has_statements_and_each_says_what_it_asks_after():
    assert {statement.construct for statement in STATEMENTS} == set(Construct)
    assert all(statement.finding for statement in STATEMENTS)
    assert len({statement.name for statement in STATEMENTS}) == len(STATEMENTS)


@given(st.lists(st.integers(1, 5), max_size=12), st.integers(0, 8))
def test_answers_are_shown_once_enough_people_gave_one_and_then_add_up(ratings, enough):
    found = distribution(ratings, enough)
    assert found.answered == len(ratings)
    assert (found.counts is None) == (len(ratings) < max(enough, 1))
    if found.counts:
        assert sum(found.counts) == len(ratings)
        assert [ratings.count(point) for point in range(1, len(SCALE) + 1)] == list(found.counts)


@pytest.mark.parametrize("ratings", [{"committed": 0}, {"committed": 6}, {"committed": "5"}, {"committed": True},
                                     {"nothing": 3}])  # fmt: skip
def test_a_rating_off_the_scale_or_of_no_statement_is_refused(ratings):
    with pytest.raises(NoRating):
        checked_ratings(ratings)
