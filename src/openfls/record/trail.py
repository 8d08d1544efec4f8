"""The audit trail: every read of a patient and every write leaves a row, and the rows are chained.

Each row's digest is an HMAC-SHA256, by a key outside the database, over the row and the digest before it. A row that is
edited, removed, inserted or moved breaks the chain. A cut-off tail leaves a shorter chain that is sound in itself: it
shows only against a `head` that was noted elsewhere.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from openfls.record.keys import key_in
from openfls.record.models import Trail

ALIAS = "audit"
START = "0" * 64  # what the first row names as the digest before it
TURN = 7_341_953  # PostgreSQL's advisory lock for appending: any number, the same for every process
BATCH = 500  # rows in one INSERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act, before it has a place in the chain. ``patient`` is a person's or record's key, ``patients`` those that
    a list showed, ``request`` the id of the web request. ``detail`` is plain: strings, whole numbers, lists, dicts.
    """

    user: str
    action: str
    role: str = ""
    site: str = ""
    patient: str | None = None
    patients: Sequence[str] = ()
    purpose: str = ""
    request: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: note it outside the database, and a later `verify_chain` can tell that nothing was cut off."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """``number`` is the row at which the chain breaks."""

    number: int
    because: str


@dataclass(frozen=True, slots=True)
class Verified:
    rows: int
    head: Head | None
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def write(
    *,
    user: str,
    action: str,
    role: str = "",
    site: str = "",
    patient: str | None = None,
    patients: Sequence[str] = (),
    purpose: str = "",
    request: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Head:
    """Append one row and commit it, whatever becomes of a transaction on the record."""
    entry = Entry(
        user=user, action=action, role=role, site=site, patient=patient, patients=patients,
        purpose=purpose, request=request, detail=detail or {},
    )  # fmt: skip
    return write_many([entry])


def write_many(entries: Iterable[Entry]) -> Head:
    """Append rows in this order, all or none, in one transaction; the new head. Raises ``ValueError`` for no entry."""
    waiting = list(entries)
    if not waiting:
        raise ValueError("no entry to write")
    at = timezone.now()
    with transaction.atomic(using=ALIAS):  # SQLite: IMMEDIATE, so that one writer at a time reads the head
        _wait_for_turn()
        last = head() or Head(0, START)
        rows = list(_chained(waiting, last, at, _key(may_make=last.number == 0)))
        Trail.objects.bulk_create(rows, batch_size=BATCH)
    return Head(rows[-1].number, rows[-1].digest)


def head() -> Head | None:
    """The newest row, None where there is none. Send it to a place that the database's administrator can't change."""
    last = Trail.objects.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else None


def verify_chain(anchor: Head | None = None) -> Verified:
    """Check every row against its digest and the row before; ``anchor`` is a head noted earlier.

    Goes on past a fault, so that all are named. Raises `TrailKeyMissing` where there are rows but no key.
    """
    return _Chain(_key(may_make=head() is None)).check(_rows(), anchor)


class TrailKeyMissing(Exception):
    """The trail has rows but its key is gone: restore the file from a backup; a new key can't vouch for old rows."""


def _wait_for_turn() -> None:
    """PostgreSQL: numbers and digests follow the order of commits, since the lock is held until then."""
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _key(may_make: bool) -> bytes:
    path = settings.TRAIL_KEY_FILE
    if not may_make and not path.exists():
        raise TrailKeyMissing(f"the audit trail has rows but its key {path} is missing: restore it from a backup")
    return key_in(path).encode()


def _chained(entries: Iterable[Entry], last: Head, at: datetime, key: bytes) -> Iterator[Trail]:
    for entry in entries:
        row = _row(entry, last, at)
        row.digest = _digest(key, [getattr(row, name) for name in SIGNED])
        last = Head(row.number, row.digest)
        yield row


def _row(entry: Entry, last: Head, at: datetime) -> Trail:
    return Trail(
        number=last.number + 1,
        at=at,
        user=_held(entry.user),
        role=_held(entry.role),
        site=_held(entry.site),
        action=_held(entry.action),
        patient=entry.patient,
        patients=_held(list(entry.patients)),
        purpose=_held(entry.purpose),
        request=_held(entry.request),
        detail=_held(dict(entry.detail)),
        previous=last.digest,
    )


def _held(value: Any) -> Any:
    """The value in a form that both engines give back unchanged: the trail never fails for an odd character."""
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case None | bool() | int():
            return value
        case dict():
            return {_held(str(name)): _held(part) for name, part in value.items()}
        case list() | tuple():
            return [_held(part) for part in value]
        case set() | frozenset():
            return [_held(part) for part in sorted(value)]
    return _held(str(value))


# What a digest covers, in this order.
SIGNED = (
    "number", "at", "user", "role", "site", "action", "patient", "patients", "purpose", "request", "detail", "previous",
)  # fmt: skip
_AT, _NUMBER, _PREVIOUS = SIGNED.index("at"), SIGNED.index("number"), SIGNED.index("previous")
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _digest(key: bytes, signed: Sequence[Any]) -> str:
    values = list(signed)
    values[_AT] = values[_AT].astimezone(UTC).isoformat(timespec="microseconds")
    return hmac.digest(key, _canonical(values).encode(), sha256().name).hex()


def _rows() -> Iterator[tuple[Any, ...]]:
    return Trail.objects.order_by("number").values_list(*SIGNED, "digest").iterator(chunk_size=2000)


class _Chain:
    """A walk along the rows in the order of their numbers."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.last = Head(0, START)
        self.rows = 0
        self.faults: list[Fault] = []

    def check(self, rows: Iterable[tuple[Any, ...]], anchor: Head | None) -> Verified:
        anchored = False
        for *signed, digest in rows:
            self._check_row(signed, digest)
            anchored = anchored or self.last == anchor
        if anchor and not anchored:
            self.faults.append(Fault(anchor.number, "the row noted elsewhere is not here: cut off or rewritten"))
        return Verified(self.rows, self.last if self.rows else None, tuple(self.faults))

    def _check_row(self, signed: Sequence[Any], digest: str) -> None:
        number = signed[_NUMBER]
        if number != self.last.number + 1:
            self.faults.append(Fault(number, f"rows {self.last.number + 1} to {number - 1} are missing"))
        elif signed[_PREVIOUS] != self.last.digest:
            self.faults.append(Fault(number, "does not follow the row before it"))
        if not hmac.compare_digest(_digest(self.key, signed), digest):
            self.faults.append(Fault(number, "was changed after it was written"))
        self.last = Head(number, digest)
        self.rows += 1
