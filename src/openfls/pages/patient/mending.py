"""Pages that correct or take back what somebody entered by hand, and take back a death that a feed told wrongly."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Fact
from openfls.clinical.versions import current
from openfls.pages.doors import CARE, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.patient.chart import Chart, open_chart
from openfls.pages.patient.corrections import Correction, TakeBack, mendable
from openfls.pages.patient.words import heading, said_by, told_of
from openfls.record.access import Viewer

AGAIN = " Ask the sender to correct it: if the feed says it again, it stands again."


@open_to(CARE)
def correct(request: HttpRequest, viewer: Viewer, key: str, fact: str) -> HttpResponse:
    chart, today = open_chart(viewer, key), timezone.localdate()
    statement = standing(chart, fact)
    if statement.by_feed:
        raise Http404("a feed's statement is corrected by its sender")
    form = Correction(sent(request), fact=statement, today=today)
    if form.is_valid():
        hand = form.hand(viewer.user, statement.site, timezone.now())
        coordination.enter(form.facts(hand), by=viewer.user, purpose="correction")
        tell(request, f"{heading(statement)} corrected. What was said before is kept.")
        return redirect("patient", key=chart.person.key)
    return _show(request, viewer, chart, statement, form, "Correct")


@open_to(CARE)
def take_back(request: HttpRequest, viewer: Viewer, key: str, fact: str) -> HttpResponse:
    chart = open_chart(viewer, key)
    statement = standing(chart, fact)
    form = TakeBack(sent(request))
    if form.is_valid():
        hand = form.hand(viewer.user, statement.site, timezone.now())
        coordination.enter(form.facts(hand, statement), by=viewer.user, purpose="correction")
        tell(request, f"{heading(statement)} taken back. It is kept, crossed out.{AGAIN * statement.by_feed}")
        return redirect("patient", key=chart.person.key)
    return _show(request, viewer, chart, statement, form, "Take back")


def standing(chart: Chart, fact_id: str) -> Fact:
    """The statement that stands and that a person may mend. Raises ``Http404``."""
    for fact in current(chart.facts):
        if fact.id == fact_id and mendable(fact) and not fact.retracted:
            return fact
    raise Http404("no such statement")


def _show(
    request: HttpRequest, viewer: Viewer, chart: Chart, fact: Fact, form: Correction | TakeBack, act: str
) -> HttpResponse:
    return show(
        request,
        "patient/mend.html",
        viewer,
        title=f"{act}: {heading(fact)}",
        act=act,
        banner=chart.banner(timezone.localdate()),
        told=told_of(fact, chart.staff),
        day=str(fact.occurred),
        said_by=said_by(fact, chart.staff),
        form=form,
    )
