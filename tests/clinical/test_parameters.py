"""Site parameters: a site's own values over the defaults, and what no site may set."""

from dataclasses import fields

import pytest

from openfls.clinical.parameters import DEFAULTS, Parameters, with_changes


def test_a_site_changes_what_it_names_and_keeps_the_rest():
    changed = with_changes({"grouping_days": 90, "takes_other_sites": False})
    assert (changed.grouping_days, changed.takes_other_sites) == (90, False)
    assert changed.triage_days == DEFAULTS.triage_days
    assert with_changes({}) == DEFAULTS


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"gruping_days": 60}, "no such site parameter: 'gruping_days'; there are grouping_days, "),
        ({"grouping_days": "60"}, "'grouping_days' wants int, not '60'"),
        ({"grouping_days": 60.5}, "'grouping_days' wants int, not 60.5"),
        ({"grouping_days": True}, "'grouping_days' wants int, not True"),
        ({"takes_other_sites": 1}, "'takes_other_sites' wants bool, not 1"),
        ({"triage_days": -1}, "'triage_days' can't be negative: -1"),
        ({"silence_chance": -0.5}, "'silence_chance' can't be negative: -0.5"),
        ({"silence_chance": float("nan")}, "'silence_chance' can't be negative: nan"),
        ({"silence_chance": 5.0}, "'silence_chance' is a chance, at most 1: 5.0"),
        ({"silence_factor": 3.0}, "'silence_factor' is gone: set 'silence_chance' instead"),
    ],
)
def test_a_value_that_can_not_hold_is_refused_with_its_name(changes, complaint):
    with pytest.raises(ValueError, match=complaint.replace("?", r"\?")):
        with_changes(changes)


@pytest.mark.parametrize("name", [field.name for field in fields(Parameters)])
def test_every_default_may_be_set_again(name):
    assert with_changes({name: getattr(DEFAULTS, name)}) == DEFAULTS
