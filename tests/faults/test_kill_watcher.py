"""A watcher that is killed without warning, wherever it was: every file is stored once, and none is left behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults import homes
from tests.faults.watches import MARKER
from tests.record import own_database

HOUSE = Path(__file__).parents[2]
MANIFEST = {"source": "X1A/trauma", "site": "X1A01", "mapping": "trauma_meeting"}
LIST = (HOUSE / "src/openfls/feeds/csv/samples/trauma_meeting.csv").read_bytes()
STEPS = (
    "when a file has been read",
    "before it is stored",
    "amid storing, before the commit",
    "when it is stored",
    "before it is moved",
    "when the folder to move to is made",
    "when it is moved",
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    with own_database.environment(tmp_path_factory.mktemp("prepared")) as environment:
        subprocess.run([sys.executable, "-m", "tests.faults.watches"], env=environment, cwd=HOUSE, check=True)
        yield environment


@pytest.fixture
def env(prepared, tmp_path):
    with homes.copy_of(prepared, tmp_path) as environment:
        yield environment


@pytest.fixture
def folder(tmp_path) -> Path:
    for feed in ("trauma", "theatre"):
        place = tmp_path / "sftp" / feed
        place.mkdir(parents=True)
        (place / "feed.json").write_text(json.dumps(MANIFEST | {"source": f"X1A/{feed}"}))
    return tmp_path / "sftp"


def send(folder: Path, number: int) -> str:
    """A file as an SFTP server puts it there: under another name until it is whole; gives its digest."""
    content = LIST + b"\r\n" * number
    file = folder / ("trauma", "theatre")[number % 2] / f"list{number}.csv"
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.rename(file)
    file.with_name(file.name + MARKER).touch()
    return sha256(content).hexdigest()


def watch(env, folder: Path, *step: str, ends: int = 0) -> dict:
    program = [sys.executable, "-m", "tests.faults.watches", str(folder), *step]
    done = subprocess.run(program, env=env, cwd=HOUSE, text=True, capture_output=True, timeout=120)
    assert done.returncode == ends, done.stderr
    return json.loads(done.stdout) if not ends else {}


@pytest.mark.parametrize("step", STEPS)
def test_a_watcher_killed_at_any_step_loses_and_doubles_nothing(env, folder, step):
    digests = sorted(send(folder, number) for number in range(4))
    watch(env, folder, step, ends=-signal.SIGKILL)
    told = watch(env, folder)
    assert told["stored"] == told["moved"] == digests
    assert [name for name in told["left"] if not name.endswith(MARKER)] == []
    assert told["broken"] == []


def test_the_command_killed_again_and_again_while_files_come_in_takes_each_once_and_ends_clean_when_told(env, folder):
    dice, digests = random.Random(3), []
    command = [sys.executable, "-m", "openfls", "watch", str(folder), "--every", "0.05", "--settle", "0.05"]
    command += ["--marker", MARKER]
    for start in range(0, 40, 10):
        watcher = subprocess.Popen(command, env=env, cwd=HOUSE, stdout=subprocess.PIPE, text=True)
        watcher.stdout.readline()
        for number in range(start, start + 10):
            digests.append(send(folder, number))
            time.sleep(dice.uniform(0, 0.05))
        if start < 30:
            watcher.kill()
        else:
            _until_nothing_is_left(folder)
            watcher.send_signal(signal.SIGTERM)
        said, _ = watcher.communicate(timeout=60)
    assert (watcher.returncode, said.splitlines()[-1]) == (0, "stopped")
    told = watch(env, folder)
    assert told["stored"] == sorted(digests)
    assert set(told["moved"]) >= set(digests)


def _until_nothing_is_left(folder: Path) -> None:
    until = time.monotonic() + 60
    while [*folder.glob("t*/list*.csv")] and time.monotonic() < until:
        time.sleep(0.1)


def test_a_second_watcher_of_the_same_folder_is_refused(env, folder):
    command = [sys.executable, "-m", "openfls", "watch", str(folder), "--settle", "0"]
    first = subprocess.Popen(command, env=env, cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    first.stdout.readline()
    second = subprocess.run([*command, "--once"], env=env, cwd=HOUSE, capture_output=True, text=True)
    first.terminate()
    first.communicate(timeout=60)
    assert second.returncode == 2
    assert "is being watched already" in second.stderr
    assert first.returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "is no folder"),
        ([".", "--marker", "done"], "begins with a full stop"),
        ([".", "--every", "never"], "no number of seconds"),
    ],
)
def test_a_watch_asked_wrongly_says_why(env, tmp_path, words, said):
    command = [sys.executable, "-m", "openfls", "watch", *words]
    done = subprocess.run(command, env={**env, "COLUMNS": "200"}, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert said in done.stderr


def test_what_may_not_be_opened_is_refused_at_once(env, folder):
    if os.geteuid() == 0:
        pytest.skip("nothing is closed to the administrator")
    folder.chmod(0)
    command = [sys.executable, "-m", "openfls", "watch", str(folder)]
    done = subprocess.run(command, env=env, cwd=HOUSE, capture_output=True, text=True)
    folder.chmod(0o700)
    assert (done.returncode, "Permission denied" in done.stderr) == (2, True)
