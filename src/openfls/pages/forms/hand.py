"""What every form that enters facts shares: who writes, when, and a mark that makes sending it twice harmless."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from secrets import token_hex
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from openfls.clinical.facts import Source


@dataclass(frozen=True)
class Hand:
    """Who enters what, at which site, when. ``form`` is the mark of the form as it was shown, ``content`` the sha256
    of the form as it was sent: the same form sent twice gives the same facts."""

    user: str
    site: str | None
    known: datetime
    form: str
    content: str

    def stamp(self, position: str) -> dict[str, Any]:
        """What each fact of this form is made with; ``position`` tells the facts of one form apart.

        A form that is gone back to, changed and sent again gives a later version of the same statement, so that
        nothing is recorded twice.
        """
        return {
            "known": self.known,
            "version": self.known,
            "site": self.site,
            "by": self.user,
            "source": Source(f"hand/{self.user}", self.content, position),
            "key": f"hand/{self.user}/{self.form}/{position}",
        }


class HandForm(forms.Form):
    """A form whose answers become facts."""

    form_mark = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_mark", token_hex(16))

    def clean_form_mark(self) -> str:
        """A form that came without its mark is taken for a new one."""
        return self.cleaned_data["form_mark"] or token_hex(16)

    def hand(self, user: str, site: str | None, known: datetime) -> Hand:
        """Call after `is_valid`."""
        return Hand(user, site, known, self.cleaned_data["form_mark"], content_of(self.cleaned_data))


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, None where it is only to be shown."""
    return request.POST if request.method == "POST" else None


def content_of(answers: Mapping[str, Any]) -> str:
    """The sha256 of a form's answers, whatever their order."""
    return sha256(dumps({k: str(v) for k, v in answers.items()}, sort_keys=True).encode()).hexdigest()
