"""The fractures behind a count, by where they stand."""

from django.http import HttpRequest, HttpResponse

from openfls.clinical.histories import EpisodeStatus
from openfls.pages.doors import READ, answered_for, open_to
from openfls.pages.fractures.lines import line
from openfls.pages.frame.frame import show, site_names
from openfls.pages.pager import page_of
from openfls.record.access import Viewer, episodes_seen_by, record_list_read

A_PAGE = 50


@open_to(READ)
def fractures(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All fractures in view, or those of one status, the newest first."""
    status = request.GET.get("status", "")
    episodes = answered_for(episodes_seen_by(viewer), viewer)
    if status in set(EpisodeStatus):
        episodes = episodes.filter(status=status)
    rows = episodes.select_related("person").order_by("-index_start", "id")
    page = page_of(rows, request, A_PAGE)
    sites = site_names(viewer)
    lines = [line(row, sites) for row in page.rows]
    record_list_read(viewer, "list of fractures", [shown.patient for shown in lines], which=status or "all")
    heading = f"Fractures: {status}" if status else "Fractures"
    return show(request, "fractures/fractures.html", viewer, title=heading, page=page, lines=lines, back=None)
