"""A feed or a finder that falls silent, judged against its own rhythm.

The rule (no published source, see docs/safety/to-confirm.md): time is counted in the hours of the week in which the
feed has been used to send, so that nights, weekends and a weekly list's six quiet days are no silence. A feed is silent
when the wait since its last receipt is longer than ``silence_factor`` times its own usual gap, the 90th centile of the
gaps between its receipts. With fewer than `MINIMUM_HISTORY` gaps nobody can say: the answer is unknown.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from openfls.clinical.decisions import Decision, no, unknown, yes
from openfls.clinical.parameters import DEFAULTS, Parameters

RULE = "feed silent against its own rhythm"
EDITION = "2026-01"
USUAL_CENTILE = 0.9
MINIMUM_HISTORY = 5  # gaps between receipts
HISTORY = timedelta(weeks=13)  # older receipts say little about the rhythm of today

Slot = tuple[int, int]  # day of the week, hour: in local time of the site
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def silent(receipts: Iterable[datetime], now: datetime, parameters: Parameters = DEFAULTS) -> Decision:
    """Whether a feed with these receipts has fallen silent by ``now``; yes, no or unknown with reasons.

    All times are aware and in the site's local time. Receipts within one hour count as one. What came after ``now`` or
    before the history (13 weeks up to the last receipt) is left out.
    """
    hours = sorted({_hour(moment) for moment in receipts if moment <= now})
    if not hours:
        return unknown("nothing received yet").under(RULE, EDITION)
    hours = [hour for hour in hours if hour >= hours[-1] - HISTORY]
    last = f"last received {hours[-1]:%d %b %Y}"
    if len(hours) <= MINIMUM_HISTORY:
        return unknown(f"{last}; too few receipts to know its rhythm").under(RULE, EDITION)
    slots = {_slot(hour) for hour in hours}
    usual = _usual_gap([sending_hours(a, b, slots) for a, b in pairwise(hours)])
    limit = usual * parameters.silence_factor
    wait = sending_hours(hours[-1], _hour(now), slots)
    because = f"{last}; {wait} of its usual sending hours ago, usually at most {usual} ({len(slots)} a week)"
    return (yes(because) if wait > limit else no(because)).under(RULE, EDITION)


def sending_hours(start: datetime, end: datetime, slots: set[Slot]) -> int:
    """How many hours of the week in ``slots`` begin after ``start`` and not after ``end``."""
    weeks, rest = divmod(end - start, WEEK)
    steps = int(rest / HOUR)
    return weeks * len(slots) + sum(_slot(start + HOUR * step) in slots for step in range(1, steps + 1))


def _usual_gap(gaps: list[int]) -> int:
    """The 90th centile by the nearest rank: a gap that was really seen."""
    return sorted(gaps)[ceil(USUAL_CENTILE * len(gaps)) - 1]


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _slot(hour: datetime) -> Slot:
    return hour.weekday(), hour.hour
