"""While something else writes for long, pages are read as ever; whoever wants to write is told, and loses nothing."""

import re
import sqlite3
from html import unescape

import pytest
from django.db import OperationalError, connections, transaction
from django.test.utils import CaptureQueriesContext

from openfls import coordination
from openfls.record.locks import DERIVING, is_busy, one_writer, waiting_at_most
from openfls.record.models import FactRow
from tests.pages.test_entries import day
from tests.pages.test_scope import DOORS, OPEN, place
from tests.pages.world import PASSWORD

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|BEGIN IMMEDIATE)", re.IGNORECASE)


def written(queries) -> list[str]:
    return [query["sql"] for query in queries if WRITES.match(query["sql"])]


@pytest.mark.parametrize("user", ["carys", "morag", "ada"])
def test_reading_a_page_writes_nothing_into_the_record(signed_in, world, user):
    reader, doors = signed_in(user), {name: door for name, door in DOORS.items() if door}
    with CaptureQueriesContext(connections["default"]) as asked:
        got = {name: reader.get(place(name, world)).status_code for name in doors}
    assert got == {name: door.status(user) for name, door in doors.items()}
    assert written(asked) == []


def test_choosing_a_site_and_a_notice_write_nothing_into_the_record(signed_in, world):
    tara = signed_in("tara")
    with CaptureQueriesContext(connections["default"]) as asked:
        tara.post("/site/", {"site": "X1A01"})
        tara.post("/triage/", {"row": world.sighting_id("Anne")})
        assert "nothing was saved" in tara.get("/triage/").content.decode()
    assert written(asked) == []


def test_signing_in_and_out_writes_nothing_into_the_record(client, world):
    with CaptureQueriesContext(connections["default"]) as asked:
        client.post("/sign-in/", {"username": "carys", "password": "wrong"})
        client.post("/sign-in/", {"username": "carys", "password": PASSWORD})
        assert client.get("/").status_code == OPEN
        client.post("/sign-out/")
    assert written(asked) == []


def locked() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


@pytest.fixture
def busy(monkeypatch):
    """While it is set, the door is shut."""

    def shut(*_, **__):
        raise locked()

    monkeypatch.setattr(coordination, "enter", shut)
    return monkeypatch


def note(world) -> dict[str, str]:
    return {**day("day", world.today), "text": "rang; will\r\ncome on Friday <&>", "form_mark": "m1"}


def sent_again(page: str) -> dict[str, str]:
    form = page.split("<main")[1].split("</form>")[0]
    return {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)}


def test_a_form_sent_meanwhile_is_told_so_and_keeps_what_was_typed(carys, world, busy):
    address = world.address("Beryl", "enter/note/")
    before = FactRow.objects.count()
    reply = carys.post(address, note(world))
    page = reply.content.decode()
    assert (reply.status_code, FactRow.objects.count()) == (503, before)
    assert "Nothing was lost, and nothing has been saved yet" in page
    kept = sent_again(page)
    assert kept.pop("csrfmiddlewaretoken")
    assert kept == note(world)
    busy.undo()
    assert carys.post(address, kept).url == world.address("Beryl")
    assert "rang; will" in carys.get(world.address("Beryl")).content.decode()
    carys.post(address, kept)
    assert FactRow.objects.count() == before + 1


def test_answers_of_triage_are_kept_row_by_row(carys, world, busy):
    row = world.sighting_id("Anne")
    sent = {"row": row, f"answer-{row}": "enrol", f"about-{row}": row, "form_mark": "m", "next": "/triage/"}
    kept = sent_again(carys.post("/triage/", sent).content.decode())
    assert {name: kept.get(name) for name in sent} == sent


def test_a_key_press_in_triage_is_told_so_too(carys, world, busy):
    row = world.sighting_id("Anne")
    sent = {"row": row, f"answer-{row}": "enrol", f"about-{row}": row, "form_mark": "m"}
    reply = carys.post("/triage/", sent, headers={"accept": "application/json"})
    assert (reply.status_code, reply.json()) == (503, {"busy": True})


def test_what_could_not_be_undone_meanwhile_can_be_undone_later(carys, world, busy):
    busy.undo()
    row = world.sighting_id("Anne")
    carys.post("/triage/", {"row": row, f"answer-{row}": "enrol", f"about-{row}": row, "form_mark": "m"})
    with pytest.MonkeyPatch.context() as again:
        again.setattr(coordination, "enter", lambda *_, **__: (_ for _ in ()).throw(locked()))
        assert carys.post("/triage/undo/").status_code == 503
    assert "was taken back" in carys.get(carys.post("/triage/undo/").url).content.decode()


def test_no_password_stands_on_the_page(client, world, monkeypatch):
    def shut(*_):
        raise locked()

    monkeypatch.setattr("openfls.pages.signin.views.SignInForm.is_valid", shut)
    reply = client.post("/sign-in/", {"username": "carys", "password": PASSWORD})
    assert reply.status_code == 503
    assert PASSWORD not in reply.content.decode()


def test_another_fault_of_the_database_is_no_busy_record(carys, world, monkeypatch):
    def broken(*_, **__):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(coordination, "enter", broken)
    carys.raise_request_exception = False
    assert carys.post(world.address("Beryl", "enter/note/"), note(world)).status_code == 500


@pytest.mark.django_db(databases="__all__")
@pytest.mark.postgres
@pytest.mark.skipif("not config.getoption('postgres')", reason="SQLite waits as its settings say")
def test_on_postgresql_a_page_waits_for_its_turn_no_longer_than_it_says():
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [DERIVING])
    try:
        with pytest.raises(OperationalError) as refused, waiting_at_most(0.1), transaction.atomic():
            one_writer()
    finally:
        other.close()
    assert is_busy(refused.value)
    with waiting_at_most(0.1), transaction.atomic(), connections["default"].cursor() as cursor:
        one_writer()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
