"""Whether two records are one person: what the staff answer agrees with the truth, and some doubts wait."""

from datetime import date, timedelta

import pytest

from openfls.clinical.facts import RecordsLinked, RecordsSeparated
from openfls.clinical.patients import HospitalNumber, PatientRecord
from openfls.clinical.people import people
from openfls.demo.doubts import answer
from openfls.demo.hospitals import TRUST_OF_CODE
from openfls.demo.lookup import People
from openfls.demo.people import Person

TODAY = date(2026, 11, 24)
LONG_AGO = date(2026, 6, 1)


@pytest.fixture(scope="module")
def truly(small) -> People:
    return People(small.truth)


def record(person: Person, **changes) -> PatientRecord:
    number = HospitalNumber("X1A", person.number_at(TRUST_OF_CODE["X1A"]))
    details = {"hospital_numbers": (number,), "family_name": person.family, "given_name": person.given}
    return PatientRecord(**details | {"birth_date": person.born} | changes)


def pairs(small) -> list[tuple[Person, Person]]:
    everybody = [life.person for life in small.truth.lives]
    return list(zip(everybody, everybody[1:], strict=False))


def test_two_records_of_one_person_are_linked_and_of_two_people_kept_apart(small, truly):
    linked, apart = [], []
    for one, other in pairs(small)[:100]:
        misspelt = record(one, family_name=one.family + "x")
        linked.append(answer(record(one), misspelt, truly, 1, LONG_AGO, TODAY))
        apart.append(answer(record(one), record(other), truly, 1, LONG_AGO, TODAY))
    assert {type(fact) for fact in linked} == {RecordsLinked, type(None)}
    assert {type(fact) for fact in apart} == {RecordsSeparated, type(None)}
    assert 70 < sum(fact is not None for fact in linked) < 100  # some wait


def test_the_order_of_the_two_records_does_not_matter(small, truly):
    one, other = pairs(small)[0]
    assert answer(record(one), record(other), truly, 1, LONG_AGO, TODAY) == answer(
        record(other), record(one), truly, 1, LONG_AGO, TODAY
    )


def test_a_doubt_of_the_last_two_weeks_waits(small, truly):
    for one, other in pairs(small)[:50]:
        assert answer(record(one), record(other), truly, 1, TODAY - timedelta(days=10), TODAY) is None


def test_an_answer_is_given_by_a_coordinator_after_the_doubt_arose(small, truly):
    answers = [answer(record(a), record(b), truly, 1, LONG_AGO, TODAY) for a, b in pairs(small)[:30]]
    given = [fact for fact in answers if fact]
    assert given
    assert {fact.by for fact in given} == {"coordinator"}
    assert all(LONG_AGO < fact.occurred.start < TODAY for fact in given)


def test_a_record_of_nobody_waits(small, truly):
    one, _ = pairs(small)[0]
    stranger = PatientRecord(family_name="Nobody", given_name="Known", birth_date=date(1940, 1, 1))
    assert all(answer(record(one), stranger, truly, seed, LONG_AGO, TODAY) is None for seed in range(20))


def test_answers_settle_most_doubts_of_the_region(small, read_back, truly):
    records = {fact.record.key: fact.record for fact in read_back.facts}
    links = [fact for fact in read_back.facts if isinstance(fact, RecordsLinked)]
    records |= {link.other.key: link.other for link in links}
    before = people(records.values(), links).doubts
    answers = [answer(records[d.left], records[d.right], truly, 1, LONG_AGO, TODAY) for d in before]
    after = people(records.values(), [*links, *filter(None, answers)]).doubts
    assert len(before) > 5
    assert len(after) < len(before) / 2
