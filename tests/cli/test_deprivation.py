"""``openfls deprivation``: what it says of a table that is taken, and of one that is not."""

import json

import pytest

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def file(settings, tmp_path):
    settings.OPENFLS_HOME = tmp_path
    return tmp_path / "table.csv"


def test_a_table_is_loaded_shown_and_removed(typed, file):
    file.write_text("Postcode,IMD Decile\nXA5 7HL,3\nXA5 7HN,\n")
    assert "No table is loaded" in typed("deprivation", "show")
    said = typed("deprivation", "load", file, "--index", "IMD 2019")
    assert said.startswith("IMD 2019: 1 postcodes; 1 rows have no decile; decile 1 is the most deprived")
    assert typed("deprivation", "show").startswith("IMD 2019: 1 postcodes, loaded ")
    assert json.loads(typed("deprivation", "show", "--json"))["postcodes"] == 1
    assert "IMD 2019 is removed" in typed("deprivation", "remove")
    assert json.loads(typed("deprivation", "show", "--json")) == {"index": None}


def test_faults_are_printed_with_their_lines_and_those_beyond_twenty_counted(typed, file):
    file.write_text("Postcode,Decile\n" + "XA5,3\n" * 25)
    said = typed("deprivation", "load", file, "--index", "IMD 2019", ends=2)
    assert "line 2: 'XA5' is no postcode. Correct it, or leave the row out." in said
    assert "line 21:" in said
    assert "line 22:" not in said
    assert "and 5 more" in said
    assert "is not taken; what was in force stays so" in said


def test_a_file_of_other_columns_says_how_to_name_them(typed, file):
    file.write_text("Area,Tenth\nXA5 7HL,3\n")
    words = ("deprivation", "load", file, "--index", "IMD 2019")
    assert "--postcode-column, --decile-column" in typed(*words, ends=2)
    assert "1 postcodes" in typed(*words, "--postcode-column", "Area", "--decile-column", "Tenth")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--index", "IMD"], "names no year"),
        (["--index", "IMD 2019", "--encoding", "utf-32"], "The bytes are not utf-32"),
        (["--index", "IMD 2019", "--encoding", "ebcdic"], "unknown encoding: ebcdic"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_the_reason(typed, file, words, why):
    file.write_text("Postcode,Decile\nXA5 7HL,3\n")
    assert why in typed("deprivation", "load", file, *words, ends=2)


def test_a_file_that_is_not_there_is_named(typed, file):
    assert f"{file} can't be read" in typed("deprivation", "load", file, "--index", "IMD 2019", ends=2)
