"""The board's report: choose site and period, take the PDF."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.standards import Role
from openfls.measures.board.document import pdf_of
from openfls.pages.doors import MANAGES, open_to
from openfls.pages.exports.forms import PeriodForm
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.record import trail
from openfls.record.access import Viewer, episodes_seen_by, standings_seen_by, tasks_seen_by
from openfls.record.board import board_report
from openfls.record.parameters import suppress_below
from openfls.record.purposes import SERVICE_MANAGEMENT


@open_to(MANAGES)
def report(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    names = site_names(viewer)
    codes = sorted(code for code in viewer.sites if viewer.has_role(Role.MANAGER, site=code))
    sites = [(code, names.get(code, code)) for code in codes]
    form = PeriodForm(sent(request), sites=sites, today=timezone.localdate())
    if form.is_valid():
        answers = form.cleaned_data
        return _file(viewer, answers["site"], names, answers["first"], answers["last"])
    return show(request, "board/report.html", viewer, title="Board report", form=form)


def _file(viewer: Viewer, site: str, names: dict[str, str], first: date, last: date) -> HttpResponse:
    """What the site answers for. It names nobody; that it was made is in the trail."""
    made = board_report(
        names.get(site, site),
        standings_seen_by(viewer).filter(site=site),
        episodes_seen_by(viewer).filter(site=site),
        tasks_seen_by(viewer).filter(site=site),
        first,
        last,
        timezone.localdate(),
        suppress_below(site),
    )
    trail.write(
        user=viewer.user, action="board report made", site=site, request=viewer.request, purpose=SERVICE_MANAGEMENT,
        detail={"first": first, "last": last},
    )  # fmt: skip
    reply = HttpResponse(pdf_of(made), content_type="application/pdf")
    reply.headers["Content-Disposition"] = f'attachment; filename="board-report_{site}_{first}_{last}.pdf"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
