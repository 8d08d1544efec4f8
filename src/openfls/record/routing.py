"""Which database a model lives in: the inbox, the audit trail and the sessions each have an alias of their own.

On SQLite these are four files. On PostgreSQL all four aliases name one database: the connections stay apart (a read
record outlives a rolled-back request), and migrating any alias makes every table.
"""

from typing import Any

from django.db import connections

SESSIONS = ("sessions", "axes")  # who is signed in, and failed sign-ins: every page writes, even one that only reads


def alias_of(app_label: str, model_name: str | None = None) -> str:
    if app_label == "inbox":
        return "inbox"
    if app_label in SESSIONS:
        return "sessions"
    if app_label == "record" and (model_name or "").lower() == "trail":
        return "audit"
    return "default"


class ByPurpose:
    """Django's database router."""

    def db_for_read(self, model: Any, **hints: object) -> str:
        return alias_of(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool:
        if connections[db].vendor == "postgresql":
            return True
        return db == alias_of(app_label, model_name)
