"""A process that is killed without warning loses nothing and doubles nothing, wherever it was."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from openfls.inbox import leases
from tests.faults import acts, homes
from tests.record import own_database

HOUSE = Path(__file__).parents[2]
KILLED = -signal.SIGKILL

Env = dict[str, str]


def begin(env: Env, *act: str) -> subprocess.Popen[str]:
    """The act in a process of its own."""
    program = [sys.executable, "-m", "tests.faults.acts", *act]
    return subprocess.Popen(program, env=env, cwd=HOUSE, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def act(env: Env, *what: str, ends: int = 0) -> str:
    """The last line that the act printed."""
    process = begin(env, *what)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == ends, complained
    return said.splitlines()[-1] if said else ""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Iterator[Env]:
    with own_database.environment(tmp_path_factory.mktemp("prepared")) as env:
        act(env, "prepare")
        yield env


@pytest.fixture
def env(prepared, tmp_path) -> Iterator[Env]:
    with homes.copy_of(prepared, tmp_path) as environment:
        yield environment


@pytest.fixture(scope="module")
def undisturbed(prepared, tmp_path_factory) -> dict:
    """What there is after a worker that nobody killed."""
    with homes.copy_of(prepared, tmp_path_factory.mktemp("undisturbed")) as env:
        result = json.loads(act(env, "finish"))
    assert result["broken"] == []
    assert len(result["messages"]) == len(acts.SENT)
    return result


STEPS = (
    "when messages are taken",
    "when they have been read",
    "before the door",
    "inside the door, facts written",
    "inside the door, people derived",
    "inside the door, trail written",
    "behind the door, before marking",
    "amid marking, before its commit",
    "when all is marked",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(env, undisturbed, step):
    act(env, "work", step, ends=KILLED)
    assert json.loads(act(env, "finish")) == undisturbed


def test_a_worker_killed_again_and_again_at_no_matter_what_still_gets_there(env, undisturbed):
    dice = random.Random(5)
    for _ in range(leases.HOPELESS - 1):
        process = begin(env, "work")
        process.stdout.readline()
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        process.communicate()
    assert json.loads(act(env, "finish")) == undisturbed


def test_a_message_that_ends_every_worker_stops_nothing_else_of_its_feed(env):
    act(env, "send_deadly")
    ends = []
    while KILLED in ends[-1:] or not ends:
        process = begin(env, "work")
        process.communicate(timeout=120)
        ends.append(process.returncode)
        if len(ends) == leases.SUSPECT + 1:
            early = json.loads(act(env, "tell"))
    assert ends == [KILLED] * leases.HOPELESS + [0]
    waiting = [state for _, state, _ in early["messages"]].count("new")
    assert waiting <= acts.BATCH, "more waits than what was taken together with the deadly one"
    result = json.loads(act(env, "finish"))
    assert result["broken"] == []
    states = [state for _, state, _ in result["messages"]]
    assert (states.count("new"), states.count("quarantined")) == (0, 3)  # the deadly, and two that were bad before


@pytest.mark.skipif("not config.getoption('postgres')", reason="on SQLite there is one worker")
def test_where_one_of_several_workers_is_killed_the_others_do_its_work(env, undisturbed):
    killed = begin(env, "work", "behind the door, before marking")
    workers = [begin(env, "work") for _ in range(2)]
    for worker in (killed, *workers):
        worker.communicate(timeout=120)
    assert killed.returncode in (KILLED, 0)
    assert [worker.returncode for worker in workers] == [0, 0]
    assert json.loads(act(env, "finish")) == undisturbed


def test_every_message_that_was_acknowledged_survives_the_killing_of_its_receiver(env):
    acknowledged: list[list[str]] = []
    for lines in (1, 20, 33):
        process = begin(env, "receive")
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        rest, _ = process.communicate()
        acknowledged += [line.split() for line in [*said, *rest.splitlines(keepends=True)] if line.endswith("\n")]
    assert len(acknowledged) >= 54
    result = json.loads(act(env, "tell"))
    assert result["broken"] == []
    stored = [digest for digest, *_ in result["messages"]]
    assert {digest for _, digest in acknowledged} <= set(stored)
    assert len(stored) == len(set(stored))


@pytest.mark.skipif("config.getoption('postgres')", reason="on PostgreSQL a writer locks rows, no file")
def test_a_record_that_is_locked_delays_no_acknowledgement(env):
    """The inbox is a file of its own: a sender waits for it alone."""
    with closing(sqlite3.connect(Path(env["OPENFLS_HOME"]) / "record.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        process = begin(env, "receive")
        said = [process.stdout.readline() for _ in range(10)]
        process.kill()
        _, complained = process.communicate()
    assert all(said), complained


@pytest.mark.skipif("not config.getoption('postgres')", reason="on SQLite there is one worker")
def test_several_workers_share_the_inbox_of_a_postgresql(env, undisturbed):
    workers = [begin(env, "work") for _ in range(3)]
    for worker in workers:
        _, complained = worker.communicate(timeout=120)
        assert worker.returncode == 0, complained
    assert json.loads(act(env, "finish")) == undisturbed
