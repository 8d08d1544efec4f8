"""Signing in: what is said of a wrong password, the lock after five, cookies, and that nothing leaks."""

import pytest

from tests.pages.world import PASSWORD


def sign_in(client, name: str, password: str = PASSWORD, **more):
    return client.post("/sign-in/", {"username": name, "password": password, **more})


def test_the_right_password_opens_today(client, world):
    reply = sign_in(client, "carys")
    assert (reply.status_code, reply.url) == (302, "/")
    assert client.get("/").status_code == 200


def test_after_signing_in_one_is_where_one_wanted_to_go(client, world):
    asked = client.get(world.address("Anne"))
    assert asked.url == f"/sign-in/?next={world.address('Anne')}"
    assert sign_in(client, "carys", next=world.address("Anne")).url == world.address("Anne")


def test_no_sign_in_leads_to_another_host(client, world):
    assert sign_in(client, "carys", next="https://elsewhere.example/").url == "/"


@pytest.mark.parametrize("name", ["carys", "no-such-user"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(client, world, name):
    page = sign_in(client, name, "wrong").content.decode()
    assert "The user name or the password is not right" in page


def test_five_failures_lock_the_name_at_this_address_and_nobody_else(client, world):
    for _ in range(5):
        reply = sign_in(client, "carys", "wrong")
    assert reply.status_code == 429
    assert "Wait 15 minutes" in reply.content.decode()
    assert sign_in(client, "carys").status_code == 429
    assert sign_in(client, "nadia").status_code == 302


def test_signing_out_ends_it(client, world):
    sign_in(client, "carys")
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/").status_code == 302


def test_only_strictly_necessary_cookies_are_set(client, world):
    sign_in(client, "carys")
    client.get("/")
    assert set(client.cookies) == {"openfls_session", "openfls_csrf"}


def test_a_form_without_its_token_is_refused_and_saves_nothing(world):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    reply = strict.post("/sign-in/", {"username": "carys", "password": PASSWORD})
    assert reply.status_code == 403
    assert "Nothing was saved" in reply.content.decode()


def test_no_page_runs_a_script_or_style_of_its_own(carys, world):
    for address in ("/", "/triage/", "/backstop/", "/components/", world.address("Anne"), "/sightings/new/"):
        reply = carys.get(address)
        page = reply.content.decode()
        assert "<style" not in page
        assert ' style="' not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count('<script type="module" src=')
        assert "script-src 'self'" in reply.headers["Content-Security-Policy"]


def test_an_error_page_tells_nothing_of_what_went_wrong(carys, world, monkeypatch):
    def breaks(*_):
        raise RuntimeError("SMITH, Anne 9990000018")

    monkeypatch.setattr("openfls.pages.today.views.worklist_of", breaks)
    carys.raise_request_exception = False
    reply = carys.get("/")
    assert reply.status_code == 500
    assert "Something went wrong" in reply.content.decode()
    assert "SMITH" not in reply.content.decode()


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, world):
    place = world.address("Beryl", "tasks/assess/")
    reply = client.post(f"{place}take/", headers={"referer": f"http://testserver{place}"})
    assert reply.url == f"/sign-in/?lost=1&next={place}"
    assert "was not saved" in client.get(reply.url).content.decode()
    assert sign_in(client, "carys", next=place).url == place


def test_a_form_that_came_from_elsewhere_leads_to_today(client, world):
    reply = client.post("/triage/undo/", headers={"referer": "https://elsewhere.example/patients/"})
    assert reply.url == "/sign-in/?lost=1&next=/"


def test_no_page_is_kept_by_the_browser(carys, world):
    for address in ("/", world.address("Anne"), "/nothing-here/"):
        assert carys.get(address).headers["Cache-Control"] == "no-store"
