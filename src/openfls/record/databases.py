"""Making the databases ready, and keeping their write-ahead logs short."""

import logging
import os
import sqlite3
from collections.abc import Collection
from contextlib import nullcontext, suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from openfls.record.keys import key_in
from openfls.record.locks import INBOX_LOG, Taken, place

logger = logging.getLogger(__name__)


def prepare(aliases: Collection[str] | None = None) -> None:
    """Make every table that is missing, in these databases (all), and the trail's key. May be repeated."""
    key_in(settings.TRAIL_KEY_FILE)
    for alias in (alias for alias in _apart() if aliases is None or alias in aliases):
        _make_for_its_owner_alone(connections[alias])
        call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)
    if settings.SQLITE_WAL_RESET_BUG and connections["default"].vendor == "sqlite":
        logger.info("SQLite %s: only one process may run checkpoint()", sqlite3.sqlite_version)


def _make_for_its_owner_alone(connection: Any) -> None:
    """SQLite would make the file readable by whomever the umask lets; its logs take after the file.

    A file that is there stays as it is: somebody may have given others the right on purpose.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    with suppress(FileExistsError):
        os.close(os.open(connection.settings_dict["NAME"], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def checkpoint() -> None:
    """Write each SQLite write-ahead log back into its file and empty it. PostgreSQL needs none of this.

    One process alone calls this, every minute or so and after long work: SQLite before 3.51.3 can corrupt a file that
    one connection checkpoints while another writes, so there no other connection does (`settings.SQLITE_PRAGMAS`).
    While a listener runs, the inbox's log is its own to write back: a sender would wait for anybody else.
    """
    for alias in _apart():
        if connections[alias].vendor == "sqlite":
            with suppress(Taken), place(INBOX_LOG) if alias == "inbox" else nullcontext():
                _write_back(alias)


def _write_back(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _apart() -> list[str]:
    """One alias of each database: all of them on SQLite, the first on PostgreSQL, where all name the same."""
    return ["default"] if connections["default"].vendor == "postgresql" else list(connections)
