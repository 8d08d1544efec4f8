"""Gaps in care: the pages say what the record holds, every count opens exactly its names, nobody sees more."""

import csv
import json
import re
from datetime import date
from html import unescape

import pytest

from openfls.clinical.assessment import ASSESSED_WITHIN_90_DAYS
from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import BodySite, Demographics, DxaNeed, DxaRequest, FlsAssessment
from openfls.clinical.patients import Sex
from openfls.clinical.rulebook import STANDARDS
from openfls.pages.components.groups import SPLITS, parts
from openfls.pages.gaps.leaving import HIDDEN
from openfls.pages.gaps.overview import components_short, missed_most, standing_out
from openfls.record import deprivation, organisations
from openfls.record.models import RecordRow, SiteParameter, StandingRow, Trail
from tests.clinical.test_own_standards import OURS
from tests.pages.test_counts import listed
from tests.pages.world import ELSEWHERE, HOME, SISTER, patient

BERYL = "JONES, Beryl"
GAP = "/gaps/assessed-within-90-days/"
MISSED = "/measures/assessed-within-90-days/missed/"


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


@pytest.fixture
def described(older):
    """Four of the twelve live in three places; two of them told an ethnic category of one group, one would not say."""
    for name, code in {"Old0": "N", "Old1": "M", "Old2": "Z", "Old3": "A"}.items():
        whose = RecordRow.objects.get(given_name=name).to_record()
        about = {"ethnic_category": EthnicCategory(code), "postcode": f"xa{name[-1]} 1AA"}
        older.enter(older.said(Demographics, whose, 3, site=None, **about))
    return older


@pytest.fixture
def table(described, tmp_path, settings):
    """A table that knows the postcodes of Old0, Old1 and Old2, but not that of Old3."""
    settings.OPENFLS_HOME = tmp_path
    file = tmp_path / "deciles.csv"
    file.write_text("Postcode,Decile\nXA0 1AA,1\nXA1 1AA,1\nXA21AA,10\n")
    return deprivation.load_file(file, "Made-up index 2026", by="test")[0]


def parts_of(page: str, heading: str) -> list[str]:
    """What stands in the first column of a split's table."""
    table = page.split(f"<h3>{heading}</h3>")[1].split("</table>")[0]
    return re.findall(r'<th scope="row">([^<]+)</th>', table)


def test_ethnic_groups_stand_in_their_order_with_not_stated_apart_from_not_known(carys, described):
    page = said(carys, GAP)
    assert parts_of(page, "By ethnic group") == ["White", "Black or Black British", "not stated", "not known"]
    black = said(carys, f"{MISSED}?by=ethnicity&part=Black+or+Black+British")
    assert "missed, ethnic group Black or Black British" in black
    assert "Old0" in black
    assert "Old3" not in black


def test_the_trail_keeps_that_a_list_was_by_ethnic_group_and_not_by_which(carys, described):
    carys.get(f"{MISSED}?by=ethnicity&part=Black+or+Black+British")
    row = Trail.objects.latest("number")
    assert row.detail["list"] == "assessed-within-90-days: missed, by ethnic group"
    assert row.patients


def test_without_a_table_deprivation_is_not_known_and_the_page_says_how_to_mend_it(carys, described):
    page = said(carys, GAP)
    assert parts_of(page, "By deprivation of the neighbourhood") == ["not known"]
    assert "no table is loaded" in page


def test_deciles_are_looked_up_by_postcode_in_the_table_in_force(carys, described, table):
    page = said(carys, GAP)
    tenths = ["1 (most deprived)", "10 (least deprived)", "not known"]
    assert parts_of(page, "By deprivation of the neighbourhood") == tenths
    assert "by Made-up index 2026" in page
    most = said(carys, f"{MISSED}?by=deprivation&part=1")
    assert "Old0" in most
    assert "Old3" not in most


def test_with_everything_told_every_count_still_opens_its_names(carys, described, table):
    test_every_count_of_a_page_of_gaps_opens_as_many_names(carys, described, GAP)


@pytest.mark.parametrize("by", SPLITS)
def test_the_parts_of_a_measure_are_all_of_it(older, table, by):
    found = parts(StandingRow.objects.all(), ASSESSED_WITHIN_90_DAYS, by, older.today)
    whole = StandingRow.objects.filter(standard="assessed-within-90-days").count()
    assert sum(part.measure.asked for part in found) == whole


def test_who_assessed_is_the_role_of_the_latest_assessment(carys, older):
    nurse = said(carys, "/measures/assessed-within-90-days/met/?by=assessor&part=nurse")
    assert "Old2" in nurse
    assert "Old1<" not in nurse
    assert "met in time, nurse" in nurse


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
    carys.get("/measures/assessed-within-90-days/missed/?by=sex&part=male")
    row = Trail.objects.latest("number")
    assert row.detail["list"] == "assessed-within-90-days: missed, male"
    assert row.patients


def test_the_doubt_of_the_national_lines_is_said_once_for_all_pictures(carys, older):
    page = said(carys, GAP)
    assert "nation 2019" in page
    assert page.count("lost its separators") == 1


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


def test_a_list_of_one_practices_patients_is_titled_by_its_name(carys, older):
    organisations.load({"practices": [{"code": "A81001", "name": "Station Surgery"}]}, by="a test")
    older.enter(older.said(Demographics, patient("Old1", "Smith", None, "O1", sex=Sex.MALE), 3, practice="A81001"))
    missed = "/measures/assessed-within-90-days/missed/?by=practice&part="
    assert "missed, Station Surgery</h1>" in said(carys, f"{missed}A81001")
    assert "missed, practice not known</h1>" in said(carys, missed)


def test_counts_that_leave_have_no_small_number(carys, older):
    lines = said(carys, f"{GAP}counts.csv").splitlines()
    numbers = [cell for line in lines[2:-1] for cell in line.split(",")[1:]]
    assert HIDDEN in numbers
    assert all(cell == HIDDEN or int(cell) % 5 == 0 for cell in numbers)
    assert "below 8" in lines[-1]


@pytest.mark.parametrize("by", SPLITS)
def test_the_parts_that_leave_have_no_small_number_either(carys, described, table, by):
    reply = carys.get(f"{GAP}counts.csv?by={by}")
    assert f"-by-{by}.csv" in reply["Content-Disposition"]
    lines = list(csv.reader(reply.content.decode().splitlines()))
    numbers = [cell for line in lines[2:] if len(line) > 1 for cell in line[1:]]
    assert HIDDEN in numbers
    assert all(cell == HIDDEN or int(cell) % 5 == 0 for cell in numbers)
    assert "below 8" in lines[-1][0]


def test_deprivation_leaves_with_its_index_and_which_end_is_which(carys, described, table):
    text = carys.get(f"{GAP}counts.csv?by=deprivation").content.decode()
    assert "1 (most deprived)" in text
    assert "Made-up index 2026" in text


def test_counts_by_what_there_is_not_are_not_found(carys, older):
    assert carys.get(f"{GAP}counts.csv?by=shoe-size").status_code == 404


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
    assert threshold_of(()) == 5  # of somebody without a site


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
