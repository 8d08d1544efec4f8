"""I1 and I2: every message that was acknowledged is here exactly once, whole, and in exactly one known state."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Count, Q

from openfls.inbox.models import Message, State
from openfls.inbox.verify.findings import Finding, judged

ALARM = timedelta(minutes=15)  # a message that waits longer since it was stored: the worker is down or blocked
COMPLETE = {  # what a state can't be without
    State.IGNORED: ~Q(rule=""),
    State.QUARANTINED: ~Q(reason=""),
    State.DISMISSED: ~Q(reason="") & ~Q(dismissed_by=""),
    State.MENDED: Q(replaced_by__isnull=False),
}


def stored_whole() -> Finding:
    """Reads every byte again."""
    faults = []
    rows = Message.objects.order_by("number").values_list("number", "digest", "size", "content")
    count = 0
    for number, digest, size, content in rows.iterator(chunk_size=100):
        count += 1
        if len(content) != size or sha256(content).hexdigest() != digest:
            faults.append(f"message {number} is not what was received")
    return judged("I1: every message is kept byte for byte", f"{count} messages", faults)


def stored_once() -> Finding:
    """The key is unique by the schema; that it still is shows here. Other bytes under one id are kept and flagged."""
    keys = Message.objects.values("source", "message_id", "digest").annotate(n=Count("number")).filter(n__gt=1)
    faults = [f"{key['source']} {key['message_id']} is there {key['n']} times" for key in keys]
    faults += [f"message {number} repeats an id with other bytes and is not flagged" for number in _unflagged()]
    flagged = Message.objects.filter(flagged=True).count()
    return judged("I1: every message is there exactly once", f"{flagged} flagged", faults)


def _unflagged() -> Iterator[int]:
    """Every version of a message after the first, unless a person mended it, must be flagged."""
    reused = Message.objects.values("source", "message_id").annotate(n=Count("number")).filter(n__gt=1)
    for key in reused.values("source", "message_id"):
        later = Message.objects.filter(**key).order_by("number")[1:]
        yield from (m.number for m in later.defer("content") if not m.flagged and not m.mended_by)


def sums_balance() -> Finding:
    by_state = Counter(dict(Message.objects.order_by().values_list("state").annotate(Count("number"))))
    received = Message.objects.count()
    counted = f"{received} received = {' + '.join(f'{by_state[state]} {state}' for state in State)}"
    lost = received - sum(by_state[state] for state in State)
    return judged("I2: every message is in one state", counted, [f"{lost} in no known state"] if lost else [])


def states_complete() -> Finding:
    faults = [
        f"message {number} is {state} without saying why"
        for state, complete in COMPLETE.items()
        for number in Message.objects.filter(state=state).exclude(complete).values_list("number", flat=True)
    ]
    return judged("I2: what is not read says why", f"{Message.objects.count()} messages", faults)


def nothing_waits_too_long(now: datetime, alarm: timedelta = ALARM) -> Finding:
    waiting = Message.objects.filter(state=State.NEW)
    late = waiting.filter(stored_at__lt=now - alarm).order_by("number").values_list("number", flat=True)
    counted = f"{waiting.count()} waiting, alarm after {alarm}"
    return judged("I2: no message waits too long", counted, [f"message {number}" for number in late])
