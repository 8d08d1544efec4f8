"""A doubtful match: two records side by side, an answer, and the answer taken back with nothing lost."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def identity(visitor):
    carys = visitor("carys")
    carys.goes_to("/identity/")
    return carys


def question(page):
    return page.get_by_role("region", name="APPLEYARD, Mabel")


def test_a_doubt_is_answered_and_undone_and_nothing_is_lost(identity):
    page = identity.page
    assert question(page).get_by_text("very likely one person").count() >= 1
    assert question(page).get_by_role("row", name="Family name").get_by_text("one letter apart").count() == 1
    assert question(page).get_by_role("row", name="Postcode").get_by_text("agrees").count() == 1
    assert identity.faults_of_access() == []

    question(page).get_by_role("button", name="Not sure").click()
    page.get_by_text("The question stays open").wait_for()
    assert page.get_by_role("region").last.get_by_text("Looked at before:").count() == 1

    question(page).get_by_role("button", name="One person: link").click()
    page.get_by_text("The two records are one person now.").wait_for()
    assert question(page).count() == 0

    identity.goes_to(identity.service.address("Mabel"))
    timeline = page.get_by_role("main")
    assert timeline.get_by_text("Applyard").count() + timeline.get_by_text("APPLYARD").count() >= 1
    for bone in ("hip", "wrist"):
        assert timeline.get_by_text(bone).count() >= 1, "the sightings of both records stand on one page"
    linked = page.locator("li", has_text="Records linked").last
    linked.get_by_role("link", name="Take back").click()
    page.get_by_label("Why it is taken back").fill("Two cousins, says the ward")
    page.get_by_role("button", name="Take back").click()

    identity.goes_to("/identity/")
    assert question(page).get_by_role("row", name="NHS number").count() == 1
    for name in ("one record", "the other record"):
        question(page).get_by_role("link", name=f"Open {name}").click()
        assert page.get_by_role("heading", level=1).inner_text().count("Mabel") == 1
        page.go_back()


def test_the_question_is_answered_with_the_keyboard_alone(identity):
    """Tab reaches the three answers in the order in which they are read; Enter gives one."""
    page = identity.page
    question(page).get_by_role("link", name="Open the other record").focus()
    for words in ("One person", "Two people", "Not sure"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText").startswith(words)
    page.keyboard.press("Enter")
    page.get_by_text("The question stays open").wait_for()
