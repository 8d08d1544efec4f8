"""What could not be read waits here for a person, who sees why and where, mends it or dismisses it with a reason.

The rows of a list that could be read count at once; the message waits with the others. Nobody sees, and nobody is told
of, messages of a site where he doesn't work. The original is kept whatever is done.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openfls.clinical.standards import Role
from openfls.feeds.reading import Reading
from openfls.inbox.models import Message, State, Undo
from openfls.inbox.owners import owners
from openfls.inbox.reading import read_instead
from openfls.inbox.receive import Incoming, receive
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer
from openfls.record.purposes import purpose_of

# A message holds names: whoever cares for patients sees it, or keeps the feeds going.
HANDLERS = (Role.COORDINATOR, Role.NURSE, Role.DOCTOR, Role.ADMINISTRATOR)


class NotWaiting(ValueError):
    """Somebody else has mended or dismissed the message meanwhile, or nothing about it needs a person."""


def waiting(viewer: Viewer) -> "QuerySet[Message]":
    """The messages in quarantine that the viewer may handle, the longest waiting first, without their bytes."""
    return _visible(viewer).filter(state=State.QUARANTINED).defer("content").order_by("received_at", "number")


def message_for(viewer: Viewer, number: int) -> Message:
    """The message with its bytes, in whatever state; the trail says that the viewer read it.

    Raises `NotVisible` where there is no such message or it is of a site where the viewer handles none.
    """
    message = _visible(viewer).filter(number=number).first()
    if message is None:
        _leave_trail(viewer.user, "read of a message refused", None, number, **_read(viewer))
        raise NotVisible("no such message")
    _leave_trail(viewer.user, "read a message", message, number, **_read(viewer))
    return message


def preview(message: Message, content: bytes) -> Reading:
    """What mended bytes would give, before anything is done."""
    return read_instead(message, content)


def mend(
    message: Message, content: bytes, *, by: str, at: datetime | None = None, name: str = "", encoding: str = ""
) -> Message:
    """Put mended bytes in place of the message's: a new message, read next. The original is kept and points at it.

    ``name`` and ``encoding`` where the mended bytes have others than the original. Where the source sent the same bytes
    itself meanwhile, that message stands and the original is dismissed. Raises `NotWaiting`, or ``ValueError`` where
    nothing was changed.
    """
    if content == bytes(message.content):
        raise ValueError("nothing was changed: correct what is named, or dismiss the message with a reason")
    with transaction.atomic(using="inbox"):
        original = _still(message, State.QUARANTINED)
        (receipt,) = receive([_like(original, content, name, encoding)], at=at or timezone.now())
        mended = Message.objects.get(number=receipt.number)
        if receipt.known_already:
            _set(original, State.DISMISSED, dismissed_by=by, reason=f"the same as message {mended.number}")
        else:
            Message.objects.filter(number=mended.number).update(mended_by=by, flagged=False, flag="")
            _set(original, State.MENDED, replaced_by=mended)
        _leave_trail(by, "mended a message", original, original.number, mended=mended.number)
    mended.refresh_from_db()
    return mended


def dismiss(message: Message, reason: str, *, by: str) -> None:
    """A named person says that nothing will come of what could not be read, and why. What could be read still counts.

    Raises `NotWaiting`, or ``ValueError`` without a person or a reason.
    """
    if not reason.strip() or not by:
        raise ValueError("a message is dismissed by a named person with a reason: give both")
    with transaction.atomic(using="inbox"):
        _set(_still(message, State.QUARANTINED), State.DISMISSED, dismissed_by=by, reason=reason.strip())
        _leave_trail(by, "dismissed a message", message, message.number, reason=reason.strip())


def retry(message: Message, *, by: str) -> None:
    """Read it again, after a reader was improved or a dismissal was wrong. Raises `NotWaiting`."""
    if Undo.objects.filter(message=message, restores=False).exists():
        raise NotWaiting(f"message {message.number} is an upload that was undone: restore it first")
    with transaction.atomic(using="inbox"):
        _again(_still(message, State.QUARANTINED, State.DISMISSED))
        _leave_trail(by, "retried a message", message, message.number)


def retry_all(*, by: str, source: str | None = None) -> int:
    """Read everything again that waits in quarantine, of one source or of all; how many messages."""
    held = Message.objects.filter(state=State.QUARANTINED).defer("content").order_by("number")
    with transaction.atomic(using="inbox"):
        messages = list(held if source is None else held.filter(source=source))
        for message in messages:
            _again(message)
        if messages:
            numbers = [message.number for message in messages]
            trail.write(user=by, action="retried messages", detail={"messages": numbers})
    return len(messages)


def _visible(viewer: Viewer) -> "QuerySet[Message]":
    sites = [site for site in viewer.sites if viewer.has_role(*HANDLERS, site=site)]
    return Message.objects.filter(site__in=owners(sites))


def _still(message: Message, *states: State) -> Message:
    """The message as it now is, held until the transaction ends."""
    now = Message.objects.select_for_update().get(number=message.number)
    if now.state not in states:
        raise NotWaiting(f"message {now.number} no longer waits: it is {State(now.state).label}")
    return now


def _like(original: Message, content: bytes, name: str, encoding: str) -> Incoming:
    """The mended bytes as if the same source had sent them under the same id."""
    declared = {"encoding": encoding} if encoding else {}
    return Incoming(
        source=original.source,
        content=content,
        site=original.site,
        name=name or original.name,
        message_id=original.message_id,
        origin=original.origin | declared,
    )


def _again(message: Message) -> None:
    _set(message, State.NEW, attempts=0, leased_until=None, dismissed_by="")


def _set(message: Message, state: State, **values: object) -> None:
    Message.objects.filter(number=message.number).update(state=state, **values)


def _read(viewer: Viewer) -> dict[str, str]:
    return {"request": viewer.request, "purpose": purpose_of(viewer.held)}


def _leave_trail(
    by: str,
    action: str,
    message: Message | None,
    number: int,
    *,
    request: str = "",
    purpose: str = "",
    **detail: object,
) -> None:
    """A row without the message's words: patients in it have no keys here, its number leads to it."""
    site = message.site if message else ""
    detail = {"message": number, **detail}
    trail.write(user=by, action=action, site=site, request=request, purpose=purpose, detail=detail)
