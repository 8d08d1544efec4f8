"""Hospital lists in XLSX: real dates, formulas, sheets, and workbooks that are made to do harm."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from importlib.resources import files

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.facts import FractureSighting
from openfls.clinical.when import at, on
from openfls.feeds.csv import archive, read, workbook
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.reading import Origin, Reading, Unreadable

ORIGIN = Origin("X9A/trauma", datetime(2026, 3, 20, tzinfo=UTC), site="X9A01", mapping="trauma_meeting")
HEADERS = ["Meeting Date", "Hosp No", "NHS No", "Surname", "DOB", "Injury Date", "Diagnosis"]
ROW = [date(2026, 3, 12), "H1", 9990000018, "SMITH", date(1940, 2, 1), date(2026, 3, 11), "# NOF L"]


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_book(*rows, headers=HEADERS):
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    return book


def read_rows(*rows):
    return read(saved(a_book(*rows)), ORIGIN)


def sightings(reading):
    return [fact for fact in reading.facts if isinstance(fact, FractureSighting)]


def repacked(content, change):
    """The workbook with its parts changed: ``change(name, part)`` gives the new part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
    return out.getvalue()


def in_the_sheet(old, new):
    return lambda name, part: part.replace(old, new) if name.endswith("sheet1.xml") else part


def sharing(content):
    """The workbook with its texts in a part of their own, as spreadsheet programs write them; openpyxl writes none."""
    texts = []

    def shared(found):
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    def change(name, part):
        words = part.decode()
        if name.endswith("sheet1.xml"):
            words = re.sub(r'(<c r="\w+"(?: s="\d+")?) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', shared, words)
        kind = "officedocument.spreadsheetml.sharedStrings+xml"
        if name == "[Content_Types].xml":
            override = (
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-{kind}"/>'
            )
            words = words.replace("</Types>", override + "</Types>")
        return words.encode()

    changed = io.BytesIO(repacked(content, change))
    with zipfile.ZipFile(changed, "a") as archive:
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        schema = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", f'<?xml version="1.0"?><sst xmlns="{schema}">{items}</sst>')
    assert texts
    return changed.getvalue()


@pytest.mark.parametrize("name", packaged().names)
def test_a_sample_saved_as_a_workbook_gives_what_it_gives_as_csv(name):
    text = (files("openfls.feeds.csv") / "samples" / f"{name}.csv").read_text()
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","):
        book.active.append(row)
    origin = Origin(f"X9A/{name}", datetime(2026, 4, 1, tzinfo=UTC), site="X9A01", mapping=name)
    as_csv, as_xlsx = read(text.encode(), origin), read(saved(book), origin)
    assert as_csv.facts
    assert [(f.kind, f.key, f.occurred, f.record) for f in as_xlsx.facts] == [
        (f.kind, f.key, f.occurred, f.record) for f in as_csv.facts
    ]
    assert as_xlsx.unreadable == as_csv.unreadable
    assert as_xlsx.words == as_csv.words


def test_real_dates_and_numbers_are_read_as_what_they_are():
    [sighting] = sightings(read_rows(ROW))
    assert sighting.occurred == on(date(2026, 3, 11))
    assert sighting.record.birth_date == date(1940, 2, 1)
    assert sighting.record.nhs_number == "9990000018"


def test_a_real_date_with_a_time_keeps_it_and_text_dates_stand_beside():
    timed, text = sightings(
        read_rows([*ROW[:5], datetime.fromisoformat("2026-03-11T14:05"), "# NOF"], [*ROW[:5], "11/03/2026", "Colles #"])
    )
    assert timed.occurred == at(datetime.fromisoformat("2026-03-11T14:05"))
    assert text.occurred == on(date(2026, 3, 11))


@pytest.mark.parametrize("value", [46092, time(14, 5), True, 3.5])
def test_a_cell_that_is_no_date_in_a_date_column_is_an_unreadable_row(value):
    [wrong] = read_rows([*ROW[:5], value, "# NOF"]).unreadable
    assert wrong.place == "row 2, column Injury Date"


def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_an_unreadable_row():
    [wrong] = read_rows([ROW[0], 1234567890123456789, *ROW[2:]]).unreadable
    assert wrong.place == "row 2, column Hosp No"
    assert "rounded" in wrong.reason


def test_a_formula_without_a_stored_value_is_an_unreadable_cell_and_the_other_rows_count():
    found = read_rows([*ROW[:6], '="# NOF"'], ROW)
    [wrong] = found.unreadable
    assert wrong.place == "row 2, column Diagnosis"
    assert "formula" in wrong.reason
    assert len(sightings(found)) == 1


