"""A full disk: nothing is acknowledged that is not stored, and nothing stops for good."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connections

from openfls.inbox.models import Message, State
from openfls.inbox.verify import verify
from openfls.inbox.work import Worker
from openfls.record.models import FactRow
from tests.inbox import slips

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif("config.getoption('postgres')", reason="SQLite's own limits are set here"),
]


@pytest.fixture(autouse=True)
def reading_slips(monkeypatch):
    monkeypatch.setattr("openfls.inbox.reading.read_bytes", slips.read)


@contextmanager
def no_room_on_the_disk_of(alias: str):
    """No page more than there are; afterwards as much as one likes."""
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests have freed would be room
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def lines(count: int, name: str) -> list[str]:
    return ["\n".join(f"{name}{m}x{n};2026-03-01" for n in range(40)) for m in range(count)]


def test_what_cannot_be_stored_is_not_acknowledged_and_the_next_attempt_succeeds():
    with no_room_on_the_disk_of("inbox"), pytest.raises(OperationalError, match="full"):
        slips.send(*lines(200, "Anne"))
    assert Message.objects.count() == 0
    assert len(slips.send(*lines(200, "Anne"))) == Message.objects.count() == 200


def test_what_cannot_be_entered_waits_and_the_next_attempt_succeeds():
    slips.send(*lines(20, "Bea"))
    worker = Worker()
    with no_room_on_the_disk_of("default"), pytest.raises(OperationalError, match="full"):
        worker.work_off()
    assert not Message.objects.filter(state=State.QUARANTINED).exists()
    Message.objects.filter(state=State.NEW).update(leased_until=None)
    worker.work_off()
    assert FactRow.objects.count() == 800
    assert [f.detail for f in verify() if not f.ok] == []
