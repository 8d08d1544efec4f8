"""What stands round every page: data as of, the menu's counts, words and numbers as the NHS writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from openfls.pages.environment import count, day, moment, nhs_number, plural
from openfls.pages.frame.frame import Frame


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (day(date(2026, 2, 3)), "03 Feb 2026"),
        (day(None, "not known"), "not known"),
        (day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)), "01 Jul 2026"),
        (moment(datetime(2026, 6, 30, 8, 5, tzinfo=UTC)), "30 Jun 2026, 09:05"),
        (nhs_number("9990000018").replace("\N{NO-BREAK SPACE}", "_"), "999_000_0018"),
        (nhs_number(None), "no NHS number"),
        (count(12345), "12,345"),
        (plural(1, "person", "people"), "1 person"),
        (plural(2, "day"), "2 days"),
    ],
)
def test_words_and_numbers_are_written_as(written, shown):
    assert written == shown


def test_before_the_first_message_the_page_says_so(carys, world):
    assert "No message has come in yet" in carys.get("/").content.decode()


def test_what_still_waits_to_be_read_is_said_on_every_page(carys, world):
    from openfls.inbox.receive import Incoming, receive
    from tests.pages.world import HOME

    receive([Incoming(source="X1A/pas", content=b"MSH|", site=HOME)], at=world.known(0))
    page = carys.get("/backstop/").content.decode()
    assert "0% of 1 messages done" in page
    assert "1 message still to be read" in page


def test_the_menu_leads_only_where_the_viewer_may_go(signed_in, world):
    page = signed_in("morag").get("/").content.decode()
    assert 'href="/backstop/"' in page
    assert 'href="/quarantine/"' not in page
    assert 'href="/triage/"' not in page


def test_the_current_page_is_marked_in_the_menu(carys, world):
    assert '<a href="/backstop/" aria-current="page">' in carys.get("/backstop/").content.decode()


def test_a_notice_is_told_once(carys, world):
    carys.post(world.address("Beryl", "tasks/assess/take/"))
    assert "The task is yours." in carys.get("/").content.decode()
    assert "The task is yours." not in carys.get("/").content.decode()


def test_a_session_that_could_not_be_kept_shows_a_page_of_ours(carys, world, monkeypatch):
    from django.contrib.sessions.backends.base import UpdateError
    from django.contrib.sessions.backends.db import SessionStore

    def locked(store, must_create=False):
        raise UpdateError

    monkeypatch.setattr(SessionStore, "save", locked)
    reply = carys.get("/feeds/")
    assert reply.status_code == 400
    assert "may not have been saved" in reply.content.decode()


def test_a_page_that_there_is_not_leaves_the_menu_and_the_search(carys, client, world):
    page = carys.get("/nothing-here/").content.decode()
    assert "Search for the patient above" in page
    assert 'href="/triage/"' in page
    assert "/triage/" not in client.get("/nothing-here/").content.decode()


def test_feeds_and_messages_of_a_whole_trust_name_it(carys, world):
    from openfls.inbox.receive import Incoming, receive

    receive([Incoming(source="X1A/pas", content=b"MSH|", site="X1A")], at=world.known(0))
    page = carys.get("/feeds/").content.decode()
    assert ">Aldermere Hospitals</td>" in page


def test_feeds_show_what_readers_remarked(carys, world):
    from openfls.inbox.models import Remark

    assert "What the readers remarked" not in carys.get("/feeds/").content.decode()
    told = {"first_at": world.known(0), "last_at": world.known(1)}
    Remark.objects.create(source="X1A/laboratory", site="X1A", words="44M7 is on no code list", times=1200, **told)
    page = carys.get("/feeds/").content.decode()
    assert "44M7 is on no code list" in page
    assert "1,200" in page


def test_the_reasons_of_a_verdict_repeat_neither_its_title_nor_its_date(carys, world):
    page = carys.get(world.address("Beryl")).content.decode()
    assert "Assessed by the service within 90 days" in page
    assert "because Assessed by the service within 90 days" not in page


@pytest.mark.parametrize(
    ("place", "here"), [("All my sites (11)", "all my sites (11)"), ("Aldermere Royal", "Aldermere Royal")]
)
def test_the_sites_in_view_are_named_as_a_part_of_the_sentence(place, here):
    frame = Frame(csrf="", now=timezone.now(), version="", demonstration=False, place=place)
    assert frame.here == here


def test_the_practice_stands_by_its_name(carys, world):
    from openfls.clinical.facts import Demographics
    from openfls.record import organisations

    organisations.load({"practices": [{"code": "A81001", "name": "Station Surgery"}]}, by="a test")
    beryl = world.sightings["Beryl"].record
    world.enter(world.said(Demographics, beryl, 3, practice="A81001"))
    assert "<dd>Station Surgery</dd>" in carys.get(world.address("Beryl")).content.decode()
    world.enter(world.said(Demographics, beryl, 2, practice="B99999"))
    assert "<dd>B99999</dd>" in carys.get(world.address("Beryl")).content.decode()


def test_the_patient_page_shows_the_four_components(carys, world):
    page = carys.get(world.address("Beryl")).content.decode()
    for words in ("Case finding", "Osteoporosis assessment", "Treatment initiation", "Monitoring and coordination"):
        assert words in page
    assert "missed" in page
    assert "because" in page


def test_any_key_of_a_patient_leads_to_her(carys, world):
    from openfls.record.models import DoubtRow

    doubt = DoubtRow.objects.get()
    pair = {"left": doubt.left_id, "right": doubt.right_id, "answer": "link", "form_mark": "m"}
    carys.post("/identity/answer/", pair)
    pages = [carys.get(f"/patients/{key}/").content.decode() for key in (doubt.left_id, doubt.right_id)]
    assert all("WHITE, Edith" in page for page in pages)
