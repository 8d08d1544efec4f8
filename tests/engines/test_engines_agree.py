"""Every engine gives the verdicts of plain Python, history by history and standard by standard."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from openfls.clinical.rulebook import BY_NAME, STANDARDS
from openfls.clinical.standards import Verdict
from openfls.measures.engines import duck, plain
from openfls.measures.engines.layout import values_read
from openfls.measures.engines.plan import plan
from tests.clinical.drawing import histories as drawn_histories
from tests.clinical.drawing import one_fracture
from tests.engines import mutants
from tests.engines.comparing import by_definition, by_duckdb, differences, written
from tests.engines.generating import DAY, histories

MANY = 20_000
FOR_MUTANTS = 6_000
WHOLE = 250  # people drawn by Hypothesis, each with all that grouping and triage do
LOOKED_AT = (0, 91, 113, 393)  # the days on which they are looked at

# Every node, and every way in which a window can be counted, is in one of these.
TELLING = (
    "assessed-within-90-days",
    "dxa-decided",
    "dxa-within-90-days",
    "falls-assessed",
    "treatment-started-in-hospital",
    "strength-and-balance-by-16-weeks",
    "followed-up-at-12-to-16-weeks",
    "on-treatment-at-48-to-56-weeks",
    "acted-on-treatment-not-taken",
    "gp-told",
    "gp-acknowledged",
)


@pytest.fixture(scope="module")
def generated():
    return list(histories(MANY, seed=4))


@pytest.fixture(scope="module")
def truth(generated):
    return by_definition(generated)


@pytest.fixture(scope="module")
def layout(generated, tmp_path_factory):
    return written(generated, tmp_path_factory.mktemp("generated") / "histories", DAY)


def test_twenty_thousand_histories_get_the_same_verdicts_and_days_from_duckdb(truth, layout):
    assert len(truth) == MANY * len(STANDARDS)
    assert differences(truth, by_duckdb(layout)) == []


def test_they_are_no_idle_question(truth):
    """Each standard meets every verdict that it can give."""
    given = defaultdict(Counter)
    for (_, standard), (verdict, _) in truth.items():
        given[standard][verdict] += 1
    always = set(Verdict)
    for standard in STANDARDS:
        cant = set() if standard.excludes else {Verdict.EXCLUDED}
        cant |= CANT.get(standard.name, set())
        assert always - cant <= {Verdict(one) for one in given[standard.name]}, standard.name


# What no history can give. By the day of discharge nothing is late; a review is late after no window of its own.
LATE = {Verdict.MET_LATE}
CANT = {
    "treatment-started-in-hospital": LATE,
    "hip-audit-bone-health-assessed": LATE,
    "hip-audit-on-treatment-at-discharge": LATE,
    "oral-treatment-reviewed-at-5-years": LATE,
    "infusions-reviewed-at-3-years": LATE | {Verdict.EXCLUDED},  # drawn deaths come before three years of doses
}


def test_the_layout_read_back_by_plain_python_gives_the_same_verdicts(generated, truth, tmp_path):
    some = generated[:2000]
    layout = written(some, tmp_path / "histories", DAY)
    read = {
        (place, standing.standard): (standing.verdict.value, standing.due)
        for place, history in enumerate(plain.histories(layout))
        for standing in plain.standings(history)
    }
    assert differences({key: answer for key, answer in truth.items() if key[0] < 2000}, read) == []


@pytest.mark.parametrize("by", [(), ("site",), ("site", "month")])
def test_the_counts_are_the_same_by_site_and_month(generated, tmp_path, by):
    layout = written(generated[:1500], tmp_path / "histories", DAY)
    one, other = plain.count(layout, by=by), duck.count(layout, by=by)
    assert one.cells.keys() == other.cells.keys()
    assert [one.measures(group) for group in one.cells] == [other.measures(group) for group in one.cells]
    assert len(one.cells) > (1 if "month" in by else 0)


def test_counting_block_by_block_changes_nothing(layout):
    from openfls.measures.engines.layout import Layout, Part

    several = Layout(layout.folder, layout.day, tuple(Part(part.name, 1, 1) for part in layout.parts))
    assert duck.count(several, block=1).measures() == duck.count(layout).measures()


@pytest.mark.parametrize("mutant", mutants.EVERY, ids=lambda mutant: mutant.__name__)
def test_a_planted_error_is_caught(mutant, few_layout, few_truth):
    assert differences(few_truth, by_duckdb(few_layout, [BY_NAME[name] for name in TELLING], mutant))


def test_the_compiler_without_a_planted_error_differs_nowhere(few_layout, few_truth):
    assert differences(few_truth, by_duckdb(few_layout, [BY_NAME[name] for name in TELLING])) == []


def test_flags_that_fill_several_numbers_of_a_kind_give_the_same(monkeypatch, few_layout, few_truth):
    monkeypatch.setattr("openfls.measures.engines.plan.FLAGS_OF_A_NUMBER", 7)
    standards = [BY_NAME[name] for name in TELLING]
    said = dict(plan(DAY, standards).steps)["said"].columns
    assert sum(name.startswith("said_") for name in said) > len(values_read(tuple(standards)))
    assert differences(few_truth, by_duckdb(few_layout, standards)) == []


@pytest.fixture(scope="module")
def few_truth(truth):
    return {key: answer for key, answer in truth.items() if key[0] < FOR_MUTANTS and key[1] in TELLING}


@pytest.fixture(scope="module")
def few_layout(generated, tmp_path_factory):
    return written(generated[:FOR_MUTANTS], tmp_path_factory.mktemp("few") / "histories", DAY)


@pytest.mark.parametrize("people", [drawn_histories(), one_fracture()], ids=["several fractures", "one fracture"])
def test_whole_people_drawn_at_boundary_days_get_the_same_verdicts(people, tmp_path):
    by_day: dict[date, list] = defaultdict(list)
    for place, drawn in enumerate(_drawn(people)):
        for care in drawn.seen_on(LOOKED_AT[place % len(LOOKED_AT)]).cares:
            by_day[care.history.today].append(care.history)
    assert sum(map(len, by_day.values())) > WHOLE // 2
    for day, told in by_day.items():
        layout = written(told, tmp_path / day.isoformat(), day)
        assert differences(by_definition(told), by_duckdb(layout)) == []


def _drawn(people):
    """So many examples of a strategy, always the same."""
    drawn = []

    @seed(4)
    @settings(
        max_examples=WHOLE,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(people)
    def draw(one):
        drawn.append(one)

    draw()
    return drawn
