"""Replay: every message of the inbox and every fact entered by hand, through the one door once more.

Into the record as it is, that adds whatever a restored backup lacks and nothing else. Into an empty one it gives the
same people, episodes and tasks, in whatever order: `prove` shows that beside the record, without touching it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from openfls import coordination
from openfls.clinical.facts import Fact
from openfls.coordination.comparing import derived_digest
from openfls.inbox.models import Message, State
from openfls.inbox.scratch import scratch_record
from openfls.inbox.work import enter_facts
from openfls.record.models import FactRow

BATCH = 500  # messages and facts by hand that are entered in one step

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Replayed:
    """``messages`` were read again and gave so many ``facts``; with those ``by_hand``, ``new`` were not held before."""

    messages: int
    facts: int
    by_hand: int
    new: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Digests of people, episodes, tasks and the rest, as they are on the record and as a replay gave them."""

    replayed: Replayed
    before: dict[str, str]
    after: dict[str, str]

    @property
    def different(self) -> list[str]:
        return [kind for kind in self.before if self.before[kind] != self.after[kind]]


def entered_by_hand() -> list[Fact]:
    """The facts that no message of the inbox holds: what people entered, in the order of entry."""
    return [row.to_fact() for row in FactRow.objects.exclude(by="").order_by("number").iterator()]


def replay(
    by_hand: Sequence[Fact] = (), *, shuffle: int | None = None, progress: Progress = lambda done, total: None
) -> Replayed:
    """Enter into the record whatever the inbox gives, and these facts. The inbox stays as it is.

    Messages that wait unread are left to the worker. ``shuffle`` is the seed of another order; None: as received.
    """
    held = FactRow.objects.count()
    settled = Message.objects.exclude(state=State.NEW).order_by("number")
    items: list[int | Fact] = [*settled.values_list("number", flat=True), *by_hand]
    if shuffle is not None:
        Random(shuffle).shuffle(items)  # noqa: S311 (an order, no secret)
    read = 0
    for start in range(0, len(items), BATCH):
        read += _enter(items[start : start + BATCH])
        progress(min(start + BATCH, len(items)), len(items))
    return Replayed(len(items) - len(by_hand), read, len(by_hand), FactRow.objects.count() - held)


def prove(today: date, *, shuffle: int | None = None, progress: Progress = lambda done, total: None) -> Proof:
    """Replay into an empty record beside this one and compare what both derive on this day."""
    coordination.new_day(today)
    before, by_hand = derived_digest(), entered_by_hand()
    with scratch_record():
        replayed = replay(by_hand, shuffle=shuffle, progress=progress)
        return Proof(replayed, before, derived_digest())


def _enter(items: Sequence[int | Fact]) -> int:
    """How many facts the messages among them gave."""
    facts = [item for item in items if isinstance(item, Fact)]
    numbers = [item for item in items if isinstance(item, int)]
    if facts:
        coordination.enter(facts, by="replay")
    return sum(outcome.facts for outcome in enter_facts(list(Message.objects.filter(number__in=numbers))))
