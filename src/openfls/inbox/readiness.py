"""Whether this process can serve: its databases answer, their tables are up to date, and the trail can be written."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class Check:
    """``says`` names a remedy and nothing of what is stored: whoever asks needs no sign-in."""

    name: str
    fine: bool
    says: str = ""


def checks() -> list[Check]:
    return [
        *(_check(f"database {alias}", lambda alias=alias: _answers(alias)) for alias in connections),  # type: ignore[misc]
        *(_check(f"tables {alias}", lambda alias=alias: _up_to_date(alias)) for alias in connections),  # type: ignore[misc]
        _check("key of the audit trail", _key_is_there),
    ]


def _check(name: str, trouble: Callable[[], str]) -> Check:
    try:
        says = trouble()
    except DatabaseError:
        says = "does not answer: look at the database server, or whether the disk is full"
    return Check(name, not says, says)


def _answers(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _up_to_date(alias: str) -> str:
    executor = MigrationExecutor(connections[alias])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} changes of tables are missing: restart the service" if missing else ""


def _key_is_there() -> str:
    return "" if settings.TRAIL_KEY_FILE.exists() else "is missing: restore it from the backup, then restart"
