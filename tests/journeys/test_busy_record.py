"""Something holds the record for long: everybody reads on and signs in; a form is kept and sent again by one button."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

pytestmark = pytest.mark.browser


@contextmanager
def record_held(service) -> Iterator[None]:
    """Nobody else can write into the record meanwhile."""
    with closing(sqlite3.connect(service.home / "record.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def test_reading_goes_on_while_the_record_is_held(visitor, service):
    with record_held(service):
        carys = visitor("carys")  # signs in meanwhile
        for address in ("/", "/triage/", service.address("Cyril"), "/backstop/", "/components/", "/feeds/"):
            assert carys.goes_to(address) == 200, address
        carys.page.get_by_role("button", name="Sign out").click()
        carys.page.get_by_label("User name").wait_for()


def test_a_form_waits_on_its_page_and_is_sent_again_by_one_button(visitor, service):
    nadia = visitor("nadia")
    page = nadia.page
    nadia.goes_to(service.address("Cyril", "enter/note/"))
    page.get_by_label("Note").fill("daughter rang <Tuesday>\nwill bring the tablets")
    with record_held(service):
        page.get_by_role("button", name="Save note").click()
        page.get_by_role("heading", name="The record is busy").wait_for()
        assert nadia.faults_of_access() == []
        page.get_by_text("Show what I typed").click()
        assert "will bring the tablets" in page.locator("main").inner_text()
    assert nadia.broken == ["Failed to load resource: the server responded with a status of 503 (Service Unavailable)"]
    nadia.broken.clear()
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Note saved.").wait_for()
    assert "daughter rang <Tuesday>" in page.locator("main").inner_text()


def test_a_key_in_triage_says_that_the_record_is_busy_and_works_again(visitor, service):
    deepak = visitor("deepak")
    page = deepak.page
    deepak.goes_to("/triage/")
    row = page.locator("li[data-row]", has_text=page.locator("li[data-row] h2", has_text="Crowd").first.inner_text())
    row.focus()
    with record_held(service):
        page.keyboard.press("e")
        row.get_by_text("NOT saved: the record is busy").wait_for()
    deepak.broken.clear()
    row.focus()
    page.keyboard.press("e")
    row.get_by_text("saved: enrol").wait_for()
