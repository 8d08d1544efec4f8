"""Undoing an upload, and restoring it: a person asks, the worker does it by new facts through the one door.

The rows of facts are gone through in their order, so many at a time. Killed amid it, the worker goes on from where it
was; what it enters twice is known by its ids.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from openfls import coordination
from openfls.clinical.facts import Fact, Source, UploadUndone
from openfls.clinical.undoing import reading_of
from openfls.clinical.when import on
from openfls.inbox.models import Message, State, Undo, Upload
from openfls.inbox.reading import reading_number
from openfls.inbox.uploads.drafts import leave_trail
from openfls.record.access import Viewer
from openfls.record.models import FactRow

WINDOW = 50_000  # rows of facts looked through in one step
UNDONE = "the upload was undone"
AT_ONCE = 500  # facts undone in one step: about a second's work


class CannotUndo(ValueError):
    """The upload is on its way to be undone or restored, or already is."""


def undo(viewer: Viewer, upload: Upload, reason: str, *, at: datetime) -> None:
    """Ask that all that the upload's message said counts as never stated, and what mended it with it. Raises
    `CannotUndo`, or ``ValueError`` without a reason."""
    if not reason.strip():
        raise ValueError("say why it is undone")
    messages = list(_with_what_mended_it(message_of(upload)))
    for message in messages:
        _ask(message, viewer.user, at, restores=False, reason=reason.strip())
    numbers = [message.number for message in messages]
    leave_trail(viewer, "undid an upload", upload.number, upload.site, messages=numbers, reason=reason.strip())


def restore(viewer: Viewer, message: Message, *, at: datetime) -> None:
    """Ask that what was undone counts again. Raises `CannotUndo`."""
    for one in _with_what_mended_it(message):
        _ask(one, viewer.user, at, restores=True, reason="")
    uploads = list(Upload.objects.filter(message=message).values_list("number", "site"))
    for number, site in uploads:
        leave_trail(viewer, "restored an upload", number, site, message=message.number)


def step(asked: Undo) -> bool:
    """Go through the next rows of facts; whether there are more."""
    begun = _begun(asked)
    if begun is None:
        return False
    reached = begun.reached or 0
    rows = list(_rows(begun.message, reached, reached + WINDOW)[:AT_ONCE])
    words = list(_words(begun, (row.to_fact() for row in rows)))
    if words:
        coordination.enter(words, by=begun.by, purpose=_purpose(begun))
    reached = rows[-1].number if len(rows) == AT_ONCE else reached + WINDOW
    Undo.objects.filter(pk=begun.pk, at=begun.at).update(reached=reached if reached < begun.last else None)
    return reached < begun.last


def _rows(message: Message, after: int, to: int) -> "QuerySet[FactRow]":
    window = FactRow.objects.filter(number__gt=after, number__lte=to)
    return window.filter(source_system=message.source, source_message=message.digest).order_by("number")


def waiting() -> list[Undo]:
    """What is asked for and not done, the oldest first. A message that is still to be read is read first: else its
    facts would come after their undoing, and a replay would find more of them."""
    asked = Undo.objects.filter(reached__isnull=False).exclude(message__state=State.NEW)
    return list(asked.select_related("message").defer("message__content").order_by("at"))


def message_of(upload: Upload) -> Message:
    """Raises `CannotUndo` where it was never confirmed."""
    if upload.message is None:
        raise CannotUndo("this upload was never confirmed: discard it")
    return upload.message


def _with_what_mended_it(message: Message) -> Iterator[Message]:
    """What mends a message leaves out what the message said: the two count together or not at all."""
    one: Message | None = message
    while one is not None:
        yield one
        one = one.replaced_by


def _ask(message: Message, by: str, at: datetime, *, restores: bool, reason: str) -> None:
    with transaction.atomic(using="inbox"):
        there = Undo.objects.select_for_update().filter(message=message).first()
        now = there.restores if there else True  # as if restored: what it said counts
        if now is restores:
            raise CannotUndo(f"this upload is {'restored' if restores else 'undone'} already, or will be shortly")
        anew = {"reached": 0, "last": 0, "leased_until": None}
        told = {"restores": restores, "by": by, "at": at, "reason": reason}
        Undo.objects.update_or_create(message=message, defaults=told | anew)
        _wait_or_not(message, by, undone=not restores)


def _wait_or_not(message: Message, by: str, *, undone: bool) -> None:
    """Rows that could not be read wait for nobody while the rest is undone, and wait again once it is restored."""
    same = Message.objects.filter(number=message.number)
    if undone:
        reason = f"{UNDONE}: {message.reason}"
        same.filter(state=State.QUARANTINED).update(state=State.DISMISSED, dismissed_by=by, reason=reason)
    elif message.reason.startswith(f"{UNDONE}: "):
        reason = message.reason.removeprefix(f"{UNDONE}: ")
        same.filter(state=State.DISMISSED).update(state=State.QUARANTINED, dismissed_by="", reason=reason)


def _begun(asked: Undo) -> Undo | None:
    """With the number of the last row of facts there is; None where somebody has asked otherwise meanwhile."""
    now = Undo.objects.filter(pk=asked.pk, at=asked.at, reached__isnull=False).select_related("message").first()
    if now and not now.last:
        now.last = FactRow.objects.aggregate(last=Max("number"))["last"] or 0
        Undo.objects.filter(pk=now.pk, at=now.at).update(last=now.last)
    return now


def _words(asked: Undo, facts: Iterable[Fact]) -> Iterator[UploadUndone]:
    """One word for each record that the facts are about."""
    number = reading_number(asked.message)
    about: dict[str, Fact] = {}
    for fact in facts:
        if reading_of(fact) == number and not isinstance(fact, UploadUndone):
            about.setdefault(fact.record.key, fact)
    yield from (_word(asked, fact, number) for fact in about.values())


def _word(asked: Undo, fact: Fact, number: int) -> UploadUndone:
    system, digest = asked.message.source, asked.message.digest
    act = sha256(f"{asked.message.number} {asked.restores} {asked.at.isoformat()}".encode()).hexdigest()
    return UploadUndone(
        record=fact.record,
        occurred=on(timezone.localtime(asked.at).date()),
        known=asked.at,
        version=asked.at,
        site=fact.site,
        by=asked.by,
        retracted=asked.restores,
        source=Source(f"hand/{asked.by}", act, fact.record.key),
        key=f"undo/{system}/{digest}/{number}/{fact.record.key}",
        system=system,
        message=digest,
        reading=number,
        reason=asked.reason,
    )


def _purpose(asked: Undo) -> str:
    return f"{'restoring' if asked.restores else 'undoing'} message {asked.message.number}"
