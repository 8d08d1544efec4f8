"""Measures: the standards by name, and how a site met each in a period. Counts name nobody, so that no patient is read;
a system sees those of its own sites."""

import re
from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.standards import Standard
from openfls.measures.fhir_reports import CANONICAL, Json, measure_report, measure_resource
from openfls.pages.fhir.answers import Refusal, resource
from openfls.pages.fhir.gate import reading
from openfls.pages.fhir.giving import only, searchset
from openfls.record.access import NotVisible, Viewer, standings_seen_by
from openfls.record.own_standards import in_force
from openfls.record.reckoning import measured_of_period

REPORT_ID = re.compile(r"(?P<site>[A-Z0-9]+)\.(?P<first>\d{6})\.(?P<last>\d{6})\.(?P<standard>[a-z0-9-]+)")


@reading
def measure_read(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    if name not in in_force():
        raise NotVisible("no such standard")
    return resource(measure_resource(in_force()[name]))


@reading
def measure_search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All standards, or the one of a canonical address."""
    only(request, {"url"})
    return searchset(request, [measure_resource(one) for one in _standards(request.GET.get("url", ""))])


@reading
def report_read(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    told = REPORT_ID.fullmatch(name)
    if told is None or told["standard"] not in in_force():
        raise NotVisible("no such report")
    first, last = _day(f"20{told['first']}"), _day(f"20{told['last']}")
    [report] = _reports(viewer, told["site"], first, last, [in_force()[told["standard"]]])
    return resource(report)


@reading
def report_search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Of one site and period: ``?reporter=X1A01&period=ge2026-01-01&period=le2026-12-31``, all standards or one."""
    only(request, {"measure", "reporter", "period"})
    site = request.GET.get("reporter", "").removeprefix("Organization/")
    if not site:
        raise Refusal(400, "required", "Say of which site: ?reporter=… (its organisation code).")
    first, last = _period(request.GET.getlist("period"))
    wanted = _standards(request.GET.get("measure", "").removeprefix("Measure/"))
    return searchset(request, list(_reports(viewer, site, first, last, wanted)))


def _reports(viewer: Viewer, site: str, first: date, last: date, wanted: list[Standard]) -> Iterator[Json]:
    if site not in viewer.sites:
        raise NotVisible("no such site")
    today = timezone.localdate()
    measures = measured_of_period(standings_seen_by(viewer).filter(site=site), first, last, today)
    for standard in wanted:
        yield measure_report(measures[standard.name], site, first, last, today)


def _standards(asked: str) -> list[Standard]:
    """The standard that a name or canonical address means, all for none; none for another's."""
    if not asked:
        return list(in_force().values())
    name = asked.partition("|")[0].removeprefix(f"{CANONICAL}/")
    return [in_force()[name]] if name in in_force() else []


def _period(written: list[str]) -> tuple[date, date]:
    days = {one[:2]: one[2:] for one in written}
    if set(days) != {"ge", "le"} or len(written) != 2:
        raise Refusal(400, "required", "Say of which fractures: period=ge2026-01-01&period=le2026-12-31.")
    first, last = _day(days["ge"].replace("-", "")), _day(days["le"].replace("-", ""))
    if last < first:
        raise Refusal(400, "invalid", "The period ends before it begins.")
    return first, last


def _day(written: str) -> date:
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        raise Refusal(400, "invalid", f"{written[:40]!r} is no day: write 2026-07-14.") from None
