"""Receiving: every message is on disk, byte for byte, before anybody is told that it arrived.

The key is (source, message id, digest of the bytes). The same again is harmless and stored once. The same id with other
bytes is kept beside the first and flagged: a sender that reuses its ids, or a corrected message.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connections, transaction
from django.utils import timezone

from openfls.inbox.keeping import KEY, Held, Incoming, Key, Receipt, Row, keep, row_of
from openfls.inbox.models import Message
from openfls.inbox.standbys import WRITE_A_WORD, promised
from openfls.inbox.turns import take_turns

__all__ = ["Incoming", "Receipt", "receive"]

AT_ONCE = 500  # rows in one statement


def receive(messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
    """Store the messages in one commit; a receipt for each, in their order. When this returns, they are on disk.

    ``at``: aware, the time of receipt where a message doesn't carry its own. Raises what the database raises: then
    nothing of this call is stored and nothing may be acknowledged.
    """
    now = timezone.now()
    rows = [row_of(message, at=at, now=now) for message in messages]
    with promised("inbox"), transaction.atomic(using="inbox"):
        _on_postgresql(*take_turns(rows))
        receipts = keep(rows, _Table())
        if any(receipt.known_already for receipt in receipts):
            _on_postgresql(WRITE_A_WORD)
    return receipts


def _on_postgresql(statement: str, values: list[object] | None = None) -> None:
    """What SQLite, with one writer and one disk, has no need of."""
    if connections["inbox"].vendor == "postgresql":
        with connections["inbox"].cursor() as cursor:
            cursor.execute(statement, values)


class _Table:
    """The inbox through Django's models."""

    def held(self, digests: Sequence[str]) -> dict[Key, Held]:
        held: dict[Key, Held] = {}
        for some in _slices(digests):
            stored = Message.objects.filter(digest__in=some).order_by("number")
            for *key, number, flag, origin in stored.values_list(*KEY, "number", "flag", "origin"):
                held[tuple(key)] = Held(number, flag, origin)
        return held

    def digests(self, rows: Sequence[Row]) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for some in _slices([row.message_id for row in rows]):
            stored = Message.objects.filter(source__in={row.source for row in rows}, message_id__in=some)
            for source, message_id, digest in stored.values_list(*KEY):
                found.setdefault((source, message_id), set()).add(digest)
        return found

    def add(self, rows: Sequence[Row]) -> dict[Key, int]:
        new = [Message(**{name: getattr(row, name) for name in Row.__slots__}) for row in rows]
        Message.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
        return {key: held.number for key, held in self.held([row.digest for row in rows]).items()}


def _slices(values: Sequence[str]) -> Iterable[list[str]]:
    distinct = sorted(set(values))
    return (distinct[start : start + AT_ONCE] for start in range(0, len(distinct), AT_ONCE))
