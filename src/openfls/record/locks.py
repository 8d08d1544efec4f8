"""One writer at a time: what is derived from a person's facts must not be derived twice at once from half of them."""

from django.db import connection

DERIVING = 7_341_952  # any number, the same for every process of a deployment


def one_writer() -> None:
    """Wait for the turn to write, until the transaction ends. SQLite needs nothing: IMMEDIATE already takes turns."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DERIVING])
