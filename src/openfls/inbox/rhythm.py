"""In which hours each feed sent, found by steps through one index: a page asks, and the inbox holds years of messages.

From one hour with a receipt the next is found by one look into the index, however many messages the hour brought. So
the work grows with the hours looked at, 2,184 in thirteen weeks, and not with the messages.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections

Feed = tuple[str, str, str]  # site, source, finder

_OF_FEED = "FROM inbox_message m WHERE m.site = feed.site AND m.source = feed.source AND m.finder = feed.finder"
_FIRST = """(SELECT n.number FROM inbox_message n {beyond}
             ORDER BY n.site, n.source, n.finder, n.received_at LIMIT 1)"""
# Not as one comparison of three columns: SQLite would then use the index for the first alone.
_BEYOND = (
    "WHERE n.site = feed.site AND n.source = feed.source AND n.finder > feed.finder",
    "WHERE n.site = feed.site AND n.source > feed.source",
    "WHERE n.site > feed.site",
)

# Each feed, from the last message of one to the first of the next.
_FEEDS = f"""
    feed(site, source, finder) AS (
        SELECT m.site, m.source, m.finder FROM inbox_message m WHERE m.number = {_FIRST.format(beyond="")}
        UNION ALL
        SELECT m.site, m.source, m.finder FROM feed JOIN inbox_message m ON m.number = COALESCE(
            {", ".join(_FIRST.format(beyond=beyond) for beyond in _BEYOND)}
        )
    )"""  # noqa: S608 (words of ours)

_LASTS = f"WITH RECURSIVE {_FEEDS} SELECT site, source, finder, (SELECT MAX(m.received_at) {_OF_FEED}) FROM feed"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine says where the history begins, and when the hour of a receipt is over."""

    begins: str
    over: str


_DIALECTS = {
    "sqlite": Dialect(  # cut before it is reckoned with: SQLite rounds the last microsecond of an hour into the next
        "datetime(substr({last}, 1, 19), '-' || %s || ' seconds')",
        "datetime(substr(at, 1, 13) || ':00:00', '+1 hour')",
    ),
    "postgresql": Dialect(
        "{last} - %s * interval '1 second'",
        "date_trunc('hour', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 hour'",
    ),
}


def lasts() -> dict[Feed, datetime]:
    """Every feed that ever sent, and when it sent last."""
    return {(site, source, finder): _moment(last) for site, source, finder, last in _asked(_LASTS)}


def hours(sites: Collection[str] | None, history: timedelta) -> dict[Feed, list[datetime]]:
    """For each feed of these sites, of all where None, the first receipt of each hour in which it sent, from so long
    before its last one."""
    found: dict[Feed, list[datetime]] = defaultdict(list)
    dialect = _DIALECTS[connections["inbox"].vendor]
    for site, source, finder, at in _asked(_hours(dialect, sites), int(history.total_seconds()), *(sites or ())):
        found[site, source, finder].append(_moment(at))
    return found


def _hours(dialect: Dialect, sites: Collection[str] | None) -> str:
    begins = dialect.begins.format(last=f"(SELECT MAX(m.received_at) {_OF_FEED})")
    following = _OF_FEED.replace("feed.", "hours.")
    return f"""WITH RECURSIVE {_FEEDS}, hours(site, source, finder, at) AS (
        SELECT site, source, finder, (SELECT MIN(m.received_at) {_OF_FEED} AND m.received_at >= {begins})
        FROM feed {_among(sites)}
        UNION ALL
        SELECT site, source, finder, (SELECT MIN(m.received_at) {following} AND m.received_at >= {dialect.over})
        FROM hours WHERE at IS NOT NULL
    ) SELECT site, source, finder, at FROM hours WHERE at IS NOT NULL"""  # noqa: S608


def _among(sites: Collection[str] | None) -> str:
    if sites is None:
        return ""
    return f"WHERE site IN ({', '.join(['%s'] * len(sites))})" if sites else "WHERE 1 = 0"


def _asked(question: str, *values: object) -> list[tuple[str, str, str, datetime | str]]:
    with connections["inbox"].cursor() as cursor:
        cursor.execute(question, values or None)
        return list(cursor.fetchall())


def _moment(told: datetime | str) -> datetime:
    """SQLite keeps times as text, in UTC."""
    return told if isinstance(told, datetime) else datetime.fromisoformat(f"{told}+00:00")
