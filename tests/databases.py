"""Emptying a test database although its triggers refuse that anything is removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def flushed_without_triggers() -> Iterator[None]:
    """Inside the block, tests with ``transaction=True`` are cleaned up with every trigger lifted."""
    from django.db import connections
    from django.test import TransactionTestCase

    cleaned = TransactionTestCase._fixture_teardown

    def without_triggers(case: Any) -> None:
        lifted = [_lift(connections[alias]) for alias in case._databases_names(include_mirrors=False)]
        try:
            cleaned(case)
        finally:
            for connection, statements in lifted:
                _execute(connection, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


def _lift(connection: Any) -> tuple[Any, list[str]]:
    """Drop or disarm the triggers of one connection; gives the statements that put them back."""
    if connection.vendor == "postgresql":
        _execute(connection, ["SET session_replication_role = replica"])
        return connection, ["SET session_replication_role = origin"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    _execute(connection, [f'DROP TRIGGER "{name}"' for name, _ in triggers])
    return connection, [sql for _, sql in triggers]


def _execute(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
