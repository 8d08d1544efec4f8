"""Triage by one key a row, undo, and the same without any script."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def carys(visitor):
    return visitor("carys")


@pytest.fixture
def triage(carys):
    carys.goes_to("/triage/")
    return carys.page


def waiting(page, name: str):
    return page.locator("li[data-row]", has_text=name)


def answered(page, name: str, words: str) -> None:
    waiting(page, name).get_by_text(f"saved: {words}").wait_for()


def test_a_key_answers_and_the_next_row_has_the_focus(triage):
    waiting(triage, "Crowd001").focus()
    triage.keyboard.press("e")
    answered(triage, "Crowd001", "enrol")
    focused = triage.evaluate("document.activeElement.dataset.row")
    rows = triage.locator("li[data-row]").evaluate_all("all => all.map(li => li.dataset.row)")
    done = waiting(triage, "Crowd001").get_attribute("data-row")
    assert rows.index(focused) == rows.index(done) + 1


def test_undo_brings_the_row_back_and_it_can_be_answered_again(triage):
    waiting(triage, "Crowd002").focus()
    triage.keyboard.press("n")
    answered(triage, "Crowd002", "not a fragility fracture")
    triage.keyboard.press("z")
    waiting(triage, "Crowd002").get_by_text("taken back").wait_for()
    triage.keyboard.press("u")
    answered(triage, "Crowd002", "unsure")
    triage.goto(triage.url + "?unsure=1")
    assert waiting(triage, "Crowd002").count() == 1


def test_undo_while_the_last_answer_is_still_being_saved_takes_back_that_answer(triage):
    waiting(triage, "Crowd010").focus()
    triage.keyboard.press("n")
    answered(triage, "Crowd010", "not a fragility fracture")
    triage.route("**/triage/", lambda route: (triage.wait_for_timeout(500), route.continue_()))
    triage.keyboard.press("n")
    triage.keyboard.press("z")
    triage.get_by_text("taken back").first.wait_for()
    assert "saved" in waiting(triage, "Crowd010").inner_text()


def test_j_and_k_and_the_arrows_move(triage):
    rows = triage.locator("li[data-row]")
    rows.first.focus()
    for key, place in (("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("ArrowUp", 0)):
        triage.keyboard.press(key)
        assert rows.nth(place).evaluate("li => li === document.activeElement"), key


def test_keys_do_nothing_outside_the_list(triage):
    triage.get_by_role("searchbox").focus()
    triage.keyboard.type("enu")
    assert triage.get_by_role("searchbox").input_value() == "enu"
    assert triage.locator("li[data-answer]").count() == 0


def test_an_answer_that_was_not_saved_says_so(carys, triage):
    triage.route("**/triage/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    row = waiting(triage, "Crowd003")
    row.focus()
    triage.keyboard.press("e")
    row.get_by_text("NOT saved").wait_for()
    assert carys.broken == ["Failed to load resource: net::ERR_FAILED"]
    carys.broken.clear()
    triage.unroute("**/triage/")
    row.focus()
    triage.keyboard.press("e")
    answered(triage, "Crowd003", "enrol")


def test_what_a_key_answered_is_not_sent_again_with_the_rest(triage):
    waiting(triage, "Crowd004").focus()
    triage.keyboard.press("e")
    answered(triage, "Crowd004", "enrol")
    waiting(triage, "Crowd005").get_by_label("Unsure").check()
    triage.get_by_role("button", name="Save the answers").click()
    triage.get_by_text("1 answer saved.").wait_for()


def test_without_scripts_the_radio_buttons_do_the_same(visitor):
    page = visitor("nadia", java_script_enabled=False).page
    page.get_by_role("link", name="Triage").first.click()
    row = page.locator("li[data-row]", has_text="Crowd006")
    row.get_by_label("Enrol").check()
    page.get_by_role("button", name="Save the answers").click()
    assert "1 answer saved." in page.locator("main").inner_text()
    assert page.locator("li[data-row]", has_text="Crowd006").count() == 0
    page.get_by_role("button", name="Undo", exact=True).click()
    assert page.locator("li[data-row]", has_text="Crowd006").count() == 1
