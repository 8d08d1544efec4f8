"""Histories out of the record, files and a generated country: counted alike by every engine."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openfls.clinical.facts import Answer, FractureSighting, Source, Triage, TriageDecision
from openfls.clinical.when import on
from openfls.demo.country import write_country
from openfls.extracts import store
from openfls.feeds.fhir import read
from openfls.feeds.reading import Origin
from openfls.measures.engines import duck, plain
from openfls.measures.engines.grouping import blocks, histories_of_people, write_histories
from openfls.measures.engines.layout import NotHistories, opened
from openfls.measures.engines.writing import Occupied
from tests.clinical.histories import person
from tests.engines.comparing import by_definition, by_duckdb, differences, written

SYNTHEA = Path(os.environ.get("OPENFLS_SYNTHEA", Path(__file__).parents[3] / "shared/data/synthea-r4"))
KNOWN = datetime(2026, 11, 1, tzinfo=UTC)
DAY = date(2026, 11, 1)
SITES = ("X1A01", "X2B01")


def somebody(number: int):
    """One of many, each cared for a little differently."""
    numbered = {"nhs_number": None, "family_name": f"Smith{number}", "given_name": "Anne"}
    drawn = person(**numbered).sighted(key=f"hip {number}", site=SITES[number % 2])
    drawn = drawn.enrolled() if number % 5 else drawn
    drawn = drawn.assessed(20 + 10 * number) if number % 3 else drawn
    drawn = drawn.dxa_requested(30).scanned(40 + 20 * number) if number % 4 else drawn
    drawn = drawn.prescribed(60, bone_drug=Answer.YES) if number % 2 else drawn.wrote_to_gp(25 + 10 * number)
    facts = drawn.died(200).facts if number == 7 else drawn.facts
    return [replace(fact, source=Source("drawn", f"of {number}", f"{place}")) for place, fact in enumerate(facts)]


@pytest.fixture
def some_people():
    """The triage of each names the sighting by its id, so sources must be set before it is drawn: told again here."""
    facts = []
    for number in range(14):
        told = somebody(number)
        sighting = next(fact for fact in told if isinstance(fact, FractureSighting))
        facts += [replace(f, about=(sighting.id,)) if isinstance(f, TriageDecision) else f for f in told]
    return facts


@pytest.mark.django_db(databases="__all__")
def test_the_records_export_counts_as_the_records_own_standings_do(some_people, tmp_path, typed, monkeypatch):
    from openfls.coordination import enter
    from openfls.record.models import StandingRow, Trail
    from openfls.record.reckoning import measured

    monkeypatch.setattr("django.utils.timezone.localdate", lambda: DAY)
    enter(some_people, by="a", today=DAY)
    typed("histories", "export", "--to", tmp_path / "histories")
    layout = opened(tmp_path / "histories")
    own = measured(StandingRow.objects.all(), DAY)
    assert sum(measure.asked for measure in own.values()) > 50
    assert duck.count(layout).measures() == own
    assert plain.count(layout).measures() == own
    of_one = duck.count(layout, by=("site",)).measures((SITES[0],))
    assert of_one == measured(StandingRow.objects.filter(site=SITES[0]), DAY)
    assert Trail.objects.filter(action="histories exported").count() == 1
    assert "there is no site 'X9Z01'" in typed("measures", "--site", "X9Z01", ends=2)


def test_files_are_grouped_in_processes_as_in_one(some_people, tmp_path):
    layout = write_histories(some_people, tmp_path / "histories", DAY)
    right = [placed.history for block in blocks(some_people) for placed in histories_of_people(block, DAY)]
    assert len(right) == 14
    assert plain.count(layout).measures() == plain.count(written(right, tmp_path / "right", DAY)).measures()


def test_the_command_counts_a_folder_by_each_engine(some_people, tmp_path, typed):
    write_histories(some_people, tmp_path / "histories", DAY)
    told = {
        e: json.loads(typed("measures", tmp_path / "histories", "--engine", e, "--json")) for e in ("python", "duckdb")
    }
    assert told["python"] == told["duckdb"]
    assert sum(one["met"] + one["missed"] for one in told["duckdb"]) > 10
    one, other = (json.loads(typed("measures", tmp_path / "histories", "--site", site, "--json")) for site in SITES)
    assert [a["missed"] + b["missed"] for a, b in zip(one, other, strict=True)] == [m["missed"] for m in told["duckdb"]]


@pytest.mark.parametrize("there", [False, True])
def test_writing_that_is_stopped_leaves_no_new_folder_behind(tmp_path, typed, monkeypatch, there):
    def stopped(people, facts, seed, to, *_):
        (to / "episodes").mkdir(parents=True)
        raise KeyboardInterrupt

    to = tmp_path / "country"
    if there:
        to.mkdir()
    monkeypatch.setattr("openfls.demo.country.write_country", stopped)
    typed("histories", "country", "--people", "10", "--to", to, ends=130)
    assert to.exists() is there  # what somebody else made is not ours to remove


def test_what_cant_be_counted_is_refused_with_its_reason(some_people, tmp_path, typed):
    assert "holds no histories" in typed("measures", tmp_path, ends=2)
    write_histories(some_people, tmp_path / "histories", DAY)
    assert "name a folder" in typed("measures", tmp_path / "none", ends=2)
    assert f"there are: {', '.join(SITES)}" in typed("measures", tmp_path / "histories", "--site", "X9Z01", ends=2)
    assert "stands as of 2026-11-01" in typed("measures", tmp_path / "histories", "--today", "2026-01-01", ends=2)
    assert "openfls histories export" in typed("measures", "--engine", "duckdb", ends=2)
    assert "new or empty" in typed("histories", "country", "--people", "10", "--to", tmp_path / "histories", ends=2)
    manifest = tmp_path / "histories/histories.json"
    said = json.loads(manifest.read_text())
    said["fields"]["follow-up outcome"].remove("on_treatment")
    manifest.write_text(json.dumps(said))
    assert "doesn't tell on_treatment of 'follow-up outcome'" in typed("measures", tmp_path / "histories", ends=2)
    manifest.write_text('{"schema": 0}')
    with pytest.raises(NotHistories, match="another version"):
        opened(tmp_path / "histories")


# Of two thousand people nobody need have been treated for so long.
TREATED_FOR_YEARS = {"oral-treatment-reviewed-at-5-years", "infusions-reviewed-at-3-years"}


def test_a_country_is_the_same_by_its_seed_and_every_engine_counts_it(tmp_path):
    one = write_country(2_000, 20_000, 3, tmp_path / "one", DAY)
    again = write_country(2_000, 20_000, 3, tmp_path / "again", DAY)
    other = write_country(2_000, 20_000, 4, tmp_path / "other", DAY)
    assert 19_000 < one.facts < 21_000
    counted = duck.count(one).measures()
    assert counted == plain.count(one).measures() == duck.count(again).measures() != duck.count(other).measures()
    for measure in counted.values():
        rare = measure.standard.name in TREATED_FOR_YEARS
        assert rare or measure.missed, measure.standard.name
        assert rare or measure.unknown, measure.standard.name
    with pytest.raises(Occupied):
        write_country(10, 100, 3, tmp_path / "one", DAY)


def test_the_bundles_of_others_get_the_same_verdicts(tmp_path):
    """Nobody triages in them: here each sighting is enrolled, so that the standards are asked."""
    files = sorted(SYNTHEA.glob("*.json.gz"))
    if not files:
        pytest.skip(f"no synthetic patients at {SYNTHEA}; OPENFLS_SYNTHEA names the folder")
    facts = [fact for file in files for fact in read(file.read_bytes(), Origin("synthea", KNOWN)).facts]
    facts += [_enrolled(fact) for fact in facts if isinstance(fact, FractureSighting)]
    told = [placed.history for block in blocks(facts) for placed in histories_of_people(block, DAY)]
    assert len(told) > 20
    truth = by_definition(told)
    assert differences(truth, by_duckdb(written(told, tmp_path / "histories", DAY))) == []
    assert {"missed", "not asked"} <= {verdict for verdict, _ in truth.values()}


def _enrolled(sighting: FractureSighting) -> TriageDecision:
    return TriageDecision(
        record=sighting.record,
        occurred=on(sighting.occurred.start),
        known=KNOWN,
        source=Source("entered", sighting.id, "1"),
        about=(sighting.id,),
        by="nurse",
        answer=Triage.ENROL,
    )


def test_a_folder_of_facts_is_grouped_by_people_and_counted_as_it_is(some_people, tmp_path, typed):
    folder = tmp_path / "facts"
    folder.mkdir()
    half = len(some_people) // 2  # nobody's facts need stand in one file
    store.write(some_people[:half], folder, "one-{i}")
    store.write([*some_people[half:], *some_people[:3]], folder, "two-{i}")
    store.finish(folder, {})
    right = duck.count(write_histories(some_people, tmp_path / "right", DAY)).measures()
    typed("histories", "build", folder, "--today", DAY, "--to", tmp_path / "histories")
    assert duck.count(opened(tmp_path / "histories")).measures() == right
    told = json.loads(typed("measures", folder, "--today", DAY, "--json"))
    assert [(one["met"], one["missed"]) for one in told] == [(one.met, one.missed) for one in right.values()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts", "histories", "right"]


def test_facts_of_another_version_are_refused(tmp_path, typed):
    (tmp_path / "facts.json").write_text('{"schema": 0}')
    assert "Build the facts again" in typed("measures", tmp_path, ends=2)
    assert "Build the facts again" in typed("histories", "build", tmp_path, "--to", tmp_path / "to", ends=2)


def test_a_folder_without_facts_is_refused_with_what_writes_them(tmp_path, typed):
    assert "Write it with openfls facts build" in typed("histories", "build", tmp_path, "--to", tmp_path / "to", ends=2)
