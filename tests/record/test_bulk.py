"""Rows written in bulk: what the engines do alike, whatever statement does it."""

import pytest
from django.db import IntegrityError

from openfls.record.bulk import change, insert, write_over
from openfls.record.models import Person, PersonSite, RecordRow

pytestmark = pytest.mark.django_db


def person(key: str, name: str) -> Person:
    return Person(key=key, name=name, sex="female")


def record(key: str, family: str) -> RecordRow:
    return RecordRow(key=key, family_name=family, sex="female")


def names() -> dict[str, str]:
    return dict(Person.objects.values_list("key", "name"))


def test_rows_are_inserted_with_numbers_given_by_the_database():
    insert(Person, [person("a", "Ann"), person("b", "Bea")])
    insert(PersonSite, [PersonSite(person_id="a", site="X1"), PersonSite(person_id="b", site="X2")])
    assert names() == {"a": "Ann", "b": "Bea"}
    assert sorted(PersonSite.objects.values_list("person", "site")) == [("a", "X1"), ("b", "X2")]


@pytest.mark.parametrize("name", ["a\tb", "a\nb", r"\N", r"a\b", "O'Brien", "\u200bÅ\U0001f9b4", ""])
def test_every_text_is_kept_as_it_is(name):
    insert(Person, [person("a", name)])
    assert names() == {"a": name}


def test_a_row_that_is_there_already_is_an_error_unless_it_may_be_skipped():
    insert(RecordRow, [record("a", "Ann")])
    insert(RecordRow, [record("a", "Other"), record("b", "Bea")], skip_known=True)
    assert dict(RecordRow.objects.values_list("key", "family_name")) == {"a": "Ann", "b": "Bea"}
    with pytest.raises(IntegrityError):
        insert(RecordRow, [record("a", "Other")])


def test_writing_over_replaces_every_column_of_what_is_there_and_adds_the_rest():
    insert(Person, [Person(key="a", name="Ann", sex="female", postcode="AB1 2CD")])
    write_over(Person, [person("a", "Anna"), person("b", "Bea")], "key")
    assert names() == {"a": "Anna", "b": "Bea"}
    assert Person.objects.get(key="a").postcode == ""


def test_one_field_is_changed_of_the_rows_that_are_named_and_of_no_other():
    insert(Person, [person("a", "Ann"), person("b", "Bea")])
    insert(RecordRow, [record("r", "Ann"), record("s", "Bea"), record("t", "Cat")])
    change(RecordRow, "person", {"r": "a", "s": "b"})
    change(RecordRow, "person", {"s": None})
    assert dict(RecordRow.objects.values_list("key", "person")) == {"r": "a", "s": None, "t": None}


def test_nothing_to_write_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(Person, [])
        write_over(Person, [], "key")
        change(RecordRow, "person", {})
