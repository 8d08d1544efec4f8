"""Forms for a fracture that a person saw: of somebody new, or of a patient on record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls import coordination
from openfls.pages.doors import CARE, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.patient.chart import open_chart
from openfls.pages.sightings.forms import NewPerson, Sighting
from openfls.record.access import Viewer, sites_seen_by

SAVED = "Sighting saved. It waits for triage, unless age or bone alone say that it can't count."


@open_to(CARE)
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Somebody whom no feed has told of, or a sighting that no feed brings."""
    sites = {site.code: site for site in sites_seen_by(viewer).select_related("trust") if site.code in viewer.sites}
    choices = sorted(((code, site.name) for code, site in sites.items()), key=lambda pair: pair[1])
    form = NewPerson(sent(request), today=timezone.localdate(), sites=choices)
    if form.is_valid():
        site = sites[form.cleaned_data["site"]]
        record = form.record(authority=site.trust_id)
        hand = form.hand(viewer.user, site.code, timezone.now())
        coordination.enter([form.sighting(hand, record)], by=viewer.user, purpose="case finding")
        tell(request, SAVED)
        return redirect("patient", key=record.key)
    return show(request, "sightings/new.html", viewer, title="New sighting", form=form, banner=None)


@open_to(CARE)
def of_patient(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Another fracture of a patient on record."""
    chart, today = open_chart(viewer, key), timezone.localdate()
    form = Sighting(sent(request), today=today)
    if form.is_valid():
        hand = form.hand(viewer.user, chart.site(), timezone.now())
        coordination.enter([form.sighting(hand, chart.record())], by=viewer.user, purpose="case finding")
        tell(request, SAVED)
        return redirect("patient", key=chart.person.key)
    return show(
        request,
        "sightings/new.html",
        viewer,
        title="Another fracture",
        form=form,
        banner=chart.banner(today),
    )
