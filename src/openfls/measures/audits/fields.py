"""A field of an audit's dataset: its header, how it follows from the facts, and which answers it may have.

A cell that is blank says that nobody said; "Don't know" says that somebody was asked. The two are never the same, and a
blank that isn't due yet is a third thing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from openfls.clinical.caseload import EpisodeCare
from openfls.clinical.facts import AuditAnswer, Fact
from openfls.clinical.patients import PatientRecord

DONT_KNOW_WORDS = "Don't know"


class State(StrEnum):
    """What stands in a cell."""

    GIVEN = "given"
    DONT_KNOW = "don't know"
    BLANK = "nobody said"
    NOT_DUE = "not asked, or not due yet"
    NO_WORD = "the audit has no word for it"


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is what is written; ``told`` what the record says where the audit has no word for it."""

    text: str = ""
    state: State = State.BLANK
    told: str = ""


BLANK, NOT_DUE, DONT_KNOW = Cell(), Cell(state=State.NOT_DUE), Cell(DONT_KNOW_WORDS, State.DONT_KNOW)


@dataclass(frozen=True)
class Case:
    """One enrolled episode as an audit asks about it. ``person``: the current facts of the person as a whole."""

    care: EpisodeCare
    record: PatientRecord
    person: Sequence[Fact] = ()

    @property
    def today(self) -> date:
        return self.care.history.today

    def recorded(self, kind: str) -> Sequence[Fact]:
        return self.care.history.recorded(kind)

    def answer(self, audit: str, question: str) -> str:
        """What was answered last to a field of this audit that no other fact holds; empty where nobody did."""
        told = [fact for fact in self.recorded(AuditAnswer.kind) if isinstance(fact, AuditAnswer)]
        mine = [fact for fact in told if (fact.audit, fact.question) == (audit, question)]
        return max(mine, key=lambda fact: (fact.said, fact.id)).answer if mine else ""


@dataclass(frozen=True)
class AuditField:
    """``how``: in words, from which facts. ``words``: the answers that it may have, empty for dates, numbers and free
    text. ``counted``: one of those whose completeness counts. ``source``: where the words come from."""

    header: str
    how: str
    read: Callable[[Case], Cell] = field(repr=False)
    words: tuple[str, ...] = ()
    counted: bool = False


@dataclass(frozen=True)
class Audit:
    """``label`` stands above every file of it; ``keys`` are the columns by which a row finds its patient again."""

    name: str
    title: str
    label: str
    keys: tuple[AuditField, ...]
    fields: tuple[AuditField, ...]
    takes: Callable[[Case], bool] = field(repr=False)

    @property
    def columns(self) -> tuple[AuditField, ...]:
        return self.keys + self.fields

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)


@dataclass(frozen=True)
class AuditRow:
    """One case with a cell for each column. ``patient`` and ``sighting`` open it on a page; they are not written."""

    patient: str
    sighting: str
    cells: tuple[Cell, ...]


def row_of(audit: Audit, case: Case, patient: str) -> AuditRow:
    cells = tuple(column.read(case) for column in audit.columns)
    return AuditRow(patient, case.care.episode.sightings[0].id, cells)


def written(text: str | None) -> Cell:
    """A cell that holds this, blank for nothing."""
    if not text:
        return BLANK
    return DONT_KNOW if text == DONT_KNOW_WORDS else Cell(text, State.GIVEN)


def written_day(day: date | None) -> Cell:
    return written(f"{day:%d/%m/%Y}" if day else "")


def no_word(told: str) -> Cell:
    return Cell(state=State.NO_WORD, told=told)
