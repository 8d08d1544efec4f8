"""PostgreSQL: what the service's own role may do. The owner of the tables migrates; the service signs in as a member
of `openfls_app`, which adds and reads facts and trail rows but has no right to change or remove them.
"""

import logging
from typing import Any

from openfls.record import append_only

ROLE = "openfls_app"
logger = logging.getLogger(__name__)

_CREATE = f"""
DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
_GRANT = f"""
GRANT USAGE ON SCHEMA {{schema}} TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{schema}} TO {ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {{schema}} TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT USAGE, SELECT ON SEQUENCES TO {ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON {append_only.FACTS}, {append_only.TRAIL} FROM {ROLE};
"""  # noqa: S608 (names of ours, no value from outside)


def grant(connection: Any) -> bool:
    """Make the role where it is missing and give it its rights; may be repeated. False where this user may not."""
    with connection.cursor() as cursor:
        if not _role_exists(cursor):
            if not _may_create_roles(cursor):
                logger.warning("the role %s is missing and I may not create it: ask the administrator", ROLE)
                return False
            cursor.execute(_CREATE)
        cursor.execute("SELECT quote_ident(current_schema())")
        cursor.execute(_GRANT.format(schema=cursor.fetchone()[0]))
    return True


def _role_exists(cursor: Any) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    return cursor.fetchone() is not None


def _may_create_roles(cursor: Any) -> bool:
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])
