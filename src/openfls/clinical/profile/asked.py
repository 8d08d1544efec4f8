"""Everything that the profile asks, in order, and what follows from the answers together."""

from collections.abc import Mapping
from typing import Any

from openfls.clinical.profile.numbers import NUMBERS
from openfls.clinical.profile.pathway import ASSESSING, COORDINATING, FINDING, MONITORING, TREATING
from openfls.clinical.profile.questions import Answers, NoAnswer, Question, Section, checked, known
from openfls.clinical.profile.service import BANDS, GOVERNANCE, SERVICE, STAFFING, post

SECTIONS = (SERVICE, STAFFING, FINDING, ASSESSING, TREATING, MONITORING, COORDINATING, GOVERNANCE, NUMBERS)
SECTION_OF_SLUG = {section.slug: section for section in SECTIONS}
QUESTIONS = {question.name: question for section in SECTIONS for question in section.questions}

POSTS = (*(post(role, band) for role, bands in BANDS.items() for band in bands), "wte-other")


def checked_section(section: Section, plain: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a section's questions as they are kept, in its order. Raises `NoAnswer`."""
    asked = {question.name: question for question in section.questions}
    if strange := sorted(plain.keys() - asked.keys()):
        raise NoAnswer(f"{section.title} doesn't ask {', '.join(strange)}")
    return {name: checked(question, plain[name]) for name, question in asked.items() if name in plain}


def staff_in_all(answers: Answers) -> tuple[float, bool] | None:
    """The whole-time equivalents that are told, and whether that is all of them; None where no post is.

    An empty post counts as none only where somebody said that these are all the posts.
    """
    told = [answers[name] for name in POSTS if known(answers, name) is not None]
    complete = len(told) == len(POSTS) or known(answers, "posts-complete") == "yes"
    return (round(sum(told), 2), complete) if told else None


def with_empty_posts(answers: Answers) -> dict[str, Any]:
    """The answers, with a nought for each post left empty where somebody said that those don't exist."""
    complete = known(answers, "posts-complete") == "yes"
    return {**(dict.fromkeys(POSTS, 0) if complete else {}), **answers}


def known_answers(answers: Answers) -> dict[str, Any]:
    """What is known, by question: without *don't know*, and with a nought for each post that doesn't exist.

    For whatever judges a service by its profile: a question that is missing here is unknown.
    """
    filled = with_empty_posts(answers)
    return {name: answer for name, answer in filled.items() if known(filled, name) is not None}


def still_fitting(section: Section, answers: Answers) -> dict[str, Any]:
    """Those of the answers that the section takes today: questions and choices change with editions."""
    return {one.name: answers[one.name] for one in section.questions if _fits(one, answers.get(one.name))}


def _fits(question: Question, answer: Any) -> bool:
    try:
        return checked(question, answer) is not None
    except NoAnswer:
        return False
