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


def focused(page) -> str:
    """The name in the row that has the focus, else what else has it."""
    return page.evaluate("(document.activeElement.querySelector('h2') || document.activeElement).textContent.trim()")


def of_the_crowd(page, place: int) -> str:
    """One of those of whom each has a name of their own."""
    return page.locator("li[data-row] h2", has_text="Crowd").nth(place).inner_text()


def name_in(page, place: int) -> str:
    return page.locator("li[data-row] h2").nth(place).inner_text()


def test_a_key_answers_and_the_next_row_has_the_focus(triage):
    name = of_the_crowd(triage, 0)
    waiting(triage, name).focus()
    triage.keyboard.press("e")
    answered(triage, name, "enrol")
    focused = triage.evaluate("document.activeElement.dataset.row")
    rows = triage.locator("li[data-row]").evaluate_all("all => all.map(li => li.dataset.row)")
    done = waiting(triage, name).get_attribute("data-row")
    assert rows.index(focused) == rows.index(done) + 1


def test_undo_brings_the_row_back_and_it_can_be_answered_again(triage):
    name = of_the_crowd(triage, 0)
    waiting(triage, name).focus()
    triage.keyboard.press("n")
    answered(triage, name, "not a fragility fracture")
    triage.keyboard.press("z")
    waiting(triage, name).get_by_text("taken back").wait_for()
    triage.keyboard.press("u")
    answered(triage, name, "unsure")
    triage.goto(triage.url + "?unsure=1")
    assert waiting(triage, name).count() == 1


def test_undo_while_the_last_answer_is_still_being_saved_takes_back_that_answer(triage):
    name = of_the_crowd(triage, 0)
    waiting(triage, name).focus()
    triage.keyboard.press("n")
    answered(triage, name, "not a fragility fracture")
    triage.route("**/triage/", lambda route: (triage.wait_for_timeout(500), route.continue_()))
    triage.keyboard.press("n")
    triage.keyboard.press("z")
    triage.get_by_text("taken back").first.wait_for()
    assert "saved" in waiting(triage, name).inner_text()


def test_the_first_row_has_the_focus_at_once_and_a_key_answers_for_it(triage):
    first, second = name_in(triage, 0), name_in(triage, 1)
    assert focused(triage) == first
    triage.keyboard.press("u")
    answered(triage, first, "unsure")
    assert focused(triage) == second
    triage.keyboard.press("z")
    waiting(triage, first).get_by_text("taken back").wait_for()


def test_after_a_click_beside_the_list_the_marked_row_still_takes_the_key(triage):
    name = name_in(triage, 4)
    waiting(triage, name).focus()
    triage.get_by_role("heading", name="Triage", exact=True).click()
    assert triage.evaluate("document.activeElement === document.body")
    triage.keyboard.press("n")
    answered(triage, name, "not a fragility fracture")
    triage.keyboard.press("z")
    waiting(triage, name).get_by_text("taken back").wait_for()


def test_a_click_into_a_row_marks_it(triage):
    row = triage.locator("li[data-row]").nth(4)
    row.get_by_text("Counts:").click()
    assert row.get_attribute("data-marked") is not None
    assert triage.locator("li[data-marked]").count() == 1


@pytest.mark.parametrize("place", ["Find", "Keys"])
def test_a_key_on_a_button_or_link_elsewhere_answers_nothing(triage, place):
    triage.get_by_role("button", name=place).focus()
    triage.keyboard.type("enu")
    triage.get_by_role("link", name="Today").first.focus()
    triage.keyboard.type("enu")
    assert triage.locator("li[data-answer]").count() == 0


def test_a_key_held_down_answers_once(triage):
    name = name_in(triage, 0)
    triage.keyboard.down("u")
    triage.keyboard.down("u")  # what a browser makes of a key that stays down
    triage.keyboard.down("u")
    triage.keyboard.up("u")
    answered(triage, name, "unsure")
    assert triage.locator("li[data-answer]").count() == 1
    triage.keyboard.press("z")
    waiting(triage, name).get_by_text("taken back").wait_for()


