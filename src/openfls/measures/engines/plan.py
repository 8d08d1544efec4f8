"""The plan: from histories to verdicts in a few statements that DuckDB and Spark both run, made once for all standards.

Each row is a whole episode, so nothing is joined or brought together: every step works out more columns of the row. The
days that windows are counted from; what the facts say, a bit a flag; the verdicts. Each step has a name, for what Ibis
reuses it would otherwise write out again.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from openfls.clinical.expressions import Expression
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Anchor, Ask, asks_of, level
from openfls.measures.engines.compiling import NEVER, OF_EPISODES, Compiler
from openfls.measures.engines.layout import column_of, histories_schema
from openfls.measures.engines.questions import Tests
from openfls.measures.engines.standing import WEIGHED
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt
from openfls.measures.engines.threefold import Threefold, where
from openfls.measures.engines.trees import nodes

HISTORIES = "histories"  # the first table, of `layout.histories_schema`
VERDICTS = "verdicts"  # the last: a row an episode


@dataclass(frozen=True)
class Plan:
    """``steps``: tables to make, by name, in order; only the last is worth keeping. ``columns``: of the verdicts, by
    the name of the standard (`standing`). ``dues``: likewise, the days from the index to the last day, where wanted."""

    standards: tuple[Standard, ...]
    steps: tuple[tuple[str, ir.Table], ...]
    columns: Mapping[str, str]
    dues: Mapping[str, str]

    def statements(self, dialect: str) -> list[tuple[str, str]]:
        """The name of each table to make, and how."""
        return [(name, ibis.to_sql(made, dialect=dialect)) for name, made in self.steps]

    def tally(self, dialect: str, by: Sequence[str] = (), only_at: OnlyAt = EVERYWHERE) -> str:
        """The query that counts the verdicts: rows of what it is ``by``, standing, episodes, standard."""
        table = ibis.table(self.steps[-1][1].schema(), name=VERDICTS)
        parts = [self._tallied(table, number, by, only_at) for number in range(len(self.standards))]
        return str(ibis.to_sql(ibis.union(*parts) if len(parts) > 1 else parts[0], dialect=dialect))

    def _tallied(self, table: ir.Table, number: int, by: Sequence[str], only_at: OnlyAt) -> ir.Table:
        if sites := only_at.get(self.standards[number].name):
            table = table.filter(table["judged_at"].isin(sorted(sites)))
        standing = table[self.columns[self.standards[number].name]]
        groups = {name: table[name] for name in by} | {"standing": standing}
        counted = table.group_by(**groups).aggregate(episodes=table.count())
        return counted.select(*by, "standing", "episodes", standard=ibis.literal(number, "int32"))


def plan(
    day: date,
    standards: Iterable[Standard] = STANDARDS,
    compiler: type[Compiler] = Compiler,
    *,
    with_dues: bool = False,
) -> Plan:
    """How to judge episodes as of ``day``. Raises `Unknown` where a tree asks what the engines can't answer."""
    standards = tuple(standards)
    asked = tuple(dict.fromkeys(ask for standard in standards for ask in asks_of(standard)))
    columns = {standard.name: f"standing_{number}" for number, standard in enumerate(standards)}
    dues = {standard.name: f"due_{number}" for number, standard in enumerate(standards)} if with_dues else {}
    return Plan(standards, tuple(_Planner(standards, asked, day, compiler).steps(columns, dues)), columns, dues)


def read(name: str, schema: pa.Schema) -> ir.Table:
    """A table of the layout, as Ibis names its types."""
    return ibis.table({field.name: _type(field.type) for field in schema}, name=name)


def _type(arrow: pa.DataType) -> dt.DataType:
    if pa.types.is_list(arrow):
        return dt.Array(_type(arrow.value_type))
    if pa.types.is_struct(arrow):
        return dt.Struct({field.name: _type(field.type) for field in arrow})
    return dt.dtype("date" if pa.types.is_date(arrow) else str(arrow))


def _list_bit_or(numbers: dt.Array[dt.int64]) -> dt.int64:
    """DuckDB has it by this name; Spark is taught it."""


