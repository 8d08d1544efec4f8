"""The worker: takes a batch of messages, reads them, enters all their facts through the one door, marks each message.

Facts are idempotent by their ids, and a message is marked only after its facts are in the record. So a worker that dies
between any two steps loses nothing and doubles nothing: the lease ends, and the same is done again.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Fact
from openfls.coordination.resting import collector_resting
from openfls.feeds.reading import Reading, Unreadable
from openfls.inbox import remarks
from openfls.inbox.leases import HOPELESS, claim, give_back, hold_on
from openfls.inbox.long_lists import LONG, LongList, is_long
from openfls.inbox.models import Message, State
from openfls.inbox.reading import read_all, unreadable
from openfls.inbox.text import storable
from openfls.record.trail import TrailKeyMissing

logger = logging.getLogger(__name__)

INBOX = "inbox"  # by whom feeds' facts are entered
MOST = 2000  # messages in a batch
AT_ONCE = timedelta(seconds=2)  # what a batch should take: a page that wants to write waits no longer
LONGEST_RULE = 255  # characters
PAUSE = timedelta(minutes=1)  # until a message is tried again for which the database failed
OUTAGE = (OperationalError, InterfaceError, OSError, TrailKeyMissing)  # the place at fault, never a message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message."""

    message: Message
    state: State
    facts: int = 0
    rule: str = ""
    unreadable: tuple[Unreadable, ...] = ()
    remarks: tuple[str, ...] = ()


