"""What a service's profile answers of the questions that service standards ask. What it doesn't say stays open."""

from collections.abc import Iterator, Mapping
from typing import Any

from openfls.clinical.facts import Finder
from openfls.clinical.profile.asked import known_answers
from openfls.clinical.profile.numbers import NUMBERS
from openfls.clinical.profile.questions import NONE, Answers

IDENTIFIES = ("finds-hips", "finds-inpatients", "finds-outpatients", "finds-vertebral")
GUIDELINES = {"local": "guidelines_local", "regional": "guidelines_regional", "national": "guidelines_national"}
DATABASES = {
    "local records": "database_records",
    "local database of the service": "database_local",
    "national database": "database_national",
}
SAME = {"tracks-expected": "identification_tracked", "quality-reviewed": "data_quality_reviewed"}


def framework_answers(answers: Answers) -> dict[str, bool | float]:
    """By the names of `service_rulebook.QUESTIONS`."""
    known = known_answers(answers)
    numbers = {question.name: known[question.name] for question in NUMBERS.questions if question.name in known}
    return {**numbers, **dict(_told(known))}


def _told(known: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if any(NONE not in known[name] for name in IDENTIFIES if name in known):
        yield "patients_identified", True
    yield from ((asked, known[name] == "yes") for name, asked in SAME.items() if name in known)
    if "finds-vertebral" in known:
        yield "vertebral_from_reports", Finder.RADIOLOGY_REPORT.value in known["finds-vertebral"]
    if "assessment-guideline" in known:
        yield GUIDELINES[known["assessment-guideline"]], True
    if "letter-tells" in known:
        yield "plan_to_doctor", NONE not in known["letter-tells"]
    if "monitored-when" in known:
        yield "plan_beyond_a_year", "beyond one year" in known["monitored-when"]
        yield "follow_up_within_a_year", "between 6 and 12 months" in known["monitored-when"]
    if "database" in known:
        yield from _databases(known["database"])


def _databases(kept: str) -> Iterator[tuple[str, bool]]:
    """One answer for three steps: who sends to a national database keeps the records that he sends."""
    reached = list(DATABASES).index(kept)
    yield from ((asked, place <= reached) for place, asked in enumerate(DATABASES.values()))
