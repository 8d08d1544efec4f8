"""CSV files to rows: columns by their headers or a word of the caller; what can't be read is told, its row stays."""

from datetime import date

import pytest

pytest.importorskip("splink", reason="the extra `linkage` is not installed")

from openfls.clinical.patients import Sex
from openfls.feeds.csv.faults import Fault
from openfls.linkage.files import Columns, read_file

TODAY = date(2026, 11, 26)


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes, columns: Columns | None = None, **options):
        path = tmp_path / "list.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_file(path, columns or Columns(), source="list.csv", today=TODAY, **options)

    return read


LIST = """Record ID,Surname,First Name,D.O.B.,Gender,Postcode,NHS No
17,MacDonald,Anne,06/05/1940,F,XA5 7HL,999 000 0018
18,Brown,,1941-05-06,2,,
"""


def test_columns_are_known_by_their_headers(read):
    found = read(LIST)
    first, second = found.rows
    assert (first.id, first.postcode, first.source) == ("list.csv/17", "XA57HL", "list.csv")
    assert (first.record.family_name, first.record.birth_date) == ("MacDonald", date(1940, 5, 6))
    assert (first.record.nhs_number, first.record.sex) == ("9990000018", Sex.FEMALE)
    assert (second.record.given_name, second.record.nhs_number, second.record.sex) == ("", None, Sex.FEMALE)
    assert found.columns["birth_date"] == "D.O.B."
    assert not found.unreadable


def test_the_caller_names_columns_and_further_details(read):
    text = "key,last,born,town,mail,who\n1,Brown,06/05/1940,Aldermere,A@Example.org,p1\n"
    columns = Columns(
        {"id": "key", "family_name": "last", "birth_date": "born", "postcode": "town"}, also=("mail",), truth="who"
    )
    (row,) = read(text, columns).rows
    assert (row.id, row.record.family_name, row.postcode) == ("list.csv/1", "Brown", "ALDERMERE")
    assert (row.also, row.truth) == (("aexampleorg",), "p1")


def test_a_row_without_an_id_is_named_by_its_number(read):
    assert [row.id for row in read("surname,dob\nBrown,1940-05-06\nGreen,1941-05-06\n").rows] == [
        "list.csv/row 2", "list.csv/row 3",
    ]  # fmt: skip


def test_a_cell_that_cannot_be_read_is_told_and_its_row_stays(read):
    found = read("surname,dob,nhs\nBrown,31/02/1940,9990000017\n")
    assert [row.record.birth_date for row in found.rows] == [None]
    assert [(one.place, one.reason.split("'")[1]) for one in found.unreadable] == [
        ("list.csv, row 2", "9990000017"), ("list.csv, row 2", "31/02/1940"),
    ]  # fmt: skip


def test_dates_are_read_in_the_form_that_is_declared(read):
    (row,) = read("surname,dob\nBrown,05.06.1940\n", dates=["dd.mm.yyyy"]).rows
    assert row.record.birth_date == date(1940, 6, 5)


REFUSED = [
    ("nothing to compare", "town,colour\na,b\n", "header", "--column family_name"),
    ("an empty file", "", "header", "--column family_name"),
    ("one id twice", "id,surname\n1,a\n1,b\n", "row 3", "id of its own"),
    ("an open quote", 'id,surname\n1,"a\n', "line", "Close every quote"),
    ("other bytes than declared", b"surname\nZo\xeb\n", "byte", "encoding"),
]


@pytest.mark.parametrize(("what", "text", "place", "mend"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_a_file_that_cannot_be_linked_says_where_and_how_to_mend_it(read, what, text, place, mend):
    with pytest.raises(Fault) as refused:
        read(text)
    assert place in refused.value.unreadable.place
    assert mend in refused.value.unreadable.mend


def test_a_column_that_is_not_there_is_named_with_those_that_are(read):
    with pytest.raises(Fault, match="no column 'who'") as refused:
        read(LIST, Columns(truth="who"))
    assert "Surname" in refused.value.unreadable.mend
