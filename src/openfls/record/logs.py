"""Log lines without patient data: an exception is named by type and place, not by its words, which quote rows.

Addresses are left out too: one holds the key of a record, and what somebody typed there may be a name.
"""

import logging
import re
import traceback
from collections.abc import MutableMapping
from copy import copy
from types import TracebackType
from typing import Any

from structlog import stdlib
from structlog.processors import EventRenamer, JSONRenderer, TimeStamper

# Ten digits, with or without the customary spaces, are taken for an NHS number whatever their check digit.
TEN_DIGITS = re.compile(r"(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)")


# What may stand beside a message: Django's own extras hold whole requests.
SAFE = ("route", "method", "status", "seconds", "request_id", "source", "state", "count")

Told = MutableMapping[str, Any]


def discreet(text: str) -> str:
    return TEN_DIGITS.sub("[number]", text)


def reticent(record: logging.LogRecord) -> logging.LogRecord:
    """A copy in which no part of the message is an address of ours, without what another formatter made of it."""
    told = copy(record)
    told.exc_text = None
    if isinstance(record.args, tuple):
        told.args = tuple("(an address)" if _is_address(part) else part for part in record.args)
    return told


def _is_address(part: object) -> bool:
    return isinstance(part, str) and part.startswith("/")


class Discreet(logging.Formatter):
    """Formats a record as time, level, logger and message; tracebacks keep files, lines and functions only."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(reticent(record)))

    def formatException(self, ei: Any) -> str:
        return "\n".join([*(f"  {frame}" for frame in _frames(ei)), f"  {_kind(ei)} (its words are not logged)"])


class Structured(stdlib.ProcessorFormatter):
    """Formats a record as one JSON object a line, with the same discretion."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[stdlib.add_log_level, stdlib.add_logger_name, stdlib.ExtraAdder(allow=SAFE), _moment],
            processors=[self.remove_processors_meta, _exception, _blanked, EventRenamer("message"), JSONRenderer()],
        )

    def format(self, record: logging.LogRecord) -> str:
        return super().format(reticent(record))


_moment = TimeStamper(fmt="iso", utc=True, key="time")


def _exception(_: Any, __: str, told: Told) -> Told:
    raised = told.pop("exc_info", None)
    return {**told, "exception": _kind(raised), "places": _frames(raised)} if raised else told


def _blanked(_: Any, __: str, told: Told) -> Told:
    return {name: discreet(value) if isinstance(value, str) else value for name, value in told.items()}


def _kind(raised: Any) -> str:
    kind: type[BaseException] = raised[0]
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(raised: Any) -> list[str]:
    place: TracebackType = raised[2]
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(place)]
