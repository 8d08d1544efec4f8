"""Write docs/reference/rulebook.md from the tables here: ``python -m tests.clinical.spec.rulebook``."""

from pathlib import Path

from tests.clinical.histories import DAY0
from tests.clinical.spec import assessment, casefinding, coordination, monitoring, tasks, treatment
from tests.clinical.spec.tables import Chapter, Row, Table

PAGE = Path(__file__).parents[3] / "docs/reference/rulebook.md"
CHAPTERS: tuple[Chapter, ...] = (
    casefinding.CHAPTER,
    assessment.CHAPTER,
    treatment.CHAPTER,
    monitoring.CHAPTER,
    coordination.CHAPTER,
    tasks.CHAPTER,
)

OPENING = f"""\
# Rulebook

What the clinical rules answer, shown on small drawn histories. This page is written from the tables in
`tests/clinical/spec`, which the tests hold the code to: `python -m tests.clinical.spec.rulebook`. None of it has been
checked by a clinician unless a standard says so.

Days are counted from day 0, {DAY0:%d %B %Y}: the day of the fracture unless a history says otherwise. The patient is
aged 85, the fracture is of low trauma and seen by one finder, and the service has enrolled it, unless a history says
otherwise. *Answer* is what the rule says on the day on which somebody looks; *due* counts days too.
"""


def page() -> str:
    return "\n".join([OPENING, *(_chapter(chapter) for chapter in CHAPTERS)])


def _chapter(chapter: Chapter) -> str:
    return "\n".join([f"## {chapter.title}\n", *(_table(table) for table in chapter.tables)])


def _table(table: Table) -> str:
    with_due = any(table.ask(row.drawn).due is not None for row in table.rows)
    head = ["History", "Looked at", "Answer", *(["Due"] if with_due else []), "Because"]
    lines = [head, ["---"] * len(head), *(_row(row, table, with_due) for row in table.rows)]
    about = "\n\n".join(table.about)
    return f"### {table.title}\n\n{about}\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(row: Row, table: Table, with_due: bool) -> list[str]:
    said = table.ask(row.drawn)
    due = ["" if said.due is None else f"day {said.due}"] if with_due else []
    return [row.sentence, f"day {row.drawn.today}", said.answer, *due, "; ".join(said.because).replace("|", r"\|")]


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page())
    print(f"{PAGE}: {sum(len(table.rows) for chapter in CHAPTERS for table in chapter.tables)} histories")