LIST_BIT_OR: Any = ibis.udf.scalar.builtin(_list_bit_or, name="list_bit_or")
FLAGS_OF_A_NUMBER = 62


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the flags of a question stand: so many bits of a column, from this one on."""

    column: str
    bit: int
    flags: int

    def of(self, table: ir.Table) -> ir.IntegerValue:
        """The flags alone."""
        return ((table[self.column] >> self.bit) & ((1 << self.flags) - 1)).cast("int32")


class _Planner:
    """The columns of the steps, by what they hold: ``anchors``; ``leaves``, what the episode alone answers; ``closes``,
    the last days of windows; ``places``, what facts say (once `said` has settled them)."""

    def __init__(
        self, standards: tuple[Standard, ...], asked: Sequence[Ask], day: date, compiler: type[Compiler]
    ) -> None:
        self.standards, self.day, self.compiler = standards, day, compiler
        self.anchors = {ask: f"day_{number}" for number, ask in enumerate(asked) if isinstance(ask, Anchor)}
        self.asks: list[Ask] = [ask for ask in asked if not isinstance(ask, Anchor)]
        leaves = dict.fromkeys(node for node in nodes(standards) if isinstance(node, OF_EPISODES))
        self.leaves: dict[Expression, str] = {node: f"leaf_{number}" for number, node in enumerate(leaves)}
        closes = dict.fromkeys(standard.window.closes for standard in standards)
        self.closes = {moment: f"closes_{number}" for number, moment in enumerate(closes)}
        self.places: dict[Ask, _Place] = {}

    def steps(self, columns: Mapping[str, str], dues: Mapping[str, str]) -> Iterator[tuple[str, ir.Table]]:
        """Tables by name, each made from the one before."""
        histories = read(HISTORIES, histories_schema(self.standards))
        made = histories.mutate(**self.over(histories).days())
        for at in range(1, max(map(level, self.anchors), default=0) + 1):
            made = self.with_anchors((yield from _named(f"days_{at}", made)), at)
        made = self.said((yield from _named("days", made)), bool(dues))
        yield VERDICTS, self.verdicts((yield from _named("said", made)), columns, dues)

    def over(self, table: ir.Table) -> Compiler:
        """A compiler that knows what the table has."""
        compiler, has = self.compiler(table, {}, self.day), table.columns
        known: dict[Any, Any] = {ask: table[name] for ask, name in self.anchors.items() if name in has}
        known |= {node: Threefold(table[name]) for node, name in self.leaves.items() if name in has}
        flags = {ask: place.of(table) for ask, place in self.places.items() if place.column in has}
        return replace(compiler, answered=known | {ask: compiler.answer(ask, at) for ask, at in flags.items()})

    def with_anchors(self, table: ir.Table, at: int) -> ir.Table:
        """With the days of this level that windows are counted from."""
        compiler = self.over(table)
        days = {name: _day(compiler, anchor) for anchor, name in self.anchors.items() if level(anchor) == at}
        return table.mutate(**days)

    def said(self, table: ir.Table, with_dues: bool) -> ir.Table:
        """All that standards weigh."""
        compiler = self.over(table)
        made = {name: compiler.decide(node).number for node, name in self.leaves.items()}
        for moment, name in self.closes.items():
            due = compiler.due(moment)
            made[f"past_{name}"] = where(compiler.past(due), PAST)
            if with_dues:
                made[name] = due
        for number, (kind, asks) in enumerate(self.numbers(compiler)):
            made[f"said_{number}"] = self.flags(compiler, kind, asks, f"said_{number}")
        month = ibis.date(table["index_start"].year(), table["index_start"].month(), 1)
        return table.select("episode", "site", "judged_at", month=month, **made)

    def numbers(self, compiler: Compiler) -> Iterator[tuple[str, list[Ask]]]:
        """The questions of which a number has the flags, with the kind of facts that they are asked of."""
        of_kinds: dict[str, list[Ask]] = defaultdict(list)
        for ask in self.asks:
            of_kinds[ask.kind].append(ask)
        for kind, asks in of_kinds.items():
            taken: list[Ask] = []
            for ask in asks:
                if taken and sum(len(compiler.flags(one)) for one in [*taken, ask]) > FLAGS_OF_A_NUMBER:
                    yield kind, taken
                    taken = []
                taken.append(ask)
            yield kind, taken

    def flags(self, compiler: Compiler, kind: str, asks: Iterable[Ask], column: str) -> ir.IntegerValue:
        """What the facts of a kind say together."""
        flags: list[Tests] = []
        for ask in asks:
            raised = compiler.flags(ask)
            self.places[ask] = _Place(column, len(flags), len(raised))
            flags += raised
        facts = compiler.table[column_of(kind)]
        return LIST_BIT_OR(facts.map(lambda fact: compiler.says(flags, fact))).fill_null(0)

    def verdicts(self, table: ir.Table, columns: Mapping[str, str], dues: Mapping[str, str]) -> ir.Table:
        compiler = self.over(table)
        made: dict[str, ir.Value] = {}
        for standard in self.standards:
            closes = self.closes[standard.window.closes]
            weighed = _number(*compiler.weighed(standard)) | table[f"past_{closes}"]
            made[columns[standard.name]] = weighed.cast("int16")
            if standard.name in dues:
                made[dues[standard.name]] = table[closes]
        return table.select("episode", "site", "judged_at", "month", **made)


def _named(name: str, made: ir.Table) -> Generator[tuple[str, ir.Table], None, ir.Table]:
    """Another step, and the table that it makes."""
    yield name, made
    return ibis.table(made.schema(), name=name)


def _day(compiler: Compiler, anchor: Anchor) -> ir.Value:
    days = compiler.table[column_of(anchor.kind)].map(lambda fact: compiler.day_of(anchor, fact))
    return compiler.one_of(anchor, days).fill_null(NEVER)


PAST = 1 << WEIGHED.index("past")


def _number(counted: Threefold, excluded: Threefold, matched: ir.IntegerValue) -> ir.IntegerValue:
    """As `standing` packs it, but for the day."""
    return (
        counted.number | (excluded.number << WEIGHED.index("maybe_excluded")) | (matched << WEIGHED.index("maybe_met"))
    )
