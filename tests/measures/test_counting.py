"""A standard counted: only closed windows are judged, what is unknown is shown and never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import Verdict
from openfls.measures.counting import Measure, Verdicted, cell_of, count

TODAY = date(2026, 6, 1)
PAST, AHEAD = date(2026, 5, 31), date(2026, 6, 2)
NAME = "assessed-within-90-days"


@pytest.mark.parametrize(
    ("verdict", "due", "cell"),
    [
        (Verdict.MET, PAST, "met"),
        (Verdict.MET, TODAY, "met_early"),
        (Verdict.MET, AHEAD, "met_early"),
        (Verdict.MET, None, "met_early"),
        (Verdict.MET_LATE, PAST, "met_late"),
        (Verdict.MISSED, PAST, "missed"),
        (Verdict.DUE, AHEAD, "waiting"),
        (Verdict.DUE, TODAY, "waiting"),
        (Verdict.UNKNOWN, PAST, "unknown"),
        (Verdict.EXCLUDED, PAST, "excluded"),
        (Verdict.NOT_ASKED, None, ""),
    ],
)
def test_where_a_verdict_counts(verdict, due, cell):
    assert cell_of(Verdicted(NAME, verdict, due), TODAY) == cell


def test_the_share_is_of_those_judged_and_late_counts_against_it():
    verdicts = [
        Verdicted(NAME, Verdict.MET, PAST, 6),
        Verdicted(NAME, Verdict.MET_LATE, PAST, 1),
        Verdicted(NAME, Verdict.MISSED, PAST, 1),
        Verdicted(NAME, Verdict.MET, AHEAD, 50),
        Verdicted(NAME, Verdict.DUE, AHEAD, 50),
        Verdicted(NAME, Verdict.UNKNOWN, PAST, 2),
    ]
    measure = count(verdicts, TODAY)[NAME]
    assert measure.share
    assert measure.share.value == 0.75
    assert measure.if_all_unknown == (0.6, 0.8)
    assert measure.asked == 110


def test_a_standard_that_nobody_was_asked_has_no_share():
    measure = count([], TODAY)[NAME]
    assert measure.share is None
    assert measure.if_all_unknown is None


verdicted = st.builds(
    Verdicted,
    standard=st.sampled_from(sorted(BY_NAME)),
    verdict=st.sampled_from(Verdict),
    due=st.none() | st.dates(date(2026, 5, 28), date(2026, 6, 5)),
    episodes=st.integers(1, 5),
)


@given(st.lists(verdicted, max_size=60))
def test_everyone_asked_is_in_exactly_one_cell(verdicts):
    measures = count(verdicts, TODAY)
    for name, measure in measures.items():
        asked = sum(v.episodes for v in verdicts if v.standard == name and v.verdict is not Verdict.NOT_ASKED)
        assert measure.asked == asked


def test_every_standard_of_the_rulebook_is_counted_in_its_order():
    measures = count([], TODAY)
    assert list(measures) == list(BY_NAME)
    assert all(isinstance(measure, Measure) for measure in measures.values())
