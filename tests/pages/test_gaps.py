"""Gaps in care: the pages say what the record holds, every count opens exactly its names, nobody sees more."""

import json
import re
from datetime import date
from html import unescape

import pytest

from openfls.clinical.assessment import ASSESSED_WITHIN_90_DAYS
from openfls.clinical.facts import BodySite, Demographics, DxaNeed, DxaRequest, FlsAssessment
from openfls.clinical.patients import Sex
from openfls.clinical.rulebook import STANDARDS
from openfls.pages.gaps.leaving import HIDDEN
from openfls.pages.gaps.overview import components_short, missed_most, standing_out
from openfls.record import organisations
from openfls.record.models import SiteParameter, StandingRow
from tests.clinical.test_own_standards import OURS
from tests.pages.test_counts import listed
from tests.pages.world import ELSEWHERE, HOME, SISTER, patient

BERYL = "JONES, Beryl"
GAP = "/gaps/assessed-within-90-days/"


def said(client, address: str) -> str:
    return unescape(client.get(address).content.decode())


@pytest.fixture
def ours(world, settings, tmp_path):
    """A standard of the site's own, in force and judged."""
    settings.OPENFLS_HOME = tmp_path
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "ours.json").write_text(json.dumps({**OURS, "sites": [HOME]}))
    asked = world.by_hand(DxaRequest, world.sightings["Beryl"], 90, by="carys", need=DxaNeed.REQUESTED)
    world.enter(asked)
    return OURS["name"]


@pytest.fixture
def older(world):
    """Twelve fractures of other months at home: a third assessed by a doctor, a third by a nurse, a third by nobody."""
    for number in range(12):
        record = patient(f"Old{number}", "Smith", None, f"O{number}", sex=Sex.MALE if number % 2 else Sex.FEMALE)
        ago = 150 + 20 * number
        sighting = world.saw(record, ago, body_site=BodySite.WRIST)
        facts = [sighting, world.enrols(sighting, ago - 5)]
        if number % 3:
            role = "orthogeriatrician" if number % 3 == 1 else "nurse"
            facts.append(world.by_hand(FlsAssessment, sighting, ago - 60, by="deepak", assessor_role=role))
        world.enter(*facts)
    return world


@pytest.mark.parametrize("address", ["/gaps/", "/gaps/practices/", GAP, "/gaps/falls-assessed/"])
def test_every_count_of_a_page_of_gaps_opens_as_many_names(carys, older, address):
    page = said(carys, address)
    counts = re.findall(r'<a href="(/measures/[^"]+)">(?:<strong>)?([\d,]+)', page)
    assert counts
    assert {to: listed(carys, to) for to, _ in counts} == {to: int(number) for to, number in counts}


def test_every_bar_of_the_pathway_opens_as_many_names_as_its_table_says(carys, older):
    page = said(carys, "/gaps/pathway/")
    counts = re.findall(r'<a href="(/measures/[^"]+)">([\d,]+)<', page)
    bars = [tag for tag in re.findall(r"<a [^>]+>", page) if 'tabindex="-1"' in tag]
    assert {to for to, _ in counts} == {re.search(r'href="([^"]+)"', bar)[1] for bar in bars}
    assert {to: listed(carys, to) for to, _ in counts} == {to: int(number) for to, number in counts}
    assert any("not_asked" in to for to, _ in counts)


def test_each_month_opens_whom_it_did_not_see_in_time(carys, older):
    page = said(carys, GAP)
    months = set(re.findall(r'<a href="(/measures/assessed-within-90-days/missed/\?month=[^"]+)"', page))
    assert months
    missed = sum(listed(carys, month) for month in months)
    assert missed == listed(carys, "/measures/assessed-within-90-days/missed/")


@pytest.mark.parametrize("by", ["practice", "assessor", "age", "sex", "care-home"])
def test_the_parts_of_a_measure_are_all_of_it(carys, older, by):
    from openfls.pages.components.groups import parts

    found = parts(StandingRow.objects.all(), ASSESSED_WITHIN_90_DAYS, by, older.today)
    whole = StandingRow.objects.filter(standard="assessed-within-90-days").count()
    assert sum(part.measure.asked for part in found) == whole


def test_who_assessed_is_the_role_of_the_latest_assessment(carys, older):
    nurse = said(carys, "/measures/assessed-within-90-days/met/?by=assessor&part=nurse")
    assert "Old2" in nurse
    assert "Old1<" not in nurse
    assert "met in time, nurse" in nurse


def test_what_the_record_does_not_hold_is_said_and_not_invented(carys, older):
    assert "Deprivation and ethnicity: not known" in said(carys, GAP)


@pytest.mark.parametrize("query", ["by=shoe-size", "month=2026-13", "month=yesterday", "by=age%00", "site=%00"])
def test_a_list_narrowed_to_what_there_is_not_is_not_found(carys, older, query):
    assert carys.get(f"/measures/assessed-within-90-days/missed/?{query}").status_code == 404


