"""Messages that could not be read: why, where, and mending or dismissing them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openfls.inbox import quarantine
from openfls.inbox.models import STATE_WORDS, Message, State
from openfls.pages.doors import FEEDS, open_to
from openfls.pages.forms.fields import words
from openfls.pages.frame.frame import show, site_names
from openfls.pages.frame.notices import tell
from openfls.pages.pager import page_of
from openfls.pages.quarantine.raw import NotText, mendable, mended, shown
from openfls.record.access import Viewer

A_PAGE = 50


class Mend(forms.Form):
    """The message as text."""

    text = forms.CharField(
        label="The message",
        widget=forms.Textarea(attrs={"rows": 16}),
        strip=False,
        error_messages={"required": "The message is empty: dismiss it instead"},
    )


class Dismiss(forms.Form):
    reason = words("Why nothing will come of it", required=True, rows=2)


@open_to(FEEDS)
def waiting(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = page_of(quarantine.waiting(viewer), request, A_PAGE)
    return show(request, "quarantine/quarantine.html", viewer, title="Quarantine", page=page, sites=site_names(viewer))


@open_to(FEEDS)
def message(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    return _show(request, viewer, quarantine.message_for(viewer, number))


@require_POST
@open_to(FEEDS)
def mend(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = quarantine.message_for(viewer, number)
    form = Mend(request.POST, auto_id="%s")
    if form.is_valid() and _mended(form, held, viewer):
        tell(request, "Mended. It is read again within a minute; if something is still wrong it comes back here.")
        return redirect("quarantine")
    return _show(request, viewer, held, mend=form)


def _mended(form: Mend, held: Message, viewer: Viewer) -> bool:
    try:
        content = mended(form.cleaned_data["text"], encoding_of(held), bytes(held.content))
        quarantine.mend(held, content, by=viewer.user)
    except (NotText, ValueError) as fault:
        form.add_error("text", _sentence(fault))
        return False
    return True


@require_POST
@open_to(FEEDS)
def dismiss(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    held = quarantine.message_for(viewer, number)
    form = Dismiss(request.POST, auto_id="%s")
    if form.is_valid() and _dismissed(form, held, viewer):
        tell(request, "Dismissed, in your name. The message is kept.")
        return redirect("quarantine")
    return _show(request, viewer, held, dismiss=form)


def _dismissed(form: Dismiss, held: Message, viewer: Viewer) -> bool:
    try:
        quarantine.dismiss(held, form.cleaned_data["reason"], by=viewer.user)
    except ValueError as fault:
        form.add_error("reason", _sentence(fault))
        return False
    return True


def encoding_of(held: Message) -> str:
    return str(held.origin.get("encoding") or "utf-8")


def _sentence(fault: Exception) -> str:
    text = str(fault)
    return f"{text[:1].upper()}{text[1:]}"


def _show(request: HttpRequest, viewer: Viewer, held: Message, **forms_sent: Any) -> HttpResponse:
    content = bytes(held.content)
    encoding = encoding_of(held)
    text = shown(content, encoding) if mendable(content, encoding) else ""
    return show(
        request,
        "quarantine/message.html",
        viewer,
        title=f"Message {held.number}",
        message=held,
        waits=held.state == State.QUARANTINED,
        state=STATE_WORDS[held.state],
        site=site_names(viewer).get(held.site, held.site),
        encoding=encoding,
        text=text,
        mend=forms_sent.get("mend") or Mend(initial={"text": text}, auto_id="%s"),
        dismiss=forms_sent.get("dismiss") or Dismiss(auto_id="%s"),
        sent=next(iter(forms_sent.values()), None),
    )