def test_keys_turned_off_stay_off_and_the_answers_beside_each_patient_go_on(visitor):
    page = visitor("carys").page
    page.goto(page.url + "triage/")
    page.get_by_role("button", name="Keys").click()
    assert page.get_by_text("One key answers").is_hidden()
    page.reload()
    assert page.evaluate("document.activeElement === document.body")
    page.locator("li[data-row]").first.focus()
    page.keyboard.press("e")
    assert page.locator("li[data-answer]").count() == 0
    page.get_by_role("button", name="Keys").click()
    assert page.get_by_text("One key answers").is_visible()


def test_after_the_last_row_comes_what_was_left_and_then_the_button_for_the_next_screen(triage):
    """Nothing is saved here: the browser is told that it was."""
    triage.route("**/triage/", lambda route: route.fulfill(json={"answered": 1}))
    names = triage.locator("li[data-row] h2").all_inner_texts()
    triage.locator("li[data-row]").last.focus()
    triage.keyboard.press("u")
    assert focused(triage) == names[0]
    for _ in names[1:]:
        triage.keyboard.press("u")
    assert focused(triage).startswith("Save the answers")


def test_where_unsure_is_no_answer_its_key_does_nothing(triage, visitor):
    name = of_the_crowd(triage, 0)
    waiting(triage, name).focus()
    triage.keyboard.press("u")
    answered(triage, name, "unsure")
    page = visitor("deepak").page
    page.goto(page.url + "triage/?unsure=1")
    first = page.locator("li[data-row]").first
    first.focus()
    page.keyboard.press("u")
    assert first.evaluate("li => li === document.activeElement")
    assert page.locator("#triage-keys-how kbd").all_inner_texts() == ["e", "n", "j", "k", "z", "o"]


def test_on_a_touch_screen_nothing_takes_the_focus(visitor):
    page = visitor("carys", has_touch=True, is_mobile=True).page
    page.goto(page.url + "triage/")
    page.locator("li[data-row]").first.wait_for()
    assert page.evaluate("document.activeElement === document.body")
    assert page.get_by_role("button", name="Keys").is_hidden()


def test_j_and_k_and_the_arrows_move(triage):
    rows = triage.locator("li[data-row]")
    rows.first.focus()
    for key, place in (("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("ArrowUp", 0)):
        triage.keyboard.press(key)
        assert rows.nth(place).evaluate("li => li === document.activeElement"), key


def test_what_is_typed_into_a_box_answers_nothing(triage):
    triage.get_by_role("searchbox").focus()
    triage.keyboard.type("enu")
    assert triage.get_by_role("searchbox").input_value() == "enu"
    assert triage.locator("li[data-answer]").count() == 0


def test_an_answer_that_was_not_saved_says_so(carys, triage):
    triage.route("**/triage/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    name = of_the_crowd(triage, 0)
    row = waiting(triage, name)
    row.focus()
    triage.keyboard.press("e")
    row.get_by_text("NOT saved").wait_for()
    assert carys.broken == ["Failed to load resource: net::ERR_FAILED"]
    carys.broken.clear()
    triage.unroute("**/triage/")
    row.focus()
    triage.keyboard.press("e")
    answered(triage, name, "enrol")


def test_what_a_key_answered_is_not_sent_again_with_the_rest(triage):
    name, other = of_the_crowd(triage, 0), of_the_crowd(triage, 1)
    waiting(triage, name).focus()
    triage.keyboard.press("e")
    answered(triage, name, "enrol")
    waiting(triage, other).get_by_label("Unsure").check()
    triage.get_by_role("button", name="Save the answers").click()
    triage.get_by_text("1 answer saved.").wait_for()


def test_without_scripts_the_radio_buttons_do_the_same(visitor):
    page = visitor("nadia", java_script_enabled=False).page
    page.get_by_role("link", name="Triage").first.click()
    name = of_the_crowd(page, 0)
    row = waiting(page, name)
    row.get_by_label("Enrol").check()
    page.get_by_role("button", name="Save the answers").click()
    assert "1 answer saved." in page.locator("main").inner_text()
    assert waiting(page, name).count() == 0
    page.get_by_role("button", name="Undo", exact=True).click()
    assert waiting(page, name).count() == 1
