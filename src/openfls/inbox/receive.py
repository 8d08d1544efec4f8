"""Receiving: every message is on disk, byte for byte, before anybody is told that it arrived.

The key is (source, message id, digest of the bytes). The same again is harmless and stored once. The same id with other
bytes is kept beside the first and flagged: a sender that reuses its ids, or a corrected message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from openfls.inbox.message_ids import LONGEST, message_id_of
from openfls.inbox.models import Message
from openfls.inbox.text import storable

Key = tuple[str, str, str]
KEY = ("source", "message_id", "digest")
AT_ONCE = 500  # rows in one statement
DECLARED = frozenset({"site", "finder", "encoding", "mapping", "reading"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What arrived. ``source`` names the feed; ``site`` (or trust) answers for it and sees it in quarantine.

    ``origin`` holds what was declared about the feed: any of site (where things happened unless the message says),
    finder, encoding, mapping; and which reading it is where the same bytes are declared anew. ``received`` is the time
    of receipt where history is imported.
    """

    source: str
    content: bytes
    site: str
    name: str = ""
    message_id: str = ""
    origin: dict[str, Any] = field(default_factory=dict)
    received: datetime | None = None

    def __post_init__(self) -> None:
        if not self.source or not self.site:
            raise ValueError("a message needs its source and the site that answers for it: name both")
        if unknown := set(self.origin) - DECLARED:
            raise ValueError(f"nothing is known about {', '.join(unknown)}: declare {', '.join(sorted(DECLARED))}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message: its number in the inbox, whether it was there already, and why it is flagged."""

    number: int
    message_id: str
    digest: str
    known_already: bool
    flag: str = ""


class _Held(NamedTuple):
    """What is looked up of a message that is there already."""

    number: int
    flag: str
    origin: dict[str, Any]


def receive(messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
    """Store the messages in one commit; a receipt for each, in their order. When this returns, they are on disk.

    ``at``: aware, the time of receipt where a message doesn't carry its own. Raises what the database raises: then
    nothing of this call is stored and nothing may be acknowledged.
    """
    rows = [_row(message, at) for message in messages]
    with transaction.atomic(using="inbox"):
        before = _stored(rows)
        _flag(rows, before)
        Message.objects.bulk_create(_first_of_each(rows, before), batch_size=AT_ONCE, ignore_conflicts=True)
        stored = _stored(rows)
    seen = set(before)
    return [_receipt(row, stored[_key(row)], seen) for row in rows]


def _row(message: Incoming, at: datetime) -> Message:
    digest = sha256(message.content).hexdigest()
    name = storable(message.name)[:LONGEST]
    return Message(
        source=message.source,
        message_id=storable(message.message_id or message_id_of(message.content, name))[:LONGEST] or digest,
        digest=digest,
        received_at=message.received or at,
        stored_at=timezone.now(),
        size=len(message.content),
        name=name,
        site=message.site,
        origin={name: value for name, value in message.origin.items() if value},
        finder=message.origin.get("finder") or "",
        content=message.content,
    )


def _key(row: Message) -> Key:
    return row.source, row.message_id, row.digest


def _stored(rows: Sequence[Message]) -> dict[Key, _Held]:
    """What the inbox holds with these bytes, by key, in the order of receipt."""
    held: dict[Key, _Held] = {}
    for some in _slices([row.digest for row in rows]):
        stored = Message.objects.filter(digest__in=some).order_by("number")
        for *key, number, flag, origin in stored.values_list(*KEY, "number", "flag", "origin"):
            held[tuple(key)] = _Held(number, flag, origin)
    return held


def _flag(rows: Sequence[Message], before: dict[Key, _Held]) -> None:
    """Say on each row what a person should know: bytes declared otherwise before, an id that came with other bytes."""
    origins = {(source, digest): before[source, name, digest].origin for source, name, digest in reversed(before)}
    digests = _digests_by_id(rows)
    for row in rows:
        origin = origins.setdefault((row.source, row.digest), row.origin)
        others = digests.setdefault((row.source, row.message_id), set())
        if origin != row.origin:
            row.flag = f"these bytes came before, declared as {_words(origin)}, and are read as that"
        elif _key(row) in before:
            row.flag = before[_key(row)].flag
        elif others - {row.digest}:
            row.flag = "this message id came before with other bytes"
        row.flagged = bool(row.flag)
        others.add(row.digest)


def _digests_by_id(rows: Sequence[Message]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for some in _slices([row.message_id for row in rows]):
        stored = Message.objects.filter(source__in={row.source for row in rows}, message_id__in=some)
        for source, message_id, digest in stored.values_list("source", "message_id", "digest"):
            found.setdefault((source, message_id), set()).add(digest)
    return found


def _words(origin: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(origin.items())) or "nothing"


def _first_of_each(rows: Sequence[Message], before: dict[Key, _Held]) -> list[Message]:
    first: dict[Key, Message] = {}
    for row in rows:
        if _key(row) not in before:
            first.setdefault(_key(row), row)
    return list(first.values())


def _receipt(row: Message, stored: _Held, seen: set[Key]) -> Receipt:
    known_already = _key(row) in seen
    seen.add(_key(row))
    return Receipt(stored.number, row.message_id, row.digest, known_already, row.flag)


def _slices(values: Sequence[str]) -> Iterable[list[str]]:
    distinct = sorted(set(values))
    return (distinct[start : start + AT_ONCE] for start in range(0, len(distinct), AT_ONCE))
