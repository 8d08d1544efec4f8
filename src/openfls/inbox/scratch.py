"""An empty record beside the true one, for as long as it takes to see whether a replay gives the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connections, models

from openfls.record import databases
from openfls.record.models import Site, SiteParameter, Trust

RECORD = ("default", "audit")  # what the scratch record takes the place of; the inbox stays
SCHEMA = "openfls_scratch"  # on PostgreSQL


@contextmanager
def scratch_record() -> Iterator[None]:
    """Inside, this process's record and audit trail are empty ones that know the same sites and their parameters.

    Not inside a transaction. Other processes notice nothing; at the end everything scratch is gone.
    """
    settled = [list(model.objects.all()) for model in (Trust, Site, SiteParameter)]
    switch = _schema if connections["default"].vendor == "postgresql" else _files
    with switch():
        databases.prepare(RECORD)
        for rows in settled:
            _copy(rows)
        yield


def _copy(rows: Sequence[models.Model]) -> None:
    if rows:
        type(rows[0]).objects.bulk_create(rows)


@contextmanager
def _files() -> Iterator[None]:
    folder = TemporaryDirectory(prefix=".scratch-", dir=settings.OPENFLS_HOME)
    with folder as path, _pointed({alias: {"NAME": Path(path) / f"{alias}.sqlite3"} for alias in RECORD}):
        yield


@contextmanager
def _schema() -> Iterator[None]:
    _execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}")
    try:
        with _pointed({alias: {"OPTIONS": _search_path(alias)} for alias in RECORD}):
            yield
    finally:
        _execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _search_path(alias: str) -> dict[str, Any]:
    return connections[alias].settings_dict["OPTIONS"] | {"options": f"-c search_path={SCHEMA}"}


@contextmanager
def _pointed(changes: dict[str, dict[str, Any]]) -> Iterator[None]:
    """Inside, these aliases are connections of their own to somewhere else; those there were are left alone."""
    before = {alias: connections[alias] for alias in changes}
    try:
        for alias, change in changes.items():
            connections[alias] = type(before[alias])(before[alias].settings_dict | change, alias)
        yield
    finally:
        for alias, connection in before.items():
            if connections[alias] is not connection:
                connections[alias].close()
            connections[alias] = connection


def _execute(*statements: str) -> None:
    with connections["default"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
