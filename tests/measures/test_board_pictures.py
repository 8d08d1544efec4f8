"""The board report's pictures: drawn from what may be told, so that neither picture, table nor words give more away."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.assessment import ASSESSED_WITHIN_90_DAYS, FALLS_ASSESSED
from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import Verdict
from openfls.measures.backstop import Catch, Found, reconcile
from openfls.measures.board.beside import beside_picture, stands_out, units_told
from openfls.measures.board.content import line
from openfls.measures.board.document import pdf_of
from openfls.measures.board.drawn import drawn
from openfls.measures.board.finders import ALL, ALONE, finders_told, leaks
from openfls.measures.board.flow import flow_told
from openfls.measures.board.trend import signals, trend, trend_picture
from openfls.measures.counting import Measure, Verdicted, count
from openfls.measures.months import Month, monthly, quarterly
from openfls.measures.pathway import CELLS, NOT_ASKED, POOLED, STEPS, Flow
from openfls.measures.small_numbers import both_told, few
from openfls.measures.sums import worked_out
from tests.measures.test_board import report

BELOW = 5
TODAY = date(2026, 11, 27)
FINDERS = (Finder.TRAUMA_LIST, Finder.CODED_DISCHARGE, Finder.FRACTURE_CLINIC, Finder.RADIOLOGY_REPORT)
ODD = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 8, 13, 40])


# Sums


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=4), st.data())
def test_what_follows_from_sums_is_what_trying_out_every_number_finds(numbers, data):
    counts = dict(enumerate(numbers))
    groups = data.draw(st.lists(st.sets(st.sampled_from(list(counts)), min_size=1), min_size=1, max_size=3))
    sums = [sum(counts[name] for name in group) for group in groups]
    free = [name for name in counts if counts[name]]
    fits = [
        dict(zip(free, tried, strict=True))
        for tried in product(range(1, 26), repeat=len(free))
        if all(
            sum(value for name, value in zip(free, tried, strict=True) if name in group) == total
            for group, total in zip(groups, sums, strict=True)
        )
    ] if len(free) < 4 else None  # fmt: skip
    found = set(worked_out(counts, groups, BELOW))
    if fits is not None:
        assert found == {name for name in free if counts[name] < BELOW and len({one[name] for one in fits}) == 1}


# Trends


def month(number: int, met: int, judged: int) -> Month:
    return Month(date(2024 + number // 12, number % 12 + 1, 1), met, judged, judged - met)


def over(months) -> Measure:
    met, judged = sum(one.met for one in months), sum(one.judged for one in months)
    return Measure(ASSESSED_WITHIN_90_DAYS, met=met, missed=judged - met)


def test_months_that_can_be_told_are_told_and_those_that_cannot_are_put_together_by_quarter():
    big, small = [month(n, 30, 50) for n in range(12)], [month(n, 8 + n % 2, 12) for n in range(24)]
    told = trend(over(big), big, TODAY, BELOW)
    assert told
    assert [one.months for one in told.months] == [1] * 12
    by_quarter = trend(over(small), small, TODAY, BELOW)
    assert by_quarter
    assert [(one.months, one.met, one.judged) for one in by_quarter.months] == [(3, 25, 36), (3, 26, 36)] * 4
    assert trend(over(small[:3]), [month(n, 3, 4) for n in range(3)], TODAY, BELOW) is None


def test_the_quarter_that_runs_is_in_no_trend():
    months = [month(n, 30, 50) for n in range(24, 34)]  # to October 2026, which is in the quarter that runs
    assert [one.start for one in quarterly(months, TODAY)] == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=2, max_size=8), st.tuples(ODD, ODD))
def test_a_trend_holds_no_small_month_and_none_that_the_sum_would_give_away(pairs, later):
    months = [month(n, met, met + missed) for n, (met, missed) in enumerate(pairs)]
    measure = over([*months, month(30, later[0], sum(later))])
    told = trend(measure, months, TODAY, BELOW)
    if told is None:
        return
    picture = trend_picture(told)
    assert picture
    assert all(both_told(one.met, one.judged, BELOW) and one.missed is None for one in told.months)
    assert [row[1:3] for row in picture.table.rows] == [(one.met, one.judged) for one in told.months]
    rest = measure.met - sum(one.met for one in told.months), measure.judged - sum(one.judged for one in told.months)
    if told.months[0].months == 1 and both_told(measure.met, measure.judged, BELOW):
        left = [one for one in months if one.judged and one.start not in {m.start for m in told.months}]
        assert both_told(*rest, BELOW) or len(left) + bool(sum(later)) > 1


def test_what_spoke_is_told_of_all_months_in_words_but_not_where_a_month_has_few():
    rising = [month(n, 20 + n, 60) for n in range(14)]
    said = signals(over(rising), rising, BELOW)
    assert said
    assert all(rule in " ".join(said) for rule in ("Shift", "Trend", "as wanted"))
    assert all("%" not in one for one in said)
    assert signals(over(rising), [*rising, month(14, 1, 3)], BELOW) == ()


def test_that_no_rule_could_be_applied_is_not_said_as_if_none_had_spoken():
    still = [month(n, (30, 31, 29)[n % 3], 60) for n in range(12)]
    few_months, finders = still[:6], finders_told(reconcile([]), BELOW)

    def told(months) -> str:
        series = {ASSESSED_WITHIN_90_DAYS.name: months}
        made = drawn("Ours", [over(months)], series, {}, walked({}), {}, finders, TODAY, BELOW)
        return " ".join(text_of(pdf_of(report(signals=made.signals, ruled=made.ruled))).split())

    assert "be told: there are too few months for the rules" in told(few_months)
    assert "Nothing: no rule spoke, of 1 series" in told(still)


# Hospitals beside one another


def hospitals(**pairs: tuple[int, int]) -> dict[str, Measure]:
    return {name: Measure(ASSESSED_WITHIN_90_DAYS, met=met, missed=missed) for name, (met, missed) in pairs.items()}


def test_a_hospital_with_small_counts_is_left_out_of_picture_and_sum_and_said_to_be():
    measures = hospitals(Ash=(50, 50), Birch=(40, 60), Cedar=(60, 40), Dale=(2, 30), Elm=(0, 0))
    units, left_out = units_told(measures, BELOW)
    picture = beside_picture(ASSESSED_WITHIN_90_DAYS, "Ash", measures, BELOW)
    assert ([unit.name for unit in units], left_out) == (["Ash", "Birch", "Cedar"], ["Dale"])
    assert picture
    assert "All hospitals together 50%" in picture.finding
    assert "Left out, for counts that are small: Dale." in picture.rules
    assert "Ash" in picture.svg()  # the own hospital is named though chance explains where it stands
    assert "Birch" not in picture.svg()


def test_two_hospitals_make_a_caterpillar_and_one_no_picture():
    picture = beside_picture(ASSESSED_WITHIN_90_DAYS, "Ash", hospitals(Ash=(50, 50), Birch=(40, 60)), BELOW)
    assert picture
    assert picture.title.startswith("Hospital by hospital")
    assert beside_picture(ASSESSED_WITHIN_90_DAYS, "Ash", hospitals(Ash=(50, 50), Dale=(2, 30)), BELOW) is None


def test_a_hospital_that_stands_out_is_told_with_the_rule():
    measures = hospitals(Ash=(20, 80), **{f"H{n}": (70 + n % 3, 30) for n in range(10)})
    assert stands_out(ASSESSED_WITHIN_90_DAYS, "Ash", measures, BELOW) == (
        "Funnel: lower than 99.8% limits, not as wanted."
    )
    assert stands_out(ASSESSED_WITHIN_90_DAYS, "H1", measures, BELOW) == ""


# The pathway

ways = st.dictionaries(
    st.tuples(*[st.sampled_from(CELLS[:7]), *[st.sampled_from(CELLS)] * 4]), st.integers(1, 40), min_size=1, max_size=8
)


def walked(ways) -> Flow:
    counts = tuple(Counter() for _ in STEPS)
    moves = tuple(Counter() for _ in STEPS[1:])
    for way, number in ways.items():
        for at, cell in enumerate(way):
            counts[at][cell] += number
        for at in range(len(STEPS) - 1):
            moves[at][way[at], way[at + 1]] += number
    return Flow(STEPS, counts, moves)


def measures_of(made: Flow) -> dict[str, Measure]:
    return {
        step: Measure(BY_NAME[step], **{cell: made.counts[at][cell] for cell in CELLS if cell != NOT_ASKED})
        for at, step in enumerate(STEPS)
    }


@settings(max_examples=20, deadline=None)
@given(ways)
def test_no_bar_and_no_ribbon_of_the_pathway_is_small_and_no_one_is_lost(ways):
    made = walked(ways)
    told = flow_told(made, measures_of(made), BELOW)
    if told is None:
        return
    for at, counts in enumerate(told.counts):
        assert not any(few(number, BELOW) for number in counts.values())
        assert sum(counts.values()) == made.entered
        assert counts[POOLED] == sum(made.counts[at][cell] for cell in told.pooled[at])
    for at, moves in enumerate(told.moves):
        assert not any(few(number, BELOW) for number in moves.values())
        for start in {start for start, _ in moves}:
            assert sum(number for (a, _), number in moves.items() if a == start) <= told.counts[at][start]


@settings(max_examples=20, deadline=None)
@given(ways)
def test_no_small_bar_follows_from_the_picture_and_the_tables_together(ways):
    made = walked(ways)
    told = flow_told(made, measures_of(made), BELOW)
    if told is None:
        return
    for at, pool in enumerate(told.pooled):
        counts = made.counts[at]
        judged, not_met = counts["met"] + counts["met_late"] + counts["missed"], counts["met_late"] + counts["missed"]
        groups = [pool] + ([{"met"}, {"met_late", "missed"}] if both_told(counts["met"], judged, BELOW) else [])
        groups += [{"unknown"}] if not few(counts["unknown"], BELOW) else []
        assert sum(counts[cell] for cell in pool) >= BELOW or not pool
        assert len(pool) != 1
        if pool == {"met_late", "missed"}:
            assert not_met >= BELOW
        groups += [{cell} for cell in CELLS if cell not in pool]
        every = {cell: counts[cell] for cell in CELLS}
        assert not worked_out(every, groups, BELOW, zeros_told=False)


def test_few_who_fell_short_do_not_follow_from_who_was_judged_beside_who_met_it():
    """Late and missed are 4 together: the table hides the share and tells that 101 were judged."""
    ways = {"met": 97, "met_early": 18, "unknown": 15, "met_late": 1, "missed": 3, "waiting": 3, "excluded": 1}
    made = walked({(cell, *["met"] * 4): number for cell, number in ways.items()})
    told = flow_told(made, measures_of(made), BELOW)
    assert told is None or "met" in told.pooled[0]


@settings(max_examples=20, deadline=None)
@given(ways)
def test_no_sum_of_few_follows_from_the_picture_and_the_tables_together(ways):
    made = walked(ways)
    told = flow_told(made, measures_of(made), BELOW)
    for counts, pool in zip(made.counts, told.pooled, strict=True) if told else ():
        judged = {"met", "met_late", "missed"}
        groups = [pool or {"met"}, *({cell} for cell in CELLS if cell not in pool)]
        groups += [judged] if pool and not few(sum(counts[cell] for cell in judged), BELOW) else []
        rows = [[int(cell in group) for cell in CELLS] for group in groups]
        for picked in product((0, 1), repeat=len(CELLS)):
            total = sum(counts[cell] for cell, of_it in zip(CELLS, picked, strict=True) if of_it)
            if few(total, BELOW):
                assert np.linalg.matrix_rank([*rows, picked]) > np.linalg.matrix_rank(rows)


def test_a_pathway_from_which_few_stray_is_not_drawn_beside_the_tables():
    made = walked({("met", "met", "met", "met", "waiting"): 50})
    measures = measures_of(made)
    assert flow_told(made, measures, BELOW)
    stray = measures | {STEPS[1]: Measure(BY_NAME[STEPS[1]], met=52)}
    assert flow_told(made, stray, BELOW) is None


def test_late_and_missed_stand_together_where_few_were_late():
    made = walked({("met", *["met"] * 4): 40, ("met_late", *["met"] * 4): 2, ("missed", *["met"] * 4): 20})
    told = flow_told(made, measures_of(made), BELOW)
    assert told
    assert told.counts[0] == Counter({"met": 40, POOLED: 22})
    assert told.pooled[0] == {"met_late", "missed"}


# The finders


def found_by(groups) -> list[Found]:
    return [
        Found(f"{place}-{n}", "X1A01", date(2026, 1, 1), BodySite.HIP, Setting.INPATIENT, 80,
              tuple(Catch(finder, "X1A01", 1, False) for finder in sorted(group)), True)
        for place, (group, number) in enumerate(groups.items()) for n in range(number)
    ]  # fmt: skip


groups = st.dictionaries(st.frozensets(st.sampled_from(FINDERS), min_size=1), st.integers(1, 30), max_size=9)


@settings(max_examples=20, deadline=None)
@given(groups)
def test_no_small_combination_stands_in_the_overlap_or_follows_from_it(groups):
    stop = reconcile(found_by(groups))
    told = finders_told(stop, BELOW)
    shown = {one.finders: one.count for one in told.overlap.groups}
    assert all(number >= BELOW for number in shown.values())
    assert not any(few(number or 0, BELOW) for number in told.overlap.finders.values())
    assert not few(told.overlap.others, BELOW) or not shown
    assert sum(shown.values()) + told.overlap.others == len(stop.found)
    if shown:
        counts = {frozenset(finder.value for finder in group): number for group, number in groups.items()}
        sums = {one: [one] for one in shown} | {ALL: list(counts)}
        for name, number in told.overlap.finders.items():
            if number is not None:
                sums[name] = [group for group in counts if name in group]
        if ALONE in told.sums:
            sums[ALONE] = [group for group in counts if len(group) == 1]
        assert not leaks(counts, sums, BELOW)


def test_a_finders_number_is_hidden_where_it_would_give_a_combination_away():
    lists, clinic = Finder.TRAUMA_LIST, Finder.FRACTURE_CLINIC
    groups = {frozenset({lists}): 40, frozenset({lists, clinic}): 2, frozenset({clinic}): 30, frozenset(FINDERS): 20,
              frozenset({Finder.CODED_DISCHARGE}): 4}  # fmt: skip
    told = finders_told(reconcile(found_by(groups)), BELOW).overlap
    assert told.others == 6
    assert None in {told.finders["trauma list"], told.finders["fracture clinic"]} or "trauma list" not in told.finders


# The whole document

HIDDEN_BELOW = 1000  # so high that a hidden number is one that nothing else in the document could be
hidden_numbers = st.integers(111, HIDDEN_BELOW - 1).filter(lambda number: number % 50)  # no tick of an axis
told_numbers = st.integers(2 * HIDDEN_BELOW, 9 * HIDDEN_BELOW)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def verdicts(numbers) -> list[Verdicted]:
    """A month each: so many met, so many missed."""
    days = [date(2026, 1, 15) + timedelta(days=31 * place) for place in range(len(numbers))]
    return [
        Verdicted(FALLS_ASSESSED.name, verdict, day, number)
        for day, pair in zip(days, numbers, strict=True)
        for verdict, number in zip((Verdict.MET, Verdict.MISSED), pair, strict=True)
    ]


@settings(max_examples=3, deadline=None)
@given(st.lists(st.tuples(told_numbers, told_numbers), min_size=7, max_size=7), hidden_numbers, hidden_numbers)
def test_no_hidden_number_stands_anywhere_in_the_text_of_the_pdf(months, small, smaller):
    numbers = [*months, (small, 3000)]
    told = verdicts(numbers)
    measure = count(told, TODAY)[FALLS_ASSESSED.name]
    way = walked({("met",) * 5: 4000, ("met_late",) * 5: smaller, ("missed",) * 5: 5000})
    measures = measures_of(way) | {FALLS_ASSESSED.name: measure}
    beside = {FALLS_ASSESSED.name: {"Ours": measure, "Small": Measure(FALLS_ASSESSED, met=small, missed=9000),
                                    "Other": Measure(FALLS_ASSESSED, met=4000, missed=4000)}}  # fmt: skip
    lists = {frozenset(FINDERS[:1]): 1500, frozenset(FINDERS[:2]): small, frozenset(FINDERS[1:2]): smaller,
             frozenset(FINDERS[2:3]): 2500, frozenset(FINDERS[2:4]): 997, frozenset(FINDERS[:3]): 891}  # fmt: skip
    finders = finders_told(reconcile(found_by(lists)), HIDDEN_BELOW)
    made = drawn(
        "Ours", [measure], {FALLS_ASSESSED.name: monthly(told, TODAY)}, beside, way, measures, finders, TODAY,
        HIDDEN_BELOW,
    )  # fmt: skip
    assert len(made.figures) >= 3
    lines = tuple(line(one, (), HIDDEN_BELOW) for one in measures.values())
    text = text_of(pdf_of(report(lines=lines, figures=made.figures, withheld=made.withheld, signals=made.signals)))
    assert "Who saw whom" in text
    for number in (small, smaller, 997, 891):
        assert f" {number} " not in f" {' '.join(text.split())} "


def test_each_picture_of_the_pdf_has_its_words_its_table_and_says_what_is_better():
    told = verdicts([(30, 20)] * 7)
    measure = count(told, TODAY)[FALLS_ASSESSED.name]
    way = walked({("met",) * 5: 40, ("missed",) * 5: 50})
    finders = finders_told(reconcile(found_by({frozenset(FINDERS[:2]): 40})), BELOW)
    months = {FALLS_ASSESSED.name: monthly(told, TODAY)}
    measures = measures_of(way) | {FALLS_ASSESSED.name: measure}
    made = drawn("Ours", [measure], months, {}, way, measures, finders, TODAY, BELOW)
    pdf = pdf_of(report(figures=made.figures))
    text = " ".join(text_of(pdf).split())
    assert [one.picture.title for one in made.figures] == [
        "Run chart: Falls risk assessed, or referred for it", "The pathway", "Who saw whom",
    ]  # fmt: skip
    for one in made.figures:
        assert text.count(one.picture.title) == 2  # at the picture, and at its table
        assert one.better in text
    assert pdf.count(b"/Alt") >= 3
    assert "Data as of 4 Jan 2027." in text
    assert "FLS-DB KPI 6, Royal College of Physicians" in text


@pytest.mark.parametrize("wide", [False, True])
def test_a_picture_on_paper_is_vectors_and_no_raster(wide):
    told = verdicts([(30, 20)] * 7)
    measure = count(told, TODAY)[FALLS_ASSESSED.name]
    finders = finders_told(reconcile(found_by({frozenset(FINDERS[:2]): 40})), BELOW)
    months = {FALLS_ASSESSED.name: monthly(told, TODAY)}
    made = drawn("Ours", [measure], months, {}, walked({}), {}, finders, TODAY, BELOW)
    [figure] = [one for one in made.figures if one.wide is wide]
    assert "<image" not in figure.svg()
    assert b"/Subtype /Image" not in pdf_of(report(figures=(figure,)))
