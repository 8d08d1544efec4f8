"""Doubts of identity: two records side by side; a person answers, and the answer can be taken back."""

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
