"""Profiles side by side: a row a question, a column a hospital, a mark where an answer is unlike most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openfls.clinical.profile.asked import POSTS, SECTIONS, known_answers
from openfls.clinical.profile.questions import Answers, Kind, Question, Section
from openfls.clinical.profile.service import STAFFING
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Component
from openfls.measures.counting import Measure
from openfls.pages.components.measures import SLUG_OF, Counted, counted
from openfls.pages.profile.recorded import Recorded
from openfls.pages.profile.shown import NOT_ANSWERED, in_words, staff_words
from openfls.record.profiles import Profile


@dataclass(frozen=True)
class Cell:
    """``unlike``: it differs from what most hospitals answered. ``known``: False where nobody knows."""

    words: str
    known: bool = True
    unlike: bool = False


@dataclass(frozen=True)
class Row:
    """``part``: one of the answers to the question of the heading above. ``alike``: all that are known are the same."""

    words: str
    cells: tuple[Cell, ...]
    part: bool = False
    heading: bool = False

    @property
    def alike(self) -> bool:
        return len({cell.words for cell in self.cells if cell.known}) < 2


@dataclass(frozen=True)
class MeasureRow:
    title: str
    cells: tuple[Counted | None, ...]


@dataclass(frozen=True)
class Block:
    """The rows of a section. At the first section of a component: the measure beside it, and what the record shows."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    measure: MeasureRow | None = None
    recorded: tuple[Recorded, ...] = ()


@dataclass(frozen=True)
class Choice:
    """The standards that may stand beside a component; ``name`` is the field of the form."""

    name: str
    component: str
    standards: tuple[tuple[str, str], ...]
    chosen: str


def blocks(profiles: Sequence[Profile], beside: "Beside", *, differing: bool) -> list[Block]:
    """Every section; ``differing``: only rows in which known answers differ."""
    answers = [profile.answers for profile in profiles]
    made = []
    for section in SECTIONS:
        rows = _rows(section, answers)
        shown = tuple(_differing(rows) if differing else rows)
        opens = section.component if section in FIRST_OF_COMPONENT else None
        block = Block(section.slug, section.title, shown, *(beside.of(opens, profiles) if opens else ()))
        if shown or block.measure or block.recorded:
            made.append(block)
    return made


FIRST_OF_COMPONENT = [next(one for one in SECTIONS if one.component is component) for component in Component]


@dataclass(frozen=True)
class Beside:
    """What stands beside the answers: measures by site, what the record shows, the standards that were chosen."""

    measured: Mapping[str, Mapping[str, Measure]]
    recorded: Mapping[Component, Sequence[Recorded]]
    choices: Sequence[Choice]

    def of(self, component: Component, profiles: Sequence[Profile]) -> tuple[MeasureRow | None, tuple[Recorded, ...]]:
        standard = next((choice.chosen for choice in self.choices if choice.component == component), None)
        measure = _measure(standard, profiles, self.measured) if standard else None
        return measure, tuple(self.recorded.get(component, ()))


def standards_to_choose(asked: Mapping[str, str]) -> list[Choice]:
    """For each component with standards: which may be chosen, and which is. ``asked``: what the form sent."""
    found = []
    for component in Component:
        named = tuple((one.name, one.title) for one in STANDARDS if one.component is component)
        if named:
            sent = asked.get(SLUG_OF[component], "")
            chosen = sent if sent in dict(named) else named[0][0]
            found.append(Choice(SLUG_OF[component], component.value, named, chosen))
    return found


def _rows(section: Section, answers: Sequence[Answers]) -> list[Row]:
    filled = [known_answers(told) for told in answers]
    asked = [question for question in section.questions if question.name not in POSTS or _anywhere(question, filled)]
    rows = [row for question in asked for row in _of_question(question, filled)]
    if section is STAFFING:
        said = [staff_words(told) for told in answers]
        rows.insert(0, Row("All posts together", tuple(Cell(words or NOT_ANSWERED, bool(words)) for words in said)))
    return rows


def _anywhere(question: Question, answers: Sequence[Answers]) -> bool:
    """Whether any hospital has this post."""
    return any(told.get(question.name) for told in answers)


def _of_question(question: Question, answers: Sequence[Answers]) -> list[Row]:
    told = [one.get(question.name) for one in answers]
    if all(answer is None for answer in told):
        return [Row(question.asks, tuple(Cell(NOT_ANSWERED, known=False) for _ in told))]
    if question.kind is Kind.SEVERAL:
        return _parts(question, told)
    words = [None if answer is None else in_words(answer) for answer in told]
    return [Row(question.asks, _cells(words, marks=question.kind is Kind.CHOICE))]


def _parts(question: Question, told: Sequence[Any]) -> list[Row]:
    """A row for each answer that any hospital ticked: yes, no, or not known."""
    ticked = [one for one in question.choices if any(one in (answer or ()) for answer in told)]
    rows = [Row(one, _cells([_ticked(one, answer) for answer in told]), part=True) for one in ticked]
    heading = Row(question.asks, (), heading=True)
    none = Row(question.asks, _cells([None if answer is None else "none of these" for answer in told]))
    return [heading, *rows] if rows else [none]


def _ticked(one: str, answer: Any) -> str | None:
    return None if answer is None else "yes" if one in answer else "no"


def _cells(words: Sequence[str | None], *, marks: bool = True) -> tuple[Cell, ...]:
    usual = _usual([said for said in words if said is not None]) if marks else None
    return tuple(
        Cell(NOT_ANSWERED, known=False) if said is None else Cell(said, unlike=usual is not None and said != usual)
        for said in words
    )


def _usual(words: Sequence[str]) -> str | None:
    """What more than half of them answered; None where nothing is usual."""
    if not words:
        return None
    said, number = Counter(words).most_common(1)[0]
    return said if 2 * number > len(words) else None


def _differing(rows: Sequence[Row]) -> list[Row]:
    """Rows that differ, each part under its heading."""
    kept: list[Row] = []
    heading: Row | None = None
    for row in rows:
        if row.heading:
            heading = row
        elif not row.alike:
            if row.part and heading:
                kept.append(heading)
                heading = None
            kept.append(row)
    return kept


def _measure(standard: str, profiles: Sequence[Profile], measured: Mapping[str, Mapping[str, Measure]]) -> MeasureRow:
    title = next(one.title for one in STANDARDS if one.name == standard)
    found = [measured.get(profile.site, {}).get(standard) for profile in profiles]
    return MeasureRow(title, tuple(counted(one) if one else None for one in found))
