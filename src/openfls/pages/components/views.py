"""The four components of care: their measures, each site's way of working, and the names behind every count."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openfls.clinical.standards import Component
from openfls.measures.counting import WORDS, count
from openfls.pages.components.groups import narrow
from openfls.pages.components.measures import COMPONENT_OF_SLUG, SLUG_OF, summaries, summary
from openfls.pages.components.names import name, rows_behind
from openfls.pages.components.ways import fractures_behind, sites_compared, ways
from openfls.pages.doors import READ, answered_for, open_to
from openfls.pages.forms.fields import sentence
from openfls.pages.fractures.lines import line
from openfls.pages.frame.frame import show, site_names
from openfls.pages.pager import page_of
from openfls.record.access import Viewer, episodes_seen_by, record_list_read, standings_seen_by
from openfls.record.own_standards import in_force
from openfls.record.reckoning import EVERY_SITE, measured_by_site

A_PAGE = 50
OF_THE_PATHWAY = {"not_asked": "on the pathway, but not asked"}
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
    everywhere = by_site.get(EVERY_SITE) or count((), today, in_force())
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
    declared, words, sites = in_force().get(standard), (WORDS | OF_THE_PATHWAY).get(cell), site_names(viewer)
    narrowed = narrow(answered_for(standings_seen_by(viewer), viewer), request.GET, sites)
    if declared is None or words is None or narrowed is None:
        raise Http404
    rows = rows_behind(narrowed.rows, standard, cell, timezone.localdate())
    page = page_of(rows, request, A_PAGE)
    kept = f"{words}, {narrowed.trail}" if narrowed.trail else words
    words = f"{words}, {narrowed.words}" if narrowed.words else words
    people = [name(row, declared, sites) for row in page.rows]
    record_list_read(viewer, "names behind a measure", [p.patient for p in people], which=f"{standard}: {kept}")
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


@open_to(READ)
def way(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The fractures behind one count of a site's way of working."""
    which, asked = COMPONENT_OF_SLUG.get(slug), request.GET.get("asked", "")
    if which is None or not (asked.isascii() and asked.isdigit()):
        raise Http404
    sites, site, answer = site_names(viewer), request.GET.get("site", ""), request.GET.get("answer", "")
    behind = fractures_behind(answered_for(episodes_seen_by(viewer), viewer), which, int(asked), site, answer)
    if behind is None:
        raise Http404
    question, episodes = behind
    page = page_of(episodes.select_related("person").order_by("-index_start", "id"), request, A_PAGE)
    lines = [line(row, sites) for row in page.rows]
    title = f"{question}: {sites.get(answer, answer)}, {sites.get(site, site) or 'site not given'}"
    record_list_read(viewer, "fractures behind a way of working", [shown.patient for shown in lines], which=title)
    back = (reverse("component", args=[slug]), sentence(which.value))
    return show(request, "fractures/fractures.html", viewer, title=title, page=page, lines=lines, back=back)
