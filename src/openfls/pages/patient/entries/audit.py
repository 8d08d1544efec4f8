"""What audits ask and no other form holds, and a check for a national data opt-out."""

from collections.abc import Iterator
from typing import Any

from django import forms

from openfls.clinical.facts import Answer, AuditAnswer, Fact, OptOutChecked
from openfls.feeds.csv.audit_words import AUDIT
from openfls.measures.audits.fields import AuditField
from openfls.measures.audits.fls_db import ASKED_BY_HAND
from openfls.pages.forms.fields import DayField, line, radios, select
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.entry import Entry

WORDS = {
    "2.01 Height": "Height in centimetres",
    "2.02 Weight": "Weight in kilograms",
    "2.03 PrevFracHist": "Earlier fragility fracture",
    "2.04 FamHipFracHist": "Parent with a broken hip",
    "2.05 Smoker": "Smokes",
    "2.06 BoneSpareTherapy": "Bone treatment before this fracture",
    "4.02 CalciumVitDRec": "Calcium and vitamin D recommended",
    "5.02 TwoFalls": "Two or more falls in a year",
    "5.03 FearOfFalling": "Fear of falling",
    "5.04 MedsIncRiskFall": "Medicines that make falls likelier",
    "5.05 PreFracMob": "Mobility before the fracture",
    "5.06 Vision": "Vision impaired",
    "5.07 Toileting": "Trouble with toileting",
    "5.08 AbnormalCardAssess": "Cardiovascular assessment abnormal",
    "5.09 CognitiveImpairment": "Cognitive impairment",
}


class AuditAnswers(Entry):
    name = "audit-answers"
    title = "Audit answers"
    button = "Save answers"
    explanation = "What FLS-DB asks and no other form holds. Leave empty what nobody asked; “Don't know” is an answer."

    day = DayField(label="Date", called="the date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, field in enumerate(ASKED_BY_HAND):
            self.fields[f"answer-{number}"] = _field(field)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not any(answers.get(f"answer-{number}") for number in range(len(ASKED_BY_HAND))):
            self.add_error("answer-0", "Answer at least one question")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        for number, field in enumerate(ASKED_BY_HAND):
            if answer := self.cleaned_data[f"answer-{number}"]:
                stamp = hand.stamp(field.header)
                yield AuditAnswer(**whose, **stamp, audit=AUDIT, question=field.header, answer=answer)


def _field(field: AuditField) -> forms.Field:
    label = WORDS[field.header]
    if field.words:
        return select(label, [(word, word) for word in field.words], required=False)
    return line(label, max_length=60)


class OptOut(Entry):
    name = "opt-out"
    title = "Check for a national data opt-out"
    explanation = "It keeps the patient's data out of audit exports. It changes nothing in their care."
    of_fracture = False

    day = DayField(label="Day of the check", called="the day of the check")
    opted_out = radios(
        "Has the patient a national data opt-out?",
        [("yes", "Yes"), ("no", "No")],
        missing="Choose whether the patient has opted out",
    )

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        yield OptOutChecked(**whose, **hand.stamp("opt-out"), opted_out=Answer(self.cleaned_data["opted_out"]))
