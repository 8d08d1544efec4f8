"""What a profile answers of the questions that service standards ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.profile.asked import QUESTIONS as ASKED
from openfls.clinical.profile.framework import framework_answers
from openfls.clinical.profile.questions import DONT_KNOW, NONE, Kind, checked
from openfls.clinical.service_rulebook import COMPLETENESS_FIELDS, QUESTIONS
from openfls.measures.audits.fls_db import FLS_DB
from openfls.measures.service import Figures, faults, grades


def answer_to(question):
    if question.kind is Kind.NUMBER:
        return st.integers(int(question.least), int(min(question.most, 3000)))
    if question.kind is Kind.SEVERAL:
        ticked = st.sets(st.sampled_from(question.choices), min_size=1).map(list)
        return ticked | st.sampled_from([[NONE], [DONT_KNOW]])
    return st.sampled_from(question.offered) if question.offered else st.just("in words")


PROFILES = st.fixed_dictionaries({}, optional={name: answer_to(question) for name, question in ASKED.items()})


@given(PROFILES)
def test_whatever_a_profile_holds_it_answers_only_what_is_asked_and_in_its_form(profile):
    kept = {name: checked(ASKED[name], answer) for name, answer in profile.items()}
    told = framework_answers(kept)
    assert set(told) <= set(QUESTIONS)
    assert faults(told) == []
    grades(Figures(), told)


def test_nothing_answered_and_nothing_known_answer_nothing():
    assert framework_answers({}) == {}
    assert framework_answers({"tracks-expected": DONT_KNOW, "monitored-when": [DONT_KNOW]}) == {}


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"tracks-expected": "no"}, {"identification_tracked": False}),
        ({"finds-hips": [NONE]}, {}),
        ({"finds-hips": ["trauma list"]}, {"patients_identified": True}),
        ({"finds-vertebral": ["radiology report"]}, {"patients_identified": True, "vertebral_from_reports": True}),
        ({"assessment-guideline": "regional"}, {"guidelines_regional": True}),
        (
            {"database": "local database of the service"},
            {"database_records": True, "database_local": True, "database_national": False},
        ),
        ({"secondary_causes_share": 85}, {"secondary_causes_share": 85}),
    ],
)
def test_an_answer_says_what_it_says_and_no_more(profile, told):
    assert framework_answers(profile) == told


def test_the_fields_whose_completeness_counts_are_the_same_in_standard_and_export():
    assert tuple(field.header for field in FLS_DB.fields if field.counted) == COMPLETENESS_FIELDS
