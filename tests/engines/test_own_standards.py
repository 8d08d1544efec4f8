"""Standards of a site's own, counted over folders: every engine gives the verdicts of plain Python, one by one."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from openfls.clinical.facts import FractureSighting, Source, TriageDecision
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Verdict
from openfls.extracts import store
from openfls.measures.engines import plain
from openfls.measures.engines.plan import plan
from tests import spark_cluster
from tests.clinical.histories import person
from tests.clinical.test_own_standards import OURS
from tests.engines import own
from tests.engines.comparing import by_definition, by_duckdb, differences, read_back, verdicts, written
from tests.engines.generating import DAY, histories

SOME = 1_000
DRAWN, SEED = 40, 11
SITES = ("X1A01", "X2B01")
# What the rulebook reads nothing of: a field in words, a number, the site of a letter; and a pair of sites.
WITH_ALENDRONATE = {
    "name": "alendronate-for-a-month",
    "met_by": [{"recorded": "prescription issued", "where": {"drug": ["alendronate"], "days_supplied": ["28"]}}],
    "window": {"closes": {"days": 90}},
    "excludes": {"recorded": "letter sent", "where": {"site": ["X1A01"]}},
    "counts": "enrolled",
    "sites": ["X1A01"],
}


@pytest.fixture(scope="module")
def drawn():
    return own.standards(DRAWN, SEED)


@pytest.fixture(scope="module")
def generated(drawn):
    return list(histories(SOME, seed=12, standards=drawn))


@pytest.fixture(scope="module")
def layout(generated, drawn, tmp_path_factory):
    return written(generated, tmp_path_factory.mktemp("own") / "histories", DAY, drawn)


@pytest.fixture(scope="module")
def truth(generated, drawn):
    return by_definition(generated, drawn)


def test_whatever_a_file_may_say_gets_the_same_verdicts_and_days_from_duckdb(truth, layout, drawn):
    assert len(truth) == SOME * DRAWN
    assert differences(truth, by_duckdb(layout, drawn)) == []


def test_the_drawn_standards_are_no_idle_question(truth, drawn):
    given = Counter(verdict for verdict, _ in truth.values())
    assert set(given) == {verdict.value for verdict in Verdict}
    assert min(given.values()) > 50
    met = {name for (_, name), (verdict, _) in truth.items() if verdict == Verdict.MET}
    assert len(met) > DRAWN // 2


def test_the_layout_read_back_by_plain_python_gives_the_same(truth, layout, drawn):
    read = {
        (place, standing.standard): (standing.verdict.value, standing.due)
        for place, history in enumerate(plain.histories(layout))
        for standing in plain.standings(history, drawn)
    }
    assert differences(truth, read) == []


@pytest.mark.spark
@pytest.mark.skipif(bool(spark_cluster.missing()), reason=spark_cluster.missing() or "Spark is here")
@pytest.mark.xdist_group("spark")
def test_and_the_same_from_spark(truth, layout, drawn):
    from openfls.measures.engines import spark

    some = drawn[:6]
    made = plan(layout.day, some, with_dues=True)
    with spark.session() as session, spark.judged(session, layout, made):
        rows = [tuple(row) for row in session.sql(verdicts(made)).collect()]
    names = {standard.name for standard in some}
    right = {key: answer for key, answer in truth.items() if key[1] in names}
    assert differences(right, read_back(rows, made)) == []


@pytest.fixture
def ours(tmp_path):
    file = tmp_path / "standards" / "ours.json"
    file.parent.mkdir()
    file.write_text(json.dumps(OURS | WITH_ALENDRONATE))
    return file


def treated(number: int):
    """Somebody first sighted at one of two sites, treated or not."""
    drawn = person(nhs_number=None, family_name=f"Smith{number}").sighted(key=f"hip {number}", site=SITES[number % 2])
    drawn = drawn.enrolled()
    drawn = drawn.prescribed(30 + 20 * number, drug="alendronate", days_supplied=28) if number % 3 else drawn
    facts = drawn.wrote_to_gp(20, site=SITES[0]).facts if number % 7 == 0 else drawn.facts
    return [replace(fact, source=Source("drawn", f"of {number}", f"{place}")) for place, fact in enumerate(facts)]


@pytest.fixture
def facts(tmp_path):
    folder = tmp_path / "facts"
    folder.mkdir()
    everything = []
    for number in range(14):
        told = treated(number)
        sighting = next(fact for fact in told if isinstance(fact, FractureSighting))
        everything += [replace(f, about=(sighting.id,)) if isinstance(f, TriageDecision) else f for f in told]
    store.write(everything, folder, "one-{i}")
    store.finish(folder, {})
    return folder


def counted(told: str) -> dict[str, int]:
    [one] = [one for one in json.loads(told) if one["standard"] == WITH_ALENDRONATE["name"]]
    assert one["family"] == "the service's own"
    return {cell: one[cell] for cell in ("met", "met_late", "missed", "excluded", "unknown") if one[cell]}


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_the_command_counts_them_beside_the_rulebook_at_their_sites(facts, ours, typed, engine):
    said = typed("measures", facts, "--today", DAY, "--standards", ours, "--engine", engine, "--json")
    assert len(json.loads(said)) == len(STANDARDS) + 1
    assert counted(said) == {"met": 1, "met_late": 3, "missed": 2, "excluded": 1}  # of the seven at X1A01
    elsewhere = typed(
        "measures", facts, "--today", DAY, "--standards", ours.parent, "--engine", engine, "--site", SITES[1], "--json"
    )
    assert counted(elsewhere) == {}


def test_a_folder_of_histories_is_written_for_them(facts, ours, typed, tmp_path):
    typed("histories", "build", facts, "--today", DAY, "--to", tmp_path / "without")
    refused = typed("measures", tmp_path / "without", "--standards", ours, ends=2)
    assert "doesn't tell" in refused
    assert "'alendronate-for-a-month' reads. Write it again, with --standards" in refused
    typed("histories", "build", facts, "--today", DAY, "--standards", ours, "--to", tmp_path / "with")
    assert counted(typed("measures", tmp_path / "with", "--standards", ours, "--json"))["met_late"] == 3
    assert len(json.loads(typed("measures", tmp_path / "with", "--json"))) == len(STANDARDS)


CANT = {
    "a fault in the file": ({"window": {}}, "ours.json, window: It has no closing day"),
    "a kind that belongs to no episode": (
        {"counts": {"all": ["enrolled", {"recorded": "death"}]}},
        "alendronate-for-a-month: no fact of an episode is called 'death'",
    ),
    "a name of the rulebook's": ({"name": "gp-told"}, "ours.json, name: 'gp-told' comes with the program"),
}


@pytest.mark.parametrize(("changes", "says"), CANT.values(), ids=CANT)
@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_cant_be_counted_is_refused_by_name_and_part(facts, ours, typed, changes, says, engine):
    ours.write_text(json.dumps(OURS | WITH_ALENDRONATE | changes))
    assert says in typed("measures", facts, "--standards", ours, "--engine", engine, ends=2)


def test_no_standard_in_a_folder_and_standards_over_the_record_are_refused(facts, ours, typed, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "there is no standard" in typed("measures", facts, "--standards", tmp_path / "empty", ends=2)
    assert "can't be read" in typed("measures", facts, "--standards", tmp_path / "none.json", ends=2)
    assert "the standards of its home" in typed("measures", "--standards", ours, ends=2)
