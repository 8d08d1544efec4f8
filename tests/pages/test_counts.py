"""Every count leads to its names: the backstop's and the measures' numbers are as long as the lists behind them."""

import re
from html import unescape

import pytest

from openfls.clinical.facts import FlsAssessment
from openfls.clinical.rulebook import STANDARDS
from openfls.pages.components.measures import SLUG_OF, WORDS
from openfls.record.models import StandingRow
from openfls.record.reckoning import assessors_role


def listed(client, address: str) -> int:
    """How many fractures the list at this address says that it holds."""
    page = client.get(address).content.decode()
    told = re.search(r"([\d,]+) fractures?</caption>", page)
    return int(told[1].replace(",", "")) if told else 0


def test_each_count_of_the_backstop_opens_as_many_names(carys, world):
    page = carys.get("/backstop/?period=all").content.decode()
    counts = re.findall(r'<a href="(/backstop/[^"]+)">(?:<strong>)?(\d+)', page)
    assert len(counts) > 8
    assert {address: listed(carys, address) for address, _ in counts} == {a: int(n) for a, n in counts}


def test_the_picture_and_the_table_say_the_same(carys, world):
    page = carys.get("/backstop/").content.decode()
    bars = [re.search(r'href="([^"]+)"', tag)[1] for tag in re.findall(r"<a [^>]+>", page) if 'tabindex="-1"' in tag]
    assert bars
    assert all(page.count(f'"{address}"') == 2 for address in bars)


def test_a_period_leaves_older_fractures_out(carys, world):
    assert listed(carys, "/backstop/seen/?period=all") > listed(carys, "/backstop/seen/?period=90") > 0


@pytest.mark.parametrize(
    "address", ["dance/", "seen/nobody/", "group/nobody/", "dance/trauma-list/", "number/", "number/two/", "number/²/"]
)
def test_a_list_that_there_is_not_is_not_found(carys, world, address):
    assert carys.get(f"/backstop/{address}").status_code == 404


def test_where_nothing_can_be_estimated_the_page_says_why(carys, world):
    page = carys.get("/backstop/").content.decode()
    assert "Can't be estimated" in page or "95% interval" in page


def test_each_count_of_each_measure_opens_as_many_names(carys, world):
    page = carys.get("/components/").content.decode()
    counts = re.findall(r'<a href="(/measures/[^"]+)">(\d+)', page)
    assert len(counts) > 5
    assert {address: listed(carys, address) for address, _ in counts} == {a: int(n) for a, n in counts}


def test_the_cells_of_a_measure_hold_every_standing_once(carys, world):
    from openfls.pages.components.names import condition

    for standard in STANDARDS:
        rows = StandingRow.objects.filter(standard=standard.name)
        assert sum(rows.filter(condition(cell, world.today)).count() for cell in WORDS) == rows.count()


def test_a_measure_changes_when_its_task_is_done(signed_in, world):
    from tests.pages.test_entries import ASSESSED, send

    nadia = signed_in("nadia")
    missed = "/measures/assessed-within-90-days/missed/"
    before = listed(nadia, missed)
    send(nadia, world, "assessment", ASSESSED, when=world.day(60))
    assert listed(nadia, missed) == before - 1


@pytest.mark.parametrize("slug", ["case-finding", "assessment", "treatment", "monitoring-and-coordination"])
def test_each_component_shows_its_standards_and_each_sites_way(carys, world, slug):
    page = unescape(carys.get(f"/components/{slug}/").content.decode())
    assert "Each site's way of working" in page
    for standard in STANDARDS:
        assert (standard.title in page) == (SLUG_OF[standard.component] == slug)


def counts_of_ways(client, slug: str) -> dict[str, int]:
    page = client.get(f"/components/{slug}/").content.decode()
    told = re.findall(r'<a href="(/components/[\w-]+/fractures/[^"]+)"><strong>(\d+)</strong>', page)
    return {unescape(address): int(number) for address, number in told}