def test_a_formula_with_a_stored_value_is_read_by_its_value():
    content = saved(a_book([*ROW[:6], "=1"]))
    stored = in_the_sheet(b'r="G2"><f>1</f><v />', b'r="G2" t="str"><f>1</f><v># NOF</v>')
    [sighting] = sightings(read(repacked(content, stored), ORIGIN))
    assert sighting.words == "# NOF"


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell():
    content = saved(a_book([*ROW[:2], "=1", *ROW[3:]]))
    stored = in_the_sheet(b'r="C2"><f>1</f><v />', b'r="C2" t="str"><f>1</f><v></v>')
    [sighting] = sightings(read(repacked(content, stored), ORIGIN))
    assert sighting.record.nhs_number is None


def test_shared_strings_as_spreadsheet_programs_write_them_are_read():
    [sighting] = sightings(read(sharing(saved(a_book(ROW))), ORIGIN))
    assert sighting.words == "# NOF L"
    assert sighting.record.family_name == "SMITH"


def test_a_formula_in_a_column_that_is_not_read_harms_nothing():
    content = saved(a_book([*ROW, "=NOW()"], headers=[*HEADERS, "Age"]))
    assert len(sightings(read(content, ORIGIN))) == 1


def test_a_cell_that_shows_an_error_is_an_unreadable_row():
    [wrong] = read_rows([*ROW[:6], "#N/A"]).unreadable
    assert wrong.place == "row 2, column Diagnosis"


def test_every_sheet_whose_headers_fit_is_read_and_the_others_are_named():
    book = a_book(ROW)
    book.active.title = "Monday"
    tuesday = book.create_sheet("Tuesday")
    for row in (HEADERS, [ROW[0], "H2", *ROW[2:]]):
        tuesday.append(row)
    book.create_sheet("Rota").append(["who", "when"])
    hidden = book.create_sheet("Old")
    hidden.append(HEADERS)
    hidden.sheet_state = "hidden"
    found = read(saved(book), ORIGIN)
    assert [s.source.position for s in sightings(found)] == [
        "sheet Monday, row 2, fracture 1",
        "sheet Tuesday, row 2, fracture 1",
    ]
    assert "sheet 'Rota' was not read: its headers don't fit" in found.notes
    assert "sheet 'Old' is hidden and was not read" in found.notes


def test_a_workbook_without_fitting_headers_says_what_is_missing():
    found = read(saved(a_book(headers=["Hosp No", "Name"])), ORIGIN)
    assert isinstance(found, Unreadable)
    assert "Diagnosis" in found.reason


def test_a_shorter_row_of_a_workbook_has_blank_cells():
    [wrong] = read_rows(ROW[:5]).facts
    assert wrong.certain == "unknown"


def test_formatted_blank_rows_down_to_the_last_are_passed_over():
    book = a_book(ROW)
    book.active.cell(row=1_048_576, column=3).value = " "
    assert len(sightings(read(saved(book), ORIGIN))) == 1


# Harm


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, workbook.OLE_MAGIC + b"\0" * 600])
def test_what_is_no_workbook_is_unreadable(content):
    assert isinstance(read(content, ORIGIN), Unreadable)


def test_an_old_or_protected_workbook_says_how_to_save_it():
    found = read(workbook.OLE_MAGIC, ORIGIN)
    assert "Save it as XLSX without a password." in found.mend


def bomb(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_a_part_that_unpacks_too_many_times_its_size_is_refused_before_it_is_unpacked():
    found = read(bomb(sheet=b"\0" * 20_000_000), ORIGIN)
    assert "100 times" in found.reason


def test_too_many_parts_are_refused():
    found = read(bomb(**{f"part{n}": b"" for n in range(2_001)}), ORIGIN)
    assert "2,001 parts" in found.reason


def test_too_large_a_whole_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 1_000)
    found = read(saved(a_book(ROW)), ORIGIN)
    assert "at most 1,000" in found.reason


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(saved(a_book(ROW)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = content.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    assert lie != content
    assert isinstance(read(bytes(lie), ORIGIN), Unreadable)


@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/sharedStrings.xml"],
)
def test_xml_entities_are_refused(part):
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'

    def poisoned(name, content):
        start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:start] + entities + content[start:] if name == part else content

    found = read(repacked(sharing(saved(a_book(ROW))), poisoned), ORIGIN)
    assert isinstance(found, Unreadable)
    assert "entities" in found.reason


def test_a_huge_cell_makes_its_row_unreadable():
    [wrong] = read_rows([*ROW[:6], "x" * 20_000]).unreadable
    assert wrong.place == "row 2, column Diagnosis"


BOOK = saved(a_book(ROW, ROW))


@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_damaged_workbook_gives_a_reading_or_a_reason(place, damage):
    assert isinstance(read(BOOK[:place] + damage + BOOK[place + len(damage) :], ORIGIN), Reading | Unreadable)


@given(st.integers(0, len(BOOK) - 1))
@settings(max_examples=100, deadline=None)
def test_a_workbook_cut_short_is_unreadable(length):
    assert isinstance(read(BOOK[:length], ORIGIN), Unreadable)
