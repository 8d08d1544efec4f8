"""The board's report: what it tells, what it hides, and a PDF that can be read aloud and opens no file."""

import json
from collections.abc import Iterable
from datetime import date
from importlib.resources import files

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.clinical.assessment import ASSESSED_WITHIN_90_DAYS, DXA_WITHIN_90_DAYS
from openfls.clinical.rulebook import STANDARDS
from openfls.measures.board.content import HIDDEN, BoardReport, Quarter, deeds, line, quarters
from openfls.measures.board.document import pdf_of
from openfls.measures.counting import Measure
from openfls.measures.small_numbers import both_told, few, told_in_series

NOTHING = {standard.name: Measure(standard) for standard in STANDARDS}
BELOW = 5
QUARTER = Quarter("Q1", date(2026, 1, 1), date(2026, 3, 31), NOTHING)


def report(measures: Iterable[Measure] = (), **changes: object) -> BoardReport:
    own = tuple(measures) or tuple(NOTHING.values())
    told: dict[str, object] = {
        "site": "Aldermere Royal", "first": date(2026, 1, 1), "last": date(2026, 12, 31), "made_on": date(2027, 1, 5),
        "version": "0.1", "quarters": ("Q1",), "lines": tuple(line(m, [QUARTER], BELOW) for m in own),
        "deeds": deeds(own, {"assess": 12}, BELOW), "backstop": (("found by any method", "99"),),
        "notes": ("A note.",),
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


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_no_quarter_is_hidden_alone_beside_the_sum_so_that_none_is_the_difference(pairs):
    series = [(met, met + missed) for met, missed in pairs]
    told, sum_told = told_in_series(series, BELOW)
    assert all(both_told(*one, BELOW) for one, may in zip(series, told, strict=True) if may)
    hidden = [one for one, may in zip(series, told, strict=True) if not may]
    assert len(hidden) != 1 or not sum_told


@given(st.integers(0, 20), st.integers(5, 15))
def test_few_are_one_up_to_the_sites_number(count, below):
    assert few(count, below) is (1 <= count < below)


def test_what_to_do_names_one_standard_a_step_the_most_missed_first():
    measures = [assessed(missed=20), Measure(DXA_WITHIN_90_DAYS, missed=30)]
    measures += [Measure(next(s for s in STANDARDS if s.name == "assessed-within-12-weeks"), missed=25)]
    found = deeds(measures, {"assess": 12, "DXA scan": 3}, BELOW)
    assert [(one.not_met, one.who, one.open_now) for one in found] == [
        ("30", "coordinator", "fewer than 5"), ("25", "nurse", "12"),
    ]  # fmt: skip


def test_neither_a_share_nor_a_deed_gives_away_how_few_were_late():
    measure = assessed(met=40, met_late=2, missed=30)
    [deed] = deeds([measure], {}, BELOW)
    assert (line(measure, [], BELOW).judged, deed.not_met) == ("72", "32")  # 30 beside 72 and 56% would leave 2
    [hidden] = deeds([assessed(met=2, missed=30)], {}, BELOW)
    assert hidden.not_met == HIDDEN


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
    for word in ("#import", "#include", "image(", "read(", "plugin(", "@preview"):
        assert word not in template


def test_the_national_rows_stand_only_beside_the_kpi_that_they_are():
    told = {name: line(measure, [], BELOW).national for name, measure in NOTHING.items()}
    assert told[DXA_WITHIN_90_DAYS.name] == "2019: 46.8%; 2021: 47.9%"
    assert told["assessed-within-12-weeks"] == ""


def test_the_data_of_a_report_is_plain_json():
    from openfls.measures.board.document import _data

    assert json.loads(json.dumps(_data(report())))["components"]
