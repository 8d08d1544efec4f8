"""Exports for audits: the list, one request, approving it, its file, and the people in whom a field is missing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from openfls.coordination.exports import asking
from openfls.coordination.exports.asking import ExportRefused, built, export_for, exports_seen_by
from openfls.coordination.exports.building import AUDITS, Built
from openfls.measures.audits.fields import State
from openfls.pages.doors import EXPORTS, open_to
from openfls.pages.exports.forms import ApproveForm, AskForm, DeclineForm
from openfls.pages.exports.shown import lines, may_approve, people
from openfls.pages.forms.fields import sentence
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.pager import page_of
from openfls.pages.staff import Staff
from openfls.record.access import Viewer, record_list_read
from openfls.record.models import ExportRequest, ExportState
from openfls.record.purposes import NATIONAL_AUDIT

A_PAGE = 50


@open_to(EXPORTS)
def exports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = page_of(exports_seen_by(viewer), request, A_PAGE)
    told = [(one, AUDITS[one.audit].title) for one in page.rows]
    asks = viewer.has_role(*asking.ASKERS)
    staff = Staff(name for one in page.rows for name in (one.asked_by, one.settled_by))
    return show(
        request, "exports/exports.html", viewer, title="Audit exports", page=page, told=told, asks=asks,
        sites=site_names(viewer), staff=staff,
    )  # fmt: skip


@open_to(frozenset(asking.ASKERS))
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = AskForm(sent(request), sites=sites_of(viewer), today=timezone.localdate())
    if form.is_valid() and (asked := _asked(form, viewer)):
        return redirect("export", number=asked.number)
    return show(request, "exports/new.html", viewer, title="Ask for an export", form=form)


@open_to(EXPORTS)
def export(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    return _show(request, viewer, number)


@require_POST
@open_to(frozenset(asking.APPROVERS))
def approve(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    asked = export_for(viewer, number)
    if viewer.user == asked.asked_by:
        return _show(request, viewer, number, refused="Another person than the one who asked approves")
    form = ApproveForm(request.POST, request=request)
    if not form.is_valid():
        return _show(request, viewer, number, approve=form)
    try:
        at, today = timezone.now(), timezone.localdate()
        asking.approve(viewer, number, form.cleaned_data["shown"], at=at, today=today)
    except ExportRefused as fault:
        return _show(request, viewer, number, refused=sentence(str(fault)))
    tell(request, "Approved, in your name. The file can be taken now.")
    return redirect("export", number=number)


@require_POST
@open_to(EXPORTS)
def decline(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    form = DeclineForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _show(request, viewer, number, decline=form)
    try:
        asking.decline(viewer, number, form.cleaned_data["reason"], at=timezone.now())
    except ExportRefused as fault:
        return _show(request, viewer, number, refused=sentence(str(fault)))
    tell(request, "Declined. Nothing has left.")
    return redirect("export", number=number)


@open_to(EXPORTS)
def file(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """The approved file, byte for byte as it was approved."""
    asked = asking.taken(viewer, number)
    reply = HttpResponse(bytes(asked.content or b""), content_type="text/csv; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="{asking.file_name(asked)}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@open_to(EXPORTS)
def missing(request: HttpRequest, viewer: Viewer, number: int, place: int) -> HttpResponse:
    """The people in whom one field is missing, each opening her page."""
    would = built(viewer, export_for(viewer, number), timezone.localdate())
    if place >= len(would.audit.columns):
        raise Http404
    filled = would.completeness.fields[place]
    told = [(row.patient, row.cells[place].told or State.BLANK.value) for row in filled.missing]
    return _people(request, viewer, number, f"{filled.field.header}: missing", told, filled.field.how)


@open_to(EXPORTS)
def unchecked(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """The people of whom nobody knows in time whether they opted out."""
    would = built(viewer, export_for(viewer, number), timezone.localdate())
    return _people(request, viewer, number, "No check for an opt-out that is new enough", would.unchecked, "")


def _people(
    request: HttpRequest, viewer: Viewer, number: int, title: str, told: Any, how: str
) -> HttpResponse:  # fmt: skip
    shown = people(viewer, told)
    record_list_read(viewer, "people behind an export", [one.key for one in shown], NATIONAL_AUDIT, which=title)
    return show(
        request, "exports/people.html", viewer, title=title, number=number, people=shown, how=how
    )  # fmt: skip


def _asked(form: AskForm, viewer: Viewer) -> ExportRequest | None:
    answers = form.cleaned_data
    try:
        return asking.ask(
            viewer, answers["audit"], answers["site"], answers["first"], answers["last"],
            at=timezone.now(), today=timezone.localdate(),
        )  # fmt: skip
    except ExportRefused as fault:
        form.add_error(None, sentence(str(fault)))
        return None


def sites_of(viewer: Viewer) -> list[tuple[str, str]]:
    names = site_names(viewer)
    codes = (code for code in viewer.sites if viewer.has_role(*asking.ASKERS, site=code))
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def _show(request: HttpRequest, viewer: Viewer, number: int, refused: str = "", **forms: Any) -> HttpResponse:
    asked = export_for(viewer, number)
    would = built(viewer, asked, timezone.localdate())
    record_list_read(viewer, "export looked at", would.counted, NATIONAL_AUDIT, which=str(asked))
    approve = forms.get("approve") or ApproveForm(initial={"shown": would.digest}, request=request)
    return show(
        request,
        "exports/export.html",
        viewer,
        title=f"Export {number}",
        asked=asked,
        audit=would.audit,
        site=site_names(viewer).get(asked.site_id, asked.site_id),
        would=would,
        changed=_changed(asked, would),
        lines=lines(would),
        enough=would.completeness.complete_enough,
        may_approve=may_approve(viewer, asked),
        staff=Staff([asked.asked_by, asked.settled_by]),
        approve=approve,
        decline=forms.get("decline") or DeclineForm(auto_id="%s"),
        sent=next(iter(forms.values()), None),
        refused=refused,
    )


def _changed(asked: ExportRequest, would: Built) -> bool:
    """What would leave now is not what the asker saw counted."""
    return asked.state == ExportState.ASKED and asked.digest != would.digest
