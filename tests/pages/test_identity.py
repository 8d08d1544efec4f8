"""Doubts of identity: two records side by side; a person answers, and the answer can be taken back."""

import re

from openfls.record.models import DoubtRow, FactRow, Person


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
    assert "differs" in page


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
