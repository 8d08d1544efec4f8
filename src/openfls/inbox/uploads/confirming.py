"""Confirming an upload: it becomes a message, stored before anybody is told so; the same again is harmless.

The same bytes that are known already, declared as before, are that message; was it undone, it counts again. Declared
otherwise, they are refused until what they gave has been undone: then they are read anew, and what they say now stands
beside what they said then.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from openfls.inbox import quarantine
from openfls.inbox.models import Message, State, Undo, Upload, UploadState
from openfls.inbox.reading import reading_number
from openfls.inbox.receive import Incoming, receive
from openfls.inbox.uploads import undoing
from openfls.inbox.uploads.checking import Checked
from openfls.inbox.uploads.drafts import Settled, leave_trail
from openfls.record.access import Viewer


class KnownOtherwise(ValueError):
    """The same bytes stand already, declared otherwise. ``message``: as which they stand."""

    def __init__(self, message: Message) -> None:
        told = message.origin
        self.message = message
        super().__init__(
            f"this file is message {message.number} already, read as {told.get('mapping', 'no list')} in "
            f"{told.get('encoding', 'utf-8')} for site {told.get('site', message.site)}: undo that upload first, "
            "then this one can be read otherwise"
        )


def confirm(viewer: Viewer, upload: Upload, *, at: datetime) -> Message:
    """Store it as a message. Raises `Settled`, `KnownOtherwise`, or ``ValueError`` for a list that can't be read."""
    if upload.state == UploadState.CONFIRMED and upload.message:
        return upload.message  # pressed twice
    _refuse_unfit(upload)
    with transaction.atomic(using="inbox"):
        held = Upload.objects.select_for_update().get(number=upload.number)
        if held.state != UploadState.CHECKED:
            raise Settled("somebody has confirmed or discarded this upload meanwhile")
        message, restores = _message(held, viewer.user, at)
        settled = {"state": UploadState.CONFIRMED, "settled_by": viewer.user, "settled_at": at, "content": None}
        kept = {"check_result": held.check_result | {"first": [], "columns": []}}
        Upload.objects.filter(number=held.number).update(message=message, **settled, **kept)
        leave_trail(viewer, "confirmed an upload", held.number, held.site, message=message.number)
    if restores:
        undoing.restore(viewer, message, at=at)
    return message


def standing(upload: Upload) -> Message | None:
    """The latest message of this feed with these bytes."""
    same = Message.objects.filter(source=upload.source, digest=upload.digest)
    return same.select_related("undo").order_by("-number").first()


def declared(upload: Upload) -> dict[str, Any]:
    return {"site": upload.site, "mapping": upload.mapping, "encoding": upload.encoding}


def said_otherwise(upload: Upload, message: Message) -> bool:
    """Whether these bytes were declared otherwise; what nobody declared is utf-8, and a mapping by the file's name."""
    told = {"encoding": "utf-8", "site": message.site} | {name: str(value) for name, value in message.origin.items()}
    return any(told.get(name, value) != value for name, value in declared(upload).items())


def is_undone(message: Message) -> bool:
    """Whether its facts are undone, or are on the way to it."""
    undo: Undo | None = getattr(message, "undo", None)
    return undo is not None and not undo.restores


def _refuse_unfit(upload: Upload) -> None:
    checked = Checked.of(upload)
    if upload.state == UploadState.CHECKED and not checked.fits:
        raise ValueError("the list can't be read as it is: match its columns, or choose another file")


def _message(upload: Upload, by: str, at: datetime) -> tuple[Message, bool]:
    """The message that the upload is, and whether what it said must count again."""
    before = standing(upload)
    if before is not None:
        if not said_otherwise(upload, before):
            return before, is_undone(before)
        if not is_undone(before):
            raise KnownOtherwise(before)
    if upload.mends and before is None:
        return _mended(upload, by, at), False
    return _received(upload, at, reading_number(before) + 1 if before else 1), False


def _mended(upload: Upload, by: str, at: datetime) -> Message:
    assert upload.mends is not None
    content = bytes(upload.content)
    return quarantine.mend(upload.mends, content, by=by, at=at, name=upload.name, encoding=upload.encoding)


def _received(upload: Upload, at: datetime, reading: int) -> Message:
    anew = {"reading": str(reading)} if reading > 1 else {}
    incoming = Incoming(
        source=upload.source,
        content=bytes(upload.content),
        site=upload.site,
        name=upload.name,
        message_id=f"{upload.name} (reading {reading})" if anew else "",
        origin=declared(upload) | anew,
    )
    (receipt,) = receive([incoming], at=at)
    message = Message.objects.get(number=receipt.number)
    if anew:  # it is flagged as declared otherwise, which a person has just decided
        Message.objects.filter(number=message.number).update(flagged=False, flag="")
    return message


def waits(upload: Upload) -> bool:
    """Whether its message is still to be read."""
    return upload.message is not None and upload.message.state == State.NEW
