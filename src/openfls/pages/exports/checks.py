"""Checks for national data opt-outs: hand out a list of NHS numbers, bring the answer in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls.coordination.exports import checking
from openfls.coordination.exports.asking import ASKERS, ExportRefused
from openfls.pages.doors import open_to
from openfls.pages.environment import plural
from openfls.pages.exports.forms import AnswerForm, ListForm
from openfls.pages.exports.views import sites_of
from openfls.pages.forms.fields import sentence
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.pager import page_of
from openfls.pages.staff import Staff
from openfls.record.access import Viewer

A_PAGE = 50


@open_to(frozenset(ASKERS))
def checks(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The lists that were handed out; a new one is made and taken by one button."""
    form = ListForm(sent(request), sites=sites_of(viewer))
    if form.is_valid():
        return _file(viewer, form.cleaned_data["site"])
    page = page_of(checking.lists_seen_by(viewer), request, A_PAGE)
    title = "Checks for opt-outs"
    staff = Staff(name for one in page.rows for name in (one.made_by, one.answered_by))
    return show(
        request, "exports/checks.html", viewer, title=title, page=page, form=form, sites=site_names(viewer), staff=staff
    )  # fmt: skip


@open_to(frozenset(ASKERS))
def answer(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Bring the answer to a list in: who is missing from it has opted out."""
    made = checking.lists_seen_by(viewer).filter(number=number).first()
    if made is None:
        return redirect("opt-out-checks")
    form = AnswerForm(sent(request), request.FILES or None, today=timezone.localdate())
    if form.is_valid() and (told := _answered(form, viewer, number)):
        tell(request, told)
        return redirect("opt-out-checks")
    staff = Staff([made.made_by])
    title = f"Answer to list {number}"
    return show(request, "exports/answer.html", viewer, title=title, form=form, made=made, staff=staff)


def _file(viewer: Viewer, site: str) -> HttpResponse:
    made = checking.list_to_check(viewer, site, at=timezone.now())
    reply = HttpResponse(checking.list_content(made), content_type="text/csv; charset=ascii")
    reply.headers["Content-Disposition"] = f'attachment; filename="opt-out-check-list-{made.number}.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _answered(form: AnswerForm, viewer: Viewer, number: int) -> str:
    """What was entered, in words; empty where it was refused, with why in the form."""
    answers = form.cleaned_data
    try:
        found = checking.answer(viewer, number, answers["file"].read(), answers["day"], at=timezone.now())
    except ExportRefused as fault:
        form.add_error("file", sentence(str(fault)))
        return ""
    people = plural(found.kept + found.opted_out, "person", "people")
    return f"Entered for {people}: {found.opted_out} opted out."
