"""Service standards graded: a level or band for a site and a year, or unknown with the open question. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from openfls.clinical.bands import Band, Bands
from openfls.clinical.expressions import Parameter
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.service_rulebook import QUESTIONS, SERVICE_STANDARDS
from openfls.clinical.service_standards import (
    AnyOf,
    BothOf,
    Days,
    FewFieldsMissing,
    Plan,
    Question,
    Ratio,
    ServiceStandard,
    ShareAnswered,
    ShareMet,
    Steps,
)
from openfls.measures.counting import Measure

Answers = Mapping[str, bool | float | None]  # question name → answer; missing or None: nobody has answered

UNKNOWN, BELOW, MET, MISSED = "unknown", "below level 1", "met", "not met"


@dataclass(frozen=True)
class Figures:
    """What the record counts of a site and a year. A number that nobody counted is left out, never 0."""

    measures: Mapping[str, Measure] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, Sequence[int]] = field(default_factory=dict)
    missing: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # field → how many lack it, of how many
    parameters: Parameters = DEFAULTS


@dataclass(frozen=True, slots=True)
class Grade:
    """``grade``: *level 1* to *level 3*, *below level 1*, a band, *met*, *not met*, or *unknown*.

    ``value`` is what it rests on where that is a number; ``open`` names the questions whose answer could change it.
    """

    standard: ServiceStandard
    grade: str
    because: tuple[str, ...]
    value: float | None = None
    open: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return self.grade != UNKNOWN


def grades(figures: Figures, answers: Answers) -> list[Grade]:
    """Every service standard graded, in the order of its rulebook."""
    return [grade(standard, figures, answers) for standard in SERVICE_STANDARDS]


def faults(answers: Mapping[str, object]) -> list[str]:
    """What is wrong with these answers, each with what, where and how to mend it."""
    return [fault for name, answer in answers.items() if (fault := _fault(name, answer))]


def grade(standard: ServiceStandard, figures: Figures, answers: Answers) -> Grade:
    match standard.rule:
        case ShareMet(name, levels, late_too):
            return _by_measure(standard, figures.measures.get(name), name, levels, late_too)
        case ShareAnswered(question, levels):
            return _by_answer(standard, question, answers, levels)
        case Days(figure, levels):
            return _by_days(standard, figures.days.get(figure, ()), figure, levels)
        case Steps(questions):
            return _by_steps(standard, questions, answers)
        case AnyOf(questions):
            return _by_highest(standard, questions, answers)
        case BothOf(first, second):
            return _by_both(standard, first, second, answers)
        case Plan():
            return _by_plan(standard, standard.rule, answers)
        case Ratio():
            return _by_ratio(standard, standard.rule, figures, answers)
        case FewFieldsMissing():
            return _by_fields(standard, standard.rule, figures)


def _level(number: int) -> str:
    return f"level {number}" if number else BELOW


def _reached(value: float, levels: Sequence[float]) -> str:
    return _level(sum(value >= level for level in levels))


def _asked(*questions: Question) -> tuple[str, ...]:
    return tuple(question.name for question in questions)


def _not_answered(standard: ServiceStandard, *questions: Question) -> Grade:
    because = tuple(f"not answered: {question.words}" for question in questions)
    return Grade(standard, UNKNOWN, because, open=_asked(*questions))


def _by_measure(
    standard: ServiceStandard, measure: Measure | None, name: str, levels: Sequence[float], late_too: bool
) -> Grade:
    if measure is None or not measure.judged:
        return Grade(standard, UNKNOWN, (f"nobody judged yet: {BY_NAME[name].title}",))
    met = measure.met + (measure.met_late if late_too else 0)
    share = 100 * met / measure.judged
    return Grade(standard, _reached(share, levels), (f"{met} of {measure.judged}: {BY_NAME[name].title}",), share)


def _by_answer(standard: ServiceStandard, question: Question, answers: Answers, levels: Sequence[float]) -> Grade:
    answer = answers.get(question.name)
    if answer is None:
        return _not_answered(standard, question)
    return Grade(standard, _reached(answer, levels), (f"{question.words} {answer:g} {question.unit}",), float(answer))


def _by_days(standard: ServiceStandard, days: Sequence[int], figure: str, levels: Sequence[int]) -> Grade:
    if not days:
        return Grade(standard, UNKNOWN, (f"nobody counted yet: {figure}",))
    middle = median(days)
    level = sum(middle <= most for most in levels)
    return Grade(standard, _level(level), (f"{figure}: median {middle:g} of {len(days)} patients",), float(middle))


def _by_steps(standard: ServiceStandard, questions: Sequence[Question], answers: Answers) -> Grade:
    """Up to the first *no*. An unanswered step leaves the grade unknown, with what is certain."""
    for number, question in enumerate(questions):
        answer = answers.get(question.name)
        if answer is None:
            certain = (f"at least level {number}",) if number else ()
            return Grade(standard, UNKNOWN, (f"not answered: {question.words}", *certain), open=_asked(question))
        if not answer:
            return Grade(standard, _level(number), (f"no: {question.words}",))
    return Grade(standard, _level(len(questions)), tuple(f"yes: {question.words}" for question in questions))


def _by_highest(standard: ServiceStandard, questions: Sequence[Question], answers: Answers) -> Grade:
    """From the top: the first *yes*; one above it that nobody answered leaves the grade unknown."""
    unanswered = []
    for number, question in reversed(list(enumerate(questions, start=1))):
        answer = answers.get(question.name)
        if answer is None:
            unanswered.append(question)
        elif answer and not unanswered:
            return Grade(standard, _level(number), (f"yes: {question.words}",))
        elif answer:
            break
    if unanswered:
        return _not_answered(standard, *unanswered)
    return Grade(standard, BELOW, tuple(f"no: {question.words}" for question in questions))


def _by_both(standard: ServiceStandard, first: Question, second: Question, answers: Answers) -> Grade:
    unanswered = [question for question in (first, second) if answers.get(question.name) is None]
    if unanswered:
        return _not_answered(standard, *unanswered)
    level = (1 if answers[first.name] else 0) + (2 if answers[second.name] else 0)
    told = tuple(f"{'yes' if answers[question.name] else 'no'}: {question.words}" for question in (first, second))
    return Grade(standard, _level(level), told)


def _by_plan(standard: ServiceStandard, plan: Plan, answers: Answers) -> Grade:
    sent, held = answers.get(plan.first.name), answers.get(plan.held.name)
    if sent is None:
        return _not_answered(standard, plan.first)
    if not sent:
        return Grade(standard, BELOW, (f"no: {plan.first.words}",))
    if held is None:
        return _not_answered(standard, plan.held)
    level = 1 + sum(held >= most for most in plan.levels)
    return Grade(standard, _level(level), (f"{plan.held.words} {held:g} {plan.held.unit}",), float(held))


def _by_ratio(standard: ServiceStandard, ratio: Ratio, figures: Figures, answers: Answers) -> Grade:
    part, whole = _number(ratio.part, figures, answers), _number(ratio.whole, figures, answers)
    if part is None or whole is None:
        wanting = [asked for asked, number in ((ratio.part, part), (ratio.whole, whole)) if number is None]
        because = tuple(f"not answered: {a.words}" if isinstance(a, Question) else f"not counted: {a}" for a in wanting)
        return Grade(standard, UNKNOWN, because, open=_asked(*(a for a in wanting if isinstance(a, Question))))
    times = ratio.times
    expected = whole * (getattr(figures.parameters, times.name) if isinstance(times, Parameter) else times)
    if not expected:
        return Grade(standard, UNKNOWN, ("nobody is to be expected: a share of nothing can't be said",))
    return _banded(standard, ratio.bands, part, expected)


def _banded(standard: ServiceStandard, bands: Bands, part: float, whole: float) -> Grade:
    band = bands.of(part, whole)
    because = (f"{part:g} of {whole:g}", bands.told())
    return Grade(standard, UNKNOWN if band is Band.NONE else band.value, because, 100 * part / whole)


def _number(asked: "str | Question", figures: Figures, answers: Answers) -> float | None:
    answer = answers.get(asked.name) if isinstance(asked, Question) else figures.numbers.get(asked)
    return None if answer is None else float(answer)


def _by_fields(standard: ServiceStandard, rule: FewFieldsMissing, figures: Figures) -> Grade:
    """Decided as soon as the fields not counted can no longer turn it."""
    counted = {name: figures.missing[name] for name in rule.fields if figures.missing.get(name, (0, 0))[1]}
    bad = [name for name, (missing, of) in counted.items() if 100 * missing > rule.percent * of]
    wanting = [name for name in rule.fields if name not in counted]
    told = f"{len(bad)} of {len(counted)} fields with more than {rule.percent:g}% missing"
    because = (f"{told}: {', '.join(bad)}" if bad else told,)
    if len(bad) >= rule.limit:
        return Grade(standard, MISSED, because, float(len(bad)))
    if len(bad) + len(wanting) < rule.limit:
        return Grade(standard, MET, because, float(len(bad)))
    return Grade(standard, UNKNOWN, (*because, f"not counted: {', '.join(wanting)}"))


def _fault(name: str, answer: object) -> str:
    question = QUESTIONS.get(name)
    if question is None:
        return f"{name!r} is no question; there are {', '.join(sorted(QUESTIONS))}."
    if answer is None:
        return ""
    if not question.unit:
        return "" if isinstance(answer, bool) else f"{name!r} holds {answer!r}: write true, false or null."
    return _fault_of_number(question, answer)


def _fault_of_number(question: Question, answer: object) -> str:
    most = question.at_most
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return f"{question.name!r} holds {answer!r}: write a number ({question.unit}), or null."
    if not 0 <= answer <= (most if most is not None else float("inf")):
        between = f"between 0 and {most:g}" if most is not None else "of 0 or more"
        return f"{question.name!r} holds {answer!r}: write a number {between} ({question.unit})."
    return ""
