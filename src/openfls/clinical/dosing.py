"""How long a medicine lasts: the months from one injection to the next, the days that one tablet or syringe covers.

The numbers are those of the medicines' labels as NICE's appraisals repeat them; the labels themselves were not read, so
every row is to be confirmed (docs/safety/to-confirm.md). A medicine that isn't here lasts for a time that nobody
knows: nothing is assumed.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

SOURCE = "Summaries of product characteristics, as NICE technology appraisals 161, 204, 464 and 791 repeat them"
EDITION = "2026"
CHECKED = "not clinically checked"  # until a pharmacist has, with name and date


@dataclass(frozen=True, slots=True)
class Interval:
    """From one dose given to the next. ``only``: what the source must have written, where one drug has two rhythms."""

    drug: str
    months: int
    only: str = ""


INTERVALS = (
    Interval("denosumab", 6),
    Interval("zoledronate", 12),
    Interval("romosozumab", 1),
    Interval("ibandronate", 3, only=r"\b3 ?mg|inject|syringe|\biv\b|intravenous"),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """How many days one tablet, sachet, syringe or pen covers, where the medicine's words name this strength."""

    drug: str
    words: str
    days: int


UNITS = (
    Unit("alendronate", r"\b(?:70|35) ?mg|once[ -]weekly|fosavance|bentexo|binosto", 7),
    Unit("alendronate", r"\b(?:10|5) ?mg", 1),
    Unit("risedronate", r"\b35 ?mg|once a week", 7),
    Unit("risedronate", r"\b5 ?mg", 1),
    Unit("ibandronate", r"\b150 ?mg", 30),
    Unit("ibandronate", r"\b3 ?mg", 90),
    Unit("raloxifene", r"\b60 ?mg", 1),
    Unit("strontium ranelate", r"\b2 ?g\b", 1),
    Unit("denosumab", r"\b60 ?mg|prolia", 182),
    Unit("teriparatide", r"\bpen|forsteo|movymia|terrosa|sondelbay", 28),
)


def months_to_the_next(drug: str, words: str = "") -> int | None:
    """Months from a dose given to the next one; None where no interval is known."""
    found = (i for i in INTERVALS if i.drug == drug and (not i.only or re.search(i.only, words, re.IGNORECASE)))
    return next((interval.months for interval in found), None)


def days_of_a_unit(drug: str, words: str) -> int | None:
    """Days that one tablet, sachet, syringe or pen covers; None where the words name no strength that is listed."""
    found = (unit.days for unit in UNITS if unit.drug == drug and re.search(unit.words, words, re.IGNORECASE))
    return next(found, None)


def months_after(day: date, months: int) -> date:
    """The same day of a later month; the last of a month that has no such day (31 August, six months: 28 February)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
