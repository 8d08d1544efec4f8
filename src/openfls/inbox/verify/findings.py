"""What a check found."""

from collections.abc import Iterable
from dataclasses import dataclass

NAMED = 10  # how many faults a finding names


@dataclass(frozen=True, slots=True)
class Finding:
    """``invariant``: the promise's number and its words. ``detail``: what was counted, or which broke it."""

    invariant: str
    ok: bool
    detail: str


def judged(invariant: str, counted: str, faults: Iterable[object]) -> Finding:
    """Kept where there is no fault; else the first faults are named."""
    named = [str(fault) for fault in faults]
    if not named:
        return Finding(invariant, True, counted)
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return Finding(invariant, False, f"{', '.join(named[:NAMED])}{more} ({counted})")
