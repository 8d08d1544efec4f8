"""A coordinator uploads a list with errors, mends them, undoes the whole; by keyboard alone; for everybody."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

HEADERS = "Meeting Date,Referral ID,NHS No,Hosp No,Surname,Forename,DOB,Sex,Injury Date,Diagnosis,Side,Ward,Mechanism"
ROW = "12/03/2026,U{n},,U{n},UPLOADED{n},Una,01/02/1940,F,{day},# NOF,L,T1,fell from standing"
BY_HAND = b"Pt,No,Born,What,When\r\nBYHAND Hanna,H900,01/02/1940,# NOF,11/03/2026\r\n"


def listing(*days: str) -> bytes:
    rows = [ROW.format(n=n, day=day) for n, day in enumerate(days, start=1)]
    return "\r\n".join([HEADERS, *rows, ""]).encode()


def file(content: bytes, name: str = "trauma.csv") -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def choose(page, content: bytes, feed: str, kind: str = "trauma_meeting") -> None:
    page.get_by_label("Name of a new feed").fill(feed)
    page.get_by_label("Kind of list").select_option(kind)
    page.locator("input[type=file]").set_input_files(file(content))
    page.get_by_label("UTF-8 (Excel", exact=False).check()
    page.get_by_role("button", name="Try it").click()


def waiting(page) -> int:
    told = page.get_by_role("navigation", name="Main").get_by_role("link", name="Triage").inner_text()
    found = re.search(r"\d+", told)
    return int(found[0]) if found else 0


def until_done(page, service) -> None:
    """The worker does what waits; the page notices by itself."""
    service.work()
    page.locator("[data-progress]").wait_for(state="detached")


def test_a_list_with_errors_is_uploaded_mended_and_undone(visitor, service):
    carys = visitor("carys", accept_downloads=True)
    page = carys.page
    before = waiting(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Uploads").click()
    page.get_by_role("button", name="Upload a list").click()
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("There is a problem").wait_for()
    choose(page, listing("11/03/2026", "31/02/2026", "10/03/2026"), "uploaded")

    # She sees what would count before anything does.
    page.get_by_text("of 3 rows would give facts").wait_for()
    assert "row 3, column Injury Date" in page.locator("main").inner_text()
    assert "UPLOADED1, Una" in page.locator("main").inner_text()
    page.get_by_role("button", name="Confirm: let it count").click()
    until_done(page, service)
    assert "1 row can't be read" in page.locator("main").inner_text()
    address = page.url
    assert waiting(page) == before + 2

    # She takes the row, mends it, and sends it.
    with page.expect_download() as download:
        page.get_by_role("link", name="Take these rows as a CSV file").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert text.count("UPLOADED") == 1
    page.get_by_role("link", name="Upload the mended rows").click()
    mended = text.replace("31/02/2026,#", "11/03/2026,#").encode()
    page.locator("input[type=file]").set_input_files(file(mended, "mended.csv"))
    page.get_by_label("UTF-8 (Excel", exact=False).check()
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Confirm: let it count").click()
    until_done(page, service)
    assert waiting(page) == before + 3

    # It was the wrong month: she undoes the whole of it, the mended row with it.
    page.goto(address)
    page.get_by_role("button", name="Undo the upload").click()
    page.get_by_role("link", name="Enter why it is undone").wait_for()
    page.get_by_label("Why it is undone").fill("the list of another month")
    page.get_by_role("button", name="Undo the upload").click()
    until_done(page, service)
    assert "Undone by Carys Tester" in page.locator("main").inner_text()
    assert waiting(page) == before
    page.get_by_role("searchbox").fill("uploaded1")
    page.get_by_role("button", name="Find").click()
    assert "UPLOADED1" not in page.locator("main").inner_text()

    # And restores it, by the keyboard.
    page.goto(address)
    page.get_by_role("button", name="Restore it").focus()
    page.keyboard.press("Enter")
    until_done(page, service)
    assert waiting(page) == before + 3
    page.get_by_label("Why it is undone").fill("tidy for the others")
    page.get_by_role("button", name="Undo the upload").click()
    until_done(page, service)


def press_until(page, name: str, key: str = "Tab", most: int = 80) -> None:
    """Go on by the keyboard until the focus is on what has this name."""
    for _ in range(most):
        focused = page.evaluate('() => [document.activeElement.id, document.activeElement.innerText || ""]')
        if name == focused[0] or name == focused[1].strip():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} can't be reached by the keyboard")


def test_columns_are_matched_and_an_upload_confirmed_by_the_keyboard_alone(visitor, service):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/uploads/new/")
    press_until(page, "new_feed")
    page.keyboard.type("by-hand")
    press_until(page, "mapping")
    page.keyboard.type("Trauma")
    page.locator("input[type=file]").set_input_files(file(BY_HAND))  # the system's own window: no page's matter
    press_until(page, "encoding")
    page.keyboard.press("Space")
    press_until(page, "Try it")
    page.keyboard.press("Enter")
    page.get_by_text("This list can't be read as it is").wait_for()
    press_until(page, "Match the columns by hand")
    page.keyboard.press("Enter")
    page.get_by_text("Still without a column").wait_for()
    for number, words in enumerate(
        ("whole name", "hospital number", "date of birth", "diagnosis in", "date of the inj")
    ):
        press_until(page, f"column-{number}")
        page.keyboard.type(words)
    press_until(page, "Use these and try again")
    page.keyboard.press("Enter")
    page.get_by_text("of 1 row would give facts").wait_for()
    assert "BYHAND" in page.locator("main").inner_text()
    assert "nobody has checked it" in page.locator("main").inner_text()
    press_until(page, "Discard")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing of it counts, and the file is forgotten.").wait_for()


def test_every_page_of_an_upload_is_without_faults_of_access(visitor, service):
    carys = visitor("carys")
    page = carys.page
    found = {}

    def look(name: str) -> None:
        found[name] = carys.faults_of_access()

    carys.goes_to("/uploads/new/")
    look("new")
    page.get_by_role("button", name="Try it").click()
    look("new, refused")
    choose(page, listing("11/03/2026", "31/02/2026"), "axe")
    look("trial")
    address = page.url
    carys.goes_to(f"{address.removeprefix(service.url)}columns/")
    look("columns")
    page.goto(address)
    page.get_by_role("button", name="Confirm: let it count").click()
    look("under way")
    until_done(page, service)
    look("read, with errors")
    page.get_by_role("link", name="Upload the mended rows").click()
    look("mend")
    page.goto(address)
    page.get_by_label("Why it is undone").fill("a test")
    page.get_by_role("button", name="Undo the upload").click()
    until_done(page, service)
    look("undone")
    carys.goes_to("/uploads/")
    look("list")
    carys.goes_to("/feeds/")
    look("feeds")
    assert found == dict.fromkeys(found, [])


def test_without_a_script_the_page_says_how_far_it_is(visitor, service):
    nadia = visitor("carys", java_script_enabled=False)
    page = nadia.page
    nadia.goes_to("/uploads/new/")
    choose(page, listing("11/03/2026"), "no-script")
    page.get_by_role("button", name="Confirm: let it count").click()
    assert "being read" in page.locator("main").inner_text()
    service.work()
    page.get_by_role("link", name="See how far it is").click()
    assert "It gave 1 fact" in page.locator("main").inner_text()
    page.get_by_label("Why it is undone").fill("tidy for the others")
    page.get_by_role("button", name="Undo the upload").click()
    service.work()
