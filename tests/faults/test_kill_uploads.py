"""A worker that is killed amid a long list, an undoing or a trial loses and doubles nothing."""

import json
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import homes
from tests.record import own_database

HOUSE = Path(__file__).parents[2]
READING = (
    "before a piece is entered",
    "when a piece is entered",
    "when it was told how far the list is",
)
UNDOING = (
    "before a piece is entered",
    "inside the door, records set aside",
    "when a piece is entered",
    "when words of undoing were made",
)
TRIAL = ("amid a trial", "when a trial was told")


def act(env, *words: str, ends: int = 0) -> str:
    program = [sys.executable, "-m", "tests.faults.uploads", *words]
    done = subprocess.run(program, env=env, cwd=HOUSE, text=True, capture_output=True, timeout=300)
    assert done.returncode == ends, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout and not ends else ""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """For each kind of work a home in which it waits, and what there is once nobody was killed."""
    found = {}
    with ExitStack() as held:
        env = held.enter_context(own_database.environment(tmp_path_factory.mktemp("prepared")))
        act(env, "prepare")
        for kind, before in {"reading": "", "trial": "begin_a_trial", "undoing": "ask_to_undo"}.items():
            waiting = held.enter_context(homes.copy_of(env, tmp_path_factory.mktemp(kind)))
            if before:
                act(waiting, before)
            with homes.copy_of(waiting, tmp_path_factory.mktemp(f"{kind}-undisturbed")) as copy:
                found[kind] = waiting, json.loads(act(copy, "finish"))
        yield found


CASES = [*(("reading", step) for step in READING), *(("undoing", step) for step in UNDOING),
         *(("trial", step) for step in TRIAL)]  # fmt: skip


@pytest.mark.parametrize(("kind", "step"), CASES)
def test_killed_at_any_step_it_comes_to_the_same(prepared, tmp_path, kind, step):
    waiting, undisturbed = prepared[kind]
    assert undisturbed["broken"] == []
    assert undisturbed["undone"] == [True] * (kind == "undoing")
    with homes.copy_of(waiting, tmp_path) as copy:
        act(copy, "work", step, ends=-signal.SIGKILL)
        assert json.loads(act(copy, "finish")) == undisturbed
