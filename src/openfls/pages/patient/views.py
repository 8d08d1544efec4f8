"""The patient page, and the forms with which people enter facts."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls import coordination
from openfls.clinical.versions import current
from openfls.pages.doors import CARE, READ, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.patient.banner import banner
from openfls.pages.patient.chart import Chart, open_chart
from openfls.pages.patient.entries import ENTRIES
from openfls.pages.patient.fracture import Fracture, fracture, index_of, title_of
from openfls.pages.patient.results import results
from openfls.pages.patient.taking import taking
from openfls.pages.patient.timeline import timeline
from openfls.record.access import Viewer
from openfls.record.models import EpisodeRow


@open_to(READ)
def patient(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    chart, today, sites = open_chart(viewer, key, "direct care"), timezone.localdate(), site_names(viewer)
    standing, died_on = current(chart.facts), chart.person.died_on
    return show(
        request,
        "patient/patient.html",
        viewer,
        title="Patient",
        banner=banner(chart.person, today, chart.facts),
        fractures=[_fracture(chart, episode, sites, today) for episode in chart.fractures],
        results=results(standing, today),
        taking_of={e.sightings[0]: taking(standing, e.index_start, today, died_on) for e in chart.fractures},
        timeline=timeline(chart.facts, sites),
        may_enter=viewer.has_role(*CARE),
        entries=[entry for entry in ENTRIES.values() if entry.of_fracture],
        of_person=[entry for entry in ENTRIES.values() if not entry.of_fracture],
    )


def _fracture(chart: Chart, episode: EpisodeRow, sites: dict[str, str], today: date) -> Fracture:
    standings = [standing for standing in chart.standings if standing.episode_id == episode.id]
    tasks = [task for task in chart.tasks if task.episode_id == episode.id]
    return fracture(episode, standings, tasks, chart.sightings, sites, today)


@open_to(CARE)
def enter(request: HttpRequest, viewer: Viewer, key: str, name: str, sighting: str = "") -> HttpResponse:
    """One form about a patient: of one fracture, or of the person as a whole."""
    kind = ENTRIES.get(name)
    if kind is None or kind.of_fracture != bool(sighting):
        raise Http404
    chart, today = open_chart(viewer, key, "direct care"), timezone.localdate()
    episode = chart.fracture_with(sighting) if sighting else None
    form = kind(sent(request), today=today)
    if form.is_valid():
        hand = form.hand(viewer.user, chart.site(episode), timezone.now())
        about = tuple(episode.sightings) if episode else ()
        coordination.enter(form.facts(hand, chart.record(episode), about), by=viewer.user, purpose="direct care")
        tell(request, f"{kind.title} saved.")
        return redirect("patient", key=chart.person.key)
    return show(
        request,
        "patient/enter.html",
        viewer,
        title=kind.title,
        banner=banner(chart.person, today, chart.facts),
        fracture=f"{title_of(episode)}, {index_of(episode)}" if episode else "",
        form=form,
    )
