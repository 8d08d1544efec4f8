"""A long list is entered a piece at a time: its facts never lie in memory together, and other messages have their turn.

Each piece goes through the one door by itself. A worker that dies amid the list begins it again; what was entered is
known by its ids.
"""

from collections.abc import Iterator
from datetime import datetime

from openfls.feeds.doors import is_list
from openfls.feeds.reading import Problems, Reading, Unreadable
from openfls.inbox.models import ListProgress, Message
from openfls.inbox.reading import origin_of, pieces

LONG = 512 * 1024  # bytes; a list shorter than this is entered at once
ROWS = 500  # of a piece: about a second's work


def is_long(message: Message) -> bool:
    """Whether the message is a list that is entered a piece at a time."""
    return message.size > LONG and is_list(message.name, bytes(message.content), origin_of(message))


class LongList:
    """One list on its way. ``rows`` and ``total`` say how far it is; ``total`` is None where only the end will tell."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.rows = self.facts = 0
        self.total = None if message.content[:2] == b"PK" else bytes(message.content).count(b"\n")
        self.remarks: list[str] = []
        self._unreadable = Problems()
        self._pieces: Iterator[Reading] = pieces(message, ROWS)

    def next_piece(self) -> Reading | None:
        """The next piece, None after the last."""
        return next(self._pieces, None)

    def entered(self, piece: Reading, refused: dict[str, Unreadable]) -> None:
        """A piece is on the record, but for what the door refused."""
        self.rows += piece.rows
        self.remarks += piece.notes
        out = [refused[fact.id] for fact in piece.facts if fact.id in refused]
        self.facts += len(piece.facts) - len(out)
        for problem in (*piece.unreadable, *out):
            self._unreadable.append(problem)

    def told(self, at: datetime) -> None:
        """Write down how far it is, for whoever waits."""
        total = None if self.total is None else max(self.total, self.rows)
        now = {"rows": self.rows, "total": total, "facts": self.facts, "at": at}
        ListProgress.objects.update_or_create(message_id=self.message.number, defaults=now)

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        return self._unreadable.told()
