"""A profile as its page shows it and as it is exported."""

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from openfls.clinical.profile.asked import QUESTIONS, SECTIONS, staff_in_all, with_empty_posts
from openfls.clinical.profile.questions import Answers, Question, known
from openfls.clinical.profile.service import STAFFING
from openfls.feeds.csv.mending import safe
from openfls.record.models import ProfileVersion
from openfls.record.profiles import Profile

NOT_ANSWERED = "not answered"


@dataclass(frozen=True)
class Line:
    words: str
    answer: str
    known: bool


@dataclass(frozen=True)
class SectionShown:
    """``copied_from``: the year whose answers stand here unlooked at; None where somebody of this year saved them."""

    slug: str
    title: str
    lines: tuple[Line, ...]
    answered: int
    by: str
    at: datetime | None
    copied_from: int | None


def sections_shown(profile: Profile) -> list[SectionShown]:
    return [_section(section, profile) for section in SECTIONS]


def _section(section: Any, profile: Profile) -> SectionShown:
    version, answers = profile.sections.get(section.slug), with_empty_posts(profile.answers)
    lines = [line(question, answers) for question in section.questions]
    if section is STAFFING:
        lines = [*[one for one in lines if one.answer not in (NOT_ANSWERED, "0")], _staff(profile.answers)]
    return SectionShown(
        slug=section.slug,
        title=section.title,
        lines=tuple(lines),
        answered=sum(question.name in profile.answers for question in section.questions),
        by=version.by if version else "",
        at=version.at if version else None,
        copied_from=version.copied_from if version else None,
    )


def _staff(answers: Answers) -> Line:
    words = staff_words(answers)
    return Line("All posts together", words or NOT_ANSWERED, bool(words))


def staff_words(answers: Answers) -> str:
    """``3.4 WTE``, or ``at least 3.4 WTE`` where posts may be missing; empty where none is told."""
    told = staff_in_all(answers)
    return f"{'' if told[1] else 'at least '}{told[0]:g} WTE" if told else ""


def line(question: Question, answers: Answers) -> Line:
    told = known(answers, question.name) is not None
    return Line(question.asks, in_words(answers.get(question.name)), told)


def in_words(answer: Any) -> str:
    if answer is None:
        return NOT_ANSWERED
    if isinstance(answer, list):
        return ", ".join(answer)
    if isinstance(answer, int | float):
        return f"{answer:,.0f}" if answer >= 10_000 else f"{answer:g}"
    return str(answer)


def answered(profile: Profile) -> int:
    return len(profile.answers.keys() & QUESTIONS.keys())


def as_plain(profile: Profile, name: str) -> dict[str, Any]:
    """The profile as JSON gives it: every question, ``null`` where nobody answered."""
    answers = profile.answers
    saved = {slug: _saved(version) for slug, version in profile.sections.items()}
    asked = {question: answers.get(question) for question in QUESTIONS}
    return {"site": profile.site, "name": name, "year": profile.year, "answers": asked, "sections": saved}


def _saved(version: ProfileVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "by": version.by,
        "at": version.at.isoformat(),
        "copied_from": version.copied_from,
    }


def as_csv(profiles: list[tuple[Profile, str]]) -> str:
    """A row a question, a column a site; an empty cell where nobody answered, several answers with ``;`` between."""
    file = StringIO()
    rows = csv.writer(file)
    rows.writerow(["section", "question", "in words", "unit", *[safe(f"{name} {one.year}") for one, name in profiles]])
    answers = [profile.answers for profile, _ in profiles]
    for section in SECTIONS:
        for question in section.questions:
            cells = [_cell(told.get(question.name)) for told in answers]
            rows.writerow([section.slug, question.name, question.words, question.unit, *cells])
    return file.getvalue()


def _cell(answer: Any) -> str:
    if isinstance(answer, list):
        return ";".join(answer)
    return "" if answer is None else safe(str(answer))
