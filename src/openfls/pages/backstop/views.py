"""The backstop: which finder saw whom, whom each missed, who was found late, how many nobody saw."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.facts import Finder
from openfls.inbox.currency import finders_as_of
from openfls.measures.backstop import Backstop, reconcile
from openfls.measures.missed import estimate
from openfls.pages.backstop.estimates import told
from openfls.pages.backstop.lists import listed
from openfls.pages.backstop.picture import overlap, slug_of
from openfls.pages.doors import READ, answered_for, open_to
from openfls.pages.fractures.lines import line
from openfls.pages.frame.frame import show, site_names
from openfls.pages.pager import page_of
from openfls.record.access import Viewer, episodes_seen_by, record_list_read
from openfls.record.models import EpisodeRow
from openfls.record.reckoning import found

A_PAGE = 50
PERIODS = {"365": "the last 12 months", "90": "the last 90 days", "all": "all time"}


@dataclass(frozen=True)
class FinderLine:
    """One finder: how many it saw, how many only it saw, were late by it, and were not seen by it."""

    finder: str
    slug: str
    seen: int
    only: int
    late: int
    missed: int


@open_to(READ)
def backstop(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    period, today, sites = _period(request), timezone.localdate(), site_names(viewer)
    over = reconcile(found(_episodes(viewer, period, today)))
    finders = finders_as_of(viewer.sites)
    return show(
        request,
        "backstop/backstop.html",
        viewer,
        title="Backstop",
        period=period,
        periods=PERIODS,
        total=len(over.found),
        overlap=overlap(over, period),
        finders=[_finder_line(over, finder) for finder in over.by_finder],
        number_of_finders=sorted(over.by_number_of_finders.items()),
        coded=len(over.coded_but_on_no_list),
        late=sum(len(group) for group in over.late.values()),
        only=sum(len(group) for group in over.only_by_one.values()),
        estimates=[told(one, sites) for one in estimate(over.found, today)],
        silent=[(one, sites.get(one.site, one.site)) for one in finders if one.silent],
    )


@open_to(READ)
def names(request: HttpRequest, viewer: Viewer, which: str, what: str = "") -> HttpResponse:
    """The fractures behind one count."""
    period, today, sites = _period(request), timezone.localdate(), site_names(viewer)
    episodes = _episodes(viewer, period, today)
    wanted = listed(reconcile(found(episodes)), which, what)
    if wanted is None:
        raise Http404
    page = page_of([one.episode for one in wanted.found], request, A_PAGE)
    rows = {row.id: row for row in episodes.filter(id__in=page.rows).select_related("person")}
    lines = [line(rows[episode], sites) for episode in page.rows if episode in rows]
    record_list_read(viewer, "names behind the backstop", [shown.patient for shown in lines], which=wanted.title)
    return show(
        request,
        "fractures/fractures.html",
        viewer,
        title=wanted.title,
        explanation=wanted.explanation,
        page=page,
        lines=lines,
        back=(f"/backstop/?period={period}", "Backstop"),
    )


def _period(request: HttpRequest) -> str:
    asked = request.GET.get("period", "365")
    return asked if asked in PERIODS else "365"


def _episodes(viewer: Viewer, period: str, today: date) -> "QuerySet[EpisodeRow]":
    episodes = answered_for(episodes_seen_by(viewer), viewer)
    return episodes if period == "all" else episodes.filter(index_start__gte=today - timedelta(days=int(period)))


def _finder_line(over: Backstop, finder: Finder) -> FinderLine:
    return FinderLine(
        finder=finder.value,
        slug=slug_of(finder),
        seen=len(over.by_finder[finder]),
        only=len(over.only_by_one.get(finder, [])),
        late=len(over.late.get(finder, [])),
        missed=len(over.missed_by(finder)),
    )
