"""What a fact must be to answer a question: tests that must all hold, worked out from the declarations alone.

Facts are asked a hundred questions, and most tests are the same. They stand here as values, so that each is made once
however many questions need it (`compiling.Compiler.says`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from openfls.clinical.expressions import Has, Latest, Moment, Parameter, Recorded, Window
from openfls.clinical.facts import Answer
from openfls.measures.engines.asks import Ask, Found, Last, Match

FIRST, LAST = "first", "last"
FAR, EVER = 10**8, 2**31 - 1  # days


@dataclass(frozen=True, slots=True)
class Says:
    """A field holds one of these values; none of them, if ``denied``."""

    field: str
    one_of: tuple[str, ...]
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Lies:
    """The ``first`` or ``last`` possible day lies so many days after the ``origin``, both included.

    What never happened lies `FAR` before everything: nothing is at most so many days after it.
    """

    end: str
    origin: Moment
    at_least: int = -FAR
    at_most: int = EVER


Test: TypeAlias = Says | Lies
Tests: TypeAlias = frozenset[Test]  # all of them


class Questions:
    """Each method names the function of the definition that it repeats."""

    def surely_says(self, has: Has) -> Test:
        """As `expressions._holds`: a yes."""
        return _says(has, has.one_of)

    def maybe_says(self, has: Has) -> Test:
        """As `expressions._holds`: no no."""
        return _says(has, (*has.one_of, Answer.UNKNOWN))

    def surely_inside(self, window: Window) -> Tests:
        """As `expressions.inside`: a yes."""
        return self.inside(window, opens=FIRST, closes=LAST)

    def maybe_inside(self, window: Window) -> Tests:
        """As `expressions.inside`: no no."""
        return self.inside(window, opens=LAST, closes=FIRST)

    def inside(self, window: Window, opens: str, closes: str) -> Tests:
        """Which of its days must not lie before the window opens, and which not after it closes."""
        tests = []
        if window.opens is not None:
            tests.append(self.from_on(opens, *_apart(window.opens)))
        if window.closes is not None:
            origin, days = _apart(window.closes)
            tests.append(Lies(closes, origin, at_most=days))
        return frozenset(tests)

    def from_on(self, end: str, origin: Moment, days: int) -> Lies:
        """What never happened opens nothing, though every day is after it."""
        return Lies(end, origin, at_least=days, at_most=EVER if origin.after is None else FAR)

    def surely(self, wanted: Recorded | Latest) -> Tests:
        """As `expressions.matches`: a yes."""
        within = wanted.within if isinstance(wanted, Recorded) else None
        return frozenset(map(self.surely_says, wanted.where)) | self.surely_inside(within or Window())

    def maybe(self, wanted: Recorded | Latest) -> Tests:
        """As `expressions.matches`: no no."""
        within = wanted.within if isinstance(wanted, Recorded) else None
        return frozenset(map(self.maybe_says, wanted.where)) | self.maybe_inside(within or Window())

    def late(self, ask: Match) -> list[Tests]:
        """As `standards._timed`: surely before it is too late, and surely not in time. What doesn't come before the
        window opens is not in time where it comes after it closes; without a closing day nothing is late."""
        if ask.window.closes is None:
            return []
        origin, days = _apart(ask.window.closes)
        after = Lies(FIRST, origin, at_least=days + 1)
        return [self.surely(ask.wanted) | self.surely_inside(ask.late) | {after}]

    def flags(self, ask: Ask) -> list[Tests]:
        """What raises each flag of a question, from the lowest bit. An episode has a flag where any of its facts has.

        `Found`: may be, surely is. `Match`: may meet, meets, meets late. `Last`: may be, is there, surely isn't so.
        """
        match ask:
            case Found(wanted):
                return [self.maybe(wanted), self.surely(wanted)]
            case Match(wanted, window):
                met = self.surely(wanted) | self.surely_inside(window)
                return [self.maybe(wanted) | self.maybe_inside(window), met, *self.late(ask)]
            case Last():
                return self.last(ask)
        return []

    def last(self, ask: Last) -> list[Tests]:
        """As `expressions._decide_latest`, of the facts that may be the last."""
        may_be_last: Tests = frozenset({Lies(LAST, Moment(after=ask.day.wanted, latest=True), at_least=0)})
        denials = [_says(has, has.one_of, denied=True) for has in ask.wanted.where]
        return [self.maybe(ask.wanted) | may_be_last, may_be_last, *(may_be_last | {one} for one in denials)]


def _apart(moment: Moment) -> tuple[Moment, int]:
    """What the days are counted from, and how many there are: a site's own number belongs to the former."""
    return (moment, 0) if isinstance(moment.days, Parameter) else (replace(moment, days=0), moment.days)


def _says(has: Has, values: Iterable[str], *, denied: bool = False) -> Says:
    return Says(has.field, tuple(sorted(set(map(str, values)))), denied)
