"""The monthly sample of reports that were read as negative, so that a person finds what the reader misses.

Chosen by the digests of the messages, from a place on that scale that site and month give: as random as the digests,
and the same whoever draws it and however often. It is drawn once the month is over.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openfls.clinical.parameters import DEFAULTS
from openfls.feeds.reading import ReportRead
from openfls.inbox.models import Message, ReportSample, SampledReport, State
from openfls.inbox.owners import owners
from openfls.inbox.reading import read_all
from openfls.record.models import Site
from openfls.record.parameters import parameters_of_sites

AT_ONCE = 100  # messages that are read together
PROBED = 500  # messages of a source without any report, after which it counts as one that sends none


class Negative(NamedTuple):
    """A report that was read as negative: its message, and its place in that."""

    turn: tuple[bool, str]
    number: int
    place: str


def draw_due(today: date) -> list[ReportSample]:
    """The samples of last month that have not been drawn yet, of every site that had negative reports."""
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    drawn = set(ReportSample.objects.filter(month=month).values_list("site", flat=True))
    sites = [code for code in Site.objects.order_by("code").values_list("code", flat=True) if code not in drawn]
    return [sample for site in sites if (sample := draw(site, month))]


def draw(site: str, month: date) -> ReportSample | None:
    """The sample of a site and month; None where nothing was read as negative, or the site checks none."""
    held = ReportSample.objects.filter(site=site, month=month).first()
    size = parameters_of_sites().get(site, DEFAULTS).negative_reports_checked
    chosen = [] if held else negatives(site, month, size)
    if not chosen:
        return held
    with transaction.atomic(using="inbox"):
        sample = ReportSample.objects.create(site=site, month=month, drawn_at=timezone.now())
        rows = [SampledReport(sample=sample, message_id=one.number, place=one.place) for one in chosen]
        SampledReport.objects.bulk_create(rows)
    return sample


def negatives(site: str, month: date, size: int) -> list[Negative]:
    """So many of the site's reports of this month that were read as negative."""
    start = sha256(f"{site} {month:%Y-%m}".encode()).hexdigest()
    messages = _of_month(site, month)
    sources = messages.order_by("source").values_list("source", flat=True).distinct()
    found = [one for source in sources for one in _of_source(messages.filter(source=source), site, start, size)]
    once = {(one.turn, one.place): one for one in sorted(found, reverse=True)}  # the same bytes may come twice
    return sorted(once.values())[:size]


def _of_month(site: str, month: date) -> "QuerySet[Message]":
    begin, end = (_midnight(day) for day in (month, (month + timedelta(days=32)).replace(day=1)))
    received = Message.objects.filter(site__in=owners([site]), received_at__gte=begin, received_at__lt=end)
    return received.exclude(state=State.NEW)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _of_source(messages: "QuerySet[Message]", site: str, start: str, size: int) -> list[Negative]:
    found: list[Negative] = []
    read, reports = 0, 0
    for message, told in _read_from(messages, start):
        read, reports = read + 1, reports + len(told)
        found += [_negative(message, one, start) for one in told if _counts(one, site)]
        if len(found) >= size or (read >= PROBED and not reports):
            break
    return found


def _read_from(messages: "QuerySet[Message]", start: str) -> Iterator[tuple[Message, tuple[ReportRead, ...]]]:
    """Each message with its reports, in the order of the digests from this one on, and round."""
    for part in (messages.filter(digest__gte=start), messages.filter(digest__lt=start)):
        numbers = list(part.order_by("digest", "number").values_list("number", flat=True))
        for begin in range(0, len(numbers), AT_ONCE):
            batch = Message.objects.filter(number__in=numbers[begin : begin + AT_ONCE]).order_by("digest", "number")
            held = list(batch)
            for message, reading in zip(held, read_all(held), strict=True):
                yield message, reading.reports


def _counts(report: ReportRead, site: str) -> bool:
    return not report.suspected and report.site == site and bool(report.text.strip())


def _negative(message: Message, report: ReportRead, start: str) -> Negative:
    return Negative((message.digest < start, message.digest), message.number, report.place)
