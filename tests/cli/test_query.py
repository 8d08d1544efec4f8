"""The command that asks hospitals' views: try first, ask once, keep asking until told to stop."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.record import own_database

ORGANISATIONS = {"trusts": [{"code": "X1A", "name": "Trust", "sites": [{"code": "X1A01", "name": "One"}]}]}
HEADERS = {"referral": "Referral ID", "surname": "Surname", "hosp_no": "Hosp No", "injured": "Injury Date",
           "diagnosis": "Diagnosis"}  # fmt: skip


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    with own_database.environment(tmp_path_factory.mktemp("query")) as environment:
        path = Path(environment["OPENFLS_HOME"]) / "organisations.json"
        path.write_text(json.dumps(ORGANISATIONS))
        assert openfls(environment, "organisations", "load", str(path)).returncode == 0
        yield environment


@pytest.fixture
def view(tmp_path) -> Path:
    """A declaration of a query, beside the database that it asks."""
    with closing(sqlite3.connect(tmp_path / "hospital.sqlite3")) as connection, connection:
        connection.execute(f"CREATE TABLE trauma ({', '.join(HEADERS)}, bleep)")
        for n in range(3):
            values = (f"T{n}", f"SMITH{n}", f"H{n}", "2026-02-31" if n == 2 else "2026-03-11", "# NOF", "7")
            connection.execute("INSERT INTO trauma VALUES (?, ?, ?, ?, ?, ?)", values)
    (tmp_path / "url").write_text(f"sqlite:///{tmp_path}/hospital.sqlite3")
    declared = {
        "source": f"X1A/{tmp_path.name}", "site": "X1A01", "mapping": "trauma_meeting", "query": "SELECT * FROM trauma",
        "columns": HEADERS, "url_file": str(tmp_path / "url"), "every_minutes": 1,
    }  # fmt: skip
    (tmp_path / "trauma.json").write_text(json.dumps(declared))
    return tmp_path / "trauma.json"


def openfls(env, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "openfls", *words], env=env, capture_output=True, text=True)


def test_a_trial_says_what_would_be_stored_without_names_and_stores_nothing(env, view):
    done = openfls(env, "query", str(view), "--try")
    assert done.returncode == 1  # a row can't be read
    for said in ("trauma: 3 rows", "Surname: family_name", "bleep: not known", "2 facts; 1 rows can't be read"):
        assert said in done.stdout, said
    assert "SMITH" not in done.stdout
    assert "nothing new" not in openfls(env, "query", str(view), "--once").stdout


def test_asked_once_it_stores_and_asked_again_nothing_is_new(env, view):
    assert "3 rows stored as message" in openfls(env, "query", str(view), "--once").stdout
    assert "trauma: nothing new" in openfls(env, "query", str(view), "--once").stdout


def test_it_asks_until_it_is_told_to_stop_and_only_once_at_a_time(env, view):
    command = [sys.executable, "-m", "openfls", "query", str(view)]
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert running.stdout.readline().startswith("asking trauma")
    second = openfls(env, "query", str(view), "--once")
    assert (second.returncode, "another openfls query runs here" in second.stderr) == (2, True)
    time.sleep(1)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert (running.returncode, said.splitlines()[-1]) == (0, "stopped")


def test_a_broken_declaration_is_told_and_stops_no_other(env, view):
    (view.parent / "broken.json").write_text('{"url": "postgresql://u:secret@h/d"}')
    (view.parent / "url.json").write_text("{}")
    done = openfls(env, "query", str(view), str(view.parent / "broken.json"), "--once")
    assert done.returncode == 1
    assert "not asked: broken.json: The query can't be used: the address holds a password" in done.stdout
    assert "secret" not in done.stdout
    assert "stored as message" in done.stdout or "nothing new" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [(["nowhere.json"], "no file or folder nowhere.json"), ([], "there is no folder"), (["--forget", "x"], "")],
)
def test_a_query_asked_wrongly_says_why(env, words, said):
    done = openfls(env, "query", *words)
    assert said in done.stderr
    assert done.returncode == (2 if said else 0)
