"""The forms of an export: which audit and period; the approver's password; why not; the answer to a check."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from openfls.coordination.exports.building import AUDITS
from openfls.pages.forms.fields import Choices, DayField, radios, select, words


class PeriodForm(forms.Form):
    """A site and the days of the fractures: the year up to today, unless somebody says otherwise."""

    site = select("Site", [])
    first = DayField(label="Fractures from", called="the first day")
    last = DayField(label="Fractures to", called="the last day")

    def __init__(self, *args: Any, sites: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        choices = list(sites)
        self.fields["site"].choices = choices if len(choices) == 1 else [("", ""), *choices]
        year_before = today.replace(year=today.year - 1, day=min(today.day, 28))
        for name, day in (("first", year_before), ("last", today)):
            self.fields[name].latest, self.fields[name].initial = today, day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        first, last = answers.get("first"), answers.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must be on or after the first day")
        return answers


class AskForm(PeriodForm):
    """A file of one audit."""

    audit = radios("Which audit", [(audit.name, audit.title) for audit in AUDITS.values()])
    field_order = ("audit", "site", "first", "last")


class ApproveForm(forms.Form):
    """Approving asks for the password again: an unlocked screen approves nothing. ``shown`` is the digest of what the
    page showed."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    password = forms.CharField(
        label="Your password, again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Failed tries count as failed sign-ins."""
        password: str = self.cleaned_data["password"]
        user = authenticate(self.request, username=self.request.user.get_username(), password=password)
        if user is None or user.pk != self.request.user.pk:
            raise forms.ValidationError("The password is not right. Nothing has left.")
        return password


class DeclineForm(forms.Form):
    reason = words("Why not", required=True, rows=2)


class AnswerForm(forms.Form):
    """The answer to a list that was handed out to be checked."""

    file = forms.FileField(
        label="The answer, as it came", help_text="The NHS numbers that may be kept, one a line.",
        widget=forms.FileInput(attrs={"accept": ".csv,.dat,.txt"}),
        error_messages={"required": "Choose the file", "empty": "The file is empty: choose another"},
    )  # fmt: skip
    day = DayField(label="Day of the check", called="the day of the check")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["day"].latest = today
        self.fields["day"].initial = today


class ListForm(forms.Form):
    site = select("Site", [])

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        choices = list(sites)
        self.fields["site"].choices = choices if len(choices) == 1 else [("", ""), *choices]
