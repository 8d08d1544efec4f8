"""Coordination: the one door for writing, and what is derived behind it."""

from openfls.coordination.entering import Entered, enter
from openfls.coordination.rebuilding import new_day, rebuild

__all__ = ["Entered", "enter", "new_day", "rebuild"]
