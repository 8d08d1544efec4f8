"""The one door: facts go in, people, episodes and tasks follow, all or nothing, in any order, as often as one likes."""

from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.clinical.facts import BodySite, DxaNeed, DxaRequest, DxaResult, Finder
from openfls.coordination import enter, new_day, rebuild
from openfls.coordination.comparing import derived_digest, derived_lines
from openfls.record.models import DoubtRow, EpisodeRow, FactRow, Person, PersonSite, RecordRow, TaskRow, Trail
from openfls.record.storable import NotStorable
from tests.coordination import stories

TODAY = date(2026, 3, 20)
EVERY_ALIAS = ["default", "audit"]
pytestmark = pytest.mark.django_db(databases=EVERY_ALIAS)


def snapshot() -> dict[str, list[str]]:
    return {kind: list(lines) for kind, lines in derived_lines().items()}


def test_a_sighting_becomes_a_person_an_episode_and_a_task_to_triage():
    sighting = stories.sighting(stories.record())
    entered = enter([sighting], by="X1A/trauma", today=TODAY)
    assert (entered.new, entered.known_already, len(entered.people)) == (1, 0, 1)
    episode = EpisodeRow.objects.get()
    assert (episode.status, episode.main_site, episode.eligible) == ("to triage", "hip", "yes")
    assert [task.step for task in TaskRow.objects.all()] == ["triage"]
    assert PersonSite.objects.get().site == "X1A01"


def test_the_same_facts_again_change_nothing_and_leave_no_second_trail_row():
    facts = [stories.sighting(stories.record())]
    enter(facts, by="X1A/trauma", today=TODAY)
    before, trail = derived_digest(), Trail.objects.count()
    entered = enter(facts, by="X1A/trauma", today=TODAY)
    assert (entered.new, entered.known_already, entered.people) == (0, 1, frozenset())
    assert derived_digest() == before
    assert Trail.objects.count() == trail


def test_a_batch_with_one_fact_that_cannot_be_held_leaves_nothing_behind():
    good, bad = stories.sighting(stories.record()), stories.sighting(stories.record("Bea", None, "2"), words="nul\0")
    with pytest.raises(NotStorable):
        enter([good, bad], by="X1A/trauma", today=TODAY)
    assert not FactRow.objects.exists()
    assert not Person.objects.exists()


def test_where_the_trail_cannot_be_written_nothing_is(monkeypatch):
    def broken(**_):
        raise OSError("disk full")

    monkeypatch.setattr("openfls.record.trail.write", broken)
    with pytest.raises(OSError, match="disk full"):
        enter([stories.sighting(stories.record())], by="X1A/trauma", today=TODAY)
    assert not FactRow.objects.exists()


def test_every_write_leaves_who_what_and_about_whom():
    entered = enter([stories.sighting(stories.record())], by="X1A/trauma", today=TODAY)
    row = Trail.objects.get()
    assert (row.user, row.action, row.detail) == ("X1A/trauma", "enter", {"facts": {"fracture sighting": 1}})
    assert set(row.patients) == entered.people


def test_an_assessment_by_hand_ends_the_task_and_opens_the_next():
    sighting = stories.sighting(stories.record())
    enter([sighting, stories.enrolled(sighting)], by="coordinator", today=TODAY)
    assert TaskRow.objects.get(step="assess").state == "open"
    enter([stories.assessed(sighting)], by="nurse", today=TODAY)
    assert TaskRow.objects.get(step="assess").state == "done"
    assert TaskRow.objects.get(step="tell the GP").state == "open"


def test_two_records_with_one_nhs_number_are_one_person_and_their_episode_one_episode():
    enter([stories.sighting(stories.record(number="1"))], by="a", today=TODAY)
    other = stories.sighting(stories.record(number="77"), site="X2B01", finder=Finder.CODED_DISCHARGE)
    enter([other], by="b", today=TODAY)
    person = Person.objects.get()
    assert RecordRow.objects.filter(person=person).count() == 2
    assert {finder["finder"] for finder in EpisodeRow.objects.get().finders} == {"trauma list", "coded discharge"}
    assert {site.site for site in person.sites.all()} == {"X1A01", "X2B01"}


def test_a_doubt_asks_a_person_and_the_answer_can_be_undone_with_nothing_lost():
    ann, also_ann = stories.record(nhs=None, number="1"), stories.record(nhs=None, number="2")
    enter([stories.sighting(ann), stories.sighting(also_ann, body_site=BodySite.WRIST)], by="a", today=TODAY)
    assert Person.objects.count() == 2
    assert DoubtRow.objects.count() == 1
    before = snapshot()
    enter([stories.linked(ann, also_ann)], by="coordinator", today=TODAY)
    assert Person.objects.count() == 1
    assert not DoubtRow.objects.exists()
    enter([stories.separated(ann, also_ann)], by="coordinator", today=TODAY)
    after = snapshot()
    assert before.pop("doubts")
    assert not after.pop("doubts")
    assert after == before


