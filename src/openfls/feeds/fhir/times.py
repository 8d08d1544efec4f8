"""FHIR dates and times: the wall-clock date as written, with its offset, as precisely as it was written.

FHIR R4, 2.24.0.1 (dateTime): YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss[.s…](Z|+hh:mm|-hh:mm). Nothing is
converted: a fall at 23:30+01:00 is a fall of that day.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from openfls.clinical.when import Precision, When, at, between, month, on, year
from openfls.feeds.fhir.elements import Json, each, text
from openfls.feeds.fhir.faults import CannotRead

AHEAD = timedelta(days=1)  # a sender's clock or zone may be this far ahead of ours
OLDEST = 130  # years; nobody has lived longer

_DATE_TIME = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_MEND = (
    "Ask the sender for the right date, written as FHIR R4 says (YYYY, YYYY-MM, YYYY-MM-DD, or with time and offset)."
)


def when(written: str, known: datetime) -> When:
    """When something occurred. Raises `CannotRead` for what is no date or lies in the future of the receipt."""
    if not _DATE_TIME.fullmatch(written):
        raise CannotRead(f"{written[:40]!r} is no FHIR date or time.", _MEND)
    try:
        found = _when(written)
    except (ValueError, OverflowError) as error:
        raise CannotRead(f"{written[:40]!r} is not in the calendar.", _MEND) from error
    latest = known.date() + AHEAD
    if found.start > latest:
        raise CannotRead(f"{written[:40]} lay in the future when the file came.", _MEND)
    return found if found.end <= latest else between(found.start, latest)


def _when(written: str) -> When:
    match len(written):
        case 4:
            return year(int(written))
        case 7:
            return month(int(written[:4]), int(written[5:]))
        case 10:
            return on(date.fromisoformat(written))
    return at(datetime.fromisoformat(written))


def period(value: Any, known: datetime) -> When | None:
    """Some day of a Period: from its start to its end; its start alone where it hasn't ended."""
    parts = each(value)
    start, end = (text(parts[0].get(name)) if parts else "" for name in ("start", "end"))
    if not start and not end:
        return None
    first, last = when(start or end, known), when(end or start, known)
    if last.end < first.start:
        raise CannotRead(f"a period that ends ({end[:25]}) before it begins ({start[:25]}).", _MEND)
    if not end or first.start == last.end:
        return first
    return between(first.start, last.end)


def first_given(resource: Json, names: tuple[str, ...], known: datetime) -> When | None:
    """The first of these elements that the resource gives, be it a dateTime or a Period."""
    for name in names:
        value = resource.get(name)
        if isinstance(value, dict):
            if found := period({"start": value.get("start") or value.get("end")}, known):
                return found
        elif written := text(value):
            return when(written, known)
    return None


def version(resource: Json) -> datetime | None:
    """The sender's own time of this version (meta.lastUpdated) in UTC; None where it gives none with an offset."""
    meta = each(resource.get("meta"))
    written = text(meta[0].get("lastUpdated")) if meta else ""
    if len(written) <= 10 or not _DATE_TIME.fullmatch(written):
        return None
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def birth_date(written: str, known: datetime) -> date | None:
    """The day of birth; None for nothing and for a year or month alone. Raises for a day nobody can be born on."""
    if not written:
        return None
    born = when(written, known)
    if known.year - born.end.year > OLDEST:
        raise CannotRead(f"born in {born.start.year}, more than {OLDEST} years ago.", _MEND)
    return born.start if born.exact else None


def at_age(born: date, low: int, high: int) -> When:
    """Some day while the person was from ``low`` to ``high`` completed years old."""
    start, end = _birthday(born, low), _birthday(born, high + 1) - timedelta(days=1)
    return When(start, end, Precision.INTERVAL)


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February: a year is completed on 1 March of a common year
        return date(born.year + age, 3, 1)
