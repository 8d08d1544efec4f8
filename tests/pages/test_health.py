"""What machines ask of the service, and that neither figures nor logs nor error pages tell anything of a patient."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Demographics
from openfls.clinical.patients import matching_name
from openfls.record import logs
from openfls.record.keys import key_in
from tests.pages.test_scope import OF_MACHINES, patterns, place
from tests.pages.world import HOME, NHS, STAFF


def test_a_living_process_answers_without_asking_a_database(client, django_assert_num_queries, every_database):
    for alias in connections:
        with django_assert_num_queries(0, connection=connections[alias]):
            assert client.get("/livez").content == b"ok\n"


def test_a_service_that_can_work_says_so(client, every_database, settings):
    key_in(settings.TRAIL_KEY_FILE)
    reply = client.get("/readyz")
    told = reply.json()
    assert reply.status_code == 200
    assert told["ready"] is True
    assert {check["name"] for check in told["checks"]} >= {"database default", "database inbox", "database audit"}


def test_a_database_that_does_not_answer_is_named_with_a_remedy(client, every_database, monkeypatch):
    def broken(*_: object) -> None:
        raise DatabaseError("connection to server at 10.0.0.7 failed")

    with monkeypatch.context() as patched:
        patched.setattr(connections["inbox"], "cursor", broken)
        reply = client.get("/readyz")
    assert reply.status_code == 503
    amiss = [check for check in reply.json()["checks"] if not check["fine"]]
    assert "database inbox" in {check["name"] for check in amiss}
    assert "10.0.0.7" not in reply.text


def test_without_the_key_of_the_trail_nothing_is_served(client, every_database, settings, tmp_path):
    settings.TRAIL_KEY_FILE = tmp_path / "gone"
    assert client.get("/readyz").status_code == 503


@pytest.fixture
def two_silent_feeds_and_a_young_one(world):
    from django.core.cache import cache
    from django.utils import timezone

    from openfls.inbox.receive import Incoming, receive

    now = timezone.now()
    for source, weeks in (("X1A/ris", 20), ("X1A/theatre", 20), ("X1A/new", 2)):
        for n in range(weeks):
            content = f"{source} {n}".encode()
            receive([Incoming(source=source, content=content, site=HOME)], at=now - timedelta(weeks=32 - n))
    cache.clear()  # nobody waits here until it is judged anew


def test_a_service_whose_feeds_fell_silent_says_how_many_and_serves_all_the_same(
    client, two_silent_feeds_and_a_young_one, settings
):
    key_in(settings.TRAIL_KEY_FILE)
    reply = client.get("/readyz")
    assert reply.status_code == 200
    (told,) = [check for check in reply.json()["checks"] if check["name"] == "feeds"]
    assert told == {
        "name": "feeds",
        "fine": True,
        "says": "2 fallen silent: look at Feeds; requests can be served all the same",
    }


def test_the_figures_say_which_feeds_are_silent_and_of_which_nobody_can_say(client, two_silent_feeds_and_a_young_one):
    told = figures(client)
    named = 'finder="",site="' + HOME + '",source="X1A/{}"'
    assert f"openfls_feed_silent{{{named.format('ris')}}} 1.0" in told
    assert f"openfls_feed_unjudged{{{named.format('ris')}}} 0.0" in told
    assert f"openfls_feed_unjudged{{{named.format('new')}}} 1.0" in told
    assert f"openfls_feed_silent{{{named.format('new')}}}" not in told  # unknown is never no


def test_the_page_of_feeds_says_which_is_silent_why_and_of_which_nobody_can_say(
    signed_in, two_silent_feeds_and_a_young_one
):
    page = " ".join(signed_in("carys").get("/feeds/").text.split())
    assert page.count("hours with receipts were to be expected since, none came: the chance of that is 1 in") == 2
    assert page.count("silent since") == 2
    assert "not known yet" in page
    assert "too few receipts to know its rhythm" in page


def figures(client, **headers) -> str:
    reply = client.get("/metrics", headers=headers)
    assert reply.status_code == 200
    return reply.text


def test_the_figures_count_messages_tasks_and_requests(world, signed_in, client):
    from django.utils import timezone

    from openfls.inbox.receive import Incoming, receive

    receive([Incoming(source="X1A/pas", content=b"MSH|", site=HOME)], at=timezone.now())
    signed_in("carys").get("/")
    told = figures(client)
    assert 'openfls_inbox_messages{source="X1A/pas",state="new"} 1.0' in told
    assert f'openfls_open_tasks{{overdue="no",role="coordinator",site="{HOME}"}}' in told
    assert "openfls_inbox_oldest_waiting_seconds" in told
    assert 'openfls_http_requests_total{method="GET",route="today",status="200"}' in told


def test_a_token_opens_the_figures_where_one_is_set(client, every_database, settings):
    settings.METRICS_TOKEN = "only-the-monitor-knows"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert "openfls" in figures(client, Authorization="Bearer only-the-monitor-knows")


def test_without_a_token_only_this_machine_may_ask(client, every_database, settings):
    settings.ON_LOOPBACK = False
    assert client.get("/metrics").status_code == 404


@pytest.fixture
def logged():
    """What both forms of the log would have written, from the least level up."""
    written = io.StringIO()
    handlers = [logging.StreamHandler(written), logging.StreamHandler(written)]
    for handler, formatter in zip(handlers, (logs.Discreet(), logs.Structured()), strict=True):
        handler.setFormatter(formatter)
        logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    yield written
    logging.getLogger().setLevel(level)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def of_patients(world) -> set[str]:
    """What would give a patient away: names and numbers, as they were sent and as they are matched."""
    records = [sighting.record for sighting in world.sightings.values()]
    names = {name for record in records for name in (record.family_name, record.given_name)}
    spaced = {f"{number[:3]} {number[3:6]} {number[6:]}" for number in NHS}
    hospital = {number.value for record in records for number in record.hospital_numbers}
    return {name for name in names | {matching_name(name) for name in names} | set(NHS) | spaced | hospital if name}


def drive_everything(world, signed_in) -> None:
    """Every address by every user, with and without sense in it; every reader's refusal, by the worker."""
    for user in STAFF:
        client = signed_in(user)
        for pattern in patterns():
            if pattern.name not in OF_MACHINES and pattern.name != "sign-out":
                client.get(place(pattern.name, world))
                client.post(place(pattern.name, world), {"nhs_number": NHS[0], "family_name": "O'Neill"})
        client.get("/search/", {"q": NHS[0]})
        client.get(f"/nowhere/{NHS[0]}/Beryl/")


