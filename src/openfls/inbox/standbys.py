"""What makes a commit of PostgreSQL a promise where a synchronous standby is to have it too.

Such a commit waits until the standby has it. If an administrator breaks the wait off, the server warns and calls it
committed: here that is no commit. A message that is there already may be there alone, its commit broken off like that,
or by a crash before the standby had it. So for those as well something is written, and the commit then waits for all
that was written before.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import django.db
from django.db import connections

WRITE_A_WORD = "SELECT pg_logical_emit_message(true, 'openfls', '')"


class Heard:
    """The warnings of a server."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def __call__(self, told: object) -> None:
        if getattr(told, "severity_nonlocalized", None) == "WARNING":
            self.warnings.append(getattr(told, "message_primary", None) or "a warning")


@contextmanager
def promised(alias: str) -> Iterator[None]:
    """Round a transaction of Django's: raises ``OperationalError`` where the server warned of its commit."""
    if connections[alias].vendor != "postgresql":
        yield
        return
    connections[alias].ensure_connection()
    connection, heard = connections[alias].connection, Heard()
    connection.add_notice_handler(heard)
    try:
        yield
    finally:
        connection.remove_notice_handler(heard)
    if heard.warnings:
        raise django.db.OperationalError(f"the commit may be on one disk alone: {heard.warnings[0]}")
