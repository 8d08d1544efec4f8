"""The backstop: who was found by which finder, by only one, late, coded but on no list; and how many by none."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.measures.backstop import Catch, Found, of_sites, reconcile
from openfls.measures.missed import FEWEST_SHARED, SETTLING, STRATA, estimate

TODAY = date(2026, 6, 1)
OLD = TODAY - SETTLING
TRAUMA, CODED, EMERGENCY = Finder.TRAUMA_LIST, Finder.CODED_DISCHARGE, Finder.EMERGENCY_DEPARTMENT
HIP, OTHER, OUTPATIENTS = STRATA


def episode(name, *finders, late=(), site="X1A01", index=OLD, age=80, setting=Setting.INPATIENT, bone=BodySite.HIP):
    catches = tuple(Catch(finder, site, 40 if finder in late else 1, finder in late) for finder in finders)
    return Found(name, site, index, bone, setting, age, catches)


def names(found):
    return [one.episode for one in found]


def test_the_finders_of_each_episode_overlap():
    stop = reconcile([episode("a", TRAUMA), episode("b", TRAUMA, CODED), episode("c", CODED, TRAUMA)])
    assert [(set(finders), names(found)) for finders, found in stop.overlap] == [
        ({TRAUMA, CODED}, ["b", "c"]),
        ({TRAUMA}, ["a"]),
    ]
    assert stop.by_number_of_finders == {1: 1, 2: 2}


def test_one_finder_at_two_sites_is_one_finder():
    two_sites = Found(
        "a", "X1A01", OLD, BodySite.HIP, Setting.INPATIENT, 80,
        (Catch(TRAUMA, "X1A01", 1, False), Catch(TRAUMA, "X2B01", 3, False)),
    )  # fmt: skip
    assert names(reconcile([two_sites]).only_by_one[TRAUMA]) == ["a"]


def test_late_means_that_even_the_first_finder_was_late():
    stop = reconcile([episode("a", CODED, late=(CODED,)), episode("b", TRAUMA, CODED, late=(CODED,))])
    assert {finder: names(found) for finder, found in stop.late.items()} == {CODED: ["a"]}


def test_coded_at_discharge_but_on_no_list():
    stop = reconcile(
        [episode("a", CODED), episode("b", CODED, EMERGENCY), episode("c", CODED, Finder.RADIOLOGY_REPORT)]
    )
    assert names(stop.coded_but_on_no_list) == ["a", "c"]


def test_what_each_finder_alone_would_have_missed():
    stop = reconcile([episode("a", TRAUMA), episode("b", TRAUMA, CODED)])
    assert names(stop.missed_by(CODED)) == ["a"]
    assert stop.missed_by(TRAUMA) == []


def test_only_the_sites_asked_for():
    assert names(of_sites([episode("a", TRAUMA), episode("b", TRAUMA, site="X2B01")], ["X2B01"])) == ["b"]


def both_lists(number, share=0.8, site="X1A01", seed=1):
    """People of whom each source finds so many independently; those whom neither finds are not there to see."""
    chance = Random(seed)
    for n in range(number):
        finders = [finder for finder in (TRAUMA, CODED) if chance.random() < share]
        if finders:
            yield episode(f"{site}{n}", *finders, site=site)


def test_the_number_missed_by_all_is_estimated_where_both_could_see():
    found = list(both_lists(1000))
    answer = estimate(found, TODAY, [HIP])[0]
    assert answer.missed
    assert answer.missed.low <= 1000 - len(found) <= answer.missed.high
    assert answer.sites == ("X1A01",)
    assert any("clinical coders" in reason for reason in answer.because)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    covered = 0
    for seed in range(200):
        found = list(both_lists(300, share=0.7, seed=seed))
        answer = estimate(found, TODAY, [HIP])[0].missed
        assert answer
        covered += answer.low <= 300 - len(found) <= answer.high
    assert 0.88 <= covered / 200 <= 1


def test_hospitals_are_estimated_one_by_one_so_that_their_differences_do_not_hide_the_missed():
    good, poor = list(both_lists(400, 0.95, "X1A01")), list(both_lists(400, 0.5, "X2B01", seed=2))
    answer = estimate([*good, *poor], TODAY, [HIP])[0]
    assert answer.missed
    assert answer.missed.low <= 800 - len(good) - len(poor) <= answer.missed.high
    assert answer.sites == ("X1A01", "X2B01")


def suspected(name, **changes):
    catches = (Catch(EMERGENCY, "X1A01", 1, False, suspected=True),)
    return replace(episode(name, EMERGENCY, **changes), catches=catches)


def test_who_is_only_suspected_is_nothing_that_coding_could_miss_until_a_person_says_so():
    found, doubtful = list(both_lists(1000)), [suspected(f"suspected {n}") for n in range(100)]
    assert estimate([*found, *doubtful], TODAY, [HIP]) == estimate(found, TODAY, [HIP])
    enrolled = [replace(one, enrolled=True) for one in doubtful]
    assert estimate([*found, *enrolled], TODAY, [HIP])[0].seen == len(found) + 100


def test_one_finder_that_is_sure_makes_it_more_than_a_suspicion():
    assert suspected("a").only_suspected
    both = replace(suspected("a"), catches=(*suspected("a").catches, Catch(CODED, "X1A01", 9, False)))
    assert not both.only_suspected


def test_too_few_on_both_is_refused_in_words():
    found = [episode(str(n), TRAUMA, CODED) for n in range(FEWEST_SHARED - 1)]
    answer = estimate(found, TODAY, [HIP])[0]
    assert answer.missed is None
    assert "fewer say nothing reliable" in answer.because[0]


def test_an_inpatient_list_cannot_miss_an_outpatient():
    outpatients = [episode(str(n), EMERGENCY, setting=Setting.OUTPATIENT) for n in range(50)]
    hip, other, outpatient = estimate([*both_lists(200), *outpatients], TODAY)
    assert hip.seen == len(list(both_lists(200)))
    assert other.missed is None
    assert outpatient.missed is None
    assert "too low" in outpatient.because[0]


def test_the_hip_audit_begins_at_sixty_and_so_does_its_stratum():
    assert not HIP.holds(episode("a", TRAUMA, age=59))
    assert HIP.holds(episode("a", TRAUMA, age=60))
    assert not HIP.holds(episode("a", TRAUMA, age=None))


def test_what_coding_may_still_bring_is_left_out():
    young = [episode(str(n), TRAUMA, CODED, index=OLD + timedelta(days=1)) for n in range(50)]
    assert estimate(young, TODAY, [HIP])[0].missed is None


# Other ways to the same number


def by_chance(people, follows=0.0, **chances):
    """Inpatients whom finders see by these chances, independently but that the trauma list follows the emergency
    department so often."""
    luck = Random(7)
    for number in range(people):
        seen = {Finder(name.replace("_", " ")) for name, chance in chances.items() if luck.random() < chance}
        if EMERGENCY in seen and luck.random() < follows:
            seen.add(TRAUMA)
        if seen:
            yield episode(f"p{number}", *seen)


def test_every_finder_stands_in_one_source_of_each_group():
    for stratum in STRATA:
        listed = [finder for finders in stratum.sources.values() for finder in finders]
        assert sorted(listed) == sorted(Finder)
        assert all(pair.issubset(stratum.sources) for pair in stratum.depending)


def test_beside_chapman_a_model_that_knows_what_depends_and_a_lower_bound_tell_the_same_number():
    found = list(by_chance(1000, follows=0.5, trauma_list=0.4, coded_discharge=0.6, emergency_department=0.5))
    (answer,) = estimate(found, TODAY, [HIP])
    model, at_least = answer.beside
    for way in (answer.missed, model.missed):
        assert way.low <= 1000 - len(found) <= way.high
    assert at_least.missed.low <= 1000 - len(found)
    assert model.because == (HIP.why_depending,)
    assert model.sites == ("X1A01",)


def test_sources_that_are_seen_to_depend_are_named_with_what_that_does():
    found = list(by_chance(1000, follows=0.5, trauma_list=0.4, coded_discharge=0.6, emergency_department=0.5))
    (warning,) = estimate(found, TODAY, [HIP])[0].warnings
    assert warning.startswith("being seen by lists that people keep makes being seen by emergency department")
    assert "too low (odds ratio" in warning
    assert estimate(list(both_lists(200)), TODAY, [HIP])[0].warnings == ()


def test_where_nothing_can_be_told_each_way_says_why():
    found = [episode("a", TRAUMA)]
    for way in estimate(found, TODAY, [HIP])[0].beside:
        assert way.missed is None
        assert way.because[0].startswith(("at no hospital", "no hospital"))