@pytest.mark.parametrize("slug", ["case-finding", "assessment", "treatment", "monitoring-and-coordination"])
def test_each_count_of_a_sites_way_of_working_opens_as_many_fractures(signed_in, world, slug):
    from tests.pages.test_entries import ASSESSED, RECOMMENDED, send

    nadia = signed_in("nadia")
    for name in ("Beryl", "Cyril"):
        send(nadia, world, "assessment", ASSESSED | {"assessor": "nurse" if name == "Beryl" else "pharmacist"}, name)
        send(nadia, world, "treatment", RECOMMENDED | {"begins": "given", "where": "inpatient"}, name)
        send(nadia, world, "follow-up", {"on_treatment": "yes", "drug": "Zoledronate", "refractured": "no"}, name)
    counted = counts_of_ways(nadia, slug)
    assert counted
    assert {address: listed(nadia, address) for address in counted} == counted


def test_what_was_taken_back_or_corrected_is_no_way_of_working(carys, world):
    from openfls.record.models import FactRow
    from tests.pages.test_corrections import place
    from tests.pages.test_entries import day, send

    def assessors() -> list[str]:
        asked = counts_of_ways(carys, "assessment")
        return sorted(re.search("answer=([^&]+)", address)[1].replace("+", " ") for address in asked)

    send(carys, world, "assessment", {"assessor": "pharmacist"})
    assert assessors() == ["pharmacist", "specialist nurse"]
    fact = FactRow.objects.filter(kind="FLS assessment").latest("number").fact_id
    sent = {**day("day", world.today), "assessor_role": "nurse", "findings": "", "form_mark": "m2"}
    carys.post(place(world, fact, "correct"), sent)
    assert assessors() == ["nurse", "specialist nurse"]
    corrected = FactRow.objects.filter(kind="FLS assessment").latest("number").fact_id
    carys.post(place(world, corrected, "take-back"), {"reason": "wrong patient", "form_mark": "m3"})
    assert assessors() == ["specialist nurse"]


def test_an_answer_that_nobody_gave_has_a_list_too(carys, world):
    world.enter(world.by_hand(FlsAssessment, world.sightings["Beryl"], 20))
    address = next(a for a in counts_of_ways(carys, "assessment") if "answer=not+said" in a)
    assert listed(carys, address) == 1

@pytest.mark.parametrize("query", ["", "?asked=7&site=X1A01&answer=nurse", "?asked=x", "?asked=²"])
def test_a_way_of_working_that_nobody_asks_for_is_not_found(carys, world, query):
    assert carys.get(f"/components/assessment/fractures/{query}").status_code == 404


def test_a_standard_that_no_clinician_has_checked_says_so(carys, world):
    assert "not clinically checked" in carys.get("/components/assessment/").content.decode().lower()


def test_sites_are_compared_by_name_where_more_than_one_is_in_view(signed_in, world):
    page = signed_in("tara").get("/components/assessment/").content.decode()
    assert "Sites compared" in page
    assert page.index("Aldermere Royal") < page.index("Elverton District")


@pytest.mark.parametrize("address", ["/components/dance/", "/measures/dance/met/", "/measures/falls-assessed/dance/"])
def test_what_there_is_not_is_not_found(carys, world, address):
    assert carys.get(address).status_code == 404


def test_the_list_of_fractures_opens_by_status(carys, world):
    assert listed(carys, "/fractures/?status=enrolled") == 3
    assert "BLACK" not in carys.get("/fractures/").content.decode()


def test_a_fracture_known_on_the_next_day_was_found_after_one_day():
    from openfls.pages.fractures.lines import _found

    assert _found({"finder": "trauma list", "late": False, "days_after": 1}) == "trauma list after 1 day"
    assert _found({"finder": "theatre list", "late": True, "days_after": 41}) == "theatre list after 41 days, late"


@pytest.mark.skipif("config.getoption('postgres')", reason="reads the plan of SQLite")
def test_who_assessed_is_looked_up_by_the_person_not_among_every_assessment_on_record(world):
    plan = StandingRow.objects.annotate(role=assessors_role()).explain()
    assert "fact_record" in plan
    assert "fact_kind" not in plan
