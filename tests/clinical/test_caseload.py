"""What is derived for one person beside verdicts and tasks: age, setting, sites, order of the worklist."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openfls.clinical.caseload import birth_date
from openfls.clinical.facts import BodySite, Death, Finder, Setting
from tests.clinical.histories import SITE, Drawn, about, day, hip, person, wrist

BORN, OTHER = date(1940, 5, 6), date(1941, 5, 6)


def test_nobody_has_a_caseload_without_a_sighting():
    assert person().admitted().assessed(5).cares == ()


def test_the_date_of_birth_is_what_most_records_give_and_of_equals_the_one_stated_last():
    record = person(BORN).record
    [one, two, three] = hip().noted(1).noted(2).facts
    other = replace(record, birth_date=OTHER)
    assert birth_date([one, two, replace(three, record=other)]) == BORN
    assert birth_date([one, replace(three, record=other)]) == OTHER
    assert birth_date([replace(one, record=other), three]) == BORN
    assert birth_date([replace(one, record=replace(record, birth_date=None))]) is None


def test_two_sources_tell_of_a_death_and_the_earlier_day_stands():
    death = hip().died(40, known=41).died(38, known=50).caseload.death
    assert isinstance(death, Death)
    assert (death.occurred.start, death.known.date()) == (day(38), day(41))


@pytest.mark.parametrize(
    ("what", "drawn", "setting"),
    [
        ("nobody says", hip(), Setting.UNKNOWN),
        ("the fracture clinic's list", wrist(setting=Setting.OUTPATIENT), Setting.OUTPATIENT),
        ("one list says inpatient", wrist(setting=Setting.OUTPATIENT).sighted(setting=Setting.INPATIENT),
         Setting.INPATIENT),
        ("an admission message", wrist(setting=Setting.EMERGENCY).admitted(1), Setting.INPATIENT),
        ("admitted the evening before", hip().admitted(-1), Setting.INPATIENT),
        ("admitted on day 60", hip().admitted(60), Setting.INPATIENT),
        ("admitted on day 61: for something else", hip().admitted(61), Setting.UNKNOWN),
        ("admitted before the fracture", hip().admitted(-2), Setting.UNKNOWN),
        ("the admission was taken back", hip().admitted(0, key="a").took_back("a", known=1), Setting.UNKNOWN),
        ("the inpatient list took it back",
         wrist(setting=Setting.OUTPATIENT).sighted(setting=Setting.INPATIENT, key="i").took_back("i", known=1),
         Setting.OUTPATIENT),
    ],
)  # fmt: skip
def test_inpatient_where_any_source_says_so(what: str, drawn: Drawn, setting: Setting):
    assert drawn.care.setting is setting


@pytest.mark.parametrize(
    ("what", "drawn", "answers", "sites"),
    [
        ("one site", hip(), SITE, {SITE}),
        ("two sites: where it was first sighted", hip().sighted(on=1, site="RX202"), SITE, {SITE, "RX202"}),
        ("the first finder gives no site", hip(site=None).sighted(on=1, site="RX202"), "RX202", {"RX202"}),
        ("no finder gives a site", hip(site=None), None, set()),
        ("a transfer adds the site it goes to", hip().transferred(2, to_site="RX303"), SITE, {SITE, "RX303"}),
        ("an admission elsewhere adds a site", hip().admitted(1, site="RX404"), SITE, {SITE, "RX404"}),
        ("an admission for something else adds none", hip().admitted(90, site="RX404"), SITE, {SITE}),
        ("taken back at the first site: the next answers, nobody loses sight",
         hip().sighted(on=1, site="RX202").took_back("hip", known=3), "RX202", {SITE, "RX202"}),
    ],
)  # fmt: skip
def test_a_transfer_adds_sites_and_never_removes_one(what, drawn: Drawn, answers, sites):
    assert drawn.care.site == answers
    assert drawn.care.sites == sites


def test_a_worklist_runs_from_hip_and_spine_then_from_the_oldest():
    young, old = date(1975, 1, 1), date(1930, 1, 1)
    drawn = [
        person(old).sighted(BodySite.HIP),
        person(young).sighted(BodySite.SPINE),
        person(None).sighted(BodySite.HIP),
        person(old).sighted(BodySite.WRIST),
        person(young).sighted(BodySite.WRIST),
    ]
    ranks = [each.care.rank for each in drawn]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_an_episode_of_wrist_and_hip_ranks_as_a_hip():
    assert wrist().sighted(BodySite.HIP).care.rank == hip().care.rank


def test_the_age_is_that_at_the_earliest_possible_day():
    assert person(date(1976, 3, 2)).sighted(on=about(0)).care.age == 49
    assert person(None).sighted().care.age is None


@pytest.mark.parametrize(
    ("bones", "other"),
    [
        ((BodySite.CLAVICLE,), True),
        ((BodySite.ANKLE, BodySite.CLAVICLE), True),
        ((BodySite.ANKLE, BodySite.HIP), False),
        ((BodySite.FOREARM,), False),
        ((BodySite.UNSPECIFIED,), False),
    ],
)
def test_other_site_is_what_the_audit_counts_as_other(bones, other):
    drawn = person()
    for bone in bones:
        drawn = drawn.sighted(bone)
    assert drawn.care.other_site is other


def test_care_that_points_at_a_sighting_of_another_person_goes_by_its_date_but_an_act_goes_nowhere():
    """After records were separated: what was done for this person stays, what was answered about the other does not."""
    drawn = person().sighted(BodySite.WRIST, by=Finder.FRACTURE_CLINIC)
    facts = drawn.assessed(5).enrolled(2).facts
    moved = [facts[0], *(replace(fact, about=("a sighting of the other",)) for fact in facts[1:])]
    care = replace(drawn, facts=tuple(moved)).care
    assert [fact.kind for fact in care.history.facts] == ["FLS assessment"]
    assert care.status == "to triage"


def test_what_pointed_at_an_old_version_of_a_sighting_still_finds_it():
    first = hip().enrolled(points_at=("hip",)).assessed(5, points_at=("hip",))
    corrected = first.corrected("hip", known=9, body_site=BodySite.FEMUR)
    assert corrected.care.status == "enrolled"
    assert len(corrected.care.history.facts) == 2


def test_a_corrected_fracture_date_moves_every_due_date_and_rewrites_nothing_that_was_done():
    before = hip(known=12).enrolled(13).recommended(20).assessed(21).wrote_to_gp(22)
    after = before.corrected("hip", known=30, occurred=10)
    from_an_act = ("gp-told", "gp-acknowledged", "dxa-decided")
    due = {standing.standard: standing.due for standing in before.care.standings}
    moved = {standing.standard: standing.due for standing in after.care.standings}
    from_the_fracture = [name for name, when in due.items() if when and name not in from_an_act]
    assert len(from_the_fracture) == 17
    assert all(moved[name] - due[name] == timedelta(days=10) for name in from_the_fracture)
    assert [due[name] for name in from_an_act] == [day(35), day(36), day(35)]
    assert [moved[name] for name in from_an_act] == [day(35), day(36), day(35)]
    assert [fact.occurred.start for fact in after.care.history.facts] == [day(13), day(20), day(21), day(22)]


def test_two_fractures_share_nothing_but_the_person():
    drawn = hip().enrolled().assessed(5).sighted(BodySite.WRIST, on=100).died(200)
    first, second = drawn.cares
    assert [fact.kind for fact in first.history.facts] == ["triage decision", "FLS assessment"]
    assert second.history.facts == ()
    assert first.history.death == second.history.death == drawn.caseload.death
    assert (first.episode.refracture, second.episode.refracture) == (False, True)
