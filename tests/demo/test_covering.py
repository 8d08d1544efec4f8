"""Whether the estimates of the missed cover the truth of generated regions."""

from datetime import date

from openfls.demo.covering import CHAPMAN, told
from openfls.measures.missed import STRATA

TODAY = date(2026, 6, 1)


def test_each_way_is_held_against_those_truly_missed_at_the_same_hospitals():
    every = list(told(3, 0.3, TODAY))
    assert {one.stratum for one in every} <= {stratum.name for stratum in STRATA}
    chapman = {one.stratum: one for one in every if one.way == CHAPMAN}
    assert set(chapman) == {stratum.name for stratum in STRATA if not stratum.dependence}
    assert all(one.estimated.low <= one.estimated.value <= one.estimated.high for one in every)
    assert sum(one.truly for one in every) > 0


def test_over_some_regions_chapman_covers_the_admitted_and_the_bound_stays_below_those_not_admitted():
    every = [one for seed in range(1, 6) for one in told(seed, 0.4, TODAY)]
    admitted = [one.covers for one in every if one.way == CHAPMAN]
    assert sum(admitted) / len(admitted) >= 0.7
    bound = [one for one in every if one.stratum.startswith("fracture, not admitted") and "lower bound" in one.way]
    assert bound
    assert all(one.estimated.value < one.truly for one in bound)
