"""Whether this process can serve: its databases answer, their tables are up to date, and the trail can be written.

A feed that fell silent is said as well, and never stands against serving: sending requests elsewhere mends nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from openfls.inbox.currency import data_as_of

SILENCE_KEPT_SECONDS = 300  # whoever watches asks every few seconds; judging all feeds costs more than the other checks


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
        Check("feeds", fine=True, says=_silent_feeds()),
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


def _silent_feeds() -> str:
    """How many, never which: a feed's name belongs to who is signed in, or holds the token of the figures."""
    try:
        silent = cache.get_or_set("silent-feeds", _count_silent, SILENCE_KEPT_SECONDS)
    except (DatabaseError, ValueError):  # the checks above name a database; a parameter that is none stops no request
        return "nobody can say which fell silent: open Feeds for the reason"
    return f"{silent} fallen silent: look at Feeds; requests can be served all the same" if silent else ""


def _count_silent() -> int:
    return sum(feed.silent for feed in data_as_of(None))
