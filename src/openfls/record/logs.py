"""Log lines without patient data: an exception is named by type and place, not by its words, which quote rows."""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

# Ten digits, with or without the customary spaces, are taken for an NHS number whatever their check digit.
TEN_DIGITS = re.compile(r"(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)")


class Discreet(logging.Formatter):
    """Formats a record as time, level, logger and message; tracebacks keep files, lines and functions only."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return TEN_DIGITS.sub("[number]", super().format(record))

    def formatException(self, ei: Any) -> str:
        kind: type[BaseException]
        place: TracebackType
        kind, _, place = ei
        frames = [f"  {f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(place)]
        return "\n".join([*frames, f"  {kind.__module__}.{kind.__qualname__} (its words are not logged)"])
