"""A vertebral fracture that a scan for something else showed: the coordinator reads the sentence, confirms, and the
tasks of the service appear. And a report that the reader passed over: the nurse finds what it missed."""

import pytest

pytestmark = pytest.mark.browser

PATIENT = "PATIENT900, Ann"


def waiting(page, name: str):
    return page.locator("li[data-row]", has_text=name)


def test_a_coordinator_confirms_an_incidental_vertebral_fracture(visitor):
    carys = visitor("carys")
    page = carys.page

    # Nobody is enrolled on text alone: it waits, suspected, with the sentence and the mention in it marked.
    carys.goes_to("/triage/?page=2")  # the oldest fractures stand first
    row = waiting(page, PATIENT)
    said = row.locator(".openfls-triage__words li")
    assert "radiology report: “Incidental note is made of" in said.inner_text()
    assert "T12; suspected" in said.inner_text()
    assert said.locator("mark").inner_text() == "moderate wedge compression fracture of T12"
    assert "suspected only: no finder has confirmed it" in row.inner_text()
    assert carys.faults_of_access() == []

    # She confirms with one key.
    row.focus()
    page.keyboard.press("e")
    row.get_by_text("saved: enrol").wait_for()

    # The patient is the service's own, and the tasks are there.
    row.get_by_role("link", name=PATIENT).click()
    main = page.locator("main")
    told = main.inner_text()
    assert "radiology report: spine T12; suspected" in told
    for task in ("Assess:", "Assess falls:", "Decide treatment:"):
        assert task in told
    main.get_by_role("link", name="FLS assessment").first.click()
    page.get_by_label("Who assessed").wait_for()


def test_a_nurse_checks_reports_read_as_negative(visitor):
    nadia = visitor("nadia")
    page = nadia.page
    page.get_by_role("link", name="Reports to check").first.click()
    assert nadia.faults_of_access() == []
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("The list is yours.").wait_for()
    page.get_by_role("link", name="Check the next").click()
    assert nadia.faults_of_access() == []

    # A fracture needs its bone.
    page.get_by_label("There is a fracture: it was missed").check()
    page.get_by_role("button", name="Save and show the next").click()
    page.get_by_text("There is a problem").wait_for()
    page.get_by_label("Which bone").select_option("wrist")
    page.get_by_role("button", name="Save and show the next").click()
    page.get_by_text("Saved: a fracture; it waits for triage now.").wait_for()

    # The other two hold none.
    for last in (False, True):
        page.get_by_label("No new fracture").check()
        page.get_by_role("button", name="Save and show the next").click()
        page.get_by_text("The list is done." if last else "Saved: no fracture.").wait_for()
    assert "1 of 3 checked reports had a fracture, 33.3%" in page.locator("main").inner_text()
    page.get_by_role("link", name="Feeds").first.click()
    assert "What the reader of radiology reports misses" in page.locator("main").inner_text()
    assert nadia.faults_of_access() == []
