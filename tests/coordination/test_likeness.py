"""Records that are alike ask a person, while messages flow; likeness joins nobody, and order changes nothing."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, count
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.clinical import candidates
from openfls.clinical.candidates import alike, block_number, blocks
from openfls.clinical.facts import Demographics
from openfls.clinical.likeness_levels import details_of
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import LinkFact, people
from openfls.clinical.reach import postcode_of
from openfls.clinical.when import on
from openfls.coordination import enter, rebuild, resembling
from openfls.coordination.comparing import derived_lines
from openfls.record.models import CrowdedBlock, DoubtRow, Person, RecordBlock, RecordRow
from tests.coordination import stories

TODAY = date(2026, 3, 20)
pytestmark = pytest.mark.django_db(databases="__all__")


def snapshot() -> dict[str, list[str]]:
    return {kind: list(lines) for kind, lines in derived_lines().items()}


def lives_at(of: PatientRecord, postcode: str, days: int = 0) -> Demographics:
    known = stories.KNOWN + timedelta(days=days)
    return Demographics(
        record=of, occurred=on(known.date()), known=known, source=stories.source("X1A/pas"), postcode=postcode
    )


ANNE = stories.record("Anne", nhs=None, number="1", family="MacDonald")
MISSPELT = stories.record("Anne", nhs="9990000018", number="2", family="McDonald")


def test_an_arriving_record_that_is_like_an_older_one_asks():
    enter([stories.sighting(ANNE)], by="a", today=TODAY)
    enter([stories.sighting(MISSPELT)], by="b", today=TODAY)
    assert Person.objects.count() == 2
    doubt = DoubtRow.objects.get()
    assert doubt.because.startswith("very likely one person (")
    assert "family name one letter apart; no number in common" in doubt.because
    assert 0.99 < doubt.probability < 1


def test_a_record_like_nobody_asks_nothing():
    enter([stories.sighting(ANNE)], by="a", today=TODAY)
    enter([stories.sighting(stories.record("Ruth", None, "3", date(1951, 8, 9), "Brown"))], by="b", today=TODAY)
    assert not DoubtRow.objects.exists()


def test_people_told_apart_by_their_nhs_numbers_are_not_asked_about():
    """Even where the number stands in another record of the same person, that came later."""
    other = stories.record("Anne", nhs="9990000026", number="1", family="Macdonald")
    enter([stories.sighting(ANNE), stories.sighting(MISSPELT)], by="a", today=TODAY)
    assert DoubtRow.objects.count() == 1
    enter([stories.sighting(other)], by="b", today=TODAY)
    assert not DoubtRow.objects.exists()


def test_the_postcode_counts_when_it_arrives_and_when_it_changes():
    """It stands in no record but in a fact beside it."""
    ann, anna = (stories.record(name, None, number, born) for name, number, born in (
        ("Anne", "1", date(1940, 5, 6)), ("Anna", "2", date(1941, 5, 6)),
    ))  # fmt: skip
    enter([stories.sighting(ann), stories.sighting(anna), lives_at(ann, "XA5 7HL")], by="a", today=TODAY)
    assert not DoubtRow.objects.exists()
    enter([lives_at(anna, "xa57hl")], by="b", today=TODAY)
    assert "date of birth one digit apart" in DoubtRow.objects.get().because
    enter([lives_at(anna, "XB9 1QQ", days=5)], by="b", today=TODAY)
    assert not DoubtRow.objects.exists()


def test_the_answer_settles_it_and_taking_it_back_restores_all():
    enter([stories.sighting(ANNE), stories.sighting(MISSPELT), lives_at(ANNE, "XA5 7HL")], by="a", today=TODAY)
    before = snapshot()
    answer = stories.linked(ANNE, MISSPELT)
    enter([answer], by="coordinator", today=TODAY)
    assert Person.objects.count() == 1
    assert not DoubtRow.objects.exists()
    enter([taken(answer)], by="coordinator", today=TODAY)
    assert snapshot() == before


def taken(answer: LinkFact) -> LinkFact:
    """The answer taken back, as on the timeline."""
    later = answer.known + timedelta(days=1)
    return replace(
        answer, key=answer.statement, retracted=True, known=later, version=later, source=stories.source("hand/x")
    )


def test_who_is_only_doubted_is_not_derived_again(monkeypatch):
    enter([stories.sighting(ANNE)], by="a", today=TODAY)
    entered = enter([stories.sighting(MISSPELT)], by="b", today=TODAY)
    assert entered.people == {RecordRow.objects.get(key=MISSPELT.key).person_id}


@pytest.fixture
def crowds_of_four(monkeypatch):
    monkeypatch.setattr(candidates, "CROWDED_FROM", 4)
    monkeypatch.setattr(resembling, "CROWDED_FROM", 4)


def test_a_block_that_becomes_crowded_asks_no_more_and_is_told(crowds_of_four):
    """Three of one name and birthday ask; the fourth shows that it is a placeholder, not a person."""
    crowd = [PatientRecord(given_name=f"Z{letter}", birth_date=date(1900, 1, 1)) for letter in "ABCD"]
    enter([lives_at(of, "XA5 7HL") for of in crowd[:3]], by="a", today=TODAY)
    asked = DoubtRow.objects.count()
    assert asked
    enter([lives_at(crowd[3], "XA5 7HL")], by="a", today=TODAY)
    assert not DoubtRow.objects.exists()
    assert "born 1900-01-01, a name in Z" in {block.words for block in CrowdedBlock.objects.all()}
    enter([lives_at(crowd[0], "XB9 1QQ", days=5)], by="a", today=TODAY)
    assert {block.words for block in CrowdedBlock.objects.all()} == {"born 1900-01-01, a name in Z"}


def test_rebuilding_mends_whatever_stands_there():
    """Blocks lost, a crowd marked where there is none, another postcode, no doubts."""
    enter([stories.sighting(ANNE), stories.sighting(MISSPELT), lives_at(ANNE, "XA5 7HL")], by="a", today=TODAY)
    before = snapshot()
    for words in blocks(details_of(ANNE, "XA5 7HL")):
        CrowdedBlock.objects.create(block=block_number(words), words=words)
    RecordBlock.objects.filter(record=ANNE.key).delete()
    RecordRow.objects.update(postcode="XB11QQ")
    DoubtRow.objects.all().delete()
    rebuild(TODAY)
    assert snapshot() == before


# ---- whatever arrives, in whatever order

NAMES = [("Anne", "MacDonald"), ("Ann", "McDonald"), ("Anna", "MacDonald"), ("McDonald", "Ann"), ("Anne", "Brown")]
BORN = [date(1940, 5, 6), date(1940, 6, 5), date(1941, 5, 6)]


def drawn(chance: Random) -> list:
    """Facts about records that are alike, some of one person, with addresses that change and people's answers."""
    numbers = count(1)
    nhs_numbers = [None, None, "9990000018"]
    records = [
        stories.record(given, chance.choice(nhs_numbers), str(next(numbers)), chance.choice(BORN), family)
        for given, family in chance.choices(NAMES, k=chance.randint(3, 6))
    ]
    facts: list = [stories.sighting(of) for of in records]
    for n in range(chance.randint(1, 5)):
        facts.append(lives_at(chance.choice(records), chance.choice(["XA5 7HL", "XA5 7HJ", "XB9 1QQ"]), days=n))
    for n in range(chance.randint(0, 3)):
        said = chance.choice([stories.linked, stories.separated])
        facts.append(said(*chance.sample(records, 2), days=n))
    return facts


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.integers(0, 2**32), order=st.integers(0, 2**32), size=st.integers(1, 7))
@pytest.mark.parametrize("crowded_from", [101, 3])
def test_order_repetition_and_rebuilding_change_no_doubt(monkeypatch, crowded_from, story, order, size):
    monkeypatch.setattr(candidates, "CROWDED_FROM", crowded_from)
    monkeypatch.setattr(resembling, "CROWDED_FROM", crowded_from)
    facts = drawn(Random(story))
    with taken_back():
        enter(facts, by="a", today=TODAY)
        expected = snapshot()
        rebuild(TODAY)
        assert snapshot() == expected
    shuffled = facts * 2
    Random(order).shuffle(shuffled)
    with taken_back():
        for start in range(0, len(shuffled), size):
            enter(shuffled[start : start + size], by="a", today=TODAY)
        assert snapshot() == expected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.integers(0, 2**32))
