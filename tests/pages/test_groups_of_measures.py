"""Measures as the pages group them: what the tasks ask for first, what audits count by source, bands in words."""

import pytest

from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import Component
from openfls.measures.charts.drawing import published
from openfls.measures.counting import Measure
from openfls.pages.components.measures import DAILY, counted, summary
from openfls.pages.components.ways import sites_compared
from openfls.pages.gaps.overview import missed_most
from openfls.record.reckoning import EVERY_SITE

NONE_JUDGED = {standard.name: Measure(standard) for standard in STANDARDS}
BESIDE = ["FLS-DB", "IOF", "national hip fracture audit", "NICE", "other sources", "the service's own"]


@pytest.mark.parametrize("component", [c for c in Component if c is not Component.CASE_FINDING])
def test_what_the_tasks_ask_for_stands_first_and_every_measure_stands_once(component):
    groups = summary(component, NONE_JUDGED.values()).groups
    assert groups[0][0] == DAILY
    assert all(measure.daily for measure in groups[0][1])
    assert [name for name, _ in groups[1:]] == [name for name in BESIDE if name in dict(groups)]
    shown = [measure.name for _, measures in groups for measure in measures]
    assert sorted(shown) == sorted(s.name for s in STANDARDS if s.component is component)


def test_sites_are_compared_in_the_same_groups():
    by_site = {"X1A01": NONE_JUDGED, "X1B01": NONE_JUDGED, EVERY_SITE: NONE_JUDGED}
    compared = sites_compared(by_site, Component.TREATMENT, {"X1A01": "Zennor", "X1B01": "Aldermere"})
    assert [group.name for group in compared] == [
        name for name, _ in summary(Component.TREATMENT, NONE_JUDGED.values()).groups
    ]
    for group in compared:
        assert [row.site for row in group.rows] == ["Aldermere", "Zennor"]
        assert all(len(row.measures) == len(group.titles) for row in group.rows)


@pytest.mark.parametrize(("met", "band"), [(80, "green"), (79, "amber"), (49, "red")])
def test_a_band_is_a_word(met, band):
    shown = counted(Measure(BY_NAME["assessed-within-90-days"], met=met, missed=100 - met))
    assert shown.band == band
    assert "between 79 and 80 is amber" in shown.bands
    assert [line.year for line in shown.national] == [2019, 2021]
    assert shown.choices


def test_without_bands_or_anybody_judged_there_is_no_band():
    assert counted(Measure(BY_NAME["gp-told"], met=9)).band == ""
    assert counted(Measure(BY_NAME["assessed-within-90-days"])).band == ""


def test_the_national_results_are_lines_in_the_pictures_where_a_check_may_be_made():
    lines = published(BY_NAME["dxa-within-90-days"])
    assert [(line.label, round(line.value, 3)) for line in lines] == [("nation 2019", 0.468), ("nation 2021", 0.479)]
    assert all("lost its separators" in line.source for line in lines)
    assert published(BY_NAME["dxa-within-12-weeks"]) == []


def test_an_act_left_undone_is_named_once_among_what_was_missed_most():
    names = ("dxa-within-90-days", "dxa-within-12-weeks")
    everywhere = {name: Measure(BY_NAME[name], missed=9) for name in names}
    assert [missed.measure.name for missed in missed_most(everywhere)] == ["dxa-within-90-days"]
