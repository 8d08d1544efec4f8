"""Local wall-clock times of the hospitals, and the aware UTC instants at which their messages are received."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def utc(local: datetime) -> datetime:
    """The instant of a local time; the first of two where clocks go back."""
    return local.replace(tzinfo=LOCAL).astimezone(UTC)


def hl7(local: datetime) -> str:
    """As HL7 writes it, without an offset: ``20260301101500``."""
    return f"{local.year}{local.month:02d}{local.day:02d}{local.hour:02d}{local.minute:02d}{local.second:02d}"
