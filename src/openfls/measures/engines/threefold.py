"""Yes, no and unknown as a number of two bits: the lower where it may be so, the upper where it surely is.

What is sure may be, so there are three: no is 0, unknown 1 and yes 3. *And* and *or* of Kleene's logic are then those
of the bits, which every engine does fast and alike; nulls never come into it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

MAYBE, SURELY = 1, 2
NO, UNKNOWN, YES = 0, MAYBE, MAYBE | SURELY


@dataclass(frozen=True)
class Threefold:
    number: ir.IntegerValue

    def __and__(self, other: "Threefold") -> "Threefold":
        return Threefold(self.number & other.number)

    def __or__(self, other: "Threefold") -> "Threefold":
        return Threefold(self.number | other.number)

    def __invert__(self) -> "Threefold":
        return Threefold(literal(YES) >> self.number)  # 3, 1, 0 of 0, 1, 3


def threefold(surely: ir.BooleanValue, maybe: ir.BooleanValue) -> Threefold:
    """What is not sure, and not ruled out, is unknown."""
    return Threefold(ibis.ifelse(surely, literal(YES), where(maybe, UNKNOWN)))


def literal(number: int) -> ir.IntegerScalar:
    return ibis.literal(number, "int32")


def where(holds: ir.BooleanValue, number: int) -> ir.IntegerValue:
    """The number, else none of its bits. Cheaper than arithmetic, which engines check for overflow."""
    return ibis.ifelse(holds, literal(number), literal(0))


def no() -> Threefold:
    return Threefold(literal(NO))


def all_of(parts: Iterable[Threefold]) -> Threefold:
    """Yes where there are none."""
    return reduce(Threefold.__and__, list(parts) or [Threefold(literal(YES))])


def any_of(parts: Iterable[Threefold]) -> Threefold:
    """No where there are none."""
    return reduce(Threefold.__or__, list(parts) or [no()])
