"""A coordinator describes her service a step at a time, the manager of two sites compares it, a team answers."""

import pytest

from tests.pages.world import HOME

pytestmark = pytest.mark.browser


def test_a_service_is_described_saved_and_compared(visitor):
    tara = visitor("tara")
    page = tara.page
    page.get_by_role("link", name="Profiles").click()
    page.get_by_role("link", name="Fill it in with the profile of Aldermere Royal").click()

    # The first step is skipped; a slip in the second is told at its box, and nothing is lost.
    assert page.get_by_role("heading", name="The service").is_visible()
    page.get_by_role("link", name="Skip this step").click()
    nurses = page.get_by_role("group", name="Nurse")
    nurses.get_by_label("Band 6").fill("0,6")
    nurses.get_by_label("Band 7").fill("1")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Nurse, band 6: write a number, like 12 or 0.5").click()
    assert page.evaluate("document.activeElement.id") == "wte-nurse-6"
    page.keyboard.press("Control+A")
    page.keyboard.type("0.6")
    assert tara.faults_of_access() == []
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("Staffing saved.").wait_for()

    # Case finding by several boxes, assessment by one; she stops there.
    page.get_by_role("group", name="Who finds the patients").get_by_label("Coordinator").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("group", name="Where DXA is done").get_by_label("Off site").check()
    assert tara.faults_of_access() == []
    page.get_by_role("button", name="Save and stop here").click()
    page.get_by_text("Osteoporosis and falls assessment saved.").wait_for()
    assert "at least 1.6 WTE" in page.get_by_role("table", name="Staffing").inner_text()
    assert tara.faults_of_access() == []

    # Beside the other hospital in view: what that one didn't answer is not answered, never no.
    page.get_by_role("link", name="Compare with other hospitals").click()
    row = page.get_by_role("row", name="Where DXA is done")
    assert [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()] == ["off site", "not answered"]
    assert "judged" in page.get_by_role("row", name="Counted: Assessed by the service within 90 days").inner_text()
    assert tara.faults_of_access() == []

    # The download is the same matrix.
    with page.expect_download() as taken:
        page.get_by_role("link", name="Save the answers as CSV").click()
    assert "dxa-where,Where DXA is done,,off site," in taken.value.path().read_text()

    # On a telephone nothing sticks out at the side.
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert tara.faults_of_access() == []


def test_a_team_judges_its_own_work_and_few_answers_are_not_shown(visitor, service):
    nadia = visitor("nadia")
    page = nadia.page
    page.get_by_role("link", name="Profiles").click()
    page.get_by_role("link", name="What the team said at Aldermere Royal").click()
    page.get_by_role("link", name="Answer, or change your answers").click()
    assert HOME in page.url
    asked = page.get_by_role("group", name="When the coordinator is away, the work goes on.")
    asked.get_by_label("Strongly disagree").check()
    assert nadia.faults_of_access() == []
    page.get_by_role("button", name="Save my answers").click()
    page.get_by_text("Your answers are saved.").wait_for()
    assert "1 person has answered" in page.locator("main").inner_text()
    shown = page.get_by_role("table", name="When the coordinator is away, the work goes on.").inner_text()
    assert "fewer answered than are shown" in shown
    assert nadia.faults_of_access() == []
