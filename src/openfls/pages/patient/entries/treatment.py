"""What was decided about bone treatment, and that it began."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.facts import (
    Answer,
    DoseGiven,
    Fact,
    PrescriptionIssued,
    PrescriptionRequested,
    Setting,
    TreatmentAdvice,
    TreatmentDecision,
)
from openfls.clinical.standards import Step
from openfls.pages.forms.fields import DayField, each, line, radios, select, words
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.drugs import ANOTHER, BONE_TREATMENTS, CHOICES, NOT_CHOSEN, OTHER
from openfls.pages.patient.entries.entry import Entry

WITH_DRUG = (TreatmentAdvice.RECOMMENDED, TreatmentAdvice.CONTINUE)
WITH_REASON = (TreatmentAdvice.INAPPROPRIATE, TreatmentAdvice.DECLINED)
NOT_STARTED = "not started"
GP_ASKED = "GP asked"
PRESCRIBED = "prescribed"
GIVEN = "given"
BEGINNINGS = [
    (NOT_STARTED, "Not yet: leave the task open"),
    (GP_ASKED, "The GP is asked to prescribe; the task stays open until a prescription is confirmed"),
    (PRESCRIBED, "Prescribed"),
    (GIVEN, "First dose given"),
]
SETTINGS = [
    (Setting.INPATIENT.value, "On the ward"),
    (Setting.OUTPATIENT.value, "In a hospital clinic"),
    (Setting.COMMUNITY.value, "By the practice or in the community"),
]


class _WithDrug(Entry):
    """A form that names a drug, from the list or in words."""

    def drug(self) -> str:
        chosen = self.cleaned_data.get("drug") or ""
        return (self.cleaned_data.get("other_drug") or "").strip() if chosen == OTHER else chosen

    def bone_drug(self) -> Answer:
        return Answer.YES if self.drug() in BONE_TREATMENTS else Answer.UNKNOWN

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        if answers.get("drug") == OTHER:
            self.need("other_drug", "Enter the name of the treatment")
        elif answers.get("other_drug"):
            self.add_error("drug", NOT_CHOSEN)
        return answers

    def beginning(self, kind: str, setting: str, hand: Hand, whose: dict[str, Any]) -> Fact:
        where = Setting(setting or "unknown")
        if kind == GIVEN:
            return DoseGiven(**whose, **hand.stamp(kind), drug=self.drug(), setting=where, bone_drug=self.bone_drug())
        return PrescriptionIssued(
            **whose, **hand.stamp(kind), drug=self.drug(), setting=where, bone_drug=self.bone_drug()
        )


class Decision(_WithDrug):
    name = "treatment"
    title = "Treatment decision"
    button = "Save decision"
    explanation = "What the clinician decided. This page checks no contraindication and no dose."
    steps = (Step.DECIDE,)
    parts = (("How it begins", ("begins", "where")),)

    day = DayField(label="Date of the decision", called="the date of the decision")
    advice = radios("What was decided", each(TreatmentAdvice))
    drug = select("Bone treatment", CHOICES, required=False)
    other_drug = line(ANOTHER)
    reason = words("Reason", rows=2, help_text="Needed where treatment is inappropriate or was declined.")
    begins = radios("Has it begun?", BEGINNINGS, required=False, initial=NOT_STARTED)
    where = radios("Where", SETTINGS, required=False)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        advice, begins = answers.get("advice"), answers.get("begins")
        if advice in WITH_DRUG or begins in (GP_ASKED, PRESCRIBED, GIVEN):
            self.need("drug", "Choose the bone treatment")
        if advice in WITH_REASON:
            self.need("reason", "Enter the reason")
            if begins in (GP_ASKED, PRESCRIBED, GIVEN):
                self.add_error("begins", "Treatment can't begin when it is inappropriate or declined")
        if begins in (PRESCRIBED, GIVEN):
            self.need("where", "Choose where it began")
        elif answers.get("where"):
            self.add_error("begins", "Choose whether it was prescribed or given: a place was chosen")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        advice = TreatmentAdvice(answers["advice"])
        yield TreatmentDecision(
            **whose, **hand.stamp("decision"), advice=advice, drug=self.drug(), reason=answers["reason"]
        )
        if answers["begins"] == GP_ASKED:
            yield PrescriptionRequested(**whose, **hand.stamp("request"), drug=self.drug(), asked_of="general practice")
        elif answers["begins"] in (PRESCRIBED, GIVEN):
            yield self.beginning(answers["begins"], answers["where"], hand, whose)


class Started(_WithDrug):
    name = "started"
    title = "Treatment started or resumed"
    button = "Save"
    steps = (Step.START, Step.NOT_TAKEN)

    day = DayField(label="Date", called="the date")
    how = radios("What happened", [(PRESCRIBED, "A prescription was issued"), (GIVEN, "A dose was given")])
    drug = select("Bone treatment", CHOICES)
    other_drug = line(ANOTHER)
    where = radios("Where", SETTINGS)

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield self.beginning(answers["how"], answers["where"], hand, whose)
