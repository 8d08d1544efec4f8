"""A published table of deprivation: what is taken, and every row that can't be meant so with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds import deprivation
from openfls.feeds.deprivation import Deciles

LETTERS = st.sampled_from("ABEHSWYZ")
POSTCODES = st.builds(
    lambda a, b, c, d, e: f"{a}{b} {c}{d}{e}", LETTERS, st.integers(1, 99), st.integers(0, 9), LETTERS, LETTERS
)
TABLES = st.dictionaries(POSTCODES, st.integers(1, 10), min_size=1)


def lines(*rows: str, header: str = "Postcode,Decile") -> list[str]:
    return [f"{row}\n" for row in (header, *rows)]


def taken(*rows: str, **more: str) -> Deciles:
    found = deprivation.read(lines(*rows, **more))
    assert isinstance(found, Deciles), found
    return found


def refused(*rows: str, **more: str) -> list[str]:
    found = deprivation.read(lines(*rows, **more))
    assert not isinstance(found, Deciles)
    assert all(one.mend for one in found)
    return [f"{one.place}: {one.reason}" for one in found]


@given(TABLES)
def test_every_postcode_of_a_table_is_taken_with_its_decile(table):
    found = taken(*(f"{postcode},{decile}" for postcode, decile in table.items()))
    assert found.of == {postcode.replace(" ", ""): decile for postcode, decile in table.items()}


@given(TABLES, st.data())
def test_one_postcode_with_two_deciles_refuses_the_table_wherever_it_stands(table, data):
    rows = [f"{postcode},{decile}" for postcode, decile in table.items()]
    postcode = data.draw(st.sampled_from(sorted(table)))
    other = data.draw(st.integers(1, 10).filter(lambda decile: decile != table[postcode]))
    rows.insert(data.draw(st.integers(0, len(rows))), f"{postcode.lower()},{other}")
    (said,) = refused(*rows)
    assert f"{other}" in said
    assert f"{table[postcode]}" in said


@given(TABLES, st.data())
def test_every_bad_row_is_named_by_its_line_and_no_good_one_is(table, data):
    rows = [(f"{postcode},{decile}", False) for postcode, decile in table.items()]
    bad = st.sampled_from(["XA5,3", "12345,3", ",3", "XA5 7HL,0", "XA5 7HL,11", "XA5 7HL,-1", "XA5 7HL,x", "XA5 7HL,²"])
    for row in data.draw(st.lists(bad, min_size=1, max_size=5)):
        rows.insert(data.draw(st.integers(0, len(rows))), (row, True))
    expected = [f"line {number}" for number, (_, is_bad) in enumerate(rows, start=2) if is_bad]
    assert [said.partition(":")[0] for said in refused(*(row for row, _ in rows))] == expected


@given(st.text())
def test_no_text_makes_the_reading_fail(text):
    found = deprivation.read(text.splitlines(keepends=True))
    assert isinstance(found, Deciles) or found


def test_the_same_row_twice_says_nothing_new():
    assert taken("XA5 7HL,3", "xa57hl,3").of == {"XA57HL": 3}


def test_a_row_without_a_decile_is_the_publishers_not_known_and_is_counted():
    found = taken("XA5 7HL,3", "XA5 7HN,", "XA5 7HP")
    assert (dict(found.of), found.without) == ({"XA57HL": 3}, 2)


@pytest.mark.parametrize(
    "header",
    [
        "Postcode,Decile", "POSTCODE,IMD Decile", "pcds,Index of Multiple Deprivation Decile",
        "pcd7,Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    ],
)  # fmt: skip
def test_the_columns_are_known_as_publishers_head_them(header):
    assert taken("XA5 7HL,3", header=header).of == {"XA57HL": 3}


def test_a_column_of_another_name_is_named():
    columns = lines("3,XA5 7HL", header="Tenth,Post code of home")
    assert isinstance(deprivation.read(columns, postcode="Post code of home", decile="Tenth"), Deciles)
    assert not isinstance(deprivation.read(columns), Deciles)


@pytest.mark.parametrize("header", ["LSOA code,Decile", "Postcode,Rank", "Postcode,Decile,IMD Decile", ""])
def test_a_table_without_one_column_of_each_is_refused(header):
    (said,) = refused("XA5 7HL,3", header=header)
    assert said.startswith("line 1: ")


@pytest.mark.parametrize("rows", [[], ["XA5 7HL,"]])
def test_a_table_that_gives_nobody_a_decile_is_refused(rows):
    assert refused(*rows) == ["file: It gives no postcode a decile."]


def test_a_quote_that_is_not_closed_is_told():
    assert refused('"XA5 7HL,3', "XA5 7HN,4")[0].startswith("file: It is no CSV")


def test_of_a_file_of_nothing_else_the_first_thousand_faults_are_told():
    said = refused(*(f"{number},3" for number in range(1500)))
    assert len(said) == 1001
    assert "500 more" in said[-1]
