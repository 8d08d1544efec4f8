"""How current the record is: what was received last, what waits, what fell silent."""

from datetime import UTC, datetime, timedelta

import pytest

from openfls.inbox.currency import Progress, data_as_of, finders_as_of, progress
from openfls.inbox.models import Message, State
from openfls.inbox.work import Worker
from openfls.record.models import Site, SiteParameter, Trust
from tests.inbox.slips import SITE, send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips"),
]
START = datetime(2026, 1, 5, 8, tzinfo=UTC)  # a Monday
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def weekly(count: int, source: str = "X1A/trauma", site: str = SITE, finder: str = "trauma list") -> datetime:
    """A list every Monday; gives the time of the last."""
    origin = {"site": site, "finder": finder}
    for n in range(count):
        send(f"Anne{n};2026-01-01", source=source, site=site, origin=origin, at=START + WEEK * n)
    return START + WEEK * (count - 1)


def test_an_empty_inbox_has_no_progress_and_no_feeds():
    assert progress() == Progress(0, 0, 0, 0, None)
    assert data_as_of([SITE]) == finders_as_of([SITE]) == []


def test_progress_counts_what_is_settled_and_says_up_to_when_everything_was_read():
    weekly(3)
    assert progress() == Progress(3, 0, 3, 0, START)
    Message.objects.filter(received_at=START).update(state=State.DONE)
    assert progress() == Progress(3, 1, 2, 0, START + WEEK)
    Message.objects.filter(state=State.NEW).update(state=State.QUARANTINED, reason="x")
    assert progress([SITE]) == Progress(3, 1, 0, 2, START + 2 * WEEK)
    assert progress(["X9B01"]) == Progress(0, 0, 0, 0, None)


def test_each_feed_of_the_sites_says_when_it_sent_last_and_how_much_waits():
    last = weekly(7)
    weekly(2, "X9B/trauma", "X9B01")
    Message.objects.filter(received_at__lt=last).update(state=State.DONE)
    (feed,) = data_as_of([SITE], now=last + WEEK)
    assert (feed.source, feed.site, feed.finder) == ("X1A/trauma", SITE, "trauma list")
    assert (feed.last_received, feed.backlog, feed.silent) == (last, 1, False)
    assert len(data_as_of([SITE, "X9B01"], now=last)) == 2


def test_a_feed_that_stops_is_silent_and_says_why():
    last = weekly(8)
    (feed,) = data_as_of([SITE], now=last + 4 * WEEK + HOUR)
    assert feed.silent
    assert feed.because[0] == "last received Mon 23 Feb 2026"
    assert feed.because[-1] == "silent since Mon 23 Mar 2026, 09:00"
    (long_after,) = data_as_of([SITE], now=last + 100 * WEEK)
    assert long_after.silent


def test_a_feed_with_little_history_is_not_called_silent():
    last = weekly(3)
    (feed,) = data_as_of([SITE], now=last + 20 * WEEK)
    assert (feed.silent, feed.unjudged) == (False, True)
    assert "too few receipts" in feed.because[0]


def test_a_site_sets_its_own_patience():
    last = weekly(8)
    site = Site.objects.create(code=SITE, name="One", trust=Trust.objects.create(code="X1A", name="Trust"))
    SiteParameter.objects.create(site=site, name="silence_chance", value=0.0001, set_by="admin", set_at=last)
    (feed,) = data_as_of([SITE], now=last + 4 * WEEK + HOUR)
    assert not feed.silent
    (feed,) = data_as_of([SITE], now=last + 5 * WEEK + HOUR)
    assert feed.silent


def test_what_a_site_set_for_a_rule_of_before_hinders_nobody():
    last = weekly(8)
    site = Site.objects.create(code=SITE, name="One", trust=Trust.objects.create(code="X1A", name="Trust"))
    SiteParameter.objects.create(site=site, name="silence_factor", value=6.0, set_by="admin", set_at=last)
    (feed,) = data_as_of([SITE], now=last + 4 * WEEK + HOUR)
    assert feed.silent


def test_a_finder_that_falls_silent_is_seen_although_its_feed_still_sends():
    last = weekly(8)
    Worker().work_off()
    for n in range(4):
        send("ping", source="X1A/trauma", at=last + WEEK * (n + 1))
    (finder,) = finders_as_of([SITE], now=last + 4 * WEEK + HOUR)
    assert (finder.source, finder.site, finder.finder) == ("", SITE, "trauma list")
    assert (finder.last_received, finder.silent) == (last, True)


def test_the_number_of_queries_does_not_grow_with_the_feeds(django_assert_num_queries):
    for number in range(4):
        weekly(6, f"X1A/{number}")
    with django_assert_num_queries(3, using="inbox"):
        assert len(data_as_of([SITE])) == 4
