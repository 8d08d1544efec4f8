"""The rows of a list that could not be read go out as a list, are mended there, and come back as what they were."""

import json
from datetime import UTC, date, datetime, time
from importlib.resources import files
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.feeds.csv import read
from openfls.feeds.csv.faults import Fault
from openfls.feeds.csv.mapping import Mapping
from openfls.feeds.csv.mapping_files import mapping_in
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.csv.matching import IGNORED, matched, plain_from
from openfls.feeds.csv.mending import MIGHT_RUN, OUR_HEADERS, rows_to_mend, safe, written_cell
from openfls.feeds.csv.text import _plain, lines
from openfls.feeds.reading import Origin, Reading

TRAUMA = packaged().named("trauma_meeting")
ORIGIN = Origin("X9A/trauma", datetime(2026, 3, 20, 9, tzinfo=UTC), site="X9A01", mapping="trauma_meeting")
HEADERS = "Meeting Date,Referral ID,Hosp No,Surname,Forename,DOB,Injury Date,Diagnosis,Side,Mechanism"
GOOD = "12/03/2026,T{n},H{n},SMITH{n},Anne,01/02/1940,11/03/2026,# NOF,L,fell from standing"


def listing(*rows: str) -> bytes:
    return "\r\n".join([HEADERS, *rows, ""]).encode()


def good(n: int) -> str:
    return GOOD.format(n=n)


def to_mend(content: bytes, origin: Origin = ORIGIN) -> str:
    found = read(content, origin)
    assert isinstance(found, Reading)
    return "".join(rows_to_mend(content, TRAUMA, origin, found.unreadable))


def test_only_the_rows_that_could_not_be_read_go_out_with_what_is_wrong():
    bad = good(2).replace("01/02/1940", "31/02/1940")
    written = to_mend(listing(good(1), bad, good(3))).splitlines()
    assert written[0] == ",".join([*OUR_HEADERS, HEADERS])
    (row,) = written[1:]
    assert row.startswith("3,\"'31/02/1940' is no day of the calendar")
    assert row.endswith(bad)


def test_mended_they_give_what_they_would_have_given():
    bad = [good(n).replace("11/03/2026", "soon") for n in (2, 4)]
    mended = to_mend(listing(good(1), bad[0], good(3), bad[1])).replace("soon,# NOF", "11/03/2026,# NOF")
    found = read(mended.encode("utf-8-sig"), ORIGIN)
    assert [fact.key for fact in found.facts] == [f"X9A/trauma/T{n}/fracture/1" for n in (2, 4)]
    assert found.unreadable == ()
    assert not [note for note in found.notes if "OpenFLS" in note]


def test_a_row_with_too_many_cells_goes_out_whole():
    content = listing(good(1) + ",one,two")
    (_, row) = to_mend(content).splitlines()
    assert row.endswith("fell from standing,one,two")


def test_a_cell_that_would_run_goes_out_harmless_and_comes_back_as_it_was():
    bad = good(1).replace("SMITH1", "=cmd()").replace("fell from standing", "-fell").replace("01/02/1940", "x")
    written = to_mend(listing(bad))
    assert ",'=cmd()," in written
    assert ",'-fell" in written
    back = read(written.replace(",x,", ",01/02/1940,").encode(), ORIGIN)
    assert (back.facts[0].record.family_name, back.facts[0].words) == ("=cmd()", "# NOF; -fell")


