"""The monthly sample: only reports read as negative, of that site and month, the same whoever draws it."""

from datetime import date

import pytest
from django.utils import timezone

from openfls.inbox.models import Message, ReportSample, SampledReport, State
from openfls.inbox.sampling import PROBED, draw, draw_due, negatives
from openfls.inbox.shift import Shift
from openfls.record.models import SiteParameter
from tests.inbox.reports import NEGATIVE, OCTOBER, OTHER, POSITIVE, SITE, hospitals, send

pytestmark = pytest.mark.django_db(databases=["default", "inbox", "audit"])


@pytest.fixture(autouse=True)
def two_hospitals():
    hospitals()


def names_in(sample: ReportSample | None) -> set[int]:
    return set(sample.reports.values_list("message", flat=True)) if sample else set()


def test_only_reports_read_as_negative_are_drawn():
    send(NEGATIVE, POSITIVE, "Possible fracture of the hip.", "Normal.", "Known T12 fracture, unchanged.")
    read = [bytes(m.content).decode() for m in Message.objects.filter(number__in=names_in(draw(SITE, OCTOBER)))]
    assert len(read) == 3
    assert not [content for content in read if POSITIVE in content or "Possible" in content]


def test_as_many_as_the_site_wants_and_twenty_by_default():
    send(*[f"{NEGATIVE} {n}" for n in range(40)])
    assert draw(SITE, OCTOBER).reports.count() == 20


def test_a_site_sets_its_own_number_and_none_draws_nothing():
    send(*[f"{NEGATIVE} {n}" for n in range(9)])
    wants(5)
    assert draw(SITE, OCTOBER).reports.count() == 5
    SampledReport.objects.all().delete()
    ReportSample.objects.all().delete()
    wants(0)
    assert draw(SITE, OCTOBER) is None


def wants(number: int) -> None:
    name = "negative_reports_checked"
    SiteParameter.objects.create(site_id=SITE, name=name, value=number, set_by="a test", set_at=timezone.now())


def test_the_month_ends_at_midnight_by_the_clock_on_the_wall():
    send("Normal, last of September.", day=30, month=9)
    send("Normal, first of October.", first=2, day=1)
    send("Normal, first of November.", first=3, day=1, month=11)
    (number,) = names_in(draw(SITE, OCTOBER))
    assert b"first of October" in bytes(Message.objects.get(number=number).content)


def test_what_another_hospital_sent_is_not_drawn():
    send(NEGATIVE, source="X1E/ris", site=OTHER)
    assert draw(SITE, OCTOBER) is None
    assert len(names_in(draw(OTHER, OCTOBER))) == 1


def test_the_same_reports_are_drawn_in_whatever_order_they_came():
    texts = [f"{NEGATIVE} {n}" for n in range(60)]
    send(*texts)
    chosen = {Message.objects.get(number=one.number).digest for one in negatives(SITE, OCTOBER, 20)}
    for n, text in enumerate(reversed(texts)):
        send(text, first=60 - n, source="X1A/again")
    again = {Message.objects.get(number=one.number).digest for one in negatives(SITE, OCTOBER, 20)}
    assert len(chosen) == 20
    assert {d for d in again if Message.objects.filter(digest=d, source="X1A/ris").exists()} == again == chosen


def test_another_month_gives_another_sample():
    for month in (9, 10):
        send(*[f"{NEGATIVE} {n}" for n in range(60)], day=5, month=month, source=f"X1A/{month}")
    digests = [
        {Message.objects.get(number=one.number).digest for one in negatives(SITE, day, 20)}
        for day in (date(2026, 9, 1), OCTOBER)
    ]
    assert digests[0] != digests[1]


def test_drawn_again_it_is_the_same_sample():
    send(*[f"{NEGATIVE} {n}" for n in range(30)])
    first = draw(SITE, OCTOBER)
    send(*[f"{NEGATIVE} later {n}" for n in range(30)], first=100)
    assert draw(SITE, OCTOBER) == first
    assert SampledReport.objects.count() == 20


def test_a_source_that_sends_no_reports_is_left_after_a_while(monkeypatch):
    from openfls.inbox import sampling

    monkeypatch.setattr(sampling, "PROBED", 10)
    read = []
    monkeypatch.setattr(sampling, "read_all", lambda held: read.extend(held) or [sampling_reading() for _ in held])
    send(*[f"{NEGATIVE} {n}" for n in range(300)])
    assert negatives(SITE, OCTOBER, 20) == []
    assert len(read) <= sampling.AT_ONCE
    assert PROBED > 100


def sampling_reading():
    from openfls.feeds.reading import Reading

    return Reading()


def test_the_worker_draws_last_months_sample_when_nothing_waits(monkeypatch):
    send(NEGATIVE)
    monkeypatch.setattr("openfls.inbox.shift.timezone.localdate", lambda: date(2026, 11, 3))
    monkeypatch.setattr("openfls.record.databases.checkpoint", lambda: None)
    Message.objects.update(state=State.NEW)
    from threading import Event

    Shift(Event()).work(once=True)
    assert [(one.site, one.month) for one in ReportSample.objects.all()] == [(SITE, OCTOBER)]


def test_a_month_is_drawn_once_it_is_over_and_only_then():
    send(NEGATIVE)
    assert draw_due(date(2026, 10, 31)) == []
    assert [sample.month for sample in draw_due(date(2026, 11, 1))] == [OCTOBER]
    assert draw_due(date(2026, 11, 2)) == []
