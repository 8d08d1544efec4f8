"""The board's report: what it tells, what it hides, and a PDF that can be read aloud and opens no file."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib.resources import files

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.assessment import ASSESSED_WITHIN_90_DAYS, DXA_WITHIN_90_DAYS
from openfls.clinical.rulebook import STANDARDS
from openfls.measures.board.content import HIDDEN, BoardReport, Quarter, deeds, line, quarters, unknowns
from openfls.measures.board.document import pdf_of
from openfls.measures.counting import Measure
from openfls.measures.small_numbers import both_told, few, told_beside_sum

NOTHING = {standard.name: Measure(standard) for standard in STANDARDS}
BELOW = 5
QUARTER = Quarter("Q1", date(2026, 1, 1), date(2026, 3, 31), NOTHING)


def report(measures: Iterable[Measure] = (), **changes: object) -> BoardReport:
    own = tuple(measures) or tuple(NOTHING.values())
    told: dict[str, object] = {
        "site": "Aldermere Royal", "first": date(2026, 1, 1), "last": date(2026, 12, 31), "made_on": date(2027, 1, 5),
        "as_of": "Data as of 4 Jan 2027.", "version": "0.1", "fractures": "99", "quarters": ("Q1",),
        "lines": tuple(line(m, [QUARTER], BELOW) for m in own),
        "deeds": deeds(own, {"assess": 12}, BELOW), "signals": (), "ruled": 0, "unknowns": (),
        "withheld": (), "figures": (), "backstop": (("found by any method", "99"),), "notes": ("A note.",),
    }  # fmt: skip
    return BoardReport(**told | changes)  # type: ignore[arg-type]


def assessed(**counts: int) -> Measure:
    return Measure(ASSESSED_WITHIN_90_DAYS, **counts)


def test_a_share_stands_with_its_interval_its_direction_and_the_national_rows():
    found = line(assessed(met=40, missed=10), [], BELOW)
    assert (found.share, found.interval, found.better) == ("80%", "67% to 89%", "higher is better")
    assert found.national == "2019: 70%; 2021: 72.7%"


@pytest.mark.parametrize(
    ("met", "missed", "told"), [(5, 5, True), (4, 6, False), (6, 4, False), (0, 9, True), (9, 0, True)]
)
def test_a_share_with_few_on_either_side_is_hidden(met, missed, told):
    found = line(assessed(met=met, missed=missed), [], BELOW)
    assert (found.share != HIDDEN) is told
    assert bool(found.interval) is told


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_of_hidden_quarters_nothing_follows_from_the_sum_but_their_own_and_that_is_not_small(pairs):
    series = [(met, met + missed) for met, missed in pairs]
    told = told_beside_sum(series, BELOW)
    assert all(both_told(*one, BELOW) for one, may in zip(series, told, strict=True) if may)
    hidden = [one for one, may in zip(series, told, strict=True) if not may]
    rest = (sum(met for met, _ in hidden), sum(judged for _, judged in hidden))
    anything = any(may and one[1] for one, may in zip(series, told, strict=True))
    assert not hidden or not anything or (len(hidden) > 1 and both_told(*rest, BELOW))


def test_no_more_quarters_are_hidden_than_it_takes():
    series = [(40, 60), (2, 30), (30, 50), (10, 20)]
    assert told_beside_sum(series, BELOW) == (True, False, True, False)
    assert told_beside_sum(series[:1], BELOW) == (True,)


def test_a_sum_that_is_told_stays_told_and_its_parts_are_hidden_instead():
    measure, first, second = assessed(met=20, missed=12), assessed(met=18, missed=9), assessed(met=2, missed=3)
    over_time = [
        Quarter("Q", date(2026, 1, 1), date(2026, 3, 31), {ASSESSED_WITHIN_90_DAYS.name: one})
        for one in (first, second, assessed())
    ]
    found = line(measure, over_time, BELOW)
    assert (found.share, found.trend) == ("62%", ())  # 18 of 27 beside 20 of 32 would leave 2 of 5


def test_quarters_before_those_that_are_listed_are_no_way_round():
    last = {ASSESSED_WITHIN_90_DAYS.name: assessed(met=30, missed=20)}
    listed = Quarter("Q", date(2026, 1, 1), date(2026, 3, 31), last)
    assert line(assessed(met=31, missed=22), [listed], BELOW).trend == ()  # the rest is 1 of 3
    assert line(assessed(met=40, missed=30), [listed], BELOW).trend == ("60%",)


@given(st.integers(0, 20), st.integers(5, 15))
def test_few_are_one_up_to_the_sites_number(count, below):
    assert few(count, below) is (1 <= count < below)


def test_what_to_do_names_one_standard_a_step_the_most_missed_first_of_those_that_make_a_task():
    measures = [assessed(missed=20), Measure(DXA_WITHIN_90_DAYS, missed=30)]
    measures += [Measure(standard, missed=99) for standard in STANDARDS if not standard.makes_task]
    found = deeds(measures, {"assess": 12, "DXA scan": 3}, BELOW)
    assert [(one.not_met, one.act, one.who, one.open_now) for one in found] == [
        ("30 of 30", "DXA scan", "coordinator", "fewer than 5"), ("20 of 20", "assess", "nurse", "12"),
    ]  # fmt: skip


def test_why_it_is_unknown_is_told_without_numbers_and_only_where_many_share_the_reason():
    why = {ASSESSED_WITHIN_90_DAYS.name: Counter({"waiting for triage": 7, "a made-up reason of one": 1})}
    [told] = unknowns([assessed(unknown=8), Measure(DXA_WITHIN_90_DAYS)], why, BELOW)
    assert (told.number, told.why) == ("8", "waiting for triage")
    [few_share] = unknowns([assessed(unknown=3)], {ASSESSED_WITHIN_90_DAYS.name: Counter({"x": 3})}, BELOW)
    assert (few_share.number, few_share.why) == ("fewer than 5", "for reasons that few share")


def test_neither_a_share_nor_a_deed_gives_away_how_few_were_late():
    measure = assessed(met=40, met_late=2, missed=30)
    [deed] = deeds([measure], {}, BELOW)
    assert (line(measure, [], BELOW).judged, deed.not_met) == ("72", "32 of 72")  # 30 beside 72 and 56% would leave 2
    [hidden] = deeds([assessed(met=2, missed=30)], {}, BELOW)
    assert hidden.not_met == HIDDEN


def test_how_many_are_still_open_is_hidden_where_those_who_met_it_late_would_follow():
    measure = assessed(met=40, met_late=2, missed=20)
    [deed] = deeds([measure], {"assess": 20}, BELOW)
    assert (deed.not_met, deed.open_now) == ("22 of 62", HIDDEN)
    [deed] = deeds([measure], {"assess": 90}, BELOW)  # most of them wait with time left
    assert deed.open_now == "90"


def test_quarters_of_a_period_begin_and_end_with_it_and_leave_no_day_out():
    found = quarters(date(2025, 11, 20), date(2026, 5, 3))
    assert [(first, last) for _, first, last in found] == [
        (date(2025, 11, 20), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 5, 3)),
    ]  # fmt: skip


def test_the_pdf_is_tagged_and_says_its_title_and_language():
    pdf = pdf_of(report())
    assert pdf.startswith(b"%PDF-")
    for mark in (b"StructTreeRoot", b"/MarkInfo", b"en-GB", b"pdfuaid:part"):
        assert mark in pdf, mark


def test_the_same_report_gives_the_same_bytes():
    assert pdf_of(report()) == pdf_of(report())


def test_a_name_is_never_read_as_markup():
    odd = '#panic("run") = Heading *bold* #read("/etc/passwd") $x$ "quoted" \\ <label> @ref'
    assert pdf_of(report(site=odd)).startswith(b"%PDF-")


@pytest.mark.parametrize("asks", ['#read("/etc/passwd")', '#image("http://127.0.0.1/x.png")', '#read("../x")'])
def test_no_file_is_opened_from_an_empty_root(asks, tmp_path):
    with pytest.raises(typst.TypstError):
        typst.compile(asks.encode(), root=str(tmp_path))


def test_the_template_names_no_package_and_no_file():
    template = (files("openfls.measures.board") / "report.typ").read_text()
    for word in ("#import", "#include", "read(", "plugin(", "@preview"):
        assert word not in template
    assert template.count("image(") == template.count("image(bytes(") == 1  # a picture comes as data, never as a path


def test_the_national_rows_stand_only_beside_the_kpi_that_they_are():
    told = {name: line(measure, [], BELOW).national for name, measure in NOTHING.items()}
    assert told[DXA_WITHIN_90_DAYS.name] == "2019: 46.8%; 2021: 47.9%"
    assert told["assessed-within-12-weeks"] == ""


def test_the_data_of_a_report_is_plain_json():
    from openfls.measures.board.document import _data

    assert json.loads(json.dumps(_data(report())))["components"]
