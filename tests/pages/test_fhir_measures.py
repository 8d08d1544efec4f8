"""Standards and their counts over FHIR: what a system sees of its own sites, and how a period is asked for."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from openfls.clinical.rulebook import STANDARDS
from openfls.measures.counting import Measure
from openfls.measures.fhir_reports import measure_report, report_id
from openfls.record.systems import add_system
from tests.pages.world import ELSEWHERE, HOME, World

BASE = "/fhir/R4"
ASSESSED = "assessed-within-90-days"


@pytest.fixture
def asked(world):
    token = add_system("dashboard", HOME, by="a test", may_read=True)

    def get(path: str, status: int = 200) -> dict:
        reply = Client().get(f"{BASE}/{path}", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == status, reply.content
        return json.loads(reply.content)

    return get


def period(world: World) -> str:
    return f"period=ge{world.today - timedelta(days=300)}&period=le{world.today}"


def counts(report: dict) -> dict[str, int]:
    population = report["group"][0]["population"]
    return {one["code"]["coding"][0]["code"]: one["count"] for one in population}


def test_every_standard_is_a_measure_with_its_source_and_direction(asked):
    found = asked("Measure?_count=100")
    assert found["total"] == len(STANDARDS)
    measure = asked(f"Measure/{ASSESSED}")
    assert measure["url"].endswith(f"/Measure/{ASSESSED}")
    assert measure["improvementNotation"]["coding"][0]["code"] == "increase"
    assert measure["status"] == "draft"  # no clinician has checked it
    assert asked(f"Measure?url={measure['url']}")["total"] == 1


def test_a_report_counts_the_fractures_of_the_site_and_period(asked, world):
    found = asked(f"MeasureReport?reporter={HOME}&measure={ASSESSED}&{period(world)}")
    [report] = [entry["resource"] for entry in found["entry"]]
    assert (report["type"], report["reporter"]["identifier"]["value"]) == ("summary", HOME)
    assert counts(report) == {"initial-population": 6, "denominator-exclusion": 0, "denominator": 1, "numerator": 0}
    assert asked(f"MeasureReport/{report['id']}") == report


def test_a_site_that_the_system_does_not_see_looks_like_none(asked, world):
    asked(f"MeasureReport?reporter={ELSEWHERE}&{period(world)}", 404)
    asked(f"MeasureReport/{report_id(ASSESSED, ELSEWHERE, world.today, world.today)}", 404)


@pytest.mark.parametrize(
    "query",
    [
        "", f"reporter={HOME}", f"reporter={HOME}&period=ge2026-01-01", f"reporter={HOME}&subject=Patient/1",
        f"reporter={HOME}&period=ge2026-13-01&period=le2026-12-31",
        f"reporter={HOME}&period=ge2026-02-01&period=le2026-01-31",
    ],
)  # fmt: skip
def test_what_is_asked_unclearly_is_answered_with_what_to_ask(asked, query):
    assert asked(f"MeasureReport?{query}", 400)["resourceType"] == "OperationOutcome"


def test_what_leaves_the_building_hides_a_report_with_few(world):
    measure = Measure(STANDARDS[0], met=40, missed=3)
    shown = measure_report(measure, HOME, world.today, world.today, world.today)
    hidden = measure_report(measure, HOME, world.today, world.today, world.today, below=8)
    assert counts(shown)["numerator"] == 40
    assert "count" not in hidden["group"][0]["population"][3]
    assert "measureScore" not in hidden["group"][0]


def test_every_name_of_a_standard_leaves_room_in_an_id():
    from datetime import date

    ids = [report_id(one.name, "X1A01", date(2026, 1, 1), date(2026, 12, 31)) for one in STANDARDS]
    assert max(map(len, ids)) <= 64
