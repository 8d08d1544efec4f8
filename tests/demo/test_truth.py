"""What truly happens in the region is realistic: numbers, bones, ages, deaths, transfers, what does not count."""

from collections import Counter
from datetime import date, timedelta
from statistics import mean

import pytest

from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.clinical.patients import Sex
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.lives import patients_of
from openfls.demo.truth import Happening

INPATIENT_FINDERS = {
    Finder.TRAUMA_LIST, Finder.WARD_ROUND, Finder.THEATRE_LIST, Finder.CODED_DISCHARGE, Finder.NATIONAL_AUDIT,
    Finder.ADMISSION,
}  # fmt: skip


@pytest.fixture(scope="module")
def fractures(larger) -> tuple[Happening, ...]:
    return larger.truth.fractures


def of_site(fractures, site: BodySite) -> list[Happening]:
    return [fracture for fracture in fractures if fracture.main_site is site]


def share(some, of) -> float:
    return len(list(some)) / len(list(of))


def test_at_full_size_each_hospital_has_400_to_500_hip_fractures_a_year():
    assert {400 <= h.hips <= 500 for h in HOSPITALS} == {True}
    assert 30_000 < sum(patients_of(h, 1.0) for h in HOSPITALS) < 45_000


def test_hips_are_about_a_fifth_of_the_index_fractures_that_reach_a_hospital(fractures):
    assert 0.18 < share(of_site(fractures, BodySite.HIP), fractures) < 0.24
    assert 0.17 < share(of_site(fractures, BodySite.WRIST), fractures) < 0.24


@pytest.mark.parametrize(
    ("site", "youngest", "oldest", "women"),
    [(BodySite.HIP, 80, 85, 0.71), (BodySite.WRIST, 67, 72, 0.82), (BodySite.HUMERUS, 71, 77, 0.75)],
)
def test_age_and_sex_are_those_of_the_body_site(fractures, site, youngest, oldest, women):
    some = of_site(fractures, site)
    assert youngest < mean(fracture.age for fracture in some) < oldest
    assert share((f for f in some if f.person.sex is Sex.FEMALE), some) == pytest.approx(women, abs=0.06)


def test_deaths_after_hip_fracture_are_7_to_11_percent_in_30_days_and_about_30_in_a_year(larger, fractures):
    hips = of_site(fractures, BodySite.HIP)
    died_on = larger.truth.died_on
    lived = [(died_on[f.person.nhs_number] - f.day).days for f in hips if f.person.nhs_number in died_on]
    assert 0.06 < share((days for days in lived if days <= 30), hips) < 0.11
    assert 0.25 < share((days for days in lived if days <= 365), hips) < 0.36


def test_winter_brings_more_fractures_than_summer(fractures):
    by_month = Counter(fracture.day.month for fracture in fractures)
    assert by_month[12] + by_month[1] + by_month[2] > 1.05 * (by_month[6] + by_month[7] + by_month[8])


def test_all_fractures_fall_in_the_fifteen_months_before_today(larger, fractures):
    first, last = larger.truth.year
    assert (first, last) == (date(2025, 8, 25), date(2026, 11, 23))
    assert all(first <= fracture.day <= last for fracture in fractures)


def test_what_does_not_count_is_young_or_hard_or_of_skull_face_or_digit_or_through_a_tumour_or_no_fracture(larger):
    kinds = Counter(other.kind for other in larger.truth.others)
    assert set(kinds) == {
        "under 50", "high energy", "skull, face or digit", "tumour", "elective hip", "no fracture", "admitted in error",
    }  # fmt: skip
    assert all(h.age < 50 for h in larger.truth.others if h.kind == "under 50")


def test_a_refracture_is_a_new_index_fracture_at_least_61_days_later(larger):
    twice = [life.happenings for life in larger.truth.lives if len(life.happenings) == 2]
    assert 0.01 < len(twice) / len(larger.truth.fractures) < 0.05
    assert all(later.day - first.day >= timedelta(days=61) for first, later in twice)


def test_some_patients_are_transferred_and_some_live_outside_the_region(larger, fractures):
    inpatients = [f for f in fractures if f.setting is Setting.INPATIENT]
    assert 0.01 < share((f for f in inpatients if len(f.stays) == 2), inpatients) < 0.04
    assert 0.02 < share((f for f in fractures if f.person.out_of_area), fractures) < 0.07


def test_there_are_twins_and_namesakes_with_one_birth_date_and_two_nhs_numbers(larger):
    same_day = Counter((life.person.family, life.person.born) for life in larger.truth.lives)
    full_names = Counter((life.person.family, life.person.given, life.person.born) for life in larger.truth.lives)
    assert max(same_day.values()) >= 2
    assert max(full_names.values()) >= 2


def test_names_have_accents_hyphens_and_apostrophes(larger):
    names = {life.person.family for life in larger.truth.lives}
    assert all(any(mark in name for name in names) for mark in "-'üł")


def test_lists_of_inpatients_never_see_an_outpatient(fractures):
    outpatients = [f for f in fractures if f.setting is Setting.OUTPATIENT]
    assert not any(INPATIENT_FINDERS.intersection(f.finders) for f in outpatients)


def test_the_hip_audit_sees_only_hips_of_60_and_over(fractures):
    audited = [f for f in fractures if Finder.NATIONAL_AUDIT in f.finders]
    assert audited
    assert all(f.age >= 60 and BodySite.HIP in f.body_sites and f.setting is Setting.INPATIENT for f in audited)


def test_an_incidental_vertebral_fracture_is_told_by_a_report_or_by_nobody(fractures):
    incidental = [f for f in fractures if f.incidental]
    assert incidental
    assert {finder for f in incidental for finder in f.finders} == {Finder.RADIOLOGY_REPORT}
    assert any(not f.finders for f in incidental)


def test_most_are_caught_by_several_finders_some_by_one_and_a_few_by_none(fractures):
    caught = Counter(min(len(f.finders), 3) for f in fractures)
    assert 0.02 < caught[0] / len(fractures) < 0.12
    assert caught[1] / len(fractures) > 0.1
    assert (caught[2] + caught[3]) / len(fractures) > 0.55


def test_nobody_is_treated_after_death(larger):
    for life in larger.truth.lives:
        for happening in life.happenings:
            for stay in happening.stays:
                moments = [moment for moment in (stay.arrived, stay.surgery, stay.left, stay.clinic) if moment]
                assert life.died_on is None or max(moments).date() <= life.died_on


def test_the_trauma_list_of_one_hospital_stops_sixty_days_before_today(larger):
    sent = [
        catch.sent.date()
        for fracture in larger.truth.fractures
        for catch in fracture.catches
        if catch.finder is Finder.TRAUMA_LIST and catch.site == "X1C01"
    ]
    assert max(sent) <= larger.today - timedelta(days=60)
    assert max(sent) > larger.today - timedelta(days=75)
