"""The board's report: choose site and period, take the PDF."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.standards import Role
from openfls.inbox.currency import as_of, progress
from openfls.measures.board.document import pdf_of
from openfls.pages.doors import MANAGES, open_to
from openfls.pages.exports.forms import PeriodForm
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.record import trail
from openfls.record.access import Viewer, episodes_seen_by, standings_seen_by, tasks_seen_by
from openfls.record.board import Asked, Beside, board_report, two_years_before
from openfls.record.parameters import threshold_of
from openfls.record.purposes import SERVICE_MANAGEMENT


class ReportForm(PeriodForm):
    """The board's period is longer than an audit's: a trend wants months."""

    beside = forms.BooleanField(label="Compare with the other hospitals that you manage, by name", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].initial = two_years_before(kwargs["today"])
        if len(kwargs["sites"]) < 2:
            del self.fields["beside"]


@open_to(MANAGES)
def report(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    names = _managed(viewer)
    form = ReportForm(sent(request), sites=sorted(names.items()), today=timezone.localdate())
    if form.is_valid():
        return _file(viewer, names, form.cleaned_data)
    return show(request, "board/report.html", viewer, title="Board report", form=form)


def _managed(viewer: Viewer) -> dict[str, str]:
    """The names of the sites in view where the viewer is a manager, by code."""
    names = site_names(viewer)
    return {code: names.get(code, code) for code in viewer.sites if viewer.has_role(Role.MANAGER, site=code)}


def _file(viewer: Viewer, names: Mapping[str, str], answers: Mapping[str, Any]) -> HttpResponse:
    """What the site answers for. It names nobody; that it was made is in the trail."""
    site, first, last = answers["site"], answers["first"], answers["last"]
    shown = names if answers.get("beside") else {site: names[site]}
    asked = Asked(
        site=site, site_name=names[site], first=first, last=last, today=timezone.localdate(),
        below=threshold_of(shown), as_of=as_of(progress([site])),
    )  # fmt: skip
    made = board_report(
        asked,
        standings_seen_by(viewer).filter(site=site),
        episodes_seen_by(viewer).filter(site=site),
        tasks_seen_by(viewer).filter(site=site),
        Beside(shown, standings_seen_by(viewer).filter(site__in=shown)),
    )
    trail.write(
        user=viewer.user, action="board report made", site=site, request=viewer.request, purpose=SERVICE_MANAGEMENT,
        detail={"first": first, "last": last, "beside": sorted(set(shown) - {site})},
    )  # fmt: skip
    reply = HttpResponse(pdf_of(made), content_type="application/pdf")
    reply.headers["Content-Disposition"] = f'attachment; filename="board-report_{site}_{first}_{last}.pdf"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