def test_two_people_of_one_name_are_marked_until_they_are_one():
    ann, other = stories.record(nhs=None, number="1"), stories.record(nhs=None, number="2", born=date(1951, 1, 1))
    enter([stories.sighting(ann), stories.sighting(other)], by="a", today=TODAY)
    assert [person.name_clash for person in Person.objects.all()] == [True, True]
    enter([stories.linked(ann, other)], by="coordinator", today=TODAY)
    assert [person.name_clash for person in Person.objects.all()] == [False]


def test_a_death_turns_open_tasks_into_one_to_confirm():
    sighting = stories.sighting(stories.record())
    facts = [sighting, stories.enrolled(sighting), stories.died(sighting.record, date(2026, 3, 15))]
    enter(facts, by="a", today=TODAY)
    assert [(task.step, task.state) for task in TaskRow.objects.all()] == [("confirm closing", "open")]
    assert Person.objects.get().died_on == date(2026, 3, 15)


def test_time_passing_needs_no_event():
    sighting = stories.sighting(stories.record())
    enter([sighting, stories.enrolled(sighting)], by="a", today=TODAY)
    assert new_day(stories.DAY + timedelta(days=90)) > 0
    assert not TaskRow.objects.get(step="assess").because[0].count("was due 31 May")
    new_day(stories.DAY + timedelta(days=91))
    assert TaskRow.objects.get(step="assess").because[0].endswith("was due 25 May 2026")


def test_what_is_planned_begins_to_count_on_its_day_by_the_daily_derivation_alone():
    """Nothing else is asked of it: it is due far later, and no other fact arrives."""
    sighting = stories.sighting(stories.record())
    planned = stories.by_hand(DxaRequest, sighting, 5, need=DxaNeed.REQUESTED)
    scan = stories.by_hand(DxaResult, sighting, 30, by="", t_score=-2.6)
    enter([sighting, stories.enrolled(sighting), stories.assessed(sighting), planned, scan], by="a", today=TODAY)
    day = scan.occurred.start
    assert (Person.objects.get().changes_on, TaskRow.objects.get(step="DXA scan").state) == (day, "open")
    new_day(day - timedelta(days=1))
    assert TaskRow.objects.get(step="DXA scan").state == "open"
    assert new_day(day) == 1
    assert TaskRow.objects.get(step="DXA scan").state == "met by feed"
    assert Person.objects.get().changes_on is None
    found = snapshot()
    rebuild(day)
    assert snapshot() == found


def a_region():
    """Two people, one of them under two numbers, a namesake, a refracture, a death and work by hand."""
    ann, ann_again = stories.record(number="1"), stories.record(number="9")
    bea, namesake = stories.record("Bea", "9990000026", "2"), stories.record("Bea", None, "3")
    shouted = stories.record("Ann", "9990000034", "4", date(1950, 7, 8), family="SMITH")
    spoken = stories.record("Ann", "9990000042", "5", date(1951, 7, 8), family="Smith")
    renamed = stories.record("Anna", "9990000042", "5", date(1951, 7, 8), family="Smith")
    first = stories.sighting(ann)
    again = stories.sighting(ann_again, site="X2B01", finder=Finder.CODED_DISCHARGE)
    later = stories.sighting(ann, day=date(2026, 9, 1), body_site=BodySite.WRIST)
    wrist = stories.sighting(bea, body_site=BodySite.WRIST)
    other = stories.sighting(namesake, body_site=BodySite.SPINE)
    return [
        first, again, later, wrist, other, stories.enrolled(first), stories.assessed(first), stories.enrolled(wrist),
        stories.died(bea, date(2026, 4, 1)), stories.linked(bea, namesake),
        *(stories.sighting(of) for of in (shouted, spoken, renamed, renamed)),
    ]  # fmt: skip


@contextmanager
def taken_back():
    """What is written inside the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.integers(0, 2**32), size=st.integers(1, 12))
def test_everything_twice_in_any_order_gives_the_same(order, size):
    facts = a_region()
    with taken_back():
        enter(facts, by="a", today=TODAY)
        expected = snapshot()
    shuffled = facts * 2
    Random(order).shuffle(shuffled)
    with taken_back():
        for start in range(0, len(shuffled), size):
            enter(shuffled[start : start + size], by="a", today=TODAY)
        assert snapshot() == expected


def test_rebuilding_from_the_facts_gives_the_same_again():
    enter(a_region(), by="a", today=TODAY)
    expected = snapshot()
    assert rebuild(TODAY) == Person.objects.count()
    assert snapshot() == expected


def test_queries_do_not_grow_with_the_people_of_a_batch(django_assert_max_num_queries):
    many = [
        stories.sighting(stories.record(f"N{n}", None, str(100 + n), date(1940, 1, 1) + timedelta(days=n)))
        for n in range(200)
    ]
    with django_assert_max_num_queries(65):
        enter(many, by="a", today=TODAY)
    assert Person.objects.count() == 200
