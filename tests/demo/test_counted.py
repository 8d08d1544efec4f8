"""Something to count: in a small region every standard has been met, met late, missed, left unknown and set apart."""

import pytest

from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.demo.region import region
from openfls.measures.counting import Verdicted, count
from tests.demo.conftest import TODAY
from tests.demo.reading_back import standings, taken

CELLS = ("met", "met_late", "missed", "unknown", "excluded")

# What can't occur, and why; each was looked at. A cell that does occur must leave this list.
AT_DISCHARGE = "its window and its lateness end with the same discharge"
TOO_LONG = "a region of fifteen months holds no treatment of three years or more"
CANNOT = {
    ("treatment-started-in-hospital", "met_late"): AT_DISCHARGE,
    ("hip-audit-bone-health-assessed", "met_late"): AT_DISCHARGE,
    ("hip-audit-on-treatment-at-discharge", "met_late"): AT_DISCHARGE,
    **{("oral-treatment-reviewed-at-5-years", cell): TOO_LONG for cell in CELLS},
    **{("infusions-reviewed-at-3-years", cell): TOO_LONG for cell in CELLS},
}


@pytest.fixture(scope="module")
def counted():
    """A small region's standards, counted as the pages count them."""
    small = region(seed=1, scale=0.1, today=TODAY)
    found = standings(small, taken(small).facts)
    return count((Verdicted(one.standard, one.verdict, one.due) for one in found), small.today)


@pytest.mark.parametrize("name", [standard.name for standard in STANDARDS])
def test_every_standard_has_its_met_late_missed_unknown_and_excluded(counted, name):
    measure = counted[name]
    wanted = [cell for cell in CELLS if cell != "excluded" or BY_NAME[name].excludes]
    empty = {cell for cell in wanted if not getattr(measure, cell)}
    assert empty == {cell for standard, cell in CANNOT if standard == name}


def test_what_is_said_not_to_occur_is_of_a_standard_that_there_is():
    assert {standard for standard, _ in CANNOT} <= set(BY_NAME)


def test_a_year_back_windows_have_closed_and_hospitals_differ(counted):
    year = counted["followed-up-at-48-to-56-weeks"]
    assert year.judged > 100
    assert 0 < year.share.value < 0.6