@given(st.text(st.sampled_from("'=+-@a\t"), max_size=6))
def test_what_goes_out_never_runs_and_comes_back_as_it_was(cell):
    assert _plain(safe(cell)) == cell
    assert safe(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert bool(MIGHT_RUN.match(cell)) is (safe(cell) != cell)


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_of_a_workbook_dates_go_out_as_the_mapping_writes_them_and_sheets_under_one_head():
    head = ["Meeting Date", "Referral ID", "Hosp No", "Surname", "DOB", "Injury Date", "Diagnosis"]
    other = ["Referral ID", "Meeting Date", "Last Name", "Hosp No", "DOB", "Injury Date", "Diagnosis"]
    clock = datetime(2026, 3, 12, 8, 30)  # noqa: DTZ001 (as a spreadsheet holds it)
    content = workbook(
        one=[head, [date(2026, 3, 12), "T1", "H1", "SMITH", "x", date(2026, 3, 11), "# NOF"]],
        two=[other, ["T2", clock, "JONES", "H2", "y", date(2026, 3, 11), "# NOF"]],
    )
    _, one, two = to_mend(content).splitlines()
    assert one.endswith("12/03/2026,T1,H1,SMITH,x,11/03/2026,# NOF")
    assert two.endswith("12/03/2026 08:30:00,T2,H2,JONES,y,11/03/2026,# NOF")
    back = read(to_mend(content).replace(",x,", ",01/02/1940,").replace(",y,", ",01/02/1940,").encode(), ORIGIN)
    assert [fact.record.family_name for fact in back.facts] == ["SMITH", "JONES"]


def test_a_clock_alone_goes_out_as_one():
    assert written_cell(time(8, 5), TRAUMA) == "08:05"


def test_of_an_unreadable_list_there_are_no_rows():
    with pytest.raises(Fault):
        list(rows_to_mend(b"a,b\r\n1,2\r\n", TRAUMA, ORIGIN, read(listing("x"), ORIGIN).unreadable))
    assert list(rows_to_mend(listing(good(1)), TRAUMA, ORIGIN, ())) == [",".join(OUR_HEADERS) + "\r\n"]


# --- Matching by hand ---

FOREIGN = b"Hip list,,,\r\nPt,Unit,Born,What,When,Who knows\r\nSMITH Anne,H1,01/02/1940,# NOF,11/03/2026,x\r\n"


def test_headers_that_do_not_fit_are_found_all_the_same_with_what_is_wanted():
    found = matched(FOREIGN, TRAUMA, ORIGIN)
    assert found.headers == tuple((header, "") for header in ("Pt", "Unit", "Born", "What", "When", "Who knows"))
    assert found.examples == ("SMITH Anne", "H1", "01/02/1940", "# NOF", "11/03/2026", "x")
    assert not found.fits
    assert found.wanted[1] == "diagnosis in words"


def test_headers_that_fit_say_what_each_means_and_which_are_not_read():
    found = matched(listing(good(1)).replace(b"Mechanism", b"Bed"), TRAUMA, ORIGIN)
    assert found.fits
    assert dict(found.headers)["Surname"] == "family_name"
    assert dict(found.headers)["Bed"] == IGNORED


CHOSEN = {
    "Pt": "full_name", "Unit": "hospital_number", "Born": "birth_date", "What": "diagnosis", "When": "injury_date",
    "Who knows": IGNORED,
}  # fmt: skip


def plain(**changes):
    text = (files("openfls.feeds.csv") / "mappings/trauma_meeting.json").read_text()
    return plain_from(json.loads(text), "ours", "Ours", CHOSEN | changes, "C. Coordinator", "2026-03-20")


def test_a_mapping_made_by_hand_reads_the_list_and_says_by_whom_and_that_nobody_has_checked_it():
    made = plain()
    assert (made["authored_by"], made["authored_on"], made["checked_by"]) == ("C. Coordinator", "2026-03-20", None)
    ours = mapping_in(json.dumps(made).encode(), "ours", "ours.json")
    assert isinstance(ours, Mapping), ours
    found = matched(FOREIGN, ours, ORIGIN)
    assert found.fits
    assert dict(found.headers) == CHOSEN


def test_what_was_chosen_stands_above_what_the_base_says_of_the_same_header():
    made = plain(Surname="hospital_number", Unit="")
    assert "Surname" not in made["columns"]["family_name"]
    assert made["columns"]["hospital_number"][0] == "Surname"


def test_two_columns_of_one_meaning_are_refused_where_there_may_be_one():
    with pytest.raises(ValueError, match="two columns mean the same: hospital number"):
        plain(Pt="hospital_number")


def test_a_quote_mark_of_a_name_is_kept():
    (line,) = lines("'t Hooft,'-x,''=y", ",")
    assert line.cells == ("'t Hooft", "-x", "'=y")
