"""Dates as people type them in lists, read by the formats that a mapping declares; the day stands before the month."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from openfls.clinical.when import When, about, month, on, year

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTH_NUMBERS = {name: n for names in (MONTHS, LONG_MONTHS) for n, name in enumerate(names, start=1)} | {"sept": 9}
PARTS = {
    "dd": r"(?P<day>\d{1,2})", "mmm": r"(?P<name>[a-z]{3,9})", "mm": r"(?P<month>\d{1,2})",
    "yyyy": r"(?P<year>\d{4})",
}  # fmt: skip
RUN_TOGETHER = {"dd": r"(?P<day>\d{2})", "mm": r"(?P<month>\d{2})"}
CLOCK = r"(?:[ t]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
ABOUT = re.compile(r"(?:c\.|c|ca\.|ca|circa|approx\.?|approximately|about|around|~)\s*(?=\d|[a-z]{3})")
MONTH_OF_YEAR = re.compile(r"(?:(?P<name>[a-z]{3,9})[ -]|(?P<month>\d{1,2})/)(?P<year>\d{4})")
YEAR = re.compile(r"\d{4}")
EARLIEST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class DateFormats:
    """How a mapping's dates are written. ``formats``: ``dd/mm/yyyy`` and the like, each with or without a clock time.

    ``two_digit_years``: allowed, read as the last such year up to the receipt. ``inexact``: "c. 12/03/2026",
    "Mar 2026" and "2026" are allowed where a date is not a date of birth.
    """

    formats: tuple[str, ...]
    two_digit_years: bool = False
    inexact: bool = False

    def moment(self, text: str, latest: date) -> datetime | date:
        """The day, with the clock time where it is given. Raises ``ValueError`` with what is wrong."""
        return _moment(self, " ".join(text.casefold().split()), latest)

    def when(self, text: str, latest: date) -> When:
        """The day or, where the mapping allows, the about or the month. Raises ``ValueError`` with what is wrong."""
        text = " ".join(text.casefold().split())
        rough = _rough(text) if self.inexact else None
        if rough:
            return rough
        told = ABOUT.match(text) if self.inexact else None
        moment = _moment(self, text[told.end() :] if told else text, latest)
        return about(day_of(moment)) if told else exactly(moment)


def exactly(moment: datetime | date) -> When:
    """The day of the moment, with its clock time unless that is midnight, which lists write for "no time"."""
    if isinstance(moment, datetime) and moment.time() != time.min:
        return on(moment.date(), moment)
    return on(day_of(moment))


def day_of(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


@lru_cache(maxsize=50_000)
def _moment(formats: DateFormats, text: str, latest: date) -> datetime | date:
    for pattern in _patterns(formats.formats, False):
        if found := pattern.fullmatch(text):
            return _built(found, int(found["year"]))
    for pattern in _patterns(formats.formats, True):
        if found := pattern.fullmatch(text):
            return _of_short_year(found, formats, latest)
    raise ValueError("is no date in a form that the list's mapping declares")


def _of_short_year(found: re.Match[str], formats: DateFormats, latest: date) -> datetime | date:
    if not formats.two_digit_years:
        raise ValueError("gives only two digits of the year")
    century = latest.year // 100 * 100
    read = _built(found, century + int(found["year"]))
    return read if day_of(read) <= latest else _built(found, century - 100 + int(found["year"]))


@lru_cache(maxsize=100)
def _patterns(formats: tuple[str, ...], short_year: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_expression(written, short_year) + CLOCK) for written in formats)


def _expression(written: str, short_year: bool) -> str:
    parts = PARTS if re.search(r"[^dmy]", written) else PARTS | RUN_TOGETHER
    parts = parts | {"yyyy": r"(?P<year>\d{2})"} if short_year else parts
    return "".join(parts.get(part, re.escape(part)) for part in re.findall(r"d+|m+|y+|.", written))


def _built(found: re.Match[str], year_number: int) -> datetime | date:
    named = found.groupdict()
    number = _month_number(named["name"]) if named.get("name") else int(named["month"])
    if year_number < EARLIEST_YEAR:
        raise ValueError(f"is before {EARLIEST_YEAR}")
    try:
        day = date(year_number, number, int(named["day"]))
        if named["hour"] is None:
            return day
        return datetime(*day.timetuple()[:3], int(named["hour"]), int(named["minute"]), int(named["second"] or 0))  # noqa: DTZ001
    except ValueError:
        raise ValueError("is no day of the calendar, or no time of the clock") from None


def _month_number(name: str) -> int:
    if name not in MONTH_NUMBERS:
        raise ValueError(f"names no month: {name}")
    return MONTH_NUMBERS[name]


def _rough(text: str) -> When | None:
    """A month or a year."""
    text = text[told.end() :] if (told := ABOUT.match(text)) else text
    if YEAR.fullmatch(text):
        return year(int(text)) if int(text) >= EARLIEST_YEAR else None
    found = MONTH_OF_YEAR.fullmatch(text)
    if not found or int(found["year"]) < EARLIEST_YEAR:
        return None
    number = MONTH_NUMBERS.get(found["name"], 0) if found["name"] else int(found["month"])
    return month(int(found["year"]), number) if 1 <= number <= 12 else None
