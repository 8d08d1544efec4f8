"""What the region's hospitals say of themselves agrees with what they do."""

import pytest

from openfls.clinical.facts import Finder
from openfls.clinical.profile.asked import SECTION_OF_SLUG, checked_section
from openfls.clinical.profile.self_assessment import checked_ratings
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.profiles import profile_of, self_assessments_of


def told(hospital) -> dict:
    return {name: answer for answers in profile_of(hospital).values() for name, answer in answers.items()}


@pytest.mark.parametrize("hospital", HOSPITALS, ids=lambda hospital: hospital.code)
def test_a_profile_is_complete_enough_to_be_kept_and_agrees_with_the_habits(hospital):
    for section, answers in profile_of(hospital).items():
        assert checked_section(SECTION_OF_SLUG[section], answers)
    answers = told(hospital)
    assert answers["treatment-begins"] == hospital.begins
    assert answers["who-monitors"] == hospital.monitors
    assert answers["who-assesses"] == [hospital.assessor]
    assert (answers["dxa-where"] == "on site") == hospital.dxa_on_site
    assert {h.finder for h in hospital.lists if h.hip} <= set(answers["finds-hips"])
    assert ("denosumab injections" in answers["interventions"]) == bool(hospital.injections)
    assert ("zoledronate infusions" in answers["interventions"]) == bool(hospital.injections or hospital.day_unit)
    assert (Finder.RADIOLOGY_REPORT in answers["finds-vertebral"]) == bool(hospital.reports)


def test_the_eleven_differ_and_one_leaves_a_section_empty():
    assert len({str(told(hospital)) for hospital in HOSPITALS}) == 11
    assert [h.code for h in HOSPITALS if "governance" not in profile_of(h)] == ["X1C02"]


def test_teams_answer_by_several_people_and_a_seed_settles_what_they_say():
    said = {hospital.code: list(self_assessments_of(hospital, 1, 2026)) for hospital in HOSPITALS}
    assert said == {hospital.code: list(self_assessments_of(hospital, 1, 2026)) for hospital in HOSPITALS}
    assert all(3 <= len(people) <= 7 for people in said.values())
    assert all(checked_ratings(one.ratings) for people in said.values() for one in people)
    sizes = {len(people) for people in said.values()}
    assert min(sizes) < 5 <= max(sizes)
