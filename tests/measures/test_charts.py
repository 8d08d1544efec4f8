"""Pictures: what they draw stands in their table and their finding, and no page's rules are broken by them."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.clinical.standards import Direction, Verdict
from openfls.measures.backstop import Catch, Found, reconcile
from openfls.measures.charts.compared import caterpillar_picture, funnel_picture, worse
from openfls.measures.charts.drawing import Reference
from openfls.measures.charts.over_time import run_picture, xmr_picture
from openfls.measures.charts.overlap import MOST_COLUMNS, overlap_of, overlap_picture
from openfls.measures.charts.pathway import pathway_picture
from openfls.measures.counting import Verdicted
from openfls.measures.funnel import Position, Unit, funnel
from openfls.measures.months import Month, quarterly
from openfls.measures.pathway import CELLS, STEPS, WORDS_OF_BARS, flow

HOSPITALS = [Unit(f"Hospital {n}", hits, 100) for n, hits in enumerate((80, 82, 78, 81, 79, 80, 79, 81, 80, 80, 50))]
MONTHS = [Month(date(2025 + n // 12, n % 12 + 1, 1), 5 + n % 3 + 8 * (n > 9), 20) for n in range(18)]
NATIONAL = Reference("national 2021", 0.45, "a made-up table")
TODAY = date(2026, 6, 15)


def standings():
    for episode in range(40):
        for place, step in enumerate(STEPS[: 1 + episode % 5]):
            verdict = (Verdict.MET, Verdict.MISSED, Verdict.DUE, Verdict.UNKNOWN)[(episode + place) % 4]
            yield str(episode), Verdicted(step, verdict, date(2026, 1, 1))


def found(number: int, *finders: Finder) -> Found:
    catches = tuple(Catch(finder, "X1A01", 1, False) for finder in finders)
    return Found(str(number), "X1A01", date(2026, 1, 1), BodySite.HIP, Setting.INPATIENT, 80, catches, True)


LISTS = [
    found(1, Finder.TRAUMA_LIST), found(2, Finder.TRAUMA_LIST, Finder.CODED_DISCHARGE),
    found(3, Finder.TRAUMA_LIST, Finder.CODED_DISCHARGE), found(4, Finder.CODED_DISCHARGE),
]  # fmt: skip


def pictures():
    made = funnel(HOSPITALS)
    assert made
    given = (NATIONAL,)
    return {
        "funnel": funnel_picture("A & <b>", made, Direction.HIGHER, {"Hospital 10": "/gaps/a/?site=x&by=y"}, given),
        "caterpillar": caterpillar_picture("A & <b>", HOSPITALS, Direction.HIGHER, {"Hospital 10": "/x/"}, given),
        "run": run_picture("A & <b>", MONTHS, Direction.HIGHER, given),
        "xmr": xmr_picture("A & <b>", MONTHS, Direction.LOWER, given),
        "pathway": pathway_picture(flow(standings(), TODAY), {(STEPS[0], "missed"): "/missed/"}),
        "overlap": overlap_picture(overlap_of(reconcile(LISTS)), {frozenset({"trauma list"}): "/only/"}),
    }


@pytest.fixture(scope="module")
def drawn():
    return {name: picture.svg() for name, picture in pictures().items()}


@pytest.mark.parametrize("name", pictures())
def test_a_picture_breaks_no_policy_of_the_page(drawn, name):
    """No inline style, no style sheet, no script, nothing from elsewhere."""
    root = ElementTree.fromstring(drawn[name])
    assert not {one.tag.rpartition("}")[2] for one in root.iter()} & {"style", "script", "metadata", "image"}
    assert not [one for one in root.iter() if "style" in one.attrib]
    targets = {value for one in root.iter() for key, value in one.attrib.items() if key.rpartition("}")[2] == "href"}
    assert all(target.startswith(("#", "/")) for target in targets)


@pytest.mark.parametrize("name", pictures())
def test_a_picture_is_hidden_from_screen_readers_and_its_links_from_the_keyboard(drawn, name):
    root = ElementTree.fromstring(drawn[name])
    links = [one for one in root.iter() if one.tag.endswith("}a")]
    assert root.get("aria-hidden") == "true"
    assert all(link.get("tabindex") == "-1" for link in links)


@pytest.mark.parametrize("name", pictures())
def test_a_picture_says_what_it_shows_and_by_which_rules(name):
    picture = pictures()[name]
    assert picture.finding.endswith(".")
    assert picture.rules
    assert all(len(row) == len(picture.table.heads) for row in picture.table.rows)


@pytest.mark.parametrize("name", ["funnel", "caterpillar", "run", "xmr"])
def test_whether_higher_is_better_is_said_in_the_picture_and_in_its_finding(drawn, name):
    said = "lower is better" if name == "xmr" else "higher is better"
    assert said in pictures()[name].finding
    assert said in drawn[name]


@pytest.mark.parametrize("name", ["funnel", "caterpillar", "run", "xmr"])
def test_a_reference_line_is_named_in_the_picture_and_its_source_beside_it(drawn, name):
    assert "national 2021" in drawn[name]
    assert "national 2021: 45.0%, a made-up table" in pictures()[name].rules


def test_the_same_picture_twice_is_the_same_text(drawn):
    assert pictures()["funnel"].svg() == drawn["funnel"]


def test_the_line_is_broken_where_a_month_is_left_out():
    def lines(months) -> int:
        figure, picture = Figure(), run_picture("A", months, Direction.HIGHER)
        assert picture
        picture.draw(figure)
        return len(figure.axes[0].lines)

    assert lines(MONTHS[:6] + MONTHS[8:]) == lines(MONTHS) + 1
    assert lines(quarterly(MONTHS, date(2030, 1, 1))) == lines(MONTHS)


def test_the_same_picture_goes_into_a_report():
    assert pictures()["xmr"].pdf().startswith(b"%PDF")


def test_a_mark_opens_what_it_is_given(drawn):
    assert '"/gaps/a/?site=x&amp;by=y"' in drawn["funnel"]
    assert '"/missed/"' in drawn["pathway"]
    assert '"/only/"' in drawn["overlap"]


def test_the_funnels_table_holds_each_hospital_with_its_position():
    picture = pictures()["funnel"]
    rows = {row[0]: row for row in picture.table.rows}
    assert [rows[one.name][1:3] for one in HOSPITALS] == [(one.hits, one.total) for one in HOSPITALS]
    assert rows["Hospital 10"][-1] == Position.VERY_LOW.value
    assert "Hospital 10 50%, lower than 99.8% limits" in picture.finding


def test_a_hospital_that_stands_out_is_told_by_shape_and_by_name(drawn):
    """Not by its colour alone: it is a triangle with the hospital's name, the others are rings without."""
    assert re.findall(r"Hospital \d+", re.sub(r"<!--.*?-->", "", drawn["funnel"])) == ["Hospital 10"]


