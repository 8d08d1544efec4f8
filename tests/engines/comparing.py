"""Engines compared, history by history and standard by standard."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from openfls.clinical.histories import History
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard, Verdict, judge
from openfls.measures.engines import duck
from openfls.measures.engines.compiling import LONG_AGO, Compiler
from openfls.measures.engines.layout import Layout
from openfls.measures.engines.plan import plan
from openfls.measures.engines.standing import verdict_of
from openfls.measures.engines.writing import Placed, finish, free, write_part

Answer = tuple[str, date | None]  # a verdict, and when it was due
Answers = dict[tuple[int, str], Answer]


def written(histories: Iterable[History], to: Path, day: date, standards: tuple[Standard, ...] = STANDARDS) -> Layout:
    """One part; episode n is the history in the n-th place."""
    free(to)
    part = write_part((Placed(one, "RX101") for one in histories), to, 0, standards)
    return finish(to, day, [part], "a test", standards)


def by_definition(histories: Iterable[History], standards: Iterable[Standard] = STANDARDS) -> Answers:
    standards = tuple(standards)
    answers: Answers = {}
    for place, history in enumerate(histories):
        for standard in standards:
            standing = judge(standard, history)
            answers[place, standard.name] = (standing.verdict.value, standing.due)
    return answers


def by_duckdb(
    layout: Layout, standards: Iterable[Standard] = STANDARDS, compiler: type[Compiler] = Compiler
) -> Answers:
    made = plan(layout.day, standards, compiler, with_dues=True)
    answers: Answers = {}
    with duck.database(layout.folder) as con:
        for _ in duck.judged(con, layout, made):
            answers |= read_back(con.execute(verdicts(made)).fetchall(), made)
    return answers


def verdicts(made) -> str:
    columns = ", ".join(f"{made.columns[name]}, {made.dues[name]}" for name in made.columns)
    return f"SELECT v.episode, e.index_start, {columns} FROM verdicts v JOIN histories e ON v.episode = e.episode"


def read_back(rows, made) -> Answers:
    answers: Answers = {}
    for episode, index, *told in rows:
        for name, standing, due in zip(made.columns, told[::2], told[1::2], strict=True):
            verdict = verdict_of(standing)
            day = None if due < LONG_AGO or verdict is Verdict.NOT_ASKED else index + timedelta(days=due)
            answers[episode, name] = (verdict.value, day)
    return answers


def differences(one: Answers, other: Answers) -> list[tuple[tuple[int, str], Answer | None, Answer | None]]:
    return [
        (key, one.get(key), other.get(key))
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    ]
