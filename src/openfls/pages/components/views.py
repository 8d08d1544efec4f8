"""The four components of care: their measures, each site's way of working, and the names behind every count."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import Component
from openfls.measures.counting import count
from openfls.pages.components.measures import COMPONENT_OF_SLUG, SLUG_OF, WORDS, summaries, summary
from openfls.pages.components.names import name, rows_behind
from openfls.pages.components.ways import sites_compared, ways
from openfls.pages.doors import READ, answered_for, open_to
from openfls.pages.forms.fields import sentence
from openfls.pages.frame.frame import show, site_names
from openfls.pages.pager import page_of
from openfls.record.access import Viewer, episodes_seen_by, record_list_read, standings_seen_by
from openfls.record.reckoning import EVERY_SITE, measured_by_site

A_PAGE = 50
ABOUT = {
    Component.CASE_FINDING: "Finding every fracture patient, by several methods, each the backstop of the others.",
    Component.ASSESSMENT: "Who is assessed for osteoporosis and falls, who is scanned, and how soon.",
    Component.TREATMENT: "What is decided, where treatment begins, and whether exercise begins with it.",
    Component.MONITORING: "Whether treatment is still taken, and whether the GP knows and has answered.",
}


@open_to(READ)
def components(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All four at a glance."""
    shown = summaries(answered_for(standings_seen_by(viewer), viewer), timezone.localdate())
    return show(request, "components/components.html", viewer, title="Components of care", components=shown)


@open_to(READ)
def component(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    which = COMPONENT_OF_SLUG.get(slug)
    if which is None:
        raise Http404
    today, sites = timezone.localdate(), site_names(viewer)
    by_site = measured_by_site(answered_for(standings_seen_by(viewer), viewer), today)
    everywhere = by_site.get(EVERY_SITE) or count((), today)
    episodes = answered_for(episodes_seen_by(viewer), viewer)
    return show(
        request,
        "components/component.html",
        viewer,
        title=sentence(which.value),
        about=ABOUT[which],
        summary=summary(which, everywhere.values()),
        compared=sites_compared(by_site, which, sites),
        ways=ways(episodes, which, sites),
        others=[(SLUG_OF[c], sentence(c.value)) for c in Component],
        slug=slug,
        statuses=_statuses(viewer) if which is Component.CASE_FINDING else (),
    )


def _statuses(viewer: Viewer) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for status in answered_for(episodes_seen_by(viewer), viewer).values_list("status", flat=True):
        counts[status] = counts.get(status, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])


@open_to(READ)
def names(request: HttpRequest, viewer: Viewer, standard: str, cell: str) -> HttpResponse:
    """The people behind one count of one standard."""
    declared, words = BY_NAME.get(standard), WORDS.get(cell)
    if declared is None or words is None:
        raise Http404
    rows = rows_behind(answered_for(standings_seen_by(viewer), viewer), standard, cell, timezone.localdate())
    page = page_of(rows, request, A_PAGE)
    sites = site_names(viewer)
    people = [name(row, sites) for row in page.rows]
    record_list_read(viewer, "names behind a measure", [p.patient for p in people], which=f"{standard}: {words}")
    return show(
        request,
        "components/names.html",
        viewer,
        title=f"{declared.title}: {words}",
        standard=declared,
        words=words,
        slug=SLUG_OF[declared.component],
        component=sentence(declared.component.value),
        page=page,
        people=people,
    )
