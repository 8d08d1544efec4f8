"""What a question of the service profile is, and which answers it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openfls.clinical.standards import Component

Answers = Mapping[str, Any]  # a question's name to text, a number, or a list of texts

DONT_KNOW = "don't know"  # said by a person; as unknown as a question that nobody answered
NONE = "none of these"
LONGEST = 500  # characters of an answer in words


class Kind(StrEnum):
    CHOICE = "one of"
    SEVERAL = "any of"
    NUMBER = "number"
    WORDS = "words"


class Source(StrEnum):
    """Where it is known from that the matter is worth asking. The wording, and the answers to choose, are our own."""

    QUESTIONNAIRE = "Drew 2014, questionnaire to eleven hospitals"
    FACILITIES = "FLS-DB 2019, facilities columns"
    POSTS = "FLS-DB 2017, facilities columns"
    INTERVIEWS = "Drew 2016, interviews"
    FRAMEWORK = "IOF Best Practice Framework 2013"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. ``choices`` of a CHOICE or SEVERAL are kept and shown in the same words."""

    name: str
    words: str
    kind: Kind
    source: Source
    choices: tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False
    most: float = 10_000_000
    least: float = 0
    hint: str = ""

    @property
    def asks(self) -> str:
        """The words with the unit of a number: ``Usual wait for DXA, in weeks``."""
        return f"{self.words}, in {self.unit}" if self.unit else self.words

    @property
    def offered(self) -> tuple[str, ...]:
        """What a person may choose: *none of these* where several may be ticked, and *don't know* always."""
        more = (NONE,) if self.kind is Kind.SEVERAL else ()
        return (*self.choices, *more, DONT_KNOW) if self.choices else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The questions that are answered and saved together; ``component``: which of the four they belong to, if any."""

    slug: str
    title: str
    about: str
    component: Component | None
    questions: tuple[Question, ...]


def choice(name: str, words: str, choices: Iterable[str], source: Source, **more: Any) -> Question:
    return Question(name=name, words=words, kind=Kind.CHOICE, choices=tuple(choices), source=source, **more)


def yes_no(name: str, words: str, source: Source, **more: Any) -> Question:
    return choice(name, words, ("yes", "no"), source, **more)


def several(name: str, words: str, choices: Iterable[str], source: Source, **more: Any) -> Question:
    return Question(name=name, words=words, kind=Kind.SEVERAL, choices=tuple(choices), source=source, **more)


def number(name: str, words: str, unit: str, source: Source, **more: Any) -> Question:
    return Question(name=name, words=words, kind=Kind.NUMBER, unit=unit, source=source, **more)


def text(name: str, words: str, source: Source, **more: Any) -> Question:
    return Question(name=name, words=words, kind=Kind.WORDS, source=source, **more)


def known(answers: Answers, name: str) -> Any:
    """What is known: the text, number or list; None where nobody answered, or the answer was *don't know*."""
    answer = answers.get(name)
    told = answer if isinstance(answer, list | tuple) else (answer,)
    return None if DONT_KNOW in told or not told else answer


class NoAnswer(ValueError):
    """The answer doesn't fit its question; the words say which, why, and what would fit."""


def checked(question: Question, answer: Any) -> Any:
    """The answer as it is kept. Raises `NoAnswer`."""
    match question.kind:
        case Kind.CHOICE:
            return _one(question, answer)
        case Kind.SEVERAL:
            return _several(question, answer)
        case Kind.NUMBER:
            return _number(question, answer)
    if not isinstance(answer, str) or not answer.strip() or len(answer) > LONGEST:
        raise NoAnswer(f"{question.name}: write up to {LONGEST} characters")
    return answer.strip()


def _one(question: Question, answer: Any) -> str:
    if answer not in question.offered:
        raise NoAnswer(f"{question.name}: {answer!r} is none of the answers; choose {', '.join(question.offered)}")
    return str(answer)


def _several(question: Question, answer: Any) -> list[str]:
    if not isinstance(answer, list | tuple) or not answer:
        raise NoAnswer(f"{question.name}: give a list of answers, not {answer!r}")
    given = {_one(question, one) for one in answer}
    if len(given) > 1 and given & {NONE, DONT_KNOW}:
        alone = NONE if NONE in given else DONT_KNOW
        raise NoAnswer(f"{question.name}: “{alone}” stands alone; take it away, or the other answers")
    return [one for one in question.offered if one in given]


def _number(question: Question, answer: Any) -> float | int:
    fits = isinstance(answer, int | float) and not isinstance(answer, bool)
    if not fits or not question.least <= answer <= question.most or (question.whole and answer != int(answer)):
        kind = "a whole number" if question.whole else "a number"
        raise NoAnswer(f"{question.name}: {answer!r} is not {kind} from {question.least:g} to {question.most:g}")
    return int(answer) if answer == int(answer) else float(answer)
