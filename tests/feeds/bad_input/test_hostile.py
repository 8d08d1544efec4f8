"""Whatever is sent: no crash, no hang, bounded memory, a clear reason. Read by children under limits of the system.

The time limit guards against what never ends; that work grows no faster than its input is counted in `test_work`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from openfls.feeds.reading import MOST_TOLD
from tests.feeds.bad_input import hostile
from tests.feeds.bad_input.confined import ORIGIN, confined, outcome

HOUSE = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=sorted(hostile.BY_READER))
def told(request, tmp_path_factory) -> dict[str, dict]:
    """What came of each hostile file of one reader, by its name."""
    folder = tmp_path_factory.mktemp(request.param)
    for one in hostile.BY_READER[request.param]:
        (folder / one.name).write_bytes(one.make())
    run = subprocess.run(
        [sys.executable, "-m", "tests.feeds.bad_input.confined", str(folder)],
        cwd=HOUSE, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return {line["name"]: line for line in map(json.loads, run.stdout.splitlines())}


def test_nothing_crashes_hangs_or_takes_the_machines_memory(told):
    assert {name: line["died"] for name, line in told.items() if "died" in line} == {}


def test_each_says_what_is_wrong_where_and_how_to_mend_it(told):
    wrong = {}
    for one in hostile.everything():
        says = told.get(one.name, {}).get("says", one.says)
        if one.says not in says or bool(one.says) != bool(says):
            wrong[one.name] = says
    assert wrong == {}


def test_what_can_be_read_beside_it_counts_and_nothing_else_is_made_up(told):
    expected = {one.name: one.facts for one in hostile.everything() if one.name in told}
    assert {name: told[name].get("facts") for name in expected} == expected


def test_a_flood_of_faults_is_told_by_its_first_thousand(told):
    assert max(line.get("problems", 0) for line in told.values()) <= MOST_TOLD + 1
    assert max(line.get("told", 0) for line in told.values()) < 500 * MOST_TOLD  # letters


def test_the_confinement_bites(monkeypatch):
    """A reader that takes too much memory, loops or raises is told as such: else the tests above could not fail."""
    from tests.feeds.bad_input import confined as confining

    def greedy(content, name):
        return {"facts": len(bytearray(2 * 1024**3))}

    def endless(content, name):
        while True:
            pass

    monkeypatch.setattr(confining, "SECONDS", 1)
    monkeypatch.setattr(confining, "outcome", greedy)
    assert "MemoryError" in confining.confined(b"", "x.hl7")["died"]
    monkeypatch.setattr(confining, "outcome", endless)
    assert confining.GONE in confining.confined(b"", "x.hl7")["died"]


def test_confined_or_not_the_outcome_is_the_same():
    content = hostile.oru(b"Fracture of the left hip.")
    assert ORIGIN.known
    free = outcome(content, "a.hl7")
    held = confined(content, "a.hl7")
    assert free["facts"] == 1
    assert {name: held[name] for name in free} == free