class Worker:
    """Works off the inbox, in batches that grow and shrink so that each takes about as long as `AT_ONCE`.

    A long list is entered piece by piece, a batch of other messages between two pieces.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = min(50, most)
        self._unreturned: list[Message] = []
        self._long: LongList | None = None
        self._turn_of_long = False

    def work_once(self) -> Counter[State] | None:
        """One batch, or one piece of a long list; how many messages came to which state. None where nothing waits.

        Raises `OperationalError` or `InterfaceError` where a database fails: the messages wait unchanged.
        """
        self._return(until=None)
        self._turn_of_long = not self._turn_of_long
        if self._long and self._turn_of_long:
            return self._piece(self._long)
        done = self._batch()
        return self._piece(self._long) if done is None and self._long else done

    def _batch(self) -> Counter[State] | None:
        now = timezone.now()
        messages = self._without_long(claim(self._size, now=now, longest=LONG if self._long else None))
        if messages is None:
            return None
        began = time.monotonic()
        try:
            outcomes = settle(messages)
        except (*OUTAGE, KeyboardInterrupt):
            self._size, self._unreturned = 1, messages
            self._return(until=now + PAUSE if len(messages) == 1 else None)
            raise
        self._adapt(len(messages), time.monotonic() - began)
        return Counter(outcome.state for outcome in outcomes)

    def _without_long(self, claimed: list[Message]) -> list[Message] | None:
        """The messages that are settled at once; the first long list is begun, others wait for it. None: no message."""
        if not claimed:
            return None
        lists = [message for message in claimed if message.attempts <= HOPELESS and is_long(message)]
        if lists:
            self._long = LongList(lists[0])
            give_back(lists[1:])
        return [message for message in claimed if message not in lists]

    def _piece(self, long: LongList) -> Counter[State]:
        """One piece of the long list; after the last it is marked."""
        now = timezone.now()
        hold_on(long.message, now=now)
        try:
            outcome = enter_piece(long)
            if outcome:
                _mark([outcome])
            long.told(timezone.now())
        except (*OUTAGE, KeyboardInterrupt):
            self._unreturned, self._long = [long.message], None
            self._return(until=now + PAUSE)
            raise
        if outcome:
            self._long = None
        return Counter([outcome.state] if outcome else [])

    def put_down(self) -> None:
        """Give back what was begun: somebody else, or this worker another day, begins it again."""
        if self._long:
            self._unreturned, self._long = [*self._unreturned, self._long.message], None
        self._return(until=None)

    def _return(self, *, until: datetime | None) -> None:
        """Give back what could not be done; where even that fails, at the next batch."""
        if self._unreturned:
            give_back(self._unreturned, until=until)
            self._unreturned = []

    def work_off(self, on_batch: Callable[[Counter[State]], None] = lambda _: None) -> Counter[State]:
        """Batch after batch until nothing waits; ``on_batch`` hears of each."""
        total: Counter[State] = Counter()
        while (batch := self.work_once()) is not None:
            total += batch
            on_batch(batch)
        return total

    def _adapt(self, done: int, seconds: float) -> None:
        if done == self._size or seconds > AT_ONCE.total_seconds():
            wanted = done * AT_ONCE.total_seconds() / max(seconds, 0.001)
            self._size = int(max(1, min(self._most, 2 * self._size, wanted)))


def settle(messages: Sequence[Message]) -> list[Outcome]:
    """Read the messages, enter their facts, mark what became of each."""
    with collector_resting():
        outcomes = [_given_up(message) for message in messages if message.attempts > HOPELESS]
        outcomes += enter_facts([message for message in messages if message.attempts <= HOPELESS])
    _mark(outcomes)
    return outcomes


def enter_facts(messages: Sequence[Message]) -> list[Outcome]:
    """Read the messages and enter all their facts in one call; what became of each, without marking it.

    Long lists are entered by themselves, piece by piece.
    """
    long = {message.number for message in messages if is_long(message)}
    short = [message for message in messages if message.number not in long]
    readings = read_all(short)
    refused = _enter([fact for reading in readings for fact in reading.facts])
    outcomes = [_outcome(message, reading, refused) for message, reading in zip(short, readings, strict=True)]
    return outcomes + [_enter_long(message) for message in messages if message.number in long]


def _enter_long(message: Message) -> Outcome:
    long = LongList(message)
    while True:
        if outcome := enter_piece(long):
            return outcome


def enter_piece(long: LongList) -> Outcome | None:
    """Enter the next piece; after the last, what became of the whole list."""
    with collector_resting():
        piece = long.next_piece()
        if piece is not None:
            long.entered(piece, _enter(piece.facts))
            return None
    return replace(_judged(long.message, long.facts, long.unreadable), remarks=tuple(long.remarks))


def _enter(facts: Sequence[Fact]) -> dict[str, Unreadable]:
    """Enter the facts; where the door refuses them, enter the halves, so that only a culprit stays out. By fact id."""
    if not facts:
        return {}
    try:
        coordination.enter(facts, by=INBOX)
    except OUTAGE:
        raise
    except Exception as refusal:
        if len(facts) == 1:
            return {facts[0].id: unreadable(refusal, facts[0].source.position)}
        half = len(facts) // 2
        return _enter(facts[:half]) | _enter(facts[half:])
    return {}


def _outcome(message: Message, reading: Reading, refused: dict[str, Unreadable]) -> Outcome:
    out = {fact.id: refused[fact.id] for fact in reading.facts if fact.id in refused}
    facts = len(reading.facts) - len(out)
    judged = _judged(message, facts, (*reading.unreadable, *out.values()), reading.ignored)
    return replace(judged, remarks=reading.notes)


def _judged(message: Message, facts: int, problems: tuple[Unreadable, ...], ignored: str = "") -> Outcome:
    if problems:
        return Outcome(message, State.QUARANTINED, facts, unreadable=problems)
    if ignored:
        return Outcome(message, State.IGNORED, facts, rule=ignored)
    return Outcome(message, State.DONE, facts)


def _given_up(message: Message) -> Outcome:
    reason = f"The worker was ended {HOPELESS} times while this message was read."
    mend = "It may be too large for this machine's memory: ask the sender to split it, then retry."
    return Outcome(message, State.QUARANTINED, unreadable=(Unreadable(reason, "message", mend),))


def _mark(outcomes: Sequence[Outcome]) -> None:
    """Write what became of the messages, the many alike in one statement, and what their readers remarked."""
    alike: dict[object, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        alike[outcome.state, outcome.facts, outcome.rule, outcome.unreadable].append(outcome)
    with transaction.atomic(using="inbox"):
        for same in alike.values():
            waiting = Message.objects.filter(number__in=[one.message.number for one in same], state=State.NEW)
            waiting.update(**_columns(same[0]))
        remarks.keep(((one.message, words) for one in outcomes for words in one.remarks), timezone.now())


def _columns(outcome: Outcome) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "facts": outcome.facts,
        "rule": outcome.rule[:LONGEST_RULE],
        "leased_until": None,
        **held(outcome.unreadable),
    }


def held(problems: Sequence[Unreadable]) -> dict[str, Any]:
    """The columns that tell a person why a message waits: the first problem and how many more, and all of them."""
    return {"reason": storable(first_of(problems)), "unreadable": [_plain(one) for one in problems]}


def first_of(problems: Sequence[Unreadable]) -> str:
    """The first thing that could not be read, and how many more there are; empty where everything could."""
    if not problems:
        return ""
    more = len(problems) - 1
    return f"{problems[0]}{f' (and {more} more)' * bool(more)}"


def _plain(one: Unreadable) -> dict[str, str]:
    return {"place": storable(one.place), "reason": storable(one.reason), "mend": storable(one.mend)}
