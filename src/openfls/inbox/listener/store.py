"""What the listener asks of a database: keep these in one durable commit, or say plainly that it did not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from openfls.inbox.keeping import Incoming, Receipt, Row
from openfls.inbox.models import Message

CONVERTED = ("DateTimeField", "JSONField")  # what databases hold otherwise than Python does


class Away(Exception):
    """The database can't be reached or is held by somebody. Whether the last commit arrived may be unknown: nothing is
    acknowledged, the same is stored again when it is back, and the key makes that harmless."""


class Unstorable(Exception):
    """Nothing of this group was stored, for a reason that may lie in one message. In words for its sender."""


class Store(Protocol):
    """A connection for one thread."""

    def store(self, messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
        """Store in one commit; when this returns, all are on disk. Raises `Away` or `Unstorable`."""

    def tidy(self, *, idle: bool) -> None:
        """Whatever upkeep is due between two commits; ``idle``: nothing has come for a while. Never raises."""

    def close(self) -> None: ...


class Columns:
    """The columns of a new message with their values, as Django itself would write them for this database.

    The model stays the one definition: what a row doesn't name gets the model's default.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        blank = Message()
        fields = [field for field in Message._meta.concrete_fields if not field.primary_key]
        self.table = Message._meta.db_table
        self.varying = {f.column: f for f in fields if f.attname in Row.__slots__}
        same = {f.column: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
        self.fixed = {c: value for c, value in same.items() if c not in self.varying and value is not None}
        self._converted = {c for c, f in self.varying.items() if f.get_internal_type() in CONVERTED}

    def values(self, row: Row) -> list[Any]:
        """The varying values of a row, in the order of ``varying``."""
        return [
            field.get_db_prep_save(getattr(row, column), self._connection)
            if column in self._converted
            else getattr(row, column)
            for column, field in self.varying.items()
        ]
