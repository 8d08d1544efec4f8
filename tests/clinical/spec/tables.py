"""What a rule's table is: small drawn histories, each in a sentence, with the answer that is expected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openfls.clinical.decisions import Decision
from openfls.clinical.standards import Standard, Step
from tests.clinical.histories import DAY0, Drawn


@dataclass(frozen=True)
class Said:
    """What a rule said of a history. ``due`` counts days from day 0."""

    answer: str
    because: tuple[str, ...] = ()
    due: int | None = None


@dataclass(frozen=True)
class Row:
    """A history in a sentence, and the answer expected. ``reason``: words that the reasons must hold."""

    sentence: str
    drawn: Drawn
    answer: str
    due: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Table:
    """The rows of one rule. ``about``: lines that stand above them on the reference page."""

    title: str
    about: tuple[str, ...]
    ask: Callable[[Drawn], Said]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chapter:
    title: str
    tables: tuple[Table, ...]


def of_standard(standard: Standard, *rows: Row) -> Table:
    """Each row's answer is a `Verdict`; a history of two fractures is asked about the first."""

    def ask(drawn: Drawn) -> Said:
        standing = drawn.standing(standard)
        return Said(standing.verdict, standing.because, days(standing.due))

    about = (
        standard.why,
        f"Source: {standard.source}, {standard.edition}."
        + (f" Also called {', '.join(standard.aliases)}." if standard.aliases else ""),
        *(f"Chosen where the source leaves it open: {choice}" for choice in standard.choices),
        *([f"Bands: {standard.bands.told()}."] if standard.bands else []),
        *([standard.notes] if standard.notes else []),
        f"Authored by {standard.authored_by}, {standard.checked}; next review {standard.next_review:%d %b %Y}.",
    )
    return Table(f"{standard.title} (`{standard.name}`)", about, ask, rows)


def of_decision(title: str, about: tuple[str, ...], decide: Callable[[Drawn], Decision], *rows: Row) -> Table:
    """Each row's answer is an `Outcome`."""

    def ask(drawn: Drawn) -> Said:
        decision = decide(drawn)
        return Said(decision.outcome, decision.because)

    return Table(title, about, ask, rows)


def of_task(title: str, about: tuple[str, ...], step: Step, *rows: Row) -> Table:
    """Each row's answer is the state of the step's task at the first fracture, *no task* where there is none."""

    def ask(drawn: Drawn) -> Said:
        task = drawn.task(step)
        return Said(task.state, task.because, days(task.due)) if task else Said("no task")

    return Table(title, about, ask, rows)


def of_words(title: str, about: tuple[str, ...], ask: Callable[[Drawn], str], *rows: Row) -> Table:
    """Each row's answer is what ``ask`` puts in words."""
    return Table(title, about, lambda drawn: Said(ask(drawn)), rows)


def days(day: date | None) -> int | None:
    return day and (day - DAY0).days
