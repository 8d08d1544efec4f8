"""The databases in a home hold patients: their owner alone may read them, in a home that was made by hand too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif("config.getoption('postgres')", reason="about SQLite's files")
WRITE_AND_LOOK = """
import os, django; django.setup()
from openfls.record import databases; databases.prepare()
from django.db import connections
for alias in connections:
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE written (number int)")
for name in sorted(os.listdir(os.environ["OPENFLS_HOME"])):
    if ".sqlite3" in name:
        print(name, oct(os.stat(os.path.join(os.environ["OPENFLS_HOME"], name)).st_mode & 0o777))
"""


def modes(home: Path) -> dict[str, str]:
    """Of the files of databases in a home while they are open, under the umask of most machines."""
    env = {**os.environ, "OPENFLS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openfls.settings"}
    command = [sys.executable, "-c", WRITE_AND_LOOK]
    done = subprocess.run(command, env=env, umask=0o022, capture_output=True, text=True, check=True)
    return dict(line.split() for line in done.stdout.splitlines())


def test_databases_and_their_logs_are_their_owner_s_alone_in_a_home_made_by_hand(tmp_path):
    tmp_path.chmod(0o755)
    found = modes(tmp_path)
    for name in ("record", "inbox", "audit", "sessions"):
        assert found[f"{name}.sqlite3"] == found[f"{name}.sqlite3-wal"] == found[f"{name}.sqlite3-shm"] == "0o600"
    assert set(found.values()) == {"0o600"}


def test_a_right_that_somebody_gave_others_on_purpose_stays(tmp_path):
    modes(tmp_path)
    (tmp_path / "record.sqlite3").chmod(0o640)
    assert modes_without_new_tables(tmp_path) == "0o640"


def modes_without_new_tables(home: Path) -> str:
    env = {**os.environ, "OPENFLS_HOME": str(home)}
    command = [sys.executable, "-m", "openfls", "organisations", "list"]
    subprocess.run(command, env=env, umask=0o022, capture_output=True, check=True)
    return oct((home / "record.sqlite3").stat().st_mode & 0o777)
