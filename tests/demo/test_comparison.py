"""The comparison with the truth: found, by how many, late, only by a backstop, missed, false; estimates held to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from openfls.clinical.facts import BodySite, Finder
from openfls.demo.comparison import FoundEpisode, compare
from openfls.demo.hospitals import TRUST_OF_CODE
from openfls.demo.truth import Happening
from openfls.measures.intervals import Interval
from openfls.measures.missed import STRATA, Estimate, estimate
from tests.demo.reading_back import as_found, by_person, episodes, for_the_backstop

ADMITTED_HIPS = STRATA[0]


def found(fracture: Happening, *finders: Finder, after: int = 1, **changes) -> FoundEpisode:
    """The fracture as a program would have found it that made no mistake."""
    person, known = fracture.person, fracture.day + timedelta(days=after)
    episode = FoundEpisode(
        name=(person.family, person.given),
        birth_date=person.born,
        body_sites=frozenset(fracture.body_sites),
        when=fracture.day,
        finders=dict.fromkeys(finders or (Finder.TRAUMA_LIST,), known),
        nhs_numbers=frozenset({person.nhs_number}),
    )
    return replace(episode, **changes)


def perfect(fractures: Iterable[Happening]) -> list[FoundEpisode]:
    return [found(fracture) for fracture in fractures]


def test_who_finds_everything_misses_nothing(small):
    report = compare(perfect(small.truth.fractures), small.truth)
    assert report.true == report.found == len(small.truth.fractures) > 400
    assert (report.missed, report.false, report.twice, report.late) == ((), 0, 0, 0)


def test_who_finds_nothing_misses_all_and_each_missed_one_is_named(small):
    report = compare([], small.truth)
    assert report.found == 0
    assert report.missed == small.truth.fractures
    assert report.missed_unseen == sum(not f.catches for f in small.truth.fractures)
    assert report.missed_unseen + report.missed_though_caught == report.true


@pytest.mark.parametrize("day", ["nhs", "hospital", "name"])
def test_a_person_is_recognised_by_nhs_number_hospital_number_or_name_with_birth_date(small, day):
    fracture = small.truth.fractures[0]
    number = ("X1E", fracture.person.number_at(TRUST_OF_CODE["X1E"]))
    nobody = frozenset()
    known_by = {
        "nhs": {"name": ("", ""), "birth_date": None},
        "hospital": {"name": ("", ""), "nhs_numbers": nobody, "hospital_numbers": frozenset({number})},
        "name": {"name": (fracture.person.family.upper(), fracture.person.given), "nhs_numbers": nobody},
    }
    assert compare([found(fracture, **known_by[day])], small.truth).found == 1


def test_an_episode_of_nobody_or_of_another_time_is_false(small):
    fracture = small.truth.fractures[0]
    stranger = found(fracture, name=("Nobody", "Known"), nhs_numbers=frozenset())
    other_year = found(fracture, when=fracture.day - timedelta(days=400))
    report = compare([stranger, other_year], small.truth)
    assert (report.found, report.nobody, report.false) == (0, 2, 2)


def test_what_does_not_count_is_told_by_its_kind(small):
    beside = next(h for h in small.truth.others if h.kind == "high energy")
    report = compare([found(beside)], small.truth)
    assert dict(report.not_counting) == {"high energy": 1}
    assert report.found == 0


def test_two_episodes_of_one_fracture_count_once_with_the_finders_of_both(small):
    fracture = small.truth.fractures[0]
    both = [found(fracture, Finder.TRAUMA_LIST), found(fracture, Finder.CODED_DISCHARGE, after=50)]
    report = compare(both, small.truth)
    assert (report.found, report.twice, report.late) == (1, 1, 0)
    assert report.by_finders == {2: 1}


def test_a_refracture_is_held_against_the_fracture_it_is_nearest_to(small):
    life = next(life for life in small.truth.lives if len(life.happenings) == 2)
    report = compare([found(life.happenings[1])], small.truth)
    assert life.happenings[0] in report.missed
    assert life.happenings[1] not in report.missed


@pytest.mark.parametrize(("after", "late"), [(30, 0), (31, 1)])
def test_late_is_first_known_after_more_than_thirty_days(small, after, late):
    assert compare([found(small.truth.fractures[0], after=after)], small.truth).late == late


def test_only_by_a_backstop_is_on_no_list_that_people_keep(small):
    first, second = small.truth.fractures[:2]
    report = compare([found(first, Finder.CODED_DISCHARGE), found(second, Finder.WARD_ROUND)], small.truth)
    assert report.only_by_backstop == 1
    assert report.only_by_one == {Finder.CODED_DISCHARGE: 1, Finder.WARD_ROUND: 1}


def missed_hips(small) -> list[Happening]:
    """Admitted hips of 60 and over, old enough for coding to have brought them."""
    settled = date(2026, 11, 24) - timedelta(days=60)
    hips = [f for f in small.truth.fractures if f.main_site is BodySite.HIP and f.age >= 60 and f.day <= settled]
    return [f for f in hips if f.hospital.code == "X1A01"]


@pytest.mark.parametrize(("low", "high", "covered"), [(0.0, 2.9, False), (3.0, 3.0, True), (3.1, 9.0, False)])
def test_an_estimate_covers_the_truth_when_the_number_truly_missed_lies_in_its_interval(small, low, high, covered):
    missed = missed_hips(small)[:3]
    all_others = perfect(f for f in small.truth.fractures if f not in missed)
    guess = Estimate(ADMITTED_HIPS, 90, Interval(low, low, high), ("counts",), sites=("X1A01",))
    (check,) = compare(all_others, small.truth, [guess]).estimates
    assert check.truly_missed == 3
    assert check.covered is covered


def test_missed_ones_of_other_hospitals_and_of_the_last_weeks_are_outside_the_estimate(small):
    guess = Estimate(ADMITTED_HIPS, 90, Interval(0, 0, 0), (), sites=("X1A01",))
    (check,) = compare([], small.truth, [guess]).estimates
    assert check.truly_missed == len(missed_hips(small))


def test_what_can_not_be_estimated_is_neither_covered_nor_uncovered(small):
    refused = Estimate(STRATA[-1], 9, None, ("one source sends the other",))
    report = compare([], small.truth, [refused])
    assert report.estimates[0].covered is None
    assert any("not estimated: one source sends the other" in line for line in report.lines())


def test_the_program_finds_nearly_all_that_a_feed_held(small, read_back):
    """From bytes to episodes, with nothing known but what the feeds say."""
    derived = list(episodes(by_person(read_back.facts), small.today))
    report = compare(map(as_found, derived), small.truth, estimate(map(for_the_backstop, derived), small.today))
    assert report.missed_though_caught <= 0.01 * report.true
    assert 0.85 < report.found / report.true < 0.97
    assert report.nobody == 0
    assert report.twice < 0.03 * report.true  # records that contradict each other wait for a person's answer
    assert report.false < 0.06 * report.true
    assert {check.stratum for check in report.estimates} == {stratum.name for stratum in STRATA}
    assert f"found                         {report.found}" in "\n".join(report.lines())
