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

from openfls.clinical.expressions import Parameter
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Ask, asks_of, level, looks_up, moments
from openfls.measures.engines.compiling import Answered, Compiler, read_back
from openfls.measures.engines.layout import EPISODES, STRINGS, facts_schema, table_of

VERDICTS = "verdicts"  # the last table: a row an episode


@dataclass(frozen=True)
class Plan:
    """``steps``: tables to make, by name, in order. ``kinds``: whose facts they read. ``columns``: of the verdicts,
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
        return str(ibis.to_sql(ibis.union(*parts) if len(parts) > 1 else parts[0], dialect=dialect))

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
    planner = _Planner(asked, day, compiler)
    steps, table = [], _keys(asked)
    for at in range(1, max(map(level, asked), default=0) + 1):
        steps.append((f"level_{at}", planner.answered(table, at)))
        table = ibis.table(steps[-1][1].schema(), name=f"level_{at}")
    columns = {standard.name: (f"v{number}", f"d{number}") for number, standard in enumerate(standards)}
    steps.append((VERDICTS, planner.verdicts(table, standards, columns)))
    return Plan(standards, tuple(sorted({ask.kind for ask in asked})), tuple(steps), columns)


def read(name: str, schema: pa.Schema) -> ir.Table:
    """A table of the layout, as Ibis names its types."""
    return ibis.table({field.name: _IBIS[str(field.type)] for field in schema}, name=name)


_IBIS = {"int64": "int64", "int32": "int32", "string": "string", "date32[day]": "date", str(STRINGS): "array<string>"}


def _each_once(standards: Sequence[Standard]) -> Iterator[Ask]:
    return iter(dict.fromkeys(ask for standard in standards for ask in asks_of(standard)))


def _keys(asked: Iterable[Ask]) -> ir.Table:
    """The episodes, with no more than windows are compared with."""
    named = {moment.days.name for ask in asked for moment in moments(ask) if isinstance(moment.days, Parameter)}
    return read("episodes", EPISODES).select("episode", *sorted(named))


@dataclass(frozen=True)
class _Planner:
    """``asked``: every question, with what its columns begin with."""

    asked: Mapping[Ask, str]
    day: date
    compiler: type[Compiler]

    def answered(self, table: ir.Table, at: int) -> ir.Table:
        """The table of the level before, with what facts answer to the questions of this level."""
        own = [ask for ask in self.asked if level(ask) == at]
        wide = table
        for kind in sorted({ask.kind for ask in own}):
            reduced = self.reduced(table, at, [ask for ask in own if ask.kind == kind])
            wide = wide.left_join(reduced, wide["episode"] == reduced["of_episode"]).drop("of_episode")
        return wide

    def reduced(self, table: ir.Table, at: int, asks: Sequence[Ask]) -> ir.Table:
        """The facts of one kind, one row an episode."""
        kind = asks[0].kind
        facts = read(table_of(kind), facts_schema(kind))
        if any(map(looks_up, asks)):
            facts = facts.inner_join(table, "episode")
        compiler = self.compiler(facts, self.known(facts, at), self.day)
        told = [compiler.aggregates(ask, self.asked[ask]) for ask in asks]
        return facts.group_by(of_episode=facts["episode"]).aggregate(**{n: v for one in told for n, v in one.items()})

    def known(self, table: ir.Table, at: int) -> Answered:
        """What was answered below this level, where the table has it."""
        below = {ask: name for ask, name in self.asked.items() if level(ask) < at}
        return {ask: read_back(table, ask, name) for ask, name in below.items() if _has(table, name)}

    def verdicts(
        self, table: ir.Table, standards: Sequence[Standard], columns: Mapping[str, tuple[str, str]]
    ) -> ir.Table:
        told = read("episodes", EPISODES)
        whole = table.inner_join(told, "episode")
        compiler = self.compiler(whole, {a: read_back(whole, a, name) for a, name in self.asked.items()}, self.day)
        made: dict[str, ir.Value] = {}
        for standard in standards:
            verdict, due = columns[standard.name]
            made[due] = compiler.due(standard)
            made[verdict] = compiler.verdict(standard, made[due])
        month = ibis.date(whole["index_start"].year(), whole["index_start"].month(), 1)
        return whole.select("episode", "site", month=month, today=compiler.since_index(ibis.literal(self.day)), **made)


def _has(table: ir.Table, name: str) -> bool:
    return any(column.startswith(f"{name}_") for column in table.columns)
