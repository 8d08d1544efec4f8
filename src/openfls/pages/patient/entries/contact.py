"""Follow-up, attempts to reach the patient, letters."""

from collections.abc import Iterator
from typing import Any

from openfls.clinical.facts import Answer, ContactAttempt, Fact, FollowUpOutcome, LetterAcknowledged, LetterSent, Note
from openfls.clinical.standards import Step
from openfls.pages.forms.fields import DayField, line, radios, select, sentence, words
from openfls.pages.forms.hand import Hand
from openfls.pages.patient.entries.drugs import ANOTHER, CHOICES, NOT_CHOSEN, OTHER
from openfls.pages.patient.entries.entry import Entry

YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
STOPPED = [
    (reason, sentence(reason))
    for reason in (
        "never prescribed", "never started", "side effects", "stopped by a clinician", "no longer appropriate",
        "informed decline", "ran out", "other",
    )
]  # fmt: skip
MEANS = [(means, sentence(means)) for means in ("phone", "text message", "letter", "e-mail", "in person", "carer")]
OUTCOMES = [
    (outcome, sentence(outcome))
    for outcome in ("reached", "no answer", "message left", "wrong number", "call back later", "not able to talk")
]
RECIPIENTS = [("general practice", "General practice"), ("patient", "Patient"), ("care home", "Care home")]
ANSWERS = [
    (answer, sentence(answer))
    for answer in ("accepted, will prescribe", "accepted, already prescribed", "received", "not accepted")
]
CONTACT_STEPS = [
    (step.value, sentence(step.value))
    for step in (Step.ASSESS, Step.FOLLOW_UP_16, Step.FOLLOW_UP_52, Step.NOT_TAKEN)
]


NOT_ANSWERED = "Left empty, it counts as not known."


class FollowUp(Entry):
    name = "follow-up"
    title = "Follow-up"
    button = "Save follow-up"
    explanation = "For a patient, carer or practice that was reached. If nobody was, record an attempt instead."
    follows = True
    steps = (Step.FOLLOW_UP_16, Step.FOLLOW_UP_52)
    contacts = True

    day = DayField(label="Date of the follow-up", called="the date of the follow-up")
    on_treatment = radios("On bone treatment now", YES_NO_UNKNOWN)
    drug = select("Bone treatment", CHOICES, required=False)
    other_drug = line(ANOTHER)
    reason = select("If not on treatment, why", STOPPED, required=False)
    refractured = radios("Another fracture since", YES_NO_UNKNOWN)
    adverse_effects_asked = select(
        "Asked about side effects", [("yes", "Yes"), ("no", "No")], required=False, help_text=NOT_ANSWERED
    )
    text = words("Note", rows=2, help_text="Optional.")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        if answers.get("on_treatment") == "yes":
            self.need("drug", "Choose the bone treatment")
        if answers.get("on_treatment") == "no":
            self.need("reason", "Choose why the patient is not on treatment")
        if answers.get("drug") == OTHER:
            self.need("other_drug", "Enter the name of the treatment")
        elif answers.get("other_drug"):
            self.add_error("drug", NOT_CHOSEN)
        if answers.get("reason") and answers.get("on_treatment") == "yes":
            self.add_error("on_treatment", "Choose “No”, or leave out why the patient is not on treatment")
        return answers

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield FollowUpOutcome(
            **whose,
            **hand.stamp("follow-up"),
            on_treatment=Answer(answers["on_treatment"]),
            drug=answers["other_drug"] if answers["drug"] == OTHER else answers["drug"],
            refractured=Answer(answers["refractured"]),
            reason=answers["reason"],
            adverse_effects_asked=Answer(answers["adverse_effects_asked"] or Answer.UNKNOWN),
        )
        yield from _note(answers["text"], hand, whose)


class Attempt(Entry):
    name = "contact"
    title = "Attempt to reach the patient"
    button = "Save attempt"
    explanation = "No answer never closes a task."
    follows = True
    contacts = True

    day = DayField(label="Date of the attempt", called="the date of the attempt")
    means = radios("How", MEANS)
    outcome = radios("What came of it", OUTCOMES)
    step = select("What for", CONTACT_STEPS, required=False)
    text = words("Note", rows=2, help_text="Optional.")

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield ContactAttempt(
            **whose,
            **hand.stamp("attempt"),
            by_means=answers["means"],
            outcome=answers["outcome"],
            step=answers["step"],
        )
        yield from _note(answers["text"], hand, whose)


class Letter(Entry):
    name = "letter"
    title = "Letter sent"
    button = "Save"
    explanation = "Records a letter that has gone. It sends nothing."
    follows = True
    steps = (Step.TELL_GP,)
    contacts = True

    day = DayField(label="Date it was sent", called="the date it was sent")
    to = radios("To", RECIPIENTS, initial="general practice")
    subject = line("What it asks or tells", required=True)
    practice = line("Practice", help_text="Optional. Name or code, if it is not the practice on record.")

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield LetterSent(
            **whose,
            **hand.stamp("letter"),
            to=answers["to"],
            subject=answers["subject"],
            practice=answers["practice"],
        )


class LetterAcknowledgement(Entry):
    name = "letter-acknowledged"
    title = "Letter acknowledged"
    button = "Save"
    follows = True
    steps = (Step.GP_ACKNOWLEDGES,)

    day = DayField(label="Date of the answer", called="the date of the answer")
    answered_by = line("Who answered", required=True)
    answer = radios("Answer", ANSWERS, missing="Choose what was answered")

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        answers = self.cleaned_data
        yield LetterAcknowledged(
            **whose,
            **hand.stamp("acknowledgement"),
            answered_by=answers["answered_by"],
            answer=answers["answer"],
        )


def _note(text: str, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
    if text.strip():
        yield Note(**whose, **hand.stamp("note"), text=text)
