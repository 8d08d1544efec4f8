"""What a person found in a report that was read as negative."""

from typing import Any

from django import forms

from openfls.clinical.facts import BodySite, Side
from openfls.inbox.checking import Missed
from openfls.inbox.models import ReportAnswer
from openfls.pages.forms.fields import each, radios, select, words

FOUND = [
    (ReportAnswer.NO_FRACTURE.value, "No new fracture, and no vertebral fracture that nobody knew of"),
    (ReportAnswer.FRACTURE.value, "There is a fracture: it was missed"),
    (ReportAnswer.CANT_TELL.value, "Can't tell from this text"),
]


class Check(forms.Form):
    found = radios("What does the report say?", FOUND, missing="Choose what the report says")
    body_site = select("Which bone", each(BodySite), required=False)
    side = select("Side", each(Side), required=False)
    text = words("The words that say so", rows=2, help_text="Optional. Helps whoever triages, and mends the reader.")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("found") == ReportAnswer.FRACTURE and not answers.get("body_site"):
            self.add_error("body_site", "Choose which bone is broken")
        return answers

    def answer(self) -> ReportAnswer:
        """Call after `is_valid`."""
        return ReportAnswer(self.cleaned_data["found"])

    def missed(self) -> Missed | None:
        """The fracture, where there is one. Call after `is_valid`."""
        answers = self.cleaned_data
        if self.answer() is not ReportAnswer.FRACTURE:
            return None
        side = Side(answers["side"] or Side.UNKNOWN)
        return Missed(body_site=BodySite(answers["body_site"]), side=side, words=answers["text"].strip())
