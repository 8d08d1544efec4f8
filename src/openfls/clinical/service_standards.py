"""Service standards: what should be true of a service in a year, and how it is graded.

The second kind beside `Standard`, which is about one patient. A grade rests on what was counted (measures, numbers of
records) and on answers that people of the service give (a mapping from a question's name to its answer). What nobody
has counted or answered is *unknown*, with the question that is open; it is never "no".
"""

from dataclasses import dataclass
from datetime import date

from openfls.clinical.bands import Bands
from openfls.clinical.expressions import Parameter
from openfls.clinical.standards import NOT_CLINICALLY_CHECKED, Component, Family


@dataclass(frozen=True, slots=True)
class Question:
    """``name`` is the key of its answer: True or False, or where ``unit`` is given a number of it."""

    name: str
    words: str
    unit: str = ""
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class ShareMet:
    """Levels by the share of a patient-level standard's measure; ``late_too``: met late counts as met."""

    standard: str
    levels: tuple[float, float, float]
    late_too: bool = True


@dataclass(frozen=True, slots=True)
class ShareAnswered:
    """Levels by a share in percent that the service answers, because the record can't count it."""

    question: Question
    levels: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Days:
    """Levels by the median number of days that a figure counts: the fewer the better, each up to its day."""

    figure: str
    levels: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Steps:
    """A level for each question answered yes, one building on the other."""

    questions: tuple[Question, Question, Question]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The level of the highest question answered yes, whatever the others say (local, regional, national)."""

    questions: tuple[Question, Question, Question]


@dataclass(frozen=True, slots=True)
class BothOf:
    """The first question gives level 1, the second level 2, both together level 3."""

    first: Question
    second: Question


@dataclass(frozen=True, slots=True)
class Plan:
    """Level 1 by a question; 2 and 3 by the share of a plan's items that are held, in percent."""

    first: Question
    held: Question
    levels: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of two numbers, with bands. Each is a figure that the record counts, or a question's answer."""

    part: "str | Question"
    whole: "str | Question"
    bands: Bands
    times: float | Parameter = 1  # the whole is so many times this number


@dataclass(frozen=True, slots=True)
class FewFieldsMissing:
    """Fewer than ``limit`` of the ``fields`` have more than ``percent`` missing. ``figure``: name → (missing, of)."""

    fields: tuple[str, ...]
    percent: float
    limit: int


Rule = ShareMet | ShareAnswered | Days | Steps | AnyOf | BothOf | Plan | Ratio | FewFieldsMissing


@dataclass(frozen=True, kw_only=True)
class ServiceStandard:
    """A declaration about a site and a year, reviewed like a `Standard`. ``confirmed``: its rule was read in the
    source; else it is general knowledge and says so."""

    name: str
    title: str
    why: str
    component: Component
    source: str
    edition: str
    family: Family
    rule: Rule
    aliases: tuple[str, ...] = ()
    confirmed: bool = True
    choices: tuple[str, ...] = ()
    notes: str = ""
    authored_by: str = "OpenFLS contributors"
    checked_by: str = ""
    next_review: date = date(2027, 11, 1)

    @property
    def checked(self) -> str:
        return f"checked by {self.checked_by}" if self.checked_by else NOT_CLINICALLY_CHECKED

    @property
    def questions(self) -> tuple[Question, ...]:
        """What somebody of the service is asked for it."""
        return questions_of(self.rule)


def questions_of(rule: Rule) -> tuple[Question, ...]:
    match rule:
        case Steps(questions) | AnyOf(questions):
            return questions
        case ShareAnswered(question):
            return (question,)
        case BothOf(first, second) | Plan(first, second):
            return (first, second)
        case Ratio(part, whole):
            return tuple(asked for asked in (part, whole) if isinstance(asked, Question))
    return ()
