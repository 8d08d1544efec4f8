"""The plan: from facts to verdicts in a few statements that DuckDB and Spark both run, made once for all standards.

One statement a level (`asks`): the facts of each kind, reduced to one row an episode in one pass, beside the episodes.
Then the verdicts, one row an episode. Each is kept as a table: what Ibis reuses it would otherwise write out again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Anchor, Ask, Last, asks_of, level, looks_up
from openfls.measures.engines.compiling import NO, UNKNOWN, Compiler, chosen
from openfls.measures.engines.layout import EPISODES, STRINGS, facts_schema, table_of

VERDICTS = "verdicts"  # the last table: a row an episode


@dataclass(frozen=True)
class Plan:
    """``steps``: tables to make, by name, in order. ``kinds``: whose facts they read. ``columns``: of the verdicts' table,
    for each standard the verdict and the days from the index to when it was due."""

    standards: tuple[Standard, ...]
    kinds: tuple[str, ...]
    steps: tuple[tuple[str, ir.Table], ...]
    columns: Mapping[str, tuple[str, str]]

    def statements(self, dialect: str) -> list[tuple[str, str]]:
        """The name of each table to make, and how."""
        return [(name, ibis.to_sql(made, dialect=dialect)) for name, made in self.steps]

    def tally(self, dialect: str, by: Sequence[str] = ()) -> str:
        """The query that counts the verdicts: rows of what it is ``by``, standard, verdict, closed, episodes."""
        table = ibis.table(self.steps[-1][1].schema(), name=VERDICTS)
        parts = [self._tallied(table, number, by) for number in range(len(self.standards))]
        return ibis.to_sql(ibis.union(*parts) if len(parts) > 1 else parts[0], dialect=dialect)

    def _tallied(self, table: ir.Table, number: int, by: Sequence[str]) -> ir.Table:
        verdict, due = (table[column] for column in self.columns[self.standards[number].name])
        closed = (due < table["today"]).fill_null(False)  # the last day itself is still open
        groups = {name: table[name] for name in by} | {"verdict": verdict, "closed": closed}
        counted = table.group_by(**groups).aggregate(episodes=table.count())
        return counted.select(*by, "verdict", "closed", "episodes", standard=ibis.literal(number, "int32"))


def plan(day: date, standards: Iterable[Standard] = STANDARDS, compiler: type[Compiler] = Compiler) -> Plan:
    """How to judge episodes as of ``day``. Raises `Unknown` where a tree asks what the engines can't answer."""
    standards = tuple(standards)
    asked = {ask: f"a{number}" for number, ask in enumerate(_each_once(standards))}
    table = read("episodes", EPISODES)
    steps: list[tuple[str, ir.Table]] = []
    for at in range(1, max(map(level, asked), default=0) + 1):
        own = {ask: name for ask, name in asked.items() if level(ask) == at}
        known = {ask: name for ask, name in asked.items() if level(ask) < at}
        made = _level(table, own, known, day, compiler)
        steps.append((f"level_{at}", made))
        table = ibis.table(made.schema(), name=f"level_{at}")
    columns = {standard.name: (f"v{n}", f"d{n}") for n, standard in enumerate(standards)}
    steps.append((VERDICTS, _verdicts(table, standards, asked, columns, day, compiler)))
    return Plan(standards, tuple(sorted({ask.kind for ask in asked})), tuple(steps), columns)


def read(name: str, schema: pa.Schema) -> ir.Table:
    """A table of the layout, as Ibis names its types."""
    return ibis.table({field.name: _IBIS[str(field.type)] for field in schema}, name=name)


_IBIS = {"int64": "int64", "int32": "int32", "string": "string", "date32[day]": "date", str(STRINGS): "array<string>"}


def _each_once(standards: Sequence[Standard]) -> Iterator[Ask]:
    return iter(dict.fromkeys(ask for standard in standards for ask in asks_of(standard)))


def _level(
    table: ir.Table, own: Mapping[Ask, str], known: Mapping[Ask, str], day: date, compiler: type[Compiler]
) -> ir.Table:
    """The table with what the facts of each kind answer to the questions of this level."""
    wide = table
    for kind in sorted({ask.kind for ask in own}):
        of_kind = {ask: name for ask, name in own.items() if ask.kind == kind}
        reduced = _reduced(table, kind, of_kind, known, day, compiler)
        wide = wide.left_join(reduced, wide["episode"] == reduced["of_episode"]).drop("of_episode")
    return wide


def _reduced(
    table: ir.Table,
    kind: str,
    asks: Mapping[Ask, str],
    known: Mapping[Ask, str],
    day: date,
    compiler: type[Compiler],
) -> ir.Table:
    """One row an episode with a fact of this kind."""
    facts = read(table_of(kind), facts_schema(kind))
    if any(map(looks_up, asks)):
        facts = facts.inner_join(table, "episode")
    own = compiler(facts, answers(facts, known), day)
    told = {name: made for ask, column in asks.items() for name, made in own.aggregates(facts, ask, column).items()}
    return facts.group_by(of_episode=facts["episode"]).aggregate(**told)


def answers(table: ir.Table, columns: Mapping[Ask, str]) -> dict[Ask, ir.Value]:
    """What each question was answered, in the columns of this table; no where no fact answered."""
    return {ask: _answer(table, ask, name) for ask, name in columns.items()}


def _answer(table: ir.Table, ask: Ask, name: str) -> ir.Value:
    if isinstance(ask, Anchor):
        return table[name]
    if isinstance(ask, Last):
        least, most = table[f"{name}_least"], table[f"{name}_most"]
        return chosen((least.isnull(), NO), (least == most, least), otherwise=UNKNOWN)
    return table[name].fill_null(ibis.literal(NO, "int8"))


def _verdicts(
    table: ir.Table,
    standards: Sequence[Standard],
    asked: Mapping[Ask, str],
    columns: Mapping[str, tuple[str, str]],
    day: date,
    compiler: type[Compiler],
) -> ir.Table:
    own = compiler(table, answers(table, asked), day)
    made: dict[str, ir.Value] = {}
    for standard in standards:
        verdict, due = columns[standard.name]
        made[due] = own.due(standard)
        made[verdict] = own.verdict(standard, made[due])
    month = table["index_start"].truncate("M")
    return table.select("episode", "id", "site", month=month, today=own.since_index(ibis.literal(day)), **made)
