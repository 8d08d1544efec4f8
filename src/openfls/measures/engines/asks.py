"""What standards ask of the facts of one kind, each question once however many standards ask it, and in which order.

A question whose window is counted from another fact needs that fact's day, its *anchor*. An anchor may need another:
its *level* is then one above.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias, TypeVar

from openfls.clinical.expressions import (
    AgeAtIndex,
    All,
    BodySiteAmong,
    Died,
    Either,
    Enrolled,
    Expression,
    Has,
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
    Window,
)
from openfls.clinical.standards import Standard
from openfls.measures.engines.layout import CARE, DAYS, askable


class Unknown(TypeError):
    """A tree that the engines can't run; says what in which standard."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whether any fact is what is wanted: yes, no or unknown."""

    wanted: Recorded

    @property
    def kind(self) -> str:
        return self.wanted.kind


@dataclass(frozen=True, slots=True)
class Anchor:
    """The earliest, or latest, first possible day of a fact that surely is what is wanted; none where there is none."""

    wanted: Recorded
    latest: bool

    @property
    def kind(self) -> str:
        return self.wanted.kind


@dataclass(frozen=True, slots=True)
class Last:
    """What the facts that may be the last of their kind say."""

    wanted: Latest

    @property
    def kind(self) -> str:
        return self.wanted.kind

    @property
    def day(self) -> Anchor:
        return Anchor(Recorded(self.wanted.kind), latest=True)


@dataclass(frozen=True, slots=True)
class Match:
    """The best match of a fact with a standard: met, else unknown, else met late."""

    wanted: Recorded
    window: Window
    late_until: Moment | None

    @property
    def kind(self) -> str:
        return self.wanted.kind

    @property
    def late(self) -> Window:
        return Window(self.window.opens, self.late_until)


Ask: TypeAlias = Found | Anchor | Last | Match


def moments(ask: Ask) -> Iterator[Moment]:
    """The ends of the windows that the question itself compares facts with."""
    windows = [ask.wanted.within] if isinstance(ask.wanted, Recorded) else []
    if isinstance(ask, Match):
        windows += [ask.window, ask.late]
    for window in windows:
        if window:
            yield from (moment for moment in (window.opens, window.closes) if moment)


def anchors(ask: Ask) -> Iterator[Anchor]:
    """What must be answered before."""
    if isinstance(ask, Last):
        yield ask.day
    yield from (Anchor(moment.after, moment.latest) for moment in moments(ask) if moment.after)


def level(anchor: Anchor) -> int:
    return 1 + max((level(before) for before in anchors(anchor)), default=0)


def asks_of(standard: Standard) -> Iterator[Ask]:
    """Everything that the standard asks, what must be known before included. Raises `Unknown`."""
    try:
        for ask in _asked(standard):
            yield from _with_anchors(ask)
    except Unknown as fault:
        raise Unknown(f"{standard.name}: {fault}") from None


def _asked(standard: Standard) -> Iterator[Ask]:
    yield from asked_by(standard.counts)
    if standard.excludes:
        yield from asked_by(standard.excludes)
    for wanted in standard.met_by:
        yield Match(_known(wanted), standard.window, standard.late_until)
    yield from _of_window(standard.window)


def _with_anchors(ask: Ask) -> Iterator[Ask]:
    for before in anchors(ask):
        _known(before.wanted)
        yield from _with_anchors(before)
    for moment in moments(ask):
        _check_days(moment)
    yield ask


@singledispatch
def asked_by(node: Expression) -> Iterator[Ask]:
    """What a node asks of facts. Raises `Unknown` for a node that nobody taught to the engines."""
    raise Unknown(f"the engines don't know the node {type(node).__name__}; teach it to measures/engines")


@asked_by.register
def _(node: Recorded) -> Iterator[Ask]:
    yield Found(_known(node))


@asked_by.register
def _(node: Latest) -> Iterator[Ask]:
    yield Last(_known(node))


@asked_by.register(All)
@asked_by.register(Either)
def _(node: All | Either) -> Iterator[Ask]:
    for part in node.parts:
        yield from asked_by(part)


@asked_by.register
def _(node: Not) -> Iterator[Ask]:
    return asked_by(node.part)


@asked_by.register
def _(node: Died) -> Iterator[Ask]:
    return _of_window(node.within)


@asked_by.register(Enrolled)
@asked_by.register(AgeAtIndex)
@asked_by.register(BodySiteAmong)
def _(node: Expression) -> Iterator[Ask]:
    return iter(())


def _of_window(window: Window) -> Iterator[Ask]:
    for moment in (window.opens, window.closes):
        if moment:
            _check_days(moment)
            if moment.after:
                yield Anchor(_known(moment.after), moment.latest)


Wanted = TypeVar("Wanted", Recorded, Latest)


def _known(wanted: Wanted) -> Wanted:
    """The same, if the layout holds what it asks for."""
    if wanted.kind not in CARE:
        raise Unknown(f"no fact of an episode is called {wanted.kind!r}; there are {', '.join(sorted(CARE))}")
    for has in wanted.where:
        _check_field(wanted.kind, has)
    return wanted


def _check_field(kind: str, has: Has) -> None:
    if has.field not in askable(kind):
        raise Unknown(f"{kind!r} has no field {has.field!r} that can be asked for; it has {', '.join(askable(kind))}")


def _check_days(moment: Moment) -> None:
    if isinstance(moment.days, Parameter) and moment.days.name not in DAYS:
        raise Unknown(f"no site parameter of days is called {moment.days.name!r}; there are {', '.join(DAYS)}")
