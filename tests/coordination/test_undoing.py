"""An upload undone leaves the record as if it had never come, in any order; undone again, as if it had."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.clinical.facts import Demographics, Fact, Source, UploadUndone
from openfls.clinical.when import on
from openfls.coordination import enter, rebuild
from openfls.coordination.comparing import derived_lines
from openfls.record.models import DoubtRow, EpisodeRow, Person, RecordRow, TaskRow
from tests.coordination import stories
from tests.coordination.test_enter import taken_back as rolled_back

TODAY = date(2026, 3, 20)
UPLOAD = "u" * 64
pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def snapshot() -> dict[str, list[str]]:
    return {kind: list(lines) for kind, lines in derived_lines().items()}


def by_upload(*facts: Fact) -> list[Fact]:
    """These facts as if an upload had said them."""
    return [replace(fact, source=replace(fact.source, message=UPLOAD)) for fact in facts]


def word(fact: Fact, days: int = 10, *, back: bool = False) -> UploadUndone:
    known = stories.KNOWN + timedelta(days=days)
    message = sha256(f"{days} {back}".encode()).hexdigest()
    return UploadUndone(
        record=fact.record, occurred=on(known.date()), known=known, version=known, by="carys", retracted=back,
        source=Source("hand/carys", message, fact.record.key), key=f"undo/{fact.source.system}/{UPLOAD}/1",
        system=fact.source.system, message=UPLOAD, site=fact.site,
    )  # fmt: skip


def words(facts: list[Fact], days: int = 10, *, back: bool = False) -> list[Fact]:
    return list({fact.record.key: word(fact, days, back=back) for fact in facts}.values())


def tell(*facts: Fact) -> None:
    enter(facts, by="a test", today=TODAY)


ANNE = stories.record()
ANNE_ELSEWHERE = stories.record(number="77")  # the same person by her NHS number
BEA = stories.record("Bea", "9990000026", "2", date(1950, 1, 1))
BEA_WITHOUT = stories.record("Bea", None, "9", date(1950, 1, 1))  # a namesake: a doubt
CLEO = stories.record("Cleo", None, "3", family="Brown")
CLEO_AND_DORA = stories.record("Cleo", "9990000034", "3", family="Brown")  # joins the two
DORA = stories.record("Cleo", "9990000034", "", family="Brown")
TWIN = stories.record("Anne", None, "88", date(1930, 2, 2))  # of the same name: a clash


def moved(record) -> Demographics:
    return Demographics(
        record=record, occurred=on(TODAY), known=stories.KNOWN, source=stories.source(), postcode="ZZ1 1ZZ"
    )


def test_people_of_whom_only_the_upload_told_are_gone_and_others_are_as_they_were():
    tell(stories.sighting(ANNE), stories.sighting(CLEO), stories.sighting(DORA), stories.sighting(BEA))
    before = snapshot()
    said = by_upload(
        stories.sighting(ANNE_ELSEWHERE, day=date(2026, 1, 5)), stories.sighting(BEA_WITHOUT),
        stories.sighting(CLEO_AND_DORA), stories.sighting(TWIN), moved(ANNE),
    )  # fmt: skip
    tell(*said)
    assert snapshot() != before
    assert DoubtRow.objects.exists()
    tell(*words(said))
    assert snapshot() == before
    assert RecordRow.every.filter(set_aside=True).count() == 4


def test_undone_and_restored_it_is_as_if_nobody_had_undone_it():
    tell(stories.sighting(ANNE))
    said = by_upload(stories.sighting(ANNE_ELSEWHERE), stories.sighting(CLEO_AND_DORA))
    tell(*said)
    before = snapshot()
    tell(*words(said))
    tell(*words(said, 11, back=True))
    assert snapshot() == before
    tell(*words(said, 12))
    assert Person.objects.count() == 1


def test_a_record_set_aside_comes_back_when_another_feed_tells_of_it():
    said = by_upload(stories.sighting(ANNE))
    tell(*said)
    tell(*words(said))
    assert (Person.objects.count(), EpisodeRow.objects.count()) == (0, 0)
    tell(stories.sighting(ANNE, day=date(2026, 2, 1)))
    assert [row.index_start for row in EpisodeRow.objects.all()] == [date(2026, 2, 1)]
    assert RecordRow.objects.count() == 1


def test_a_record_set_aside_is_compared_with_nobody_until_it_comes_back():
    """Likeness asks about it no more, whoever arrives meanwhile, and it stands in no block."""
    older = stories.sighting(stories.record("Anne", None, "1", family="MacDonald"))
    uploaded = by_upload(stories.sighting(stories.record("Anne", "9990000018", "2", family="McDonald")))
    tell(older)
    tell(*uploaded)
    told = snapshot()
    assert told["doubts"]
    tell(*words(uploaded))
    tell(stories.sighting(stories.record("Ann", None, "3", family="MacDonald")))
    key = uploaded[0].record.key
    assert not any(key in line for lines in snapshot().values() for line in lines)
    tell(*words(uploaded, 11, back=True))
    assert set(told["doubts"]) <= set(snapshot()["doubts"])


def test_somebody_in_whose_care_a_person_acted_is_not_dropped_in_silence():
    (sighting,) = by_upload(stories.sighting(ANNE))
    tell(sighting, stories.enrolled(sighting))
    tell(word(sighting))
    task = TaskRow.objects.get()
    assert (task.step, task.state, task.because) == ("confirm closing", "open", ["every finder took its sighting back"])


def test_an_act_noted_on_another_record_of_hers_counts_as_well():
    (sighting,) = by_upload(stories.sighting(ANNE_ELSEWHERE))
    other = stories.sighting(ANNE, day=date(2025, 1, 1))
    act = replace(stories.enrolled(sighting), record=ANNE)
    tell(other, sighting)
    tell(act)
    tell(word(sighting))
    assert "confirm closing" in {task.step for task in TaskRow.objects.all()}
    assert not RecordRow.every.filter(set_aside=True).exists()


def test_a_rebuild_gives_the_same():
    tell(stories.sighting(ANNE), stories.sighting(CLEO))
    said = by_upload(stories.sighting(ANNE_ELSEWHERE), stories.sighting(CLEO_AND_DORA), stories.sighting(TWIN))
    tell(*said)
    tell(*words(said))
    before = snapshot()
    rebuild(TODAY)
    assert snapshot() == before
    tell(*words(said[:2], 11, back=True))
    before = snapshot()
    rebuild(TODAY)
    assert snapshot() == before


def test_the_trail_names_the_people_whom_it_concerned():
    from openfls.record.models import Trail

    said = by_upload(stories.sighting(ANNE))
    tell(*said)
    (key,) = Person.objects.values_list("key", flat=True)
    tell(*words(said))
    row = Trail.objects.latest("number")
    assert (row.patients, row.detail) == ([key], {"facts": {"upload undone": 1}})


OTHERS = [
    stories.sighting(ANNE), stories.sighting(CLEO), stories.sighting(DORA), stories.sighting(BEA),
    stories.linked(ANNE, BEA), stories.separated(CLEO, DORA),
]  # fmt: skip
SAID = by_upload(
    stories.sighting(ANNE_ELSEWHERE), stories.sighting(BEA_WITHOUT), stories.sighting(CLEO_AND_DORA),
    stories.sighting(TWIN), stories.sighting(ANNE, day=date(2026, 1, 7)), moved(BEA),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.sets(st.sampled_from(range(len(OTHERS)))), st.integers(1, 4), st.randoms())
def test_in_any_order_and_any_pieces_it_is_as_if_the_upload_had_never_come(chosen, pieces, dice):
    others = [OTHERS[place] for place in sorted(chosen)]
    with rolled_back():
        for fact in others:
            tell(fact)
        never = snapshot()
    everything = [*others, *SAID, *words(SAID)]
    Random(dice.random()).shuffle(everything)
    with rolled_back():
        for start in range(pieces):
            tell(*everything[start::pieces])
        assert snapshot() == never
        rebuild(TODAY)
        assert snapshot() == never


def test_a_set_aside_record_is_asked_about_by_no_query_that_forgets_to_say_so():
    said = by_upload(stories.sighting(ANNE))
    tell(*said, *words(said))
    assert (RecordRow.objects.count(), RecordRow.every.count()) == (0, 1)
    with transaction.atomic():
        assert not Person.objects.exists()
