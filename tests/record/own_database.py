"""A database apart from the tests' own, for programs that run in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def environment(home: Path) -> Iterator[dict[str, str]]:
    """What such a program sees: an empty OPENFLS_HOME and, where tests run on PostgreSQL, an empty database."""
    env = {**os.environ, "OPENFLS_HOME": str(home)}
    server = os.environ.get("OPENFLS_DATABASE_URL")
    if not server:
        yield env
        return
    name = f"own_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield {**env, "OPENFLS_DATABASE_URL": server.replace("/postgres?", f"/{name}?")}
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def run(program: str, env: dict[str, str]) -> str:
    """What the program prints, run after ``django.setup()``; it must end well."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