@pytest.mark.parametrize("address", ["/gaps/no-such-standard/", f"{GAP}?site=X9Z99", f"{GAP}?site={ELSEWHERE}"])
def test_a_standard_or_hospital_that_is_not_in_view_is_not_found(carys, older, address):
    assert carys.get(address).status_code == 404


def test_narrowing_never_shows_another_trusts_patients(carys, older):
    listed_there = said(carys, f"/measures/assessed-within-90-days/waiting/?site={ELSEWHERE}")
    assert "BLACK" not in listed_there
    assert "Elverton" not in said(carys, GAP)


def test_a_narrowed_list_leaves_its_words_in_the_trail(carys, older):
    from openfls.record.models import Trail

    carys.get("/measures/assessed-within-90-days/missed/?by=sex&part=male")
    row = Trail.objects.latest("number")
    assert row.detail["list"] == "assessed-within-90-days: missed, male"
    assert row.patients


def test_of_one_hospital_the_page_says_that_there_is_nothing_to_compare(carys, older):
    assert "a fair comparison begins with three" in said(carys, "/gaps/")
    assert "A funnel needs three hospitals" in said(carys, GAP)


def test_before_anything_was_judged_every_page_says_so(signed_in, world):
    StandingRow.objects.all().delete()
    morag = signed_in("morag")
    assert "No window has closed yet" in said(morag, "/gaps/")
    assert "No month is over" in said(morag, GAP)
    assert "Nobody is on the pathway yet" in said(morag, "/gaps/pathway/")
    assert "Nobody is asked by these standards yet" in said(morag, "/gaps/practices/")
    assert "Nobody is asked." in said(morag, f"{GAP}counts.csv")


def test_practices_stand_by_their_names_and_none_is_out_of_reach(carys, older, monkeypatch):
    organisations.load({"practices": [{"code": "A81001", "name": "Station Surgery"}]}, by="a test")
    older.enter(older.said(Demographics, patient("Old1", "Smith", None, "O1", sex=Sex.MALE), 3, practice="A81001"))
    assert "Station Surgery" in said(carys, GAP)
    monkeypatch.setattr("openfls.pages.gaps.views.LONGEST", 1)
    page = said(carys, "/gaps/practices/")
    assert "Station Surgery" not in page
    onward = re.search(r'href="([^"]+)">Show [1-9] more practices? with fewer missed', page)
    assert onward
    assert "Station Surgery" in said(carys, f"/gaps/practices/{onward[1]}")


def test_counts_that_leave_have_no_small_number(carys, older):
    lines = said(carys, f"{GAP}counts.csv").splitlines()
    numbers = [cell for line in lines[2:-1] for cell in line.split(",")[1:]]
    assert HIDDEN in numbers
    assert all(cell == HIDDEN or int(cell) % 5 == 0 for cell in numbers)
    assert "below 8" in lines[-1]


def test_the_strictest_site_in_view_sets_what_is_small(signed_in, older):
    from openfls.record import parameters
    from openfls.record.parameters import threshold_of

    SiteParameter.objects.create(
        site_id=SISTER, name="suppress_below", value=12, set_by="a test", set_at=older.known(1)
    )
    SiteParameter.objects.create(
        site_id=ELSEWHERE, name="suppress_below", value=2, set_by="a test", set_at=older.known(1)
    )
    assert parameters.parameters_of_sites()[SISTER].suppress_below == 12
    assert threshold_of({"X1A01", SISTER}) == 12
    assert threshold_of({ELSEWHERE}) == 5


def of_hospitals(**met: int):
    """Each hospital's measures, where so many of 100 were assessed in time."""
    from dataclasses import replace

    from openfls.measures.counting import count

    nothing, name = count((), date(2026, 1, 1)), "assessed-within-90-days"
    return {code: nothing | {name: replace(nothing[name], met=hits, missed=100 - hits)} for code, hits in met.items()}


def test_the_hospital_that_falls_short_is_named_first_with_its_missed():
    by_site = of_hospitals(A=80, B=82, C=78, D=81, E=79, F=80, G=79, H=81, I=80, J=80, K=50)
    short = components_short(by_site, by_site["A"], {"K": "Kestrelholt"})
    assert [(mark.site, mark.missed) for mark in standing_out(short)] == [("Kestrelholt", 50)]


def test_what_is_missed_most_names_whose_task_it_is():
    (most,) = missed_most(of_hospitals(A=60)["A"])
    assert (most.measure.name, most.missed, most.role) == ("assessed-within-90-days", 40, "nurse")


@pytest.mark.parametrize("name", [standard.name for standard in STANDARDS][::4])
def test_a_standard_has_its_page(carys, world, name):
    assert carys.get(f"/gaps/{name}/").status_code == 200


def test_a_standard_of_the_sites_own_has_its_gaps_its_names_and_its_counts(carys, ours):
    assert OURS["title"] in said(carys, "/gaps/")
    page = said(carys, f"/gaps/{ours}/")
    assert OURS["title"] in page
    assert "By general practice" in page
    assert BERYL in said(carys, f"/measures/{ours}/missed/")
    assert carys.get(f"/gaps/{ours}/counts.csv").status_code == 200
