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
    """A column that no row fills is left out; so is the day of looking where it is always day 0."""
    rows = [_row(row, table) for row in table.rows]
    columns = [name for name in rows[0] if any(row[name] not in ("", "day 0") for row in rows)]
    cells = [columns, ["---"] * len(columns), *([row[name] for name in columns] for row in rows)]
    about = "\n\n".join(table.about)
    return f"### {table.title}\n\n{about}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in cells)


def _row(row: Row, table: Table) -> dict[str, str]:
    said = table.ask(row.drawn)
    return {
        "History": row.sentence,
        "Looked at": f"day {row.drawn.today}",
        "Answer": said.answer or "none",
        "Due": "" if said.due is None else f"day {said.due}",
        "Because": "; ".join(said.because).replace("|", r"\|"),
    }


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page())
    print(f"{PAGE}: {sum(len(table.rows) for chapter in CHAPTERS for table in chapter.tables)} histories")
