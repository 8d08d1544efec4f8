"""What readers remark without stopping a message is counted by feed, and shown to whoever answers for the feed."""

from datetime import timedelta

import pytest

from openfls.clinical.standards import Role
from openfls.inbox import remarks
from openfls.inbox.models import Remark, State
from openfls.inbox.remarks import OTHERS, remarks_seen_by
from openfls.inbox.work import Worker
from openfls.record.access import Viewer
from openfls.record.models import Site, Trust
from tests.inbox.slips import AT, SITE, send

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("reading_slips"),
]


def told() -> dict[tuple[str, str], int]:
    return {(one.source, one.words): one.times for one in Remark.objects.all()}


def test_the_same_remark_about_many_messages_is_one_line_with_how_often():
    send("Anne;2026-03-01\n?44M7", "Bea;2026-03-02\n?44M7", "Cleo;2026-03-02\n?44XX")
    send("Dora;2026-03-02\n?44M7", source="X1A/other")
    assert Worker().work_off() == {State.DONE: 4}
    assert told() == {
        ("X1A/slips", "44M7"): 2,
        ("X1A/slips", "44XX"): 1,
        ("X1A/other", "44M7"): 1,
    }


def test_a_message_that_waits_for_a_person_is_remarked_too():
    send("Anne;2026-03-01\n?44M7\n??")
    assert Worker().work_off() == {State.QUARANTINED: 1}
    assert list(told().values()) == [1]


def test_a_number_that_the_words_begin_with_is_how_often_it_was_so():
    send("Anne;2026-03-01\n?12 Observation", "Bea;2026-03-01\n?3 Observation")
    Worker().work_off()
    assert told() == {("X1A/slips", "Observation"): 15}


def test_rows_of_a_list_are_left_out_so_that_the_same_doubt_is_one_line():
    send("Anne;2026-03-01\n?a doubt: row 2", "Bea;2026-03-01\n?a doubt: sheet 'One', row 4, sheet 'One', row 5")
    Worker().work_off()
    assert told() == {("X1A/slips", "a doubt"): 2}


def test_it_says_when_it_came_first_and_last_and_in_which_message():
    send("Anne;2026-03-01\n?44M7")
    Worker().work_off()
    (before,) = Remark.objects.all()
    (receipt,) = send("Bea;2026-03-01\n?44M7", at=AT + timedelta(days=1))
    Worker().work_off()
    (after,) = Remark.objects.all()
    assert (after.first_at, after.times, after.message) == (before.first_at, 2, receipt.number)
    assert after.last_at > before.last_at


def test_a_feed_that_remarks_something_else_each_time_does_not_fill_the_database(monkeypatch):
    monkeypatch.setattr(remarks, "MOST", 3)
    send(*(f"Anne{n};2026-03-01\n?code{n}" for n in range(6)))
    Worker().work_off()
    assert len(told()) == 4
    assert told()["X1A/slips", OTHERS] == 3
    assert sum(told().values()) == 6


@pytest.mark.parametrize(
    ("site", "role", "seen"),
    [(SITE, Role.COORDINATOR, 1), (SITE, Role.ADMINISTRATOR, 1), (SITE, Role.MANAGER, 0), ("X9B01", Role.NURSE, 0)],
)
def test_only_who_handles_the_feeds_messages_sees_it(site, role, seen):
    Trust.objects.create(code="X1A", name="One")
    Site.objects.create(code=SITE, name="One", trust_id="X1A")
    send("Anne;2026-03-01\n?44M7")
    Worker().work_off()
    viewer = Viewer(user="carol", sites=frozenset({site}), roles={site: frozenset({role})})
    assert remarks_seen_by(viewer).count() == seen
