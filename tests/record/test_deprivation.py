"""The table of deprivation: all of it is in force or none, a newer one takes its place, nothing is half applied."""

import pytest
from django.db import connection

from openfls.record import deprivation, locks
from openfls.record.deprivation import TableRefused, in_force, load_file, remove
from openfls.record.models import DeprivationTable, Person, PostcodeDecile, StandingRow, Trail

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.OPENFLS_HOME = tmp_path
    return tmp_path


@pytest.fixture
def loaded(tmp_path):
    def load(*rows: str, index: str = "IMD 2019"):
        file = tmp_path / "table.csv"
        file.write_text("\n".join(["Postcode,Decile", *rows]), encoding="utf-8")
        return load_file(file, index, by="root")

    return load


def deciles(*postcodes: str) -> list[str]:
    """What is told of people who live there."""
    people = [Person(key=str(number), sex="female", postcode=code) for number, code in enumerate(postcodes)]
    Person.objects.bulk_create(people)
    told = Person.objects.annotate(decile=deprivation.decile_of("postcode")).order_by("key")
    return list(told.values_list("decile", flat=True))


def test_a_postcode_tells_its_decile_however_it_is_written(loaded):
    loaded("XA5 7HL,3", "XA57HN,10")
    assert deciles("XA5 7HL", "xa57hl", "XA5  7HN", "XA5 7HP", "") == ["3", "3", "10", "", ""]


def test_without_a_table_every_decile_is_not_known():
    assert in_force() is None
    assert deciles("XA5 7HL") == [""]


def test_a_newer_table_takes_the_place_of_the_one_before_and_both_are_in_the_trail(loaded):
    loaded("XA5 7HL,3", "XA5 7HN,4")
    loaded("XA5 7HL,2", index="IMD 2025")
    assert in_force().index == "IMD 2025"
    assert deciles("XA5 7HL", "XA5 7HN") == ["2", ""]
    assert PostcodeDecile.objects.count() == 1
    rows = Trail.objects.filter(action="deprivation table loaded").order_by("number")
    assert [(row.user, row.detail["index"], row.detail["postcodes"]) for row in rows] == [
        ("root", "IMD 2019", 2),
        ("root", "IMD 2025", 1),
    ]


def test_a_table_with_a_fault_changes_nothing(loaded):
    loaded("XA5 7HL,3")
    with pytest.raises(TableRefused) as refused:
        loaded("XA5 7HL,2", "XA5 7HN,12", index="IMD 2025")
    assert [fault.place for fault in refused.value.faults] == ["line 3"]
    assert in_force().index == "IMD 2019"
    assert deciles("XA5 7HL") == ["3"]


@pytest.mark.parametrize("index", ["IMD 2019", "IMD2019", "2019 index, England"])
def test_an_index_names_its_year_anywhere(loaded, index):
    loaded("XA5 7HL,2", index=index)
    assert in_force().index == index


@pytest.mark.parametrize("index", ["", "IMD", "IMD 19", "20190"])
def test_an_index_without_a_year_is_refused(loaded, index):
    with pytest.raises(TableRefused, match="names no year"):
        loaded("XA5 7HL,3", index=index)


def test_what_an_interrupted_load_leaves_counts_for_nothing_and_goes_with_the_next(loaded, monkeypatch):
    loaded("XA5 7HL,3")
    monkeypatch.setattr(deprivation, "A_TURN", 2)
    insert, turns = deprivation.insert, []

    def fails_at_the_second(model, rows):
        turns.append(rows)
        if len(turns) == 2:
            raise KeyboardInterrupt
        insert(model, rows)

    monkeypatch.setattr(deprivation, "insert", fails_at_the_second)
    newer = ("XA5 7HL,1", "XA5 7HN,1", "XA5 7HP,1", "XA5 7HQ,1", "XA5 7HR,1")
    with pytest.raises(KeyboardInterrupt):
        loaded(*newer, index="IMD 2025")
    assert PostcodeDecile.objects.count() == 3
    assert in_force().index == "IMD 2019"
    assert deciles("XA5 7HL", "XA5 7HN") == ["3", ""]
    loaded(*newer, index="IMD 2025")
    assert (DeprivationTable.objects.count(), PostcodeDecile.objects.count()) == (1, 5)


def test_two_are_not_loaded_at_once(loaded):
    with locks.place(deprivation.PLACE), pytest.raises(locks.Taken):
        loaded("XA5 7HL,3")
    assert DeprivationTable.objects.count() == 0


def test_a_table_that_was_removed_leaves_every_decile_not_known(loaded):
    loaded("XA5 7HL,3")
    assert remove(by="root").index == "IMD 2019"
    assert remove(by="root") is None
    assert deciles("XA5 7HL") == [""]
    assert PostcodeDecile.objects.count() == 0
    assert Trail.objects.get(action="deprivation table removed").detail == {"index": "IMD 2019"}


def test_the_table_is_searched_and_never_read_from_end_to_end(loaded):
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite; PostgreSQL chooses by its statistics")
    loaded("XA5 7HL,3")
    told = StandingRow.objects.annotate(decile=deprivation.decile_of("episode__person__postcode"))
    plan = told.values_list("decile").explain().splitlines()
    (searched,) = (line for line in plan if "U0" in line)
    assert "SEARCH U0 USING INDEX" in searched
