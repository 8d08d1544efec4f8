"""Referrals, what the patient doesn't want, a line of note, a death."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical import facts
from openfls.clinical.facts import Answer, Declined, Fact, Note, Referral
from openfls.clinical.standards import Step
from openfls.pages.forms.fields import DayField, radios, select, sentence, words
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.entry import Entry

SERVICES = [
    (service, sentence(service))
    for service in ("strength and balance", "falls service", "osteoporosis clinic", "dental check", "other")
]
DECLINABLE = [
    (step.value, sentence(step.value))
    for step in (
        Step.ASSESS, Step.FALLS, Step.DXA, Step.START, Step.STRENGTH_BALANCE, Step.FOLLOW_UP_16, Step.FOLLOW_UP_52,
        Step.NOT_TAKEN,
    )
]  # fmt: skip


class ReferralTo(Entry):
    name = "referral"
    title = "Referral"
    button = "Save"
    steps = (Step.STRENGTH_BALANCE,)

    day = DayField(label="Date", called="the date", help_text="Of the start, if it has started; else of the referral.")
    service = select("Service", SERVICES)
    started = radios(
        "Has it started?",
        [("yes", "Yes"), ("no", "No, referred only"), ("unknown", "Not known")],
        missing="Choose whether it has started",
    )

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        started = Answer(answers["started"])
        yield Referral(**whose, **hand.stamp("referral"), service=answers["service"], started=started)


class NotWanted(Entry):
    name = "declined"
    title = "Patient declines"
    button = "Save"
    explanation = "An informed decision of the patient. It can be taken back whenever the patient changes their mind."

    day = DayField(label="Date", called="the date")
    step = select("What is declined", DECLINABLE)
    reason = words("Reason, in the patient's words", rows=2, required=True)

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield Declined(**whose, **hand.stamp("declined"), step=answers["step"], reason=answers["reason"])


class Line(Entry):
    name = "note"
    title = "Note"
    button = "Save note"
    explanation = "Anything worth a line: the call, the word in the corridor."

    day = DayField(label="Date", called="the date")
    text = words("Note", required=True)

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        yield Note(**whose, **hand.stamp("note"), text=self.cleaned_data["text"])


class Death(Entry):
    name = "death"
    title = "Patient has died"
    button = "Record the death"
    explanation = "All contact stops at once. One person is asked to confirm that the open tasks can be closed."
    steps = ()
    of_fracture = False

    day = DayField(label="Date of death", called="the date of death")
    formal = radios("How is it known", [("yes", "Registered, or told by the hospital"), ("no", "Told informally")])

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        yield facts.Death(**whose, **hand.stamp("death"), formal=Answer(self.cleaned_data["formal"]))
