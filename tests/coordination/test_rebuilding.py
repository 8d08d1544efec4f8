"""Deriving everybody again, in steps: whatever stood there, the facts decide; nobody is off the lists meanwhile."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from openfls.coordination import enter, new_day, rebuild, rebuilding
from openfls.coordination.rebuilding import A_STEP
from openfls.record import locks
from openfls.record.models import (
    DoubtRow,
    EpisodeRow,
    EpisodeSite,
    Person,
    PersonSite,
    RecordRow,
    StandingRow,
    TaskRow,
)
from tests.coordination import stories
from tests.coordination.test_enter import TODAY, a_region, snapshot

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(rebuilding, "A_STEP", 2)
    monkeypatch.setattr(locks, "BETWEEN_TURNS", 0)


@pytest.fixture
def region():
    """As it stands; what everybody's rows were."""
    enter(a_region(), by="a", today=TODAY)
    return snapshot()


def an_episode_at_another_person() -> None:
    """Whichever of the two comes first by key."""
    first, last = EpisodeRow.objects.order_by("person").first(), EpisodeRow.objects.order_by("person").last()
    EpisodeRow.objects.filter(pk=first.pk).update(person=last.person_id)
    EpisodeRow.objects.filter(pk=last.pk).update(person=first.person_id)


def somebody_without_a_record() -> None:
    ghost = Person.objects.create(key="0" * 64, name="SMITH, Ann", family_name="Smith", sex="female")
    PersonSite.objects.create(person=ghost, site="X1A01")


DAMAGE = {
    "tasks are gone": lambda: TaskRow.objects.all().delete(),
    "a verdict is another": lambda: StandingRow.objects.filter(verdict="met").update(verdict="missed"),
    "a name is another": lambda: Person.objects.filter(name="SMITH, Bea").update(name="SMITH, Ann"),
    "nobody has a person": lambda: (RecordRow.objects.update(person=None), Person.objects.all().delete()),
    "an episode is elsewhere": an_episode_at_another_person,
    "an episode is doubled": lambda: EpisodeRow.objects.create(
        id="e" * 64, person=Person.objects.first(), index_start=TODAY, index_end=TODAY, index_precision="exact",
        main_site="hip", side="left", status="enrolled", eligible="yes",
    ),
    "somebody has no record": somebody_without_a_record,
    "sites are gone": lambda: (PersonSite.objects.all().delete(), EpisodeSite.objects.all().delete()),
    "a doubt is made up": lambda: DoubtRow.objects.create(
        left=RecordRow.objects.first(), right=RecordRow.objects.last(), because="?",
        person_left=Person.objects.first(), person_right=Person.objects.last(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_whatever_stands_there_the_facts_decide(region, damage):
    damage()
    assert snapshot() != region
    assert rebuild(TODAY) == Person.objects.count()
    assert snapshot() == region


def test_between_two_steps_everybody_stands_as_before(region):
    seen = []
    rebuild(TODAY, lambda done, total: seen.append((done, total, snapshot() == region)))
    total = RecordRow.objects.count()
    assert len(seen) > 3
    assert seen[-1] == (total, total, True)
    assert all(same for *_, same in seen)


def test_stopped_between_two_steps_nothing_is_lost_and_the_next_one_does_all(region):
    def stop(done: int, total: int) -> None:
        if done > 1:
            raise KeyboardInterrupt

    TaskRow.objects.all().delete()
    with pytest.raises(KeyboardInterrupt):
        rebuild(TODAY, stop)
    assert 0 < TaskRow.objects.count() < len(region["tasks"])
    rebuild(TODAY)
    assert snapshot() == region


def test_what_is_entered_between_two_steps_counts_like_all_else(region):
    late = stories.sighting(stories.record("Zoë", "9990000050", "77"))
    rebuild(TODAY, lambda done, total: enter([late], by="a", today=TODAY))
    rebuilt = snapshot()
    assert Person.objects.filter(nhs_number="9990000050").count() == 1
    rebuild(TODAY)
    assert snapshot() == rebuilt


@pytest.fixture
def turns(monkeypatch):
    """How many people each transaction that derives takes; after each, others have their turn."""
    told: list[object] = []
    derive, give = rebuilding.derive_around, rebuilding.give_way

    def derived(keys, today, **more):
        assert transaction.get_connection().in_atomic_block
        told.append(len(keys))
        return derive(keys, today, **more)

    monkeypatch.setattr(rebuilding, "derive_around", derived)
    monkeypatch.setattr(rebuilding, "give_way", lambda: (told.append("others"), give()))
    return told


def test_no_turn_takes_more_than_a_step_and_others_come_between(region, turns):
    rebuild(TODAY)
    assert set(turns[::2]) <= {0, 1, 2}
    assert set(turns[1::2]) == {"others"}
    assert sum(turns[::2]) <= RecordRow.objects.count()


def test_a_new_day_is_derived_in_steps_too(turns):
    sightings = [
        stories.sighting(stories.record(f"N{n}", None, str(200 + n), date(1940, 1, 1) + timedelta(days=n)))
        for n in range(5)
    ]
    enter([*sightings, *(stories.enrolled(one) for one in sightings)], by="a", today=TODAY)
    assert new_day(stories.DAY + timedelta(days=400)) == 5
    assert turns == [2, "others", 2, "others", 1, "others"]


def test_a_step_is_small_beside_what_a_worker_takes_at_once():
    from openfls.inbox.work import MOST

    assert A_STEP * 5 <= MOST
