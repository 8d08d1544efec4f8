"""What somebody found in a record of medicines that sends us nothing, most often the general practice's."""

from collections.abc import Iterator
from typing import Any

from django import forms

from openfls.clinical.bone_drugs import bone_drug
from openfls.clinical.facts import Answer, Fact, MedicinesRecordChecked, PrescriptionIssued, Setting
from openfls.clinical.when import on
from openfls.pages.forms.fields import DayField, line, radios, select, sentence
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.drugs import ANOTHER, BONE_TREATMENTS, CHOICES, NOT_CHOSEN, OTHER
from openfls.pages.patient.entries.entry import Entry

RECORDS = [
    (record, sentence(record))
    for record in ("general practice record", "shared care record", "pharmacy record", "care home record")
]
FOUND = [
    (Answer.YES.value, "A bone treatment was issued"),
    (Answer.NO.value, "Nothing: no bone treatment is recorded there"),
    (Answer.UNKNOWN.value, "Not clear"),
]
LONGEST_ISSUE = 400  # days; a year's supply and a margin


class RecordChecked(Entry):
    name = "record-checked"
    title = "Medicines record checked"
    button = "Save"
    explanation = (
        "What a record of medicines says about bone treatment. Nothing found there is no proof that none is taken."
    )
    parts = (("If a bone treatment was issued", ("drug", "other_drug", "last_issued", "days")),)

    day = DayField(label="Date the record was checked", called="the date the record was checked")
    looked_in = select("Which record", RECORDS, initial=RECORDS[0][0])
    found = radios("What was found", FOUND, missing="Choose what was found")
    drug = select("Bone treatment", CHOICES, required=False)
    other_drug = line(ANOTHER)
    last_issued = DayField(label="Last issued", called="the date it was last issued", required=False)
    days = forms.IntegerField(
        label="For how many days",
        required=False,
        min_value=1,
        max_value=LONGEST_ISSUE,
        error_messages={"invalid": "For how many days must be a whole number, like 28"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 4}),
        help_text="Optional. As the record gives it; nothing is reckoned from the dose.",
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        if answers.get("found") == Answer.YES:
            self.need("drug", "Choose the bone treatment")
            self.need("last_issued", "Enter the date it was last issued")
            if answers.get("drug") == OTHER:
                self.need("other_drug", "Enter the name of the treatment")
            elif answers.get("other_drug"):
                self.add_error("drug", NOT_CHOSEN)
        elif any(answers.get(name) for name in ("drug", "other_drug", "last_issued", "days")):
            self.add_error("found", "Choose “A bone treatment was issued”, or empty what was issued")
        checked, issued = answers.get("day"), answers.get("last_issued")
        if checked and issued and issued > checked:
            self.add_error("last_issued", "It can't have been issued after the record was checked")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        drug = answers["other_drug"].strip() if answers["drug"] == OTHER else answers["drug"]
        yield MedicinesRecordChecked(
            **whose,
            **hand.stamp("record checked"),
            looked_in=answers["looked_in"],
            drug=drug,
            found=Answer(answers["found"]),
            last_issued=answers["last_issued"],
        )
        if answers["found"] == Answer.YES:
            yield PrescriptionIssued(
                **whose | {"occurred": on(answers["last_issued"])},
                **hand.stamp("issue"),
                drug=drug,
                setting=Setting.COMMUNITY,
                days_supplied=answers["days"],
                bone_drug=Answer.YES if drug in BONE_TREATMENTS or _listed(drug) else Answer.UNKNOWN,
            )


def _listed(drug: str) -> bool:
    """Whether what was typed is on the list of bone drugs; what isn't may still be one."""
    return bone_drug((), drug).answer is Answer.YES
