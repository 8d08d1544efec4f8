"""What a person does with a task: take it, hand it over, close it with a reason, open it again, mark it seen."""

from collections.abc import Iterable
from typing import Any

from openfls.clinical.facts import ClosingReason, Fact, TaskClosed, TaskOwned, TaskReopened, TaskSeen
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Step
from openfls.clinical.when import at
from openfls.pages.forms.fields import each, select, words
from openfls.pages.forms.hand import Hand, HandForm


class Act(HandForm):
    """A form about one task."""

    def fact(self, hand: Hand, record: PatientRecord, about: tuple[str, ...], step: Step, now: Any) -> Fact:
        """Call after `is_valid`. ``now``: the clock on the wall, when it was done."""
        whose = {"record": record, "occurred": at(now), "about": about, "step": step.value, **hand.stamp("act")}
        return self.made(whose)

    def made(self, whose: dict[str, Any]) -> Fact:
        raise NotImplementedError


class Close(Act):
    """A named person ends the task. The reason is coded, so that it can be counted."""

    reason = select("Why it is closed", each(ClosingReason))
    text = words("In your words", rows=2, help_text="Needed for “clinically not appropriate” and “done elsewhere”.")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean()
        explained = (ClosingReason.NOT_APPROPRIATE, ClosingReason.DONE_ELSEWHERE)
        if answers.get("reason") in explained and not answers.get("text"):
            self.add_error("text", "Say why, in a few words")
        return answers

    def made(self, whose: dict[str, Any]) -> Fact:
        reason = ClosingReason(self.cleaned_data["reason"])
        return TaskClosed(**whose, reason=reason, words=self.cleaned_data["text"])


class HandOver(Act):
    """To a colleague at one of the viewer's sites, or back to nobody."""

    owner = select("Hand over to", [])
    text = words("What the next person should know", rows=2)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", ""), *colleagues, (NOBODY, "Nobody: back to the list of the role")]

    def made(self, whose: dict[str, Any]) -> Fact:
        owner = self.cleaned_data["owner"]
        return TaskOwned(**whose, owner="" if owner == NOBODY else owner, words=self.cleaned_data["text"])


class Reopen(Act):
    text = words("Why it is opened again", required=True, rows=2)

    def made(self, whose: dict[str, Any]) -> Fact:
        return TaskReopened(**whose, words=self.cleaned_data["text"])


class Take(Act):
    """The task is the viewer's own from now on."""

    def made(self, whose: dict[str, Any]) -> Fact:
        return TaskOwned(**whose, owner=whose["by"])


class Seen(Act):
    """Somebody has seen what a feed did."""

    def made(self, whose: dict[str, Any]) -> Fact:
        return TaskSeen(**whose)


NOBODY = "-"
ACTS: dict[str, type[Act]] = {"close": Close, "hand-over": HandOver, "reopen": Reopen, "take": Take, "seen": Seen}
DONE = {
    "close": "Task closed.",
    "hand-over": "Task handed over.",
    "reopen": "Task opened again.",
    "take": "The task is yours.",
    "seen": "Marked as seen.",
}
