"""Whoever stores messages of a source on PostgreSQL takes turns with others who do.

Else two could look at once, each see that an id is new, and store it with other bytes without a flag. On SQLite there
is one writer at a time anyway.
"""

from collections.abc import Iterable

from openfls.inbox.keeping import Row

RECEIVING = 7_341_953  # any number, the same for every process of a deployment

_TAKE = """SELECT pg_advisory_xact_lock(%s, turn)
           FROM (SELECT DISTINCT hashtext(source) AS turn FROM unnest(%s::text[]) AS source ORDER BY 1) AS turns"""


def take_turns(rows: Iterable[Row]) -> tuple[str, list[object]]:
    """The statement, with its values, that waits for the turn of every source of these rows, till the commit."""
    return _TAKE, [RECEIVING, sorted({row.source for row in rows})]