def test_the_database_asks_what_the_plain_definition_asks(story):
    facts = drawn(Random(story))
    with taken_back():
        enter(facts, by="a", today=TODAY)
        asked = {(row.left_id, row.right_id, row.because) for row in DoubtRow.objects.all()}
    told = defaultdict(list)
    for fact in facts:
        told[fact.record.key].append(fact)
    records = {fact.record.key: fact.record for fact in facts}
    details = {key: details_of(record, postcode_of(told[key])) for key, record in records.items()}
    links = [fact for fact in facts if hasattr(fact, "other")]
    assert asked == {(d.left, d.right, d.because) for d in people(records.values(), links, alike(details)).doubts}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.integers(0, 2**32))
def test_taking_answers_back_restores_what_was(story):
    facts = drawn(Random(story))
    answers = [fact for fact in facts if hasattr(fact, "other")]
    with taken_back():
        enter([fact for fact in facts if not hasattr(fact, "other")], by="a", today=TODAY)
        before = snapshot()
        enter(answers, by="coordinator", today=TODAY)
        enter([taken(answer) for answer in answers], by="coordinator", today=TODAY)
        assert snapshot() == before


def twins() -> dict[str, PatientRecord]:
    """Fourteen pairs who are not one person and look like it, each record by who it truly is."""
    born, pairs = date(1940, 5, 6), {}

    def pair(what: str, one: PatientRecord, other: PatientRecord) -> None:
        pairs[f"{what}, one"], pairs[f"{what}, the other"] = one, other

    numbers = iter(range(100, 200))

    def person(given: str, family: str, on_day: date = born, nhs: str | None = None) -> PatientRecord:
        return stories.record(given, nhs, str(next(numbers)), on_day, family)

    for one, other in (("Jean", "Joan"), ("Anne", "Anna"), ("Mary", "Ruth"), ("A", "Anne"), ("Jo", "John")):
        pair(f"twins {one} and {other}", person(one, "Hill"), person(other, "Hill"))
    pair("namesakes of one birthday", person("Edith", "Gray"), person("Edith", "Gray"))
    pair("namesakes, one with a number", person("Ivy", "Wood", nhs="9990000050"), person("Ivy", "Wood"))
    pair("numbers a digit apart", person("Una", "Fox", nhs="9990000069"), person("Una", "Fox", nhs="9990000077"))
    pair("father and son", person("Owen", "Rees"), person("Owen", "Rees", date(1965, 5, 6)))
    pair("sisters-in-law", person("Ada", "Moss"), person("Ada", "Mosse"))
    pair("turned birthdays", person("Nora", "Bell"), person("Nora", "Bell", date(1940, 6, 5)))
    pair("names turned round", person("James", "Henry"), person("Henry", "James"))
    pair("one number, two people", person("Kate", "Shaw", nhs="9990000085"), person("Ellen", "Shaw", nhs="9990000085"))
    pair("cousins", person("Lily", "Carter"), person("Lilly", "Carter", date(1941, 5, 6)))
    return pairs


def test_near_matches_are_never_joined_by_themselves():
    """Hazard H3: of fourteen pairs of near-match twins no wrong merge, whatever order they come in."""
    everyone = twins()
    facts = [fact for of in everyone.values() for fact in (stories.sighting(of), lives_at(of, "XA5 7HL"))]
    for seed in range(3):
        with taken_back():
            shuffled = list(facts)
            Random(seed).shuffle(shuffled)
            for start in range(0, len(shuffled), 5):
                enter(shuffled[start : start + 5], by="a", today=TODAY)
            assert Person.objects.count() == len(everyone)
            person_of = dict(RecordRow.objects.values_list("key", "person"))
            assert all(person_of[a.key] != person_of[b.key] for a, b in combinations(everyone.values(), 2))
            assert DoubtRow.objects.count() >= 12