@pytest.mark.parametrize(("direction", "bad"), [(Direction.HIGHER, Position.LOW), (Direction.LOWER, Position.HIGH)])
def test_which_side_falls_short_is_the_standards_to_say(direction, bad):
    assert [position for position in (Position.LOW, Position.HIGH) if worse(position, direction)] == [bad]


@pytest.mark.parametrize(("direction", "first"), [(Direction.HIGHER, "Hospital 1"), (Direction.LOWER, "Hospital 10")])
def test_the_caterpillar_begins_with_the_best(direction, first):
    picture = caterpillar_picture("A", HOSPITALS, direction)
    assert picture
    assert picture.table.rows[0][0] == first


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=30))
def test_the_table_of_months_holds_every_month_with_somebody_judged(drawn):
    months = [Month(date(2024 + n // 12, n % 12 + 1, 1), met, met + more) for n, (met, more) in enumerate(drawn)]
    picture = run_picture("A", months, Direction.HIGHER)
    judged = [month for month in months if month.judged]
    rows = picture.table.rows if picture else ()
    assert [(row[1], row[3]) for row in rows] == [(month.met, month.judged) for month in judged]


def test_few_months_say_that_no_trend_can_be_read():
    picture = run_picture("A", MONTHS[:4], Direction.HIGHER)
    assert picture
    assert "read no trend into it" in picture.finding


def test_the_pathways_table_is_the_flow():
    made = flow(standings(), TODAY)
    picture = pathway_picture(made)
    assert picture
    assert picture.table.heads[1:] == tuple(WORDS_OF_BARS[cell] for cell in CELLS)
    assert [row[1:] for row in picture.table.rows] == [tuple(c[cell] for cell in CELLS) for c in made.counts]


def test_the_overlaps_table_is_the_backstops():
    picture = pictures()["overlap"]
    both, *alone = picture.table.rows
    assert both == ("coded discharge, trauma list", 2)
    assert alone == [("coded discharge only", 1), ("trauma list only", 1)]
    assert "2 (50%) were seen by one finder only" in picture.finding


def test_combinations_beyond_the_widest_picture_stand_in_its_table():
    from itertools import combinations

    pairs = list(combinations(Finder, 2))[: MOST_COLUMNS + 3]
    picture = overlap_picture(overlap_of(reconcile(found(n, *pair) for n, pair in enumerate(pairs))))
    assert picture
    assert len(picture.table.rows) == len(pairs)
    assert "3 smaller combinations stand only in the table." in picture.rules
    assert picture.svg()


def test_of_nothing_there_is_no_picture():
    assert overlap_picture(overlap_of(reconcile([]))) is None
    assert pathway_picture(flow([], TODAY)) is None
    assert run_picture("A", [], Direction.HIGHER) is None
    assert xmr_picture("A", MONTHS[:1], Direction.HIGHER) is None
    assert caterpillar_picture("A", [Unit("A", 0, 0)], Direction.HIGHER) is None
