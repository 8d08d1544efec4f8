"""An audit's file without the patient who opted out, by two people; the board's report; an FLS-DB file brought in."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from tests.pages.world import NHS, PASSWORD

pytestmark = pytest.mark.browser

FLS_DB = (
    "NHS Number,Surname,Date of Birth,1.03 Gender,1.07 DateFLSAssess,1.09 Date Index Frac Diagnosed,"
    "1.11 SiteFirstFrac,4.01 BoneTherapy\r\n"
    "9990000077,HISTORIC,02/02/1940,Female,20/01/2024,10/01/2024,Non hip/non spine,Donít know\r\n"
    ",NOBODY,,Female,20/01/2024,10/01/2024,Hip,Alendronate\r\n"
)


def check_opt_out(visitor, patient: str, answer: str) -> None:
    page = visitor.page
    visitor.goes_to(f"{patient}enter/opt-out/")
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Check for a national data opt-out saved").wait_for()


def fill_day(page, name: str, day: int, month: int, year: int) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f"#{name}-{part}").fill(str(value))


def test_an_export_leaves_by_two_peoples_word_without_whoever_opted_out(visitor, service):
    carys = visitor("carys", accept_downloads=True)
    page = carys.page
    check_opt_out(carys, service.address("Cyril"), "Yes")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit exports").click()
    assert carys.faults_of_access() == []
    page.get_by_role("button", name="Ask for an export").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("There is a problem").wait_for()
    assert carys.faults_of_access() == []
    page.get_by_label("FLS-DB").check()
    page.get_by_label("Aldermere Royal").or_(page.get_by_label("Site")).first.select_option("X1A01")
    fill_day(page, "first", 1, 1, 2020)
    page.get_by_role("button", name="Ask", exact=True).click()

    # It waits for those whom nobody has asked.
    page.get_by_role("heading", name=re.compile(r"Export \d+: FLS-DB")).wait_for()
    number = re.search(r"/exports/(\d+)/", page.url)[1]
    page.get_by_text("It can't leave now").wait_for()
    assert carys.faults_of_access() == []
    page.get_by_role("link", name="See who they are").click()
    unchecked = [link.get_attribute("href") for link in page.locator("tbody th a").all()]
    assert {service.address("Beryl"), service.address("Doris")} <= set(unchecked)
    for patient in unchecked:
        check_opt_out(carys, patient, "No")
    carys.goes_to(f"/exports/{number}/")

    # She sees what is missing, and that somebody else must approve.
    told = page.locator("main").inner_text()
    assert re.search(r"1\s+left out: national data opt-out", told)
    assert "must be another person than the one who asked" in told
    assert carys.faults_of_access() == []

    # The manager approves with her password.
    morag = visitor("morag")
    morag.goes_to(f"/exports/{number}/")
    morag.page.get_by_label("Your password, again").fill("not it")
    morag.page.get_by_role("button", name="Approve: let it leave").click()
    morag.page.get_by_role("link", name="The password is not right").wait_for()
    assert morag.faults_of_access() == []
    morag.page.get_by_label("Your password, again").fill(PASSWORD)
    morag.page.get_by_role("button", name="Approve: let it leave").click()
    morag.page.get_by_text("The file can be taken now").wait_for()

    page.reload()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the file").click()
    label, headers, *rows = csv.reader(StringIO(Path(download.value.path()).read_text("utf-8-sig")))
    numbers = {row[headers.index("NHS Number")] for row in rows}
    assert "NOT the official import specification" in label[0]
    assert {NHS[1], NHS[3]} <= numbers
    assert NHS[2] not in numbers  # Cyril opted out
    assert carys.broken == morag.broken == []


def test_a_manager_takes_the_boards_report(visitor, service):
    morag = visitor("morag", accept_downloads=True)
    page = morag.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Board report").click()
    assert morag.faults_of_access() == []
    page.get_by_label("Site").select_option("X1A01")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the report").click()
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"StructTreeRoot" in pdf


def test_a_coordinator_brings_an_fls_db_file_in(visitor, service):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/uploads/new/")
    page.get_by_label("Name of a new feed").fill("flsdb")
    page.get_by_label("Kind of list").select_option("fls_db")
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": FLS_DB.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("UTF-8 (Excel", exact=False).check()
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("of 2 rows would give facts").wait_for()
    assert "Ask the audit for an export with NHS numbers" in page.locator("main").inner_text()
    page.get_by_role("button", name="Confirm: let it count").click()
    page.get_by_role("button", name="Confirm: let it count").wait_for(state="detached")
    service.work()
    page.get_by_role("searchbox").fill("historic")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=re.compile("HISTORIC")).first.click()
    told = page.locator("main").inner_text().casefold()
    assert "enrolled" in told
    assert "don't know" in told
