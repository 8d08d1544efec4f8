"""The pathway as a flow, and months: everyone is counted once at each step, and only in months that are over."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.standards import Verdict
from openfls.measures.counting import Verdicted, count
from openfls.measures.months import monthly
from openfls.measures.pathway import NOT_ASKED, STEPS, flow

TODAY = date(2026, 6, 15)
FIRST = STEPS[0]
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
verdicts = st.sampled_from([verdict for verdict in Verdict if verdict is not Verdict.NOT_ASKED])
standings = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(STEPS)), st.tuples(verdicts, days), max_size=30
)


def told(drawn) -> list[tuple[str, Verdicted]]:
    return [(episode, Verdicted(step, verdict, due)) for (episode, step), (verdict, due) in drawn.items()]


@given(standings)
def test_everyone_who_entered_is_in_one_bar_of_every_step(drawn):
    made = flow(told(drawn), TODAY)
    entered = {episode for episode, step in drawn if step == FIRST}
    assert {sum(counts.values()) for counts in made.counts} == {len(entered)}


@given(standings)
def test_what_leaves_a_bar_is_what_is_in_it_and_so_is_what_comes(drawn):
    made = flow(told(drawn), TODAY)
    for at, moves in enumerate(made.moves):
        left, come = Counter(), Counter()
        for (start, end), number in moves.items():
            left[start] += number
            come[end] += number
        assert (left, come) == (made.counts[at], made.counts[at + 1])


def test_who_is_not_asked_at_a_later_step_stays_in_sight():
    made = flow([("a", Verdicted(FIRST, Verdict.MISSED, date(2026, 1, 1)))], TODAY)
    assert made.moves[0] == Counter({("missed", NOT_ASKED): 1})


@given(standings)
def test_the_months_add_up_to_the_measure_but_for_the_month_that_runs(drawn):
    of_first = [verdicted for _, verdicted in told(drawn) if verdicted.standard == FIRST]
    over = [one for one in of_first if one.due < date(2026, 6, 1)]
    months, measure = monthly(of_first, TODAY), count(over, TODAY)[FIRST]
    sums = tuple(sum(getattr(month, name) for month in months) for name in ("met", "missed", "judged"))
    assert sums == (measure.met, measure.missed, measure.judged)


def test_a_month_in_which_no_window_closed_stands_between_the_others():
    told = [Verdicted(FIRST, Verdict.MET, date(2026, month, 3)) for month in (1, 4)]
    assert [(m.start.month, m.judged, m.share) for m in monthly(told, TODAY)] == [
        (1, 1, 1.0), (2, 0, None), (3, 0, None), (4, 1, 1.0),
    ]  # fmt: skip


def test_the_month_that_runs_is_left_out():
    assert monthly([Verdicted(FIRST, Verdict.MISSED, date(2026, 6, 2))], TODAY) == ()
