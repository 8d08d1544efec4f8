"""The latest laboratory results on the patient page: as the laboratory wrote them and in one unit, never judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import Fact, LaboratoryResult, Status
from openfls.clinical.laboratory import latest
from openfls.feeds.units import canonical, same_unit, shown
from openfls.pages.forms.fields import sentence
from openfls.pages.patient.words import said_by
from openfls.pages.staff import Staff

DAYS_IN_WORDS = 60  # an age above it is told in months


@dataclass(frozen=True)
class ResultLine:
    """``value``: in the unit in which it is compared; ``wrote``: as the laboratory wrote it, where that differs."""

    name: str
    value: str
    wrote: str
    day: str
    age: str
    source: str
    preliminary: bool


@dataclass(frozen=True)
class Results:
    """``unknown``: the measurements of which no result is known."""

    lines: tuple[ResultLine, ...]
    unknown: tuple[str, ...]


def results(facts: Iterable[Fact], today: date, staff: Staff) -> Results:
    """``facts``: the current ones of the person, in the viewer's sight."""
    found = latest(facts)
    lines = [_line(_title(one.analyte.name), one.result, one.age_in_days(today), staff) for one in found if one.result]
    return Results(tuple(lines), tuple(one.analyte.name for one in found if one.result is None))


def _title(name: str) -> str:
    """With a capital first letter, except where the second is one: eGFR."""
    return name if name[1:2].isupper() else sentence(name)


def _line(name: str, result: LaboratoryResult, age: int | None, staff: Staff) -> ResultLine:
    wrote = f"{result.value} {shown(result.unit)}".strip()
    same = canonical(result)
    return ResultLine(
        name=name,
        value=str(same.rounded()) if same else wrote,
        wrote=wrote if same and not same_unit(same.unit, result.unit) else "",
        day=str(result.occurred),
        age=_age(age or 0),
        source=said_by(result, staff),
        preliminary=result.status is Status.PRELIMINARY,
    )


def _age(days: int) -> str:
    if days == 0:
        return "today"
    if days <= DAYS_IN_WORDS:
        return f"{days} day{'' if days == 1 else 's'} ago"
    months = round(days / 30.44)
    return f"{months} months ago" if months < 24 else f"{days / 365.25:.1f} years ago"
