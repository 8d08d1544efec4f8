"""How far an upload is: what the worker does with it now, and how much of it."""

from dataclasses import dataclass

from openfls.inbox.models import ListProgress, State, Undo, Upload, UploadState
from openfls.inbox.uploads.checking import Checked


@dataclass(frozen=True, slots=True)
class UnderWay:
    """``done`` of ``total`` (None where only the end will tell), in ``what`` it counts."""

    words: str
    done: int = 0
    total: int | None = None
    what: str = "rows"


def under_way(upload: Upload) -> UnderWay | None:
    """What goes on with it; None where nothing does."""
    if upload.state == UploadState.CHECKING:
        checked = Checked.of(upload)
        return UnderWay("The list is being checked", checked.rows, checked.total)
    message = upload.message
    if message is None:
        return None
    if message.state == State.NEW:
        return _reading(getattr(message, "progress", None))
    undo: Undo | None = getattr(message, "undo", None)
    return _undoing(undo) if undo and not undo.done else None


def _reading(progress: ListProgress | None) -> UnderWay:
    words = "The list is stored and being read"
    return UnderWay(words, progress.rows, progress.total) if progress else UnderWay(words)


def _undoing(undo: Undo) -> UnderWay:
    words = "What was undone is being restored" if undo.restores else "What the list said is being undone"
    return UnderWay(words, min(undo.reached or 0, undo.last), undo.last or None, "facts looked through")
