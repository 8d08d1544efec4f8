"""Reports to check: the lists of one's own sites, one report at a time, and what was missed."""

import pytest

from openfls.clinical.facts import FractureSighting
from openfls.inbox.models import SampledReport
from openfls.inbox.sampling import draw
from openfls.record.models import EpisodeRow, FactRow, Trail
from tests.inbox.reports import OCTOBER, send
from tests.pages.world import ELSEWHERE, HOME

TEXTS = ("No bony injury. Soft tissue swelling.", "Normal appearances.", "Known T9 fracture, unchanged.")


@pytest.fixture
def reports(world):
    """The month's list at home, and one at another trust."""
    send(*TEXTS, site=HOME)
    send("Normal elsewhere.", first=50, site=ELSEWHERE, source="X1E/ris")
    draw(ELSEWHERE, OCTOBER)
    return list(draw(HOME, OCTOBER).reports.order_by("pk"))


def said(client, report: SampledReport, **answers: str):
    return client.post(f"/reports/{report.pk}/", {"found": "no fracture", **answers}, follow=True)


def test_the_menu_says_how_many_wait_and_the_page_lists_ones_own(carys, reports):
    page = carys.get("/reports/").content.decode()
    assert "October 2026" in page
    assert "0 of 3" in page
    assert "Elverton" not in page
    assert "none is checked yet; 3 to check" in page


def test_without_a_list_the_page_says_when_there_will_be_one(carys, world):
    assert "No list has been drawn" in carys.get("/reports/").content.decode()


def test_a_report_is_shown_whole_with_its_patient_and_what_speaks_of_a_fracture_marked(carys, reports):
    pages = [carys.get(f"/reports/{one.pk}/").content.decode() for one in reports]
    assert sum("Soft tissue swelling." in page for page in pages) == 1
    assert sum("<mark>Known T9 fracture</mark>, unchanged." in page for page in pages) == 1
    assert all("PATIENT" in page.upper() for page in pages)
    assert Trail.objects.filter(action="read a report", user="carys").count() == 3


def test_an_answer_is_saved_and_leads_to_the_next(carys, reports):
    page = said(carys, reports[0])
    assert page.redirect_chain == [(f"/reports/{reports[1].pk}/", 302)]
    assert "Saved: no fracture." in page.content.decode()
    assert "1 of 3 checked" in page.content.decode()


def test_the_last_answer_ends_the_list_and_tells_the_share(carys, reports):
    for one in reports[:2]:
        said(carys, one)
    page = said(carys, reports[2], found="a fracture", body_site="spine")
    told = page.content.decode()
    assert "Saved: a fracture; it waits for triage now. The list is done." in told
    assert "<strong>1 of 3</strong> checked reports had a fracture, 33.3% (95% interval" in told
    assert "33.3% (95% interval" in carys.get("/feeds/").content.decode()


def test_a_missed_fracture_waits_for_triage_with_the_words_that_say_so(carys, reports):
    said(carys, reports[0], found="a fracture", body_site="spine", text="the T9 fracture was new")
    assert "“the <mark>T9 fracture</mark> was new”" in carys.get("/triage/").content.decode()
    assert EpisodeRow.objects.filter(main_site="spine", status="to triage").count() == 1


def test_a_fracture_without_its_bone_and_no_answer_at_all_are_asked_again(carys, reports):
    before = FactRow.objects.count()
    assert "Choose which bone is broken" in said(carys, reports[0], found="a fracture").content.decode()
    assert "Choose what the report says" in said(carys, reports[0], found="").content.decode()
    assert FactRow.objects.count() == before
    assert not SampledReport.objects.exclude(answer="").exists()


def test_an_answer_may_be_changed_and_takes_its_sighting_back(carys, reports):
    said(carys, reports[0], found="a fracture", body_site="hip")
    assert "This one was checked by Carys Tester" in carys.get(f"/reports/{reports[0].pk}/").content.decode()
    said(carys, reports[0])
    assert FactRow.objects.filter(kind=FractureSighting.kind, by="carys").latest("number").to_fact().retracted


def test_a_list_is_taken_by_a_named_person(carys, reports):
    sample = reports[0].sample_id
    assert "The list is yours." in carys.post(f"/reports/lists/{sample}/take/", follow=True).content.decode()
    assert "<td>Carys Tester</td>" in carys.get("/reports/").content.decode()


@pytest.mark.parametrize("user", ["morag", "ada", "grace", "eamon", "nobody"])
def test_nobody_else_reads_the_reports_of_this_site(signed_in, reports, user):
    client = signed_in(user)
    assert client.get(f"/reports/{reports[0].pk}/").status_code == 404
    assert client.post(f"/reports/{reports[0].pk}/", {"found": "no fracture"}).status_code == 404
    assert client.post(f"/reports/lists/{reports[0].sample_id}/take/").status_code == 404
    assert not SampledReport.objects.exclude(answer="").exists()
