"""Every official test case of SQL on FHIR v2, and what our compiler refuses instead of giving a silent null."""

import pytest

from tests.feeds.sql_on_fhir.cases import FOLDER, PASSES, REFUSED, cases, outcome

EVERY = list(cases())
# The one that asks for rows from an element that FHIR R4 doesn't have: QuestionnaireResponse.jurisdiction.
REFUSED_HERE = {"repeat: empty expression"}

pytestmark = pytest.mark.skipif(not EVERY, reason=f"no test cases of SQL on FHIR at {FOLDER}")


def test_there_are_the_cases_that_we_know_of():
    assert len(EVERY) == 134


@pytest.mark.parametrize("case", EVERY, ids=[case.name for case in EVERY])
def test_an_official_case(case):
    found = outcome(case)
    assert found.ended == (REFUSED if case.name in REFUSED_HERE else PASSES), found.because


@pytest.mark.parametrize("name", sorted(REFUSED_HERE))
def test_what_we_refuse_would_pass_if_unknown_elements_were_nothing(name):
    [case] = [case for case in EVERY if case.name == name]
    assert outcome(case, unknown_is_empty=True).ended == PASSES


def test_all_cases_that_ask_for_an_error_get_it_at_load_but_the_one_that_hangs_on_the_data():
    stopped = {case.name: outcome(case).stopped for case in EVERY if case.test.get("expectError")}
    assert len(stopped) > 8
    assert [name for name, by in stopped.items() if by != "loading"] == [
        "collection: fail when 'collection' is not true"
    ]
