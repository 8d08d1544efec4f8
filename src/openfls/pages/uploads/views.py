"""Uploading a list: choose it, see what would count, confirm, mend rows, undo the whole of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from openfls.inbox.models import Upload
from openfls.inbox.uploads import checking, confirming, drafts, mappings, mended_rows, undoing
from openfls.inbox.uploads.checking import Checked
from openfls.inbox.uploads.progress import under_way
from openfls.pages.doors import CARE, UPLOADS, open_to
from openfls.pages.forms.fields import sentence
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.pager import page_of
from openfls.pages.staff import Staff
from openfls.pages.uploads.forms import Columns, ListFile, NewUpload, UndoForm
from openfls.pages.uploads.shown import progress_words, rows_in_words, shown, state_of
from openfls.record.access import Viewer

A_PAGE = 50


@open_to(UPLOADS)
def uploads(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = page_of(drafts.uploads_seen_by(viewer), request, A_PAGE)
    told = [(one, under_way(one), state_of(one)) for one in page.rows]
    return show(
        request, "uploads/uploads.html", viewer, title="Uploads", page=page, told=told, sites=site_names(viewer),
        staff=Staff(one.by for one in page.rows),
    )  # fmt: skip


@open_to(UPLOADS)
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    codes, names = drafts.uploading_sites(viewer), site_names(viewer)
    sites = sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])
    form = NewUpload(sent(request), request.FILES or None, sites=sites, feeds=drafts.feeds_of(codes))
    if form.is_valid() and (upload := _begun(form, viewer)):
        return redirect("upload", number=upload.number)
    return show(request, "uploads/new.html", viewer, title="Upload a list", form=form, mends=None)


@open_to(UPLOADS)
def mend(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Rows that were mended, in place of those that could not be read."""
    held = drafts.mendable(viewer, number)
    form = ListFile(sent(request), request.FILES or None)
    if form.is_valid():
        site = held.origin.get("site") or held.site
        told = {"site": site, "source": held.source, "mapping": held.origin.get("mapping", ""), "mends": held}
        if upload := _try(form, viewer, **told):
            return redirect("upload", number=upload.number)
    return show(
        request,
        "uploads/new.html",
        viewer,
        title="Upload mended rows",
        form=form,
        mends=held,
        rows=rows_in_words(len(held.unreadable)),
    )


