"""Homes of processes that will be killed: one is prepared, each test gets a copy."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.record.own_database import _administer


@contextmanager
def copy_of(prepared: dict[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """What a process sees that lives in a copy: its own folder and, on PostgreSQL, its own database."""
    home = shutil.copytree(prepared["OPENFLS_HOME"], folder / "home")
    env = {**prepared, "OPENFLS_HOME": str(home)}
    server = os.environ.get("OPENFLS_DATABASE_URL")
    if not server:
        yield env
        return
    name, original = f"copy_{uuid4().hex}", prepared["OPENFLS_DATABASE_URL"].split("/")[-1].split("?")[0]
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {original}")
    try:
        yield {**env, "OPENFLS_DATABASE_URL": server.replace("/postgres?", f"/{name}?")}
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
