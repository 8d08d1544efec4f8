"""How a team judges its own work, along the four constructs of the study of implementation (Drew 2015, Implementation
Science 10:57: extended normalisation process theory).

The statements are our own wording of that study's findings. They are no validated instrument, give no score, and wait
to be confirmed: docs/safety/to-confirm.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SOURCE = "worded after Drew 2015, Implementation Science 10:57; not a validated instrument"
SCALE = ("strongly disagree", "disagree", "neither", "agree", "strongly agree")
LONGEST = 1000  # characters of a comment


class Construct(StrEnum):
    CAPACITY = "capacity"
    POTENTIAL = "potential"
    CAPABILITY = "capability"
    CONTRIBUTION = "contribution"


ABOUT: Mapping[Construct, str] = {
    Construct.CAPACITY: "Whether people work together so that the service can run.",
    Construct.POTENTIAL: "Whether people want it to work, each and together.",
    Construct.CAPABILITY: "Whether the work can be done beside everything else.",
    Construct.CONTRIBUTION: "What people do to keep it going.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement to agree or disagree with. ``finding``: what the study found that it asks after."""

    name: str
    words: str
    construct: Construct
    finding: str


STATEMENTS = (
    Statement(
        name="coordinator-organises",
        words="Somebody has the task of organising the way of each patient, from finding to follow-up.",
        construct=Construct.CAPACITY,
        finding="Coordinators organise the processes.",
    ),
    Statement(
        name="general-practice-reached",
        words="What we tell general practices reaches the person who has to act on it.",
        construct=Construct.CAPACITY,
        finding="Communication with general practitioners was challenging.",
    ),
    Statement(
        name="general-practice-answers",
        words="General practices tell us what became of what we asked for.",
        construct=Construct.CAPACITY,
        finding="Communication with general practitioners was challenging.",
    ),
    Statement(
        name="committed",
        words="The people round a fracture patient here are committed to preventing the next fracture.",
        construct=Construct.POTENTIAL,
        finding="Commitment was generally high.",
    ),
    Statement(
        name="professions-together",
        words="Working with other professions strengthens my own commitment to it.",
        construct=Construct.POTENTIAL,
        finding="Multidisciplinary working reinforced the commitment.",
    ),
    Statement(
        name="time-freed",
        words="The coordinator's work frees the time that others need for their own part.",
        construct=Construct.CAPABILITY,
        finding="Coordinators free up the time of others.",
    ),
    Statement(
        name="part-can-be-done",
        words="I can do my own part in the service beside my other work.",
        construct=Construct.CAPABILITY,
        finding="Coordinators free up the time of others.",
    ),
    Statement(
        name="coordinator-drives",
        words="It is the coordinator who sees to it that things happen.",
        construct=Construct.CONTRIBUTION,
        finding="Coordinators are the key agents.",
    ),
    Statement(
        name="goes-on-without",
        words="When the coordinator is away, the work goes on.",
        construct=Construct.CONTRIBUTION,
        finding="Coordinators are the key agents.",
    ),
)
STATEMENT_OF_NAME = {statement.name: statement for statement in STATEMENTS}


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many answered, and how many gave each answer of `SCALE`; ``counts`` is None where too few answered."""

    answered: int
    counts: tuple[int, ...] | None


def distribution(ratings: Iterable[int], shown_from: int) -> Distribution:
    """The answers (1 to 5) to one statement. With fewer than ``shown_from`` of them no answer is shown."""
    counted = Counter(ratings)
    answered = counted.total()
    shown = answered >= max(shown_from, 1)
    return Distribution(answered, tuple(counted[point] for point in range(1, len(SCALE) + 1)) if shown else None)


class NoRating(ValueError):
    """The rating or comment doesn't fit; the words say which and why."""


def checked_ratings(plain: Mapping[str, Any]) -> dict[str, int]:
    """The ratings by statement, those not given left out. Raises `NoRating`."""
    for name, rating in plain.items():
        if name not in STATEMENT_OF_NAME:
            raise NoRating(f"there is no statement {name!r}")
        if type(rating) is not int or not 1 <= rating <= len(SCALE):
            raise NoRating(f"{name}: {rating!r} is not a whole number from 1 to {len(SCALE)}")
    return {statement.name: plain[statement.name] for statement in STATEMENTS if statement.name in plain}