def work_off_what_is_broken(world) -> None:
    from django.utils import timezone

    from openfls.inbox.receive import Incoming, receive
    from openfls.inbox.work import Worker

    record = world.sightings["Beryl"].record
    broken = f"MSH|^~\\&|PAS|X1A|||x||ADT^A01|1|P|2.4\rPID|||{NHS[0]}^^^NHS||{record.family_name}^Beryl\r".encode()
    receive([Incoming(source="X1A/pas", content=broken, site=HOME)], at=timezone.now())
    receive([Incoming(source="X1A/list", content=broken, site=HOME, name="beryl.csv")], at=timezone.now())
    Worker().work_off()


def tell_an_ethnic_category(world) -> set[str]:
    """Of Beryl; and the words that would give it away."""
    told = EthnicCategory.BANGLADESHI
    beryl = world.sightings["Beryl"].record
    world.enter(world.said(Demographics, beryl, 3, site=None, ethnic_category=told, postcode="XA9 9ZZ"))
    return {told.name.title(), told.group.value, "XA9 9ZZ"}


def test_logs_and_figures_name_no_patient_whatever_is_done(world, signed_in, client, logged):
    private = tell_an_ethnic_category(world)
    drive_everything(world, signed_in)
    narrowed = {"by": "ethnicity", "part": EthnicCategory.BANGLADESHI.group.value}
    assert signed_in("carys").get("/measures/assessed-within-90-days/missed/", narrowed).status_code == 200
    work_off_what_is_broken(world)
    told = logged.getvalue() + figures(client) + client.get("/readyz").text
    assert '"route": "patient"' in told  # something was logged
    assert {word for word in of_patients(world) | private if word in told} == set()
    assert world.key("Beryl") not in told


@pytest.mark.parametrize("address", ["/", "patient", "/measures/assessed-within-90-days/missed/"])
def test_no_page_about_a_person_shows_an_ethnic_category(world, signed_in, address):
    told = EthnicCategory.BANGLADESHI
    tell_an_ethnic_category(world)
    page = signed_in("carys").get(world.address("Beryl") if address == "patient" else address).content.decode()
    assert "Beryl" in page
    assert told.name.casefold() not in page.casefold()
    assert told.group.value.casefold() not in page.casefold()


def test_a_page_that_fails_shows_and_logs_where_and_never_whom(world, signed_in, logged, monkeypatch):
    from openfls.pages.patient import views

    name = world.sightings["Beryl"].record.family_name

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"duplicate key: {name} {NHS[0]}")

    monkeypatch.setattr(views, "show", broken)
    browser = signed_in("carys")
    browser.raise_request_exception = False
    reply = browser.get(world.address("Beryl"))
    assert reply.status_code == 500
    told = logged.getvalue() + reply.text
    assert "ValueError" in logged.getvalue()
    assert {word for word in of_patients(world) if word in told} == set()


def test_json_lines_carry_what_a_search_needs(world, signed_in, logged):
    signed_in("carys").get(world.address("Beryl"))
    lines = [json.loads(line) for line in logged.getvalue().splitlines() if line.startswith("{")]
    answered = next(line for line in lines if line["message"] == "answered")
    assert answered["logger"] == "openfls.requests"
    assert answered["level"] == "info"
    assert answered["route"] == "patient"
    assert answered["status"] == 200
    assert answered["time"].endswith("Z")


def test_the_trail_holds_the_id_that_the_log_line_has(world, signed_in, logged):
    from openfls.record.models import Trail

    signed_in("carys").get(world.address("Beryl"))
    lines = [json.loads(line) for line in logged.getvalue().splitlines() if line.startswith("{")]
    request_id = next(line["request_id"] for line in lines if line.get("route") == "patient")
    assert Trail.objects.filter(request=request_id).exists()
