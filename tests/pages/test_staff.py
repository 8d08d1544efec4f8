"""Who did something stands on the pages by full name and role; by user name where no more is known."""

import pytest

from openfls.clinical.facts import Triage, TriageDecision
from openfls.clinical.standards import Role
from openfls.pages.staff import Staff
from openfls.record import users
from openfls.record.models import FactRow
from tests.pages.test_entries import send
from tests.pages.test_tasks import act


def said(client, world, name: str = "Beryl") -> str:
    return client.get(world.address(name)).content.decode().split("Timeline</h2>")[1]


def test_the_timeline_names_who_entered_what_and_as_what(signed_in, world):
    send(signed_in("nadia"), world, "note", {"text": "called back"})
    page = said(signed_in("carys"), world)
    assert "entered by Nadia Tester, nurse, Aldermere Royal" in page
    assert "entered by Carys Tester, coordinator" in page
    assert "entered by nadia" not in page


def test_one_who_left_keeps_the_name_and_one_who_never_was_the_user_name(signed_in, world):
    send(signed_in("nadia"), world, "note", {"text": "called back"})
    users.withdraw("nadia", "X1A01", Role.NURSE, by="a test")
    users.deactivate("nadia", by="a test")
    world.enter(world.by_hand(TriageDecision, world.sightings["Beryl"], 1, by="ghost", answer=Triage.ENROL))
    page = said(signed_in("carys"), world)
    assert "entered by Nadia Tester, Aldermere Royal" in page
    assert "entered by ghost, Aldermere Royal" in page


@pytest.mark.parametrize(
    ("site", "title"),
    [
        ("X1A01", "Tara Tester, coordinator"),
        ("X1E01", "Tara Tester, nurse"),
        ("X1A02", "Tara Tester, coordinator, nurse"),
        (None, "Tara Tester, coordinator, nurse"),
    ],
)
def test_the_role_is_that_at_the_site_where_it_was_entered(world, site, title):
    assert Staff({"tara"}).title("tara", site) == title


def test_an_owner_stands_everywhere_by_name(carys, world):
    act(carys, world, "hand-over", {"handover-owner": "nadia", "handover-text": "rings on Mondays"})
    for address in (world.address("Beryl"), world.address("Beryl", "tasks/assess/"), "/?role=nurse&step=assess"):
        assert "Nadia Tester" in carys.get(address).content.decode().split("<main")[1], address
    assert "assess: Nadia Tester" in said(carys, world)


def test_correcting_shows_who_entered_it(carys, world):
    send(carys, world, "note", {"text": "seen on Monday"})
    fact = FactRow.objects.filter(kind="note").latest("number").fact_id
    page = carys.get(f"/patients/{world.key('Beryl')}/facts/{fact}/correct/").content.decode()
    assert "(entered by Carys Tester, coordinator)" in page


def test_all_names_of_a_page_are_asked_at_once(world, django_assert_num_queries):
    with django_assert_num_queries(2):
        staff = Staff({"carys", "nadia", "deepak", "nobody at all"})
        assert [staff.name(one) for one in ("carys", "nadia", "nobody at all")] == [
            "Carys Tester", "Nadia Tester", "nobody at all",
        ]  # fmt: skip