@open_to(UPLOADS)
def upload(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    return _show(request, viewer, drafts.upload_for(viewer, number))


@open_to(UPLOADS)
def progress(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """For the script of the page: how far it is, in words without anybody's name."""
    one = drafts.uploads_seen_by(viewer).filter(number=number).first()
    going = under_way(one) if one else None
    return JsonResponse({"words": progress_words(going) if going else "", "under_way": going is not None})


@open_to(UPLOADS)
def columns(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Match the columns by hand. The choice is remembered for the feed."""
    held = drafts.upload_for(viewer, number)
    sees = viewer.has_role(*CARE, site=held.site)
    form = Columns(sent(request), headers=Checked.of(held).columns, shows=sees)
    if held.state not in drafts.DRAFT or not form.headers:
        return redirect("upload", number=number)
    if form.is_valid() and _matched(form, viewer, held):
        tell(request, "The columns are matched as you said. Nobody else has checked that: look at the first rows.")
        return redirect("upload", number=number)
    return show(
        request, "uploads/columns.html", viewer, title="Match the columns", form=form, shown=shown(held, viewer)
    )


@require_POST
@open_to(UPLOADS)
def confirm(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = drafts.upload_for(viewer, number)
    try:
        confirming.confirm(viewer, held, at=timezone.now())
    except ValueError as fault:
        return _show(request, viewer, drafts.upload_for(viewer, number), refused=sentence(str(fault)))
    tell(request, "Confirmed. The list is stored as it came, and is read now.")
    return redirect("upload", number=number)


@require_POST
@open_to(UPLOADS)
def discard(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = drafts.upload_for(viewer, number)
    try:
        drafts.discard(viewer, held, at=timezone.now())
    except drafts.Settled as fault:
        return _show(request, viewer, held, refused=sentence(str(fault)))
    tell(request, "Discarded. Nothing of it counts, and the file is forgotten.")
    return redirect("uploads")


@require_POST
@open_to(UPLOADS)
def undo(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = drafts.upload_for(viewer, number)
    form = UndoForm(request.POST, auto_id="%s")
    if form.is_valid():
        try:
            undoing.undo(viewer, held, form.cleaned_data["reason"], at=timezone.now())
        except ValueError as fault:
            return _show(request, viewer, held, refused=sentence(str(fault)))
        tell(request, "It is being undone, in your name.")
        return redirect("upload", number=number)
    return _show(request, viewer, held, undo=form)


@require_POST
@open_to(UPLOADS)
def restore(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = drafts.upload_for(viewer, number)
    try:
        undoing.restore(viewer, undoing.message_of(held), at=timezone.now())
    except ValueError as fault:
        return _show(request, viewer, held, refused=sentence(str(fault)))
    tell(request, "It is being restored, in your name.")
    return redirect("upload", number=number)


@open_to(UPLOADS)
def rows_to_mend(request: HttpRequest, viewer: Viewer, number: int) -> StreamingHttpResponse:
    """The rows that could not be read, as a list to mend in a spreadsheet."""
    held = drafts.upload_for(viewer, number)
    drafts.leave_trail(viewer, "took the rows of an upload to mend them", number, held.site)
    lines = mended_rows.rows_of(held)
    reply = StreamingHttpResponse(("\ufeff" * (n == 0) + text for n, text in enumerate(lines)), content_type="text/csv")
    reply.headers["Content-Disposition"] = f'attachment; filename="rows-to-mend-{number}.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _begun(form: NewUpload, viewer: Viewer) -> Upload | None:
    answers = form.cleaned_data
    source = answers["feed"] or drafts.new_feed(answers["site"], answers["new_feed"])
    kind = form.kind(source)
    if not kind:
        form.add_error("mapping", "Choose the kind of list: this feed has not been read before")
        return None
    return _try(form, viewer, site=answers["site"], source=source, mapping=kind)


def _try(form: ListFile, viewer: Viewer, **told: Any) -> Upload | None:
    """Keep what was sent, and check it at once where it is short. What is refused stands in the form."""
    file = form.cleaned_data["file"]
    try:
        upload = drafts.begin(
            viewer, file.read(), name=file.name, encoding=form.cleaned_data["encoding"], at=timezone.now(), **told
        )  # fmt: skip
    except ValueError as fault:
        form.add_error("file", sentence(str(fault)))
        return None
    if upload.size <= checking.AT_ONCE:
        checking.check_now(upload)
    return upload


def _matched(form: Columns, viewer: Viewer, held: Upload) -> bool:
    by = viewer.full_name or viewer.user
    try:
        made = mappings.remember(held.mapping, held.source, form.chosen(), by=by, on=timezone.localdate())
        drafts.check_otherwise(viewer, held, mapping=made.name)
    except ValueError as fault:
        form.add_error(None, sentence(str(fault)))
        return False
    if held.size <= checking.AT_ONCE:
        checking.check_now(drafts.upload_for(viewer, held.number))
    return True


def _show(request: HttpRequest, viewer: Viewer, held: Upload, refused: str = "", **forms_sent: Any) -> HttpResponse:
    seen = shown(held, viewer)
    acted = [held.by, held.settled_by, *([seen.undone.by] if seen.undone else [])]
    return show(
        request,
        "uploads/upload.html",
        viewer,
        title=f"Upload {held.number}: {held.name}",
        shown=seen,
        staff=Staff(acted),
        site=site_names(viewer).get(held.site, held.site),
        progress=progress_words(seen.under_way) if seen.under_way else "",
        undo=forms_sent.get("undo") or UndoForm(auto_id="%s"),
        sent=next(iter(forms_sent.values()), None),
        refused=refused,
    )
