"""A feed or a finder that falls silent, judged by what is to be expected of it in each hour of the week.

The rule (no published source, see docs/safety/to-confirm.md): for each hour of the week, weekday by hour in local time,
the feed's own receipts of the last 13 weeks say in how many weeks that hour brought anything. One more week is added in
which it brought nothing, so that no hour is ever certain. The chance that an hour passes without a receipt follows; the
chance of the whole silence is that of all hours that have passed since the last receipt. A feed is silent when that
chance is below the site parameter ``silence_chance``.

Hours are counted, not messages: a burst of a hundred tells no more of the rhythm than one, and a list that came every
Monday is missed after three, where counting messages as a Poisson process, which takes no feed to be regular, would
wait for seven. An hour in which the feed never sent weighs nothing, so nights and weekends of a feed that rests then
are no silence. The hours of a day are taken to be independent; on a bank holiday they aren't, and a feed that rests on
bank holidays may raise the alarm on one. With less than `SHORTEST_HISTORY`, or fewer than `FEWEST_HOURS` hours with
receipts, nobody can say: the answer is unknown.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from openfls.clinical.decisions import Decision, no, unknown, yes
from openfls.clinical.parameters import DEFAULTS, Parameters

RULE = "feed silent for longer than its hours of the week explain"
EDITION = "2026-11"
HISTORY = timedelta(weeks=13)  # older receipts say little about the rhythm of today
SHORTEST_HISTORY = timedelta(weeks=4)  # from the first receipt to the last
FEWEST_HOURS = 5  # with a receipt

Slot = tuple[int, int]  # day of the week, hour: in local time of the site
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often each hour of the week was there in the history (clocks skip and repeat one), and how often it brought
    anything."""

    there: Counter[Slot]
    brought: Counter[Slot]

    def expected(self, slot: Slot) -> float:
        """The chance that this hour brings something; exactly 0 where it never did."""
        return self.brought[slot] / (self.there[slot] + 1)


def silent(receipts: Iterable[datetime], now: datetime, parameters: Parameters = DEFAULTS) -> Decision:
    """Whether a feed with these receipts has fallen silent by ``now``; yes, no or unknown with reasons.

    All times are aware; those of ``now`` are the site's local time. Receipts within one hour count as one, and the hour
    that isn't over doesn't count yet. What came after ``now`` or before the history is left out.
    """
    sent = sorted({_hour(moment) for moment in receipts if moment <= now})
    if not sent:
        return unknown("nothing received yet").under(RULE, EDITION)
    sent = [hour for hour in sent if hour >= sent[-1] - HISTORY]
    zone = now.tzinfo or UTC
    last = f"last received {sent[-1].astimezone(zone):%a %d %b %Y}"
    if sent[-1] - sent[0] < SHORTEST_HISTORY or len(sent) < FEWEST_HOURS:
        return unknown(f"{last}; {_too_little(sent)}").under(RULE, EDITION)
    decision = _weighed(rhythm_of(sent, zone), sent[-1], now, parameters.silence_chance)
    return Decision(decision.outcome, (last, *decision.because)).under(RULE, EDITION)


def rhythm_of(sent: list[datetime], zone: tzinfo) -> Rhythm:
    """``sent``: the hours with a receipt, in order, whole and in UTC."""
    there = Counter(_slot(hour, zone) for hour in _hours(sent[0], sent[-1] + HOUR))
    return Rhythm(there, Counter(_slot(hour, zone) for hour in sent))


def _weighed(rhythm: Rhythm, last: datetime, now: datetime, limit: float) -> Decision:
    """Hour by hour, so that the moment is known from which the silence was too long."""
    zone, chance, expected = now.tzinfo or UTC, 1.0, 0.0
    for hour in _hours(last + HOUR, _hour(now)):
        likely = rhythm.expected(_slot(hour, zone))
        chance, expected = chance * (1 - likely), expected + likely
        if chance < limit:
            return yes(_because(expected, chance, limit), f"silent since {_said(hour + HOUR, zone)}")
    return no(_because(expected, chance, limit))


def _because(expected: float, chance: float, limit: float) -> str:
    if not expected:
        return "no hour in which it used to send has passed since"
    share = f"the chance of that is {_one_in(chance)} (alarm below {_one_in(limit)})"
    return f"by its rhythm {expected:.1f} hours with receipts were to be expected since, none came: {share}"


def _one_in(chance: float) -> str:
    if not chance:
        return "none"
    return f"1 in {1 / chance:,.0f}" if chance < 0.1 else f"1 in {1 / chance:.1f}"


def _too_little(sent: list[datetime]) -> str:
    weeks = SHORTEST_HISTORY.days // 7
    hours = f"{len(sent)} hour{'s' * (len(sent) > 1)} with receipts over {(sent[-1] - sent[0]).days} days"
    return f"too few receipts to know its rhythm: {hours}, {FEWEST_HOURS} over {weeks} weeks are needed"


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """Each hour that is over by ``end``; counted in UTC, so that the changes of the clocks neither add nor drop one."""
    while start < end:
        yield start
        start += HOUR


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=8192)  # many feeds are judged over the same hours
def _slot(hour: datetime, zone: tzinfo) -> Slot:
    local = hour.astimezone(zone)
    return local.weekday(), local.hour


def _said(hour: datetime, zone: tzinfo) -> str:
    return f"{hour.astimezone(zone):%a %d %b %Y, %H:%M}"
