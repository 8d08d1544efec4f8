"""The patient page, and the forms with which people enter facts."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls import coordination
from openfls.clinical.versions import current
from openfls.pages.doors import CARE, READ, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.patient.appointments import appointments
from openfls.pages.patient.chart import Chart, open_chart
from openfls.pages.patient.deaths import Although, deaths_told
from openfls.pages.patient.entries import ENTRIES
from openfls.pages.patient.entries.entry import ALTHOUGH_DEAD, Entry
from openfls.pages.patient.entries.other import Death
from openfls.pages.patient.fracture import Fracture, fracture, index_of, task_line, title_of
from openfls.pages.patient.results import results
from openfls.pages.patient.taking import taking
from openfls.pages.patient.timeline import timeline
from openfls.record.access import Viewer, people_doubted_elsewhere
from openfls.record.models import EpisodeRow


@open_to(READ)
def patient(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    chart, today, sites = open_chart(viewer, key), timezone.localdate(), site_names(viewer)
    standing, died_on = current(chart.facts), chart.person.died_on
    return show(
        request,
        "patient/patient.html",
        viewer,
        title="Patient",
        banner=chart.banner(today),
        fractures=[_fracture(chart, episode, sites, today) for episode in chart.fractures],
        elsewhere=people_doubted_elsewhere(viewer).filter(key=chart.person.key).exists(),
        results=results(standing, today, chart.staff),
        appointments=appointments(chart.facts, sites, today),
        taking_of={
            e.sightings[0]: taking(standing, e.index_start, today, died_on, chart.staff) for e in chart.fractures
        },
        timeline=timeline(chart.facts, sites, chart.staff, today),
        may_enter=viewer.has_role(*CARE),
        deaths=deaths_told(chart),
        **_offered(died=died_on is not None),
    )


def _offered(*, died: bool) -> dict[str, Any]:
    """Which forms the page offers. Contact stops with a death: what contacts stands apart then, and asks why first."""
    entries = [entry for entry in ENTRIES.values() if entry.of_fracture]
    return {
        "entries": [entry for entry in entries if not (died and entry.contacts)],
        "stopped": [entry for entry in entries if died and entry.contacts],
        "of_person": [entry for entry in ENTRIES.values() if not entry.of_fracture and not (died and entry is Death)],
    }


def _fracture(chart: Chart, episode: EpisodeRow, sites: dict[str, str], today: date) -> Fracture:
    standings = [standing for standing in chart.standings if standing.episode_id == episode.id]
    lines = [task_line(task, today, chart.staff) for task in chart.tasks if task.episode_id == episode.id]
    return fracture(episode, standings, lines, chart.sightings, sites, chart.staff)


@open_to(CARE)
def enter(request: HttpRequest, viewer: Viewer, key: str, name: str, sighting: str = "") -> HttpResponse:
    """One form about a patient: of one fracture, or of the person as a whole."""
    kind = ENTRIES.get(name)
    if kind is None or kind.of_fracture != bool(sighting):
        raise Http404
    chart, today = open_chart(viewer, key), timezone.localdate()
    episode = chart.fracture_with(sighting) if sighting else None
    died, why = chart.person.died_on is not None, request.GET.get("although", "")
    if died and kind.contacts and request.method == "GET" and why not in ALTHOUGH_DEAD:
        return _contact_stopped(request, viewer, chart, kind)
    fractured = episode.index_start if episode else None
    form = kind(sent(request), today=today, fractured=fractured, died=died, initial={"although": why})
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
        banner=chart.banner(today),
        fracture=f"{title_of(episode)}, {index_of(episode)}" if episode else "",
        form=form,
    )


def _contact_stopped(request: HttpRequest, viewer: Viewer, chart: Chart, kind: type[Entry]) -> HttpResponse:
    """In place of a form that contacts: why is it needed, and is the death wrong?"""
    return show(
        request,
        "patient/contact_stopped.html",
        viewer,
        title=kind.title,
        banner=chart.banner(timezone.localdate()),
        deaths=deaths_told(chart),
        form=Although(request.GET if "although" in request.GET else None),
    )
