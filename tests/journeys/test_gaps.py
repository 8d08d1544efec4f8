"""A manager goes from a measure that falls short to its names; a coordinator reads the same without seeing."""

import pytest

pytestmark = pytest.mark.browser


def test_from_a_measure_that_falls_short_to_its_names_in_two_clicks(visitor):
    morag = visitor("morag")
    page = morag.page
    morag.goes_to("/gaps/")
    assert morag.faults_of_access() == []

    missed = page.get_by_role("table", name="Standards that most fractures missed")
    missed.get_by_role("link").first.click()  # one: the standard
    page.get_by_role("heading", name="What lies behind it").wait_for()
    assert morag.faults_of_access() == []
    assert "higher is better" in page.locator("main").inner_text().lower()
    page.locator(".openfls-counts").get_by_role("link", name="missed").click()  # two: the names
    assert page.get_by_role("table").get_by_role("link").count() > 0
    assert "missed" in page.locator("h1").inner_text()
    assert morag.faults_of_access() == []


def test_a_part_of_the_patients_opens_its_names_in_one_click(visitor):
    morag = visitor("morag")
    page = morag.page
    morag.goes_to("/gaps/assessed-within-90-days/")
    assert "no table is loaded" in page.locator("main").inner_text()
    by_group = page.get_by_role("table", name="By ethnic group")
    by_group.get_by_role("link").first.click()
    page.wait_for_url("**by=ethnicity**")
    assert "ethnic group not known" in page.locator("h1").inner_text()
    assert page.get_by_role("table").get_by_role("link").count() > 0
    assert morag.faults_of_access() == []


def test_what_a_picture_shows_is_read_by_keyboard_from_its_table(visitor):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/gaps/pathway/")
    assert page.locator("figure svg").get_attribute("aria-hidden") == "true"
    assert "on the pathway" in page.locator("figcaption").inner_text()
    page.locator("summary", has_text="The same as a table").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="The pathway")
    table.wait_for()
    assert carys.faults_of_access() == []
    table.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).wait_for()
    assert "/measures/" in page.url


def test_a_bar_of_the_pathway_opens_its_names(visitor):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/gaps/pathway/")
    page.locator("figure svg a").first.click()
    page.wait_for_url("**/measures/**")
    assert page.get_by_role("table").count() == 1


def test_on_paper_the_pictures_and_their_rules_stand_in_black_on_white(visitor):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/gaps/assessed-within-90-days/")
    page.emulate_media(media="print")
    assert page.locator(".openfls-chart").first.is_visible()
    assert page.locator(".openfls-rules").first.is_visible()


def test_the_picture_of_the_backstop_opens_the_fractures_of_a_column(visitor):
    carys = visitor("carys")
    page = carys.page
    carys.goes_to("/backstop/")
    assert carys.faults_of_access() == []
    page.locator("figure svg a").first.click()
    page.wait_for_url("**/backstop/group/**")
    assert page.get_by_role("table").count() == 1
