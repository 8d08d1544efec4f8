"""Settings follow the place: on loopback plain HTTP works; for others cookies and pages travel over TLS alone."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

PRINT = """
import json, sys
from openfls import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def read(home: Path, *names: str, **environment: str) -> dict:
    env = {key: value for key, value in os.environ.items() if not key.startswith("OPENFLS_")}
    done = subprocess.run(
        [sys.executable, "-c", PRINT, *names],
        env=env | {"OPENFLS_HOME": str(home)} | environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)


COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")


def test_without_named_hosts_only_loopback_is_answered_over_plain_http(tmp_path):
    found = read(tmp_path, "ALLOWED_HOSTS", "DEBUG", *COOKIES)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert [found[name] for name in ("DEBUG", *COOKIES)] == [False] * 4


def test_with_named_hosts_cookies_are_secure_and_plain_http_is_turned_away(tmp_path):
    found = read(tmp_path, "ALLOWED_HOSTS", "SECURE_HSTS_SECONDS", *COOKIES, OPENFLS_HOSTS="fls.example.nhs.uk, fls2")
    assert found["ALLOWED_HOSTS"] == ["fls.example.nhs.uk", "fls2"]
    assert [found[name] for name in COOKIES] == [True] * 3
    assert found["SECURE_HSTS_SECONDS"] > 0


def test_error_pages_with_data_are_refused_for_others_than_loopback(tmp_path):
    assert read(tmp_path, "DEBUG", OPENFLS_DEBUG="1") == {"DEBUG": True}
    with pytest.raises(RuntimeError, match="OPENFLS_DEBUG"):
        read(tmp_path, "DEBUG", OPENFLS_DEBUG="1", OPENFLS_HOSTS="fls.example.nhs.uk")


def test_the_demonstration_is_never_served_to_others(tmp_path):
    (tmp_path / "demonstration").touch()
    assert read(tmp_path, "DEMONSTRATION") == {"DEMONSTRATION": True}
    with pytest.raises(RuntimeError, match="holds the demonstration"):
        read(tmp_path, "DEMONSTRATION", OPENFLS_HOSTS="fls.example.nhs.uk")


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    home = tmp_path / "new"
    first = read(home, "SECRET_KEY")["SECRET_KEY"]
    assert len(first) == 64
    assert read(home, "SECRET_KEY")["SECRET_KEY"] == first
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path):
    (tmp_path / "secret.key").touch()
    with pytest.raises(RuntimeError, match="is empty"):
        read(tmp_path, "SECRET_KEY")


def test_one_address_puts_all_four_aliases_on_one_postgresql_database(tmp_path):
    address = "postgresql://app%40nhs:p%2Fw@db.example:6432/fls?sslmode=verify-full"
    found = read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL=address)["DATABASES"]
    assert set(found) == {"default", "inbox", "audit", "sessions"}
    assert found["default"] == found["inbox"] == found["audit"] == found["sessions"]
    wanted = {"NAME": "fls", "USER": "app@nhs", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "6432"}
    assert wanted.items() <= found["default"].items()
    assert found["default"]["OPTIONS"]["sslmode"] == "verify-full"
    assert "target_session_attrs" not in found["default"]["OPTIONS"]


@pytest.mark.parametrize(
    ("address", "hosts", "ports"),
    [
        ("postgresql://u:p@one.example:5432,two.example:5433/fls", "one.example,two.example", "5432,5433"),
        ("postgresql://u@one,two/fls", "one,two", ""),
        ("postgresql://u@one,two:5433/fls", "one,two", ",5433"),
        ("postgresql://u@[::1]:5432,[fe80::2]/fls", "::1,fe80::2", "5432,"),
        ("postgresql://u@/fls?host=/run/a,/run/b", "/run/a,/run/b", ""),
        ("postgresql://u@/fls?host=/run/a,/run/b&port=5432,5433", "/run/a,/run/b", "5432,5433"),
    ],
)
def test_of_several_hosts_the_one_that_takes_writes_is_asked(tmp_path, address, hosts, ports):
    found = read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL=address)["DATABASES"]["inbox"]
    assert (found["HOST"], found["PORT"]) == (hosts, ports)
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"


def test_a_database_server_that_vanishes_is_given_up_within_half_a_minute_unless_the_address_says_otherwise(tmp_path):
    address = "postgresql://u@db.example/fls"
    options = read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL=address)["DATABASES"]["default"]["OPTIONS"]
    idle, interval, count = (int(options[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + interval * count <= 30
    assert int(options["tcp_user_timeout"]) <= 30_000
    address += "?keepalives_idle=60"
    options = read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL=address)["DATABASES"]["default"]["OPTIONS"]
    assert options["keepalives_idle"] == "60"


def test_a_port_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(RuntimeError, match="the port 'x' is no number"):
        read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL="postgresql://u@one:5432,two:x/fls")


@pytest.mark.parametrize("address", ["mysql://db/fls", "postgresql://db", "db.example"])
def test_an_address_of_another_shape_is_refused(tmp_path, address):
    with pytest.raises(RuntimeError, match="OPENFLS_DATABASE_URL must look like"):
        read(tmp_path, "DATABASES", OPENFLS_DATABASE_URL=address)


def test_no_request_runs_in_one_transaction_as_a_whole():
    assert not any(connections[alias].settings_dict["ATOMIC_REQUESTS"] for alias in connections)


def test_sqlite_survives_a_power_cut_and_takes_turns_to_write(tmp_path):
    program = """
import django; django.setup()
from django.db import connections, transaction
for alias in connections:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        told = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in
                ("journal_mode", "synchronous", "mmap_size", "foreign_keys", "recursive_triggers", "busy_timeout")]
        print(told, connections[alias].transaction_mode)
"""
    env = {key: value for key, value in os.environ.items() if key != "OPENFLS_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env | {"OPENFLS_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["['wal', 2, 0, 1, 1, 5000] IMMEDIATE"] * 4, done.stderr
    files = ("record", "inbox", "audit", "sessions")
    assert {path.name for path in tmp_path.glob("*.sqlite3")} == {f"{name}.sqlite3" for name in files}


def test_where_sqlite_has_the_wal_reset_bug_no_connection_checkpoints_by_itself():
    affected = sqlite3.sqlite_version_info < (3, 51, 3)
    assert (settings.SQLITE_PRAGMAS.get("wal_autocheckpoint") == 0) is affected


def test_checkpointing_empties_the_write_ahead_logs(tmp_path):
    program = """
import django; django.setup()
from pathlib import Path
from openfls.record.databases import checkpoint, prepare
from openfls.record import trail
prepare(); trail.write(user="anne", action="read")
home = Path(django.conf.settings.OPENFLS_HOME)
before = (home / "audit.sqlite3-wal").stat().st_size
checkpoint()
print(before > 0, [(home / f"{name}.sqlite3-wal").stat().st_size for name in ("record", "inbox", "audit", "sessions")])
"""
    env = {key: value for key, value in os.environ.items() if key != "OPENFLS_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env | {"OPENFLS_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.stdout == "True [0, 0, 0, 0]\n", done.stderr
