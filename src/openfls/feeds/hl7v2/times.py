"""HL7 times: when something occurred, as local wall-clock time, and which version of a statement came later.

HL7 2.5, 2.A.22 (DTM): YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]. Without an offset it is the time on the wall in England;
with one it is turned into that.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from openfls.clinical.when import When, at, month, on, year
from openfls.feeds.hl7v2.faults import Fault

LOCAL = ZoneInfo("Europe/London")
EARLIEST = date(1900, 1, 1)  # of anything that a message can tell; earlier is a slip of the keyboard
OLDEST = 130  # years; nobody has lived longer
AHEAD = timedelta(days=1)  # a sender's clock or zone may be this far ahead of ours
PLANNED_AHEAD = timedelta(days=3 * 366)  # nobody books further ahead; beyond it is a slip of the keyboard

_DTM = re.compile(
    r"(?P<Y>[0-9]{4})(?:(?P<m>[0-9]{2})(?:(?P<d>[0-9]{2})(?:(?P<H>[0-9]{2})(?:(?P<M>[0-9]{2})"
    r"(?:(?P<S>[0-9]{2})(?:\.(?P<f>[0-9]{1,6}))?)?)?)?)?)?(?P<zone>[+-][0-9]{4})?"
)
_MEND = "Ask the sender for the right date, written YYYYMMDD or YYYYMMDDHHMMSS."


def when(text: str, place: str, known: datetime) -> When | None:
    """When something occurred: a moment, a day, or the month or year that is all the sender knows; None for nothing.

    Raises `Fault` for what is no date, for a date before 1900, and for one more than a day after ``known``.
    """
    if not text:
        return None
    found = _told(text, place)
    latest = known.astimezone(LOCAL).date() + AHEAD
    if found.start > latest:
        raise Fault(place, f"{found.start:%d %b %Y} lay in the future when the message came.", _MEND)
    return found if found.end <= latest else When(found.start, latest, found.precision)


def planned(text: str, place: str, known: datetime) -> When | None:
    """When something is to occur, or was: like `when`, but up to three years ahead of ``known``."""
    if not text:
        return None
    found = _told(text, place)
    if found.start > known.astimezone(LOCAL).date() + PLANNED_AHEAD:
        raise Fault(place, f"{found.start:%d %b %Y} is more than three years ahead.", _MEND)
    return found


def _told(text: str, place: str) -> When:
    parts = _parts(text, place)
    try:
        found = _when(parts)
    except (ValueError, OverflowError) as error:
        raise Fault(place, f"{text[:30]!r} is not in the calendar.", _MEND) from error
    if found.start < EARLIEST:
        raise Fault(place, f"the year {found.start.year} is too long ago.", _MEND)
    return found


def birth_date(text: str, place: str, known: datetime) -> date | None:
    """A day of birth; None for nothing or for a month or year alone. Raises `Fault` for a date nobody can have."""
    if not text or "d" not in _parts(text, place):
        return None
    parts = _parts(text, place)
    try:
        born = date(parts["Y"], parts["m"], parts["d"])
    except ValueError as error:
        raise Fault(place, f"{text[:30]!r} is not in the calendar.", _MEND) from error
    today = known.astimezone(LOCAL).date()
    if born > today + AHEAD:
        raise Fault(place, f"born on {born:%d %b %Y}, in the future when the message came.", _MEND)
    if today.year - born.year > OLDEST:
        raise Fault(place, f"born on {born:%d %b %Y}, more than {OLDEST} years ago.", _MEND)
    return born


def version(text: str, place: str, known: datetime) -> tuple[datetime | None, str]:
    """The instant of a version in UTC, and a note where a local time happened twice or never, or only a day is given.

    Raises `Fault` for what is no date, and for one more than a day after ``known``: it would outrank all later ones.
    """
    if not text:
        return None, ""
    parts = _parts(text, place)
    try:
        wall = datetime(parts["Y"], parts.get("m", 1), parts.get("d", 1), *_clock(parts))  # noqa: DTZ001 zone follows
        moment = wall.replace(tzinfo=_zone(parts["zone"]) if "zone" in parts else LOCAL)
        instant = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Fault(place, f"{text[:30]!r} is not in the calendar.", _MEND) from error
    if instant > known + AHEAD:
        raise Fault(place, f"{text[:30]} lay in the future when the message came.", _MEND)
    return instant, "" if "zone" in parts else _doubt(moment, text, place)


def local(moment: datetime) -> datetime:
    """The time on the wall in England of an aware moment."""
    return moment.astimezone(LOCAL).replace(tzinfo=None)


def _parts(text: str, place: str) -> dict[str, int]:
    found = _DTM.fullmatch(text)
    if not found:
        raise Fault(place, f"{text[:30]!r} is no date or time.", _MEND)
    parts = {name: int(value) for name, value in found.groupdict().items() if value is not None and name != "f"}
    return parts | {"f": int((found["f"] or "0").ljust(6, "0"))}


def _when(parts: dict[str, int]) -> When:
    if "m" not in parts:
        return year(parts["Y"])
    if "d" not in parts:
        monthrange(parts["Y"], parts["m"])
        return month(parts["Y"], parts["m"])
    wall = datetime(parts["Y"], parts["m"], parts["d"], *_clock(parts))  # noqa: DTZ001 wall-clock time is naive
    if "M" not in parts:
        return on(wall.date())
    return at(wall if "zone" not in parts else local(wall.replace(tzinfo=_zone(parts["zone"]))))


def _clock(parts: dict[str, int]) -> tuple[int, int, int, int]:
    return parts.get("H", 0), parts.get("M", 0), parts.get("S", 0), parts["f"]


def _zone(offset: int) -> timezone:
    hours, minutes = divmod(abs(offset), 100)
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if offset < 0 else span)


def _doubt(moment: datetime, text: str, place: str) -> str:
    if len(text) < 10:
        return f"{place} {text} gives no time of day: versions of one day can't be told apart by it."
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    if first == second or first is None or second is None:
        return ""
    if first > second:
        return f"{place} {text} happened twice that night, when the clocks went back: the first is taken."
    return f"{place} {text} never happened: the clocks went forward over it."
