"""Referrals, what the patient doesn't want, a line of note, a death."""

from openfls.clinical import facts
from openfls.clinical.facts import Answer, Declined, Fact, Note, Referral
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Step
from openfls.clinical.when import on
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
    )
]  # fmt: skip


class ReferralTo(Entry):
    name = "referral"
    title = "Referral"
    button = "Save"
    steps = (Step.STRENGTH_BALANCE,)

    day = DayField(label="Date", called="the date", help_text="Of the start, if it has started; else of the referral.")
    service = select("Service", SERVICES)
    started = radios("Has it started?", [("yes", "Yes"), ("no", "No, referred only"), ("unknown", "Not known")])

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        answers = self.cleaned_data
        started = Answer(answers["started"])
        whose = {"record": record, "occurred": on(answers["day"]), "about": about}
        return [Referral(**whose, **hand.stamp("referral"), service=answers["service"], started=started)]


class NotWanted(Entry):
    name = "declined"
    title = "Patient declines"
    button = "Save"
    explanation = "An informed decision of the patient. It can be taken back whenever the patient changes their mind."

    day = DayField(label="Date", called="the date")
    step = select("What is declined", DECLINABLE)
    reason = words("Reason, in the patient's words", rows=2, required=True)

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        answers = self.cleaned_data
        whose = {"record": record, "occurred": on(answers["day"]), "about": about}
        return [Declined(**whose, **hand.stamp("declined"), step=answers["step"], reason=answers["reason"])]


class Line(Entry):
    name = "note"
    title = "Note"
    button = "Save note"
    explanation = "Anything worth a line: the call, the word in the corridor."

    day = DayField(label="Date", called="the date")
    text = words("Note", required=True)

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        answers = self.cleaned_data
        whose = {"record": record, "occurred": on(answers["day"]), "about": about}
        return [Note(**whose, **hand.stamp("note"), text=answers["text"])]


class Death(Entry):
    name = "death"
    title = "Patient has died"
    button = "Record the death"
    explanation = "All contact stops at once. One person is asked to confirm that the open tasks can be closed."
    steps = ()
    of_fracture = False

    day = DayField(label="Date of death", called="the date of death")
    formal = radios("How is it known", [("yes", "Registered, or told by the hospital"), ("no", "Told informally")])

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        answers = self.cleaned_data
        formal = Answer(answers["formal"])
        return [facts.Death(record=record, occurred=on(answers["day"]), **hand.stamp("death"), formal=formal)]
