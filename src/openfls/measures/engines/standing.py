"""Verdicts in columns: what a verdict is weighed from, packed into one number an episode and standard.

Engines count the numbers; which verdict each is, is said here once, in the order of `standards.judge`.
"""

from functools import cache

from openfls.clinical.standards import Verdict

# A bit each, from the lowest. ``past``: the last day of the window is over.
WEIGHED = ("asked", "surely_asked", "maybe_excluded", "excluded", "maybe_met", "met", "late", "past")


@cache
def verdict_of(number: int) -> Verdict:
    """As `standards.judge`."""
    has = {name: bool(number & (1 << bit)) for bit, name in enumerate(WEIGHED)}
    if not has["asked"]:
        return Verdict.NOT_ASKED
    if has["excluded"] and not has["met"]:
        return Verdict.EXCLUDED
    if not has["surely_asked"] or (has["maybe_excluded"] and not has["met"]):
        return Verdict.UNKNOWN
    if has["met"]:
        return Verdict.MET
    if has["maybe_met"]:
        return Verdict.UNKNOWN
    if has["late"]:
        return Verdict.MET_LATE
    return Verdict.MISSED if has["past"] else Verdict.DUE


def is_past(number: int) -> bool:
    return bool(number & (1 << WEIGHED.index("past")))
