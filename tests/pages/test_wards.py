"""Wards: with their site, and only what the sites may say that the viewer may hear. Two hospitals may have a Ward 5."""

import re

import pytest

from openfls.clinical.facts import Admission, Discharge, Transfer
from openfls.record.models import SharingAgreement
from tests.pages.world import ELSEWHERE, SISTER


@pytest.fixture
def theirs(world):
    """Cyril, on Trauma A at home, is admitted at another trust too, whom nobody told of the first stay."""
    cyril = world.sightings["Cyril"].record
    admitted = world.said(Admission, cyril, 3, "X1E/pas", site=ELSEWHERE, visit="E1", ward="Oak")
    world.enter(world.saw(cyril, 3, site=ELSEWHERE), admitted)
    return cyril


def every_list(client, world) -> dict[str, str]:
    pages = {
        address: client.get(address) for address in ("/?role=&due=later", "/?role=", "/triage/", world.address("Cyril"))
    }
    pages["/search/"] = client.post("/search/", {"words": "brown"})
    return {address: reply.content.decode() for address, reply in pages.items()}


def test_the_ward_of_another_trust_shows_on_no_page(carys, signed_in, world, theirs):
    for address, page in every_list(carys, world).items():
        assert "Oak" not in page, address
    assert "Oak" not in signed_in("deepak").get("/").content.decode()


def test_each_trust_goes_by_its_own_messages(carys, signed_in, world, theirs):
    assert "Trauma A" in carys.post("/search/", {"words": "brown"}).content.decode()
    assert "Trauma A: 1 patient" in signed_in("deepak").get("/").content.decode()
    eamon = signed_in("eamon").post("/search/", {"words": "brown"}).content.decode()
    assert "Oak" in eamon
    assert "Trauma A" not in eamon


def test_under_an_agreement_it_shows_with_its_site_but_is_on_nobodys_round(carys, signed_in, world, theirs):
    SharingAgreement.objects.create(giver_id="X1E", receiver_id="X1A", reference="a test", begins=world.day(30))
    assert "Oak, Elverton District" in carys.post("/search/", {"words": "brown"}).content.decode()
    assert "BROWN, Cyril" not in signed_in("deepak").get("/").content.decode()


def test_at_one_site_the_ward_needs_no_site_at_several_it_does(carys, signed_in, world):
    later = "/?role=nurse&due=later"
    assert re.search(r"ward Trauma A<", carys.get(later).content.decode())
    assert "ward Trauma A, Aldermere Royal<" in signed_in("tara").get(later).content.decode()


def test_one_who_was_moved_within_the_trust_lies_at_the_other_site(carys, signed_in, world):
    cyril = world.sightings["Cyril"].record
    world.enter(world.said(Transfer, cyril, 2, visit="V1", ward="Rehab", to_site=SISTER))
    assert "Rehab, Brackenshaw General" in carys.get(world.address("Cyril")).content.decode()
    assert "BROWN, Cyril" not in signed_in("deepak").get("/").content.decode()


def test_whoever_went_home_lies_nowhere(carys, world):
    world.enter(world.said(Discharge, world.sightings["Cyril"].record, 2, visit="V1"))
    for address, page in every_list(carys, world).items():
        assert "Trauma A" not in page.split("Timeline</h2>")[0], address


def test_two_wards_of_one_name_are_two(signed_in, world):
    from openfls.clinical.standards import Role
    from openfls.record import users

    users.grant("deepak", ELSEWHERE, Role.DOCTOR, by="a test")
    frank = world.sightings["Frank"].record
    world.enter(world.said(Admission, frank, 3, "X1E/pas", site=ELSEWHERE, visit="E2", ward="Trauma A"))
    page = signed_in("deepak").get("/").content.decode()
    assert "Trauma A, Aldermere Royal: 1 patient" in page
    assert "Trauma A, Elverton District: 1 patient" in page
