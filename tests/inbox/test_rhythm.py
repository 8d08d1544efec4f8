"""In which hours each feed sent: found by steps through the index, the same as by looking at every message."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from openfls.inbox import rhythm
from openfls.inbox.models import Message

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
feeds = st.tuples(
    st.sampled_from(["X1A", "X1A01", "Z"]), st.sampled_from(["X1A/a", "X1A/b", "z"]), st.sampled_from(["", "é"])
)
times = st.one_of(
    st.integers(-14 * 24 * 60, 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.sampled_from(
        [NOON, NOON - WEEK, NOON - WEEK - timedelta(microseconds=1), NOON + timedelta(microseconds=999_999)]
    ),
)


def keep(received: list[tuple[rhythm.Feed, datetime]]) -> None:
    Message.objects.bulk_create(
        Message(source=source, site=site, finder=finder, message_id=n, digest=n, received_at=at, stored_at=at, size=0)
        for n, ((site, source, finder), at) in enumerate(received)
    )


def firsts(times: list[datetime], begins: datetime) -> list[datetime]:
    """The first time within each hour, from there on."""
    found: dict[datetime, datetime] = {}
    for at in sorted(times):
        if at >= begins:
            found.setdefault(at.replace(minute=0, second=0, microsecond=0), at)
    return list(found.values())


@pytest.mark.django_db(databases="__all__")
class TestAgainstEveryMessage(TestCase):
    databases = "__all__"

    @given(st.lists(st.tuples(feeds, times), max_size=40))
    def test_each_feed_s_last_receipt_and_hours_are_those_of_its_messages(self, received):
        keep(received)
        of_feed = defaultdict(list)
        for feed, at in received:
            of_feed[feed].append(at)
        assert rhythm.lasts() == {feed: max(at) for feed, at in of_feed.items()}
        told = rhythm.hours(None, WEEK)
        for feed, all_times in of_feed.items():
            begins = max(all_times) - WEEK
            # SQLite begins its history on the whole second.
            assert told.pop(feed) in (firsts(all_times, begins), firsts(all_times, begins.replace(microsecond=0)))
        assert told == {}

    @given(st.lists(st.tuples(feeds, times), max_size=20), st.sets(st.sampled_from(["X1A", "X1A01", "none"])))
    def test_only_the_sites_asked_for_are_told(self, received, sites):
        keep(received)
        assert set(rhythm.hours(sites, WEEK)) == {feed for feed, _ in received if feed[0] in sites}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.skipif("config.getoption('postgres')", reason="reads the plan of SQLite")
def test_sqlite_finds_each_step_by_the_index_and_reads_no_range_through():
    question = rhythm._hours(rhythm._DIALECTS["sqlite"], ["X1A"])
    with connections["inbox"].cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {question}", [1, "X1A"])
        plan = [detail for *_, detail in cursor.fetchall()]
    assert [step for step in plan if step.startswith("SCAN ") and step not in ("SCAN feed", "SCAN hours")] == [
        "SCAN n USING COVERING INDEX inbox_rhythm"  # for the very first row alone
    ]
    assert sum("received_at>?" in step for step in plan) == 2
    assert not any("TEMP B-TREE" in step for step in plan)
