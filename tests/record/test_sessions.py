"""Sessions end when idle and at the end of a shift; the browser is told what it may do."""

import time

import pytest

from openfls.record import users
from openfls.record.sessions import BEGAN

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.urls("tests.record.pages_for_tests")]

PASSWORD = "seven green bicycles"


@pytest.fixture
def anne():
    return users.create_user("anne", PASSWORD, {}, by="root")


def sign_in(client, username="anne", password=PASSWORD, address="10.0.0.1") -> int:
    told = {"username": username, "password": password}
    return client.post("/sign-in/", told, REMOTE_ADDR=address, HTTP_HOST="localhost").status_code


def who(client) -> str:
    return client.get("/who/", HTTP_HOST="localhost").content.decode()


def test_a_session_lasts_twelve_hours_however_busy(client, anne):
    sign_in(client)
    assert who(client) == "anne"
    for hours, seen in ((11.9, "anne"), (12.0, "")):
        session = client.session
        session[BEGAN] = int(time.time() - hours * 3600)
        session.save()
        assert who(client) == seen
    assert who(client) == ""


def test_every_request_gives_a_session_fifteen_more_minutes(client, anne):
    sign_in(client)
    cookie = client.get("/who/", HTTP_HOST="localhost").cookies["openfls_session"]
    assert cookie["max-age"] == 15 * 60


def test_signing_in_gives_a_new_session(client, anne):
    who(client)
    sign_in(client)
    first = client.session.session_key
    client.logout()
    sign_in(client)
    assert client.session.session_key != first


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client, anne):
    sign_in(client)
    cookie = client.get("/who/", HTTP_HOST="localhost").cookies["openfls_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")


def test_without_a_sign_in_no_cookie_is_set(client):
    assert client.get("/who/", HTTP_HOST="localhost").cookies == {}


def test_the_right_password_forgets_the_wrong_ones_before_it(client, anne):
    for _ in range(3):
        assert [sign_in(client, password="wrong") for _ in range(4)] == [403] * 4
        assert sign_in(client) == 200


def test_pages_may_load_and_send_nothing_but_their_own(client):
    answer = client.get("/who/", HTTP_HOST="localhost")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
        "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }  # fmt: skip
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_another_host_name_is_not_answered(client):
    assert client.get("/who/", HTTP_HOST="fls.example.org").status_code == 400
