"""The main journey: a coordinator triages, takes the top task, records an assessment; the task is gone, the measure
has changed, and nobody of another trust can open that patient by any address."""

import re

import pytest

pytestmark = pytest.mark.browser

MISSED = "/measures/assessed-within-90-days/missed/"


def names_behind(visitor, address: str) -> int:
    visitor.goes_to(address)
    told = re.search(r"(\d+) fractures?", visitor.page.locator("main").inner_text())
    return int(told[1]) if told else 0


def test_a_coordinators_day(visitor, service):
    carys = visitor("carys")
    page = carys.page
    missed = names_behind(carys, MISSED)
    assert missed > 0

    # She triages: Anne is enrolled by one key.
    carys.goes_to("/triage/")
    row = page.locator("li[data-row]", has_text="SMITH, Anne")
    row.focus()
    page.keyboard.press("e")
    row.get_by_text("saved: enrol").wait_for()

    # She takes the top assessment on the nurses' list.
    carys.goes_to("/?role=nurse&step=assess&due=overdue")
    first = page.locator("tbody tr").first
    patient = first.locator("th a").inner_text()
    assert patient == "JONES, Beryl"
    first.locator("td a").first.click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("The task is yours.").wait_for()

    # She records the assessment in one form.
    page.get_by_role("link", name="FLS assessment", exact=False).first.click()
    page.get_by_label("Who assessed").select_option("specialist nurse")
    page.get_by_role("group", name="Falls assessment").get_by_label("Done").check()
    page.get_by_role("group", name="DXA scan").get_by_label("No DXA needed").check()
    page.get_by_label("Why no DXA is needed").select_option("frailty")
    page.get_by_label("Day").fill("")
    page.get_by_role("button", name="Save assessment").click()
    page.get_by_text("There is a problem").wait_for()
    page.get_by_label("Day").fill("1")
    page.get_by_role("button", name="Save assessment").click()
    page.get_by_text("FLS assessment saved.").wait_for()
    address = page.url

    # The task is gone, and the measure has changed.
    carys.goes_to("/?role=nurse&step=assess")
    assert "JONES, Beryl" not in page.locator("main").inner_text()
    assert names_behind(carys, MISSED) == missed - 1

    # Nobody of another trust gets in, by any address that she could follow.
    page.goto(address)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    hers = {link for link in links if link.startswith("/patients/")} | {service.address("Beryl")}
    assert len(hers) > 10
    eamon = visitor("eamon")
    assert {link: eamon.goes_to(link) for link in hers} == dict.fromkeys(hers, 404)
    eamon.goes_to("/")
    eamon.page.get_by_role("searchbox").fill("9990000026")
    eamon.page.get_by_role("button", name="Find").click()
    assert "JONES" not in eamon.page.locator("main").inner_text()


def test_a_doctor_sets_the_bone_plan_on_the_ward_round(visitor):
    deepak = visitor("deepak")
    page = deepak.page
    page.get_by_role("link", name="Set plan for BROWN, Cyril").click()
    page.get_by_label("Recommended").check()
    page.get_by_label("Bone treatment").select_option("Zoledronate")
    page.get_by_label("First dose given").check()
    page.get_by_label("On the ward").check()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Treatment decision saved.").wait_for()
    deepak.goes_to("/")
    row = page.locator("tr", has_text="BROWN, Cyril").inner_text()
    assert "set" in row
    assert "not set" not in row
    assert "started" in row


def test_a_message_is_mended_by_hand(visitor):
    carys = visitor("carys")
    page = carys.page
    page.get_by_role("link", name="Quarantine").first.click()
    page.get_by_role("link", name=re.compile(r"Message \d+")).click()
    box = page.get_by_label("The message")
    box.fill(box.input_value().replace("31/02/1939", "28/02/1939"))
    page.get_by_role("button", name="Send it again").click()
    page.get_by_text("Mended.").wait_for()
    assert "Nothing waits here" in page.locator("main").inner_text()


def test_one_confirmation_after_a_death(visitor, service):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/?role=coordinator&step=confirm-closing")
    page.locator("tr", has_text="GREEN, Doris").locator("a", has_text="Confirm").last.click()
    assert "Make no contact" in page.locator("main").inner_text()
    page.get_by_role("button", name="Confirm and close").click()
    page.get_by_text("Task closed.").wait_for()
    carys.goes_to("/?role=")
    assert "GREEN, Doris" not in page.locator("main").inner_text()
