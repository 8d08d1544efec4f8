"""Yes, no and unknown in two columns of true and false: whether it surely is so, and whether it may be.

Unknown may be so and is not sure. Kleene's logic is then plain logic on both columns, which every engine does fast and
alike; nulls never come into it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir


@dataclass(frozen=True)
class Threefold:
    """``surely``: yes. ``maybe``: not no. What is sure may be, always."""

    surely: ir.BooleanValue
    maybe: ir.BooleanValue

    def __and__(self, other: "Threefold") -> "Threefold":
        return Threefold(self.surely & other.surely, self.maybe & other.maybe)

    def __or__(self, other: "Threefold") -> "Threefold":
        return Threefold(self.surely | other.surely, self.maybe | other.maybe)

    def __invert__(self) -> "Threefold":
        return Threefold(~self.maybe, ~self.surely)


def yes() -> Threefold:
    return Threefold(ibis.literal(True), ibis.literal(True))


def no() -> Threefold:
    return Threefold(ibis.literal(False), ibis.literal(False))


def all_of(parts: Iterable[Threefold]) -> Threefold:
    """Yes where there are none."""
    first, *others = list(parts) or [yes()]
    for other in others:
        first = first & other
    return first


def any_of(parts: Iterable[Threefold]) -> Threefold:
    """No where there are none."""
    first, *others = list(parts) or [no()]
    for other in others:
        first = first | other
    return first
