"""How messages are kept, whichever way they reach the database: which row each becomes, which is flagged and why.

`receive` keeps through Django, the listener through a driver of its own. Both follow what stands here, so they can't
keep differently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from openfls.inbox.message_ids import LONGEST, message_id_of
from openfls.inbox.text import storable

Key = tuple[str, str, str]
KEY = ("source", "message_id", "digest")
DECLARED = frozenset({"site", "finder", "encoding", "mapping", "reference", "reading"})


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


@dataclass(slots=True)
class Row:
    """The columns of a new message that are not the model's defaults."""

    source: str
    message_id: str
    digest: str
    received_at: datetime
    stored_at: datetime
    size: int
    name: str
    site: str
    origin: dict[str, Any]
    finder: str
    content: bytes
    flagged: bool = False
    flag: str = ""

    @property
    def key(self) -> Key:
        return self.source, self.message_id, self.digest


class Held(NamedTuple):
    """What is looked up of a message that is there already."""

    number: int
    flag: str
    origin: dict[str, Any]


class Shelf(Protocol):
    """Where rows are kept: a database within a transaction."""

    def held(self, digests: Sequence[str]) -> dict[Key, Held]:
        """What is there with these bytes, in the order of receipt."""

    def digests(self, rows: Sequence[Row]) -> Mapping[tuple[str, str], set[str]]:
        """For each (source, message id) of the rows the digests that are there under it."""

    def add(self, rows: Sequence[Row]) -> dict[Key, int]:
        """Add rows of distinct keys, except those that are there by now; the number under which each is there."""


def row_of(message: Incoming, *, at: datetime, now: datetime) -> Row:
    """``at`` is the time of receipt where the message doesn't carry its own, ``now`` when it is written here."""
    digest = sha256(message.content).hexdigest()
    name = storable(message.name)[:LONGEST]
    return Row(
        source=message.source,
        message_id=storable(message.message_id or message_id_of(message.content, name))[:LONGEST] or digest,
        digest=digest,
        received_at=message.received or at,
        stored_at=now,
        size=len(message.content),
        name=name,
        site=message.site,
        origin={name: value for name, value in message.origin.items() if value},
        finder=message.origin.get("finder") or "",
        content=message.content,
    )


def keep(rows: Sequence[Row], shelf: Shelf) -> list[Receipt]:
    """Put the rows there, each key once; a receipt for each, in their order."""
    before = shelf.held([row.digest for row in rows])
    _flag(rows, before, shelf.digests(rows))
    numbers = {key: held.number for key, held in before.items()}
    numbers |= shelf.add(_first_of_each(rows, before))
    seen = set(before)
    return [_receipt(row, numbers[row.key], seen) for row in rows]


def _flag(rows: Sequence[Row], before: dict[Key, Held], stored: Mapping[tuple[str, str], set[str]]) -> None:
    """Say on each row what a person should know: bytes declared otherwise before, an id that came with other bytes."""
    origins = {(key[0], key[2]): held.origin for key, held in reversed(before.items())}
    digests = {key: set(values) for key, values in stored.items()}
    for row in rows:
        origin = origins.setdefault((row.source, row.digest), row.origin)
        others = digests.setdefault((row.source, row.message_id), set())
        if origin != row.origin:
            row.flag = f"these bytes came before, declared as {_words(origin)}, and are read as that"
        elif row.key in before:
            row.flag = before[row.key].flag
        elif others - {row.digest}:
            row.flag = "this message id came before with other bytes"
        row.flagged = bool(row.flag)
        others.add(row.digest)


def _words(origin: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(origin.items())) or "nothing"


def _first_of_each(rows: Iterable[Row], before: Mapping[Key, Held]) -> list[Row]:
    first: dict[Key, Row] = {}
    for row in rows:
        if row.key not in before:
            first.setdefault(row.key, row)
    return list(first.values())


def _receipt(row: Row, number: int, seen: set[Key]) -> Receipt:
    known_already = row.key in seen
    seen.add(row.key)
    return Receipt(number, row.message_id, row.digest, known_already, row.flag)
