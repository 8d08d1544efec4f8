"""A decision is never a bare boolean: it says yes, no or unknown, because of what, by which rule of which edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule found. ``because`` holds the reasons in words that screen, letter and audit share."""

    outcome: Outcome
    because: tuple[str, ...] = ()
    rule: str = ""
    edition: str = ""

    def __bool__(self) -> bool:
        raise TypeError(f"a decision is yes, no or unknown, never true or false: ask .yes, .no or .unknown of {self!r}")

    @property
    def yes(self) -> bool:
        return self.outcome is Outcome.YES

    @property
    def no(self) -> bool:
        return self.outcome is Outcome.NO

    @property
    def unknown(self) -> bool:
        return self.outcome is Outcome.UNKNOWN

    def under(self, rule: str, edition: str) -> "Decision":
        """The same finding in the name of a rule and its edition."""
        return Decision(self.outcome, self.because, rule, edition)


def yes(*because: str) -> Decision:
    return Decision(Outcome.YES, because)


def no(*because: str) -> Decision:
    return Decision(Outcome.NO, because)


def unknown(*because: str) -> Decision:
    return Decision(Outcome.UNKNOWN, because)


def all_of(decisions: Iterable[Decision]) -> Decision:
    """No where one says no, else unknown where one does, else yes (Kleene's logic); the reasons of that outcome."""
    return _strongest(list(decisions), (Outcome.NO, Outcome.UNKNOWN, Outcome.YES), empty=Outcome.YES)


def any_of(decisions: Iterable[Decision]) -> Decision:
    """Yes where one says yes, else unknown where one does, else no; the reasons of that outcome."""
    return _strongest(list(decisions), (Outcome.YES, Outcome.UNKNOWN, Outcome.NO), empty=Outcome.NO)


def opposite(decision: Decision) -> Decision:
    """Yes for no and no for yes; unknown stays unknown."""
    turned = {Outcome.YES: Outcome.NO, Outcome.NO: Outcome.YES, Outcome.UNKNOWN: Outcome.UNKNOWN}
    return Decision(turned[decision.outcome], decision.because, decision.rule, decision.edition)


def _strongest(decisions: list[Decision], order: tuple[Outcome, ...], empty: Outcome) -> Decision:
    for outcome in order:
        speaking = [d for d in decisions if d.outcome is outcome]
        if speaking:
            return Decision(outcome, tuple(dict.fromkeys(reason for d in speaking for reason in d.because)))
    return Decision(empty)
