"""Doubts of identity: two records side by side; a person answers, and the answer can be taken back."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from openfls.clinical.facts import (
    Answer,
    BodySite,
    Demographics,
    Finder,
    FractureSighting,
    RecordsLinked,
    RecordsSeparated,
)
from openfls.clinical.patients import HospitalNumber, Sex
from openfls.coordination import resembling
from openfls.coordination.comparing import derived_lines
from openfls.record.models import DoubtRow, FactRow, Person, Trail
from tests.pages.world import ELSEWHERE, NHS, patient, two_spellings


def answer(client, what: str, mark: str = "m1"):
    doubt = DoubtRow.objects.get()
    sent = {"left": doubt.left_id, "right": doubt.right_id, "answer": what, "form_mark": mark}
    return client.post("/identity/answer/", sent)


def ediths() -> int:
    return Person.objects.filter(family_name="White").count()


def test_both_records_stand_side_by_side_with_what_differs(carys, world):
    page = carys.get("/identity/").content.decode()
    assert "06 Dec 1940" in page
    assert "12 Jun 1940" in page
    assert "nearly: day and month changed places" in page
    assert "Why it is asked:" in page


def test_a_sex_that_a_record_does_not_say_differs_from_none(carys, world):
    from dataclasses import replace

    from openfls.clinical.patients import Sex

    first = world.sightings["Edith"].record
    unsaid = replace(first, sex=Sex.UNKNOWN, birth_date=None, given_name="Edyth")
    world.enter(world.saw(unsaid, 29))
    page = carys.get("/identity/").content.decode()
    rows = re.findall(r'<th scope="row">Sex</th><td>([^<]*)</td><td>([^<]*)</td><td[^>]*>(.*?)</td>', page)
    assert {"not given"} <= {side for row in rows for side in row[:2]}
    assert all("differs" not in agreement for *_, agreement in rows)


def test_linking_makes_one_person_of_two(carys, world):
    assert ediths() == 2
    answer(carys, "link")
    assert ediths() == 1
    assert "No doubt about who is who" in carys.get("/identity/").content.decode()


def test_keeping_apart_answers_the_question_too(carys, world):
    answer(carys, "separate")
    assert ediths() == 2
    assert "No doubt about who is who" in carys.get("/identity/").content.decode()


def test_a_link_is_undone_on_the_timeline(carys, world):
    answer(carys, "link")
    fact = FactRow.objects.get(kind="records linked")
    key = fact.record_id
    assert "Take back" in carys.get(f"/patients/{key}/").content.decode()
    carys.post(f"/patients/{key}/facts/{fact.fact_id}/take-back/", {"reason": "two sisters", "form_mark": "m2"})
    assert ediths() == 2


def test_an_answer_sent_twice_counts_once(carys, world):
    doubt = DoubtRow.objects.get()
    sent = {"left": doubt.left_id, "right": doubt.right_id, "answer": "link", "form_mark": "m1"}
    carys.post("/identity/answer/", sent)
    assert carys.post("/identity/answer/", sent).status_code in (302, 404)
    assert FactRow.objects.filter(kind="records linked").count() == 1


def test_nobody_of_another_trust_answers(signed_in, world):
    assert answer(signed_in("eamon"), "link").status_code == 404
    assert answer(signed_in("morag"), "link").status_code == 404
    assert ediths() == 2


def test_the_notice_after_a_link_leads_to_the_patient_and_undoes_it_at_once(carys, world):
    answer(carys, "link")
    page = carys.get("/identity/").content.decode()
    patient = re.search(r'<a href="(/patients/\w+/)">Open the patient</a>', page)[1]
    assert "WHITE, Edith" in carys.get(patient).content.decode()
    undo = re.search(r'action="(/identity/undo/[^"]+)"', page)[1]
    reply = carys.post(undo)
    assert ediths() == 2
    assert DoubtRow.objects.filter(answered=False).count() == 1
    assert "The question is open again" in carys.get(reply.url).content.decode()


def test_keeping_apart_is_undone_at_once_too(carys, world):
    answer(carys, "separate")
    undo = re.search(r'action="(/identity/undo/[^"]+)"', carys.get("/identity/").content.decode())[1]
    carys.post(undo)
    assert DoubtRow.objects.filter(answered=False).count() == 1


def test_an_answer_is_undone_here_only_by_who_gave_it(carys, signed_in, world):
    answer(carys, "link")
    undo = re.search(r'action="(/identity/undo/[^"]+)"', carys.get("/identity/").content.decode())[1]
    for name in ("nadia", "eamon", "morag"):
        assert signed_in(name).post(undo).status_code == 404
    assert ediths() == 1
    other = undo.replace(undo.split("/")[-2], world.sighting_id("Anne"))
    assert carys.post(other).status_code == 404


def test_a_merge_by_the_hospital_of_what_a_person_parted_asks_again_and_joins_nobody(carys, world):
    doubt = DoubtRow.objects.select_related("left", "right").get()
    left, right = doubt.left.to_record(), doubt.right.to_record()
    answer(carys, "separate")
    world.enter(world.said(RecordsLinked, left, 0, other=right, known=timezone.now(), site=None))
    assert ediths() == 2
    page = carys.get("/identity/").content.decode()
    assert "X1A/pas merged on" in page
    assert "what carys keeps apart since" in page
    answer(carys, "link", mark="m2")
    assert ediths() == 1
    assert not DoubtRow.objects.exists()


def test_a_separation_by_the_hospital_of_what_a_person_linked_asks_about_the_one_person(carys, world):
    doubt = DoubtRow.objects.select_related("left", "right").get()
    left, right = doubt.left.to_record(), doubt.right.to_record()
    answer(carys, "link")
    world.enter(world.said(RecordsSeparated, left, 0, other=right, known=timezone.now(), site=None))
    assert ediths() == 1
    assert "what carys linked on" in carys.get("/identity/").content.decode()
    answer(carys, "separate", mark="m2")
    assert ediths() == 2
    assert not DoubtRow.objects.exists()


# ---- between trusts that share nothing


OTHER_BIRTHDAY = date(1938, 1, 9)


@pytest.fixture
def across(world):
    """Anne of the home trust, and a record at another trust with her number and another name."""
    other = patient("Agatha", "Secretname", NHS[0], "", OTHER_BIRTHDAY)
    details = {"finder": Finder.TRAUMA_LIST, "body_site": BodySite.HIP, "low_trauma": Answer.YES, "site": ELSEWHERE}
    world.enter(world.said(FractureSighting, other, 25, "X1E/trauma", **details))
    return world


def seen(client, address: str) -> str:
    return client.get(address).content.decode()


def test_each_side_sees_its_own_patient_and_nothing_of_the_other(carys, signed_in, across):
    here = seen(carys, "/identity/?elsewhere=1") + seen(carys, across.address("Anne"))
    there = seen(signed_in("eamon"), "/identity/?elsewhere=1") + seen(signed_in("eamon"), across.address("Agatha"))
    assert "SMITH, Anne" in here
    for page in (here, there):
        assert page.count("A record elsewhere may be this person") == 2
        assert "dates of birth differ" not in page
    for secret in ("SECRETNAME", "Secretname", "Agatha", "09 Jan 1938", "X1E", "Elverton", across.key("Agatha")):
        assert secret not in here, secret
    for secret in ("SMITH", "Smith", "Anne", "02 Mar 1941", "X1A", "Aldermere", across.key("Anne")):
        assert secret not in there, secret


def test_a_half_seen_doubt_can_be_answered_by_neither_side_alone(carys, signed_in, across):
    doubt = DoubtRow.objects.get(because__contains=NHS[0])
    sent = {"left": doubt.left_id, "right": doubt.right_id, "answer": "link", "form_mark": "m1"}
    for client in (carys, signed_in("eamon")):
        assert client.post("/identity/answer/", sent).status_code == 404
    assert signed_in("tara").post("/identity/answer/", sent).status_code == 302
    assert "Nobody at" in seen(carys, "/identity/?elsewhere=1")


def test_who_works_in_both_sees_it_whole_and_no_half(signed_in, across):
    assert "the same number 9990000018, but dates of birth differ" in seen(signed_in("tara"), "/identity/")
    assert "Nobody at" in seen(signed_in("tara"), "/identity/?elsewhere=1")


def test_the_list_of_halves_leaves_a_row_of_the_own_side_alone(carys, across):
    seen(carys, "/identity/?elsewhere=1")
    row = Trail.objects.latest("number")
    assert (row.action, row.patients) == ("doubts of identity with a record elsewhere", [across.key("Anne")])


def test_where_nothing_is_held_elsewhere_the_page_says_so(carys, world):
    page = seen(carys, "/identity/?elsewhere=1")
    assert "Nobody at Aldermere Royal may have a record elsewhere." in page
    assert "A record elsewhere" not in seen(carys, world.address("Anne"))


# ---- records that are only alike


@pytest.fixture
def alike(world):
    """The question about the two Mabels."""
    two_spellings(world)
    return DoubtRow.objects.get(because__contains="likely")


def answered(client, doubt: DoubtRow, what: str):
    return client.post("/identity/answer/", {"left": doubt.left_id, "right": doubt.right_id, "answer": what})


def test_the_likeliest_stands_first_with_why_it_is_asked(carys, alike):
    page = carys.get("/identity/").content.decode()
    assert page.index("APPLEYARD, Mabel") < page.index("WHITE, Edith")
    assert "very likely one person (over 99.9%): the same given name, date of birth, sex and postcode" in page
    assert "nearly: one letter apart" in page
    assert page.count("XA5 7HL") == 2


def test_who_is_not_sure_leaves_the_question_open_after_the_others(carys, alike):
    reply = answered(carys, alike, "unsure")
    page = carys.get(reply.url).content.decode()
    assert page.index("WHITE, Edith") < page.index("APPLEYARD, Mabel")
    assert "Looked at before:</strong> Carys Tester" in page
    assert Person.objects.filter(family_name__startswith="Appl").count() == 2


def test_not_sure_is_taken_back_like_any_answer(carys, alike):
    answered(carys, alike, "unsure")
    fact = FactRow.objects.get(kind="records undecided")
    carys.post(f"/patients/{fact.record_id}/facts/{fact.fact_id}/take-back/", {"reason": "slip", "form_mark": "m2"})
    assert "Looked at before:" not in carys.get("/identity/").content.decode()


def test_linking_keeps_both_records_whole_and_undoing_it_parts_them_as_they_were(carys, alike):
    before = {kind: list(lines) for kind, lines in derived_lines().items()}
    answered(carys, alike, "link")
    assert Person.objects.filter(family_name__startswith="Appl").count() == 1
    fact = FactRow.objects.get(kind="records linked")
    address = f"/patients/{fact.record_id}/facts/{fact.fact_id}/take-back/"
    carys.post(address, {"reason": "two cousins", "form_mark": "m2"})
    after = {kind: list(lines) for kind, lines in derived_lines().items()}
    assert after["doubts"] == before["doubts"]
    assert after["episodes"] == before["episodes"]
    assert FactRow.objects.filter(record__family_name__startswith="Appl").count() >= 4


def test_an_address_of_another_trust_is_compared_and_not_shown(carys, world):
    """Frank's other record came from Elverton with an address; here he was only seen once, under another spelling."""
    here = patient("Frank", "Blacke", None, "A300", sex=Sex.MALE)
    there = replace(patient("Frank", "Black", NHS[4], "", sex=Sex.MALE), hospital_numbers=(HospitalNumber("X1E", "7"),))
    world.enter(world.saw(here, 5), world.said(Demographics, here, 5, postcode="XA5 7HL", site=None))
    world.enter(world.saw(there, 15, site=ELSEWHERE), world.said(Demographics, there, 5, postcode="XA5 7HL", site=None))
    world.enter(world.saw(replace(there, hospital_numbers=()), 4))
    page = carys.get("/identity/").content.decode()
    assert "BLACKE, Frank" in page
    assert "the same given name, date of birth and sex; family name one letter apart" in page
    assert page.count("XA5 7HL") == 1


def test_what_is_too_common_to_compare_is_told(carys, world, monkeypatch):
    monkeypatch.setattr(resembling, "CROWDED_FROM", 3)
    crowd = [patient(given, "", None, f"Z{n}", date(1900, 1, 1)) for n, given in enumerate(("Una", "Uma", "Ursula"))]
    world.enter(*(world.saw(of, 9) for of in crowd))
    page = carys.get("/identity/").content.decode()
    assert "What is too common to compare (1)" in page
    assert "born 1900-01-01, a name in U" in page


def test_what_is_too_common_among_people_of_another_trust_is_not(signed_in, world, monkeypatch):
    monkeypatch.setattr(resembling, "CROWDED_FROM", 3)
    crowd = [patient(given, "", None, f"Z{n}", date(1900, 1, 1)) for n, given in enumerate(("Una", "Uma", "Ursula"))]
    world.enter(*(world.saw(of, 9) for of in crowd))
    assert "too common" not in signed_in("eamon").get("/identity/").content.decode()
