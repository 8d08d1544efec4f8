"""The plan: from facts to verdicts in a few statements that DuckDB and Spark both run, made once for all standards.

One statement a level (`asks`): all facts, one beneath the other, reduced to one row an episode in one pass. What they
say is packed into a few numbers, a bit a flag: some hundred columns would cost more to carry than to work out. Then the
verdicts, one row an episode. Each is kept as a table: what Ibis reuses it would otherwise write out again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from openfls.clinical.expressions import Expression, Parameter
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Anchor, Ask, asks_of, level, looks_up, moments
from openfls.measures.engines.compiling import (
    FLAGS,
    MAYBE,
    NEVER,
    OF_EPISODES,
    SURELY,
    Answered,
    Compiler,
    Matched,
    answer_of,
)
from openfls.measures.engines.layout import EPISODES, STRINGS, facts_schema, table_of
from openfls.measures.engines.standing import WEIGHED
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt
from openfls.measures.engines.threefold import Threefold
from openfls.measures.engines.trees import nodes

EVERY_LEVEL = 1_000
VERDICTS = "verdicts"  # the last table: a row an episode


@dataclass(frozen=True)
class Plan:
    """``steps``: tables to make, by name, in order. ``kinds``: whose facts they read. ``columns``: of the verdicts, by
    the name of the standard (`standing`). ``dues``: likewise, the days from the index to the last day, where wanted."""

    standards: tuple[Standard, ...]
    kinds: tuple[str, ...]
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
    leaves = dict.fromkeys(node for node in nodes(standards) if isinstance(node, OF_EPISODES))
    own: dict[Expression, str] = {leaf: f"own_{number}" for number, leaf in enumerate(leaves)}
    planner = _Planner(_places(asked), own, day, compiler, standards)
    steps: list[tuple[str, ir.Table]] = []
    table = _kept(steps, "level_0", planner.episodes())
    for at in range(1, max(map(level, asked), default=0) + 1):
        table = _kept(steps, f"level_{at}", planner.answered(table, at))
    columns = {standard.name: f"standing_{number}" for number, standard in enumerate(standards)}
    dues = {standard.name: f"due_{number}" for number, standard in enumerate(standards)} if with_dues else {}
    steps.append((VERDICTS, planner.verdicts(table, columns, dues)))
    return Plan(standards, tuple(sorted({ask.kind for ask in asked})), tuple(steps), columns, dues)


def read(name: str, schema: pa.Schema) -> ir.Table:
    """A table of the layout, as Ibis names its types."""
    return ibis.table({field.name: _IBIS[str(field.type)] for field in schema}, name=name)


_IBIS = {"int64": "int64", "int32": "int32", "string": "string", "date32[day]": "date", str(STRINGS): "array<string>"}


BITS = 62  # flags of one number


def _bit_or(number: int) -> int:  # type: ignore[empty-body]
    """Both engines have it by this name; Ibis knows it of one."""


BIT_OR: Any = ibis.udf.agg.builtin(_bit_or, name="bit_or")

Flag: TypeAlias = tuple[str, int]  # column and bit


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the answer to a question stands: its flags by name, or its day in the ``column``."""

    flags: Mapping[str, Flag]
    column: str


def _places(asked: Iterable[Ask]) -> dict[Ask, _Place]:
    """The flags of each level in as few numbers as hold them, those of a kind side by side; each anchor in a column."""
    places: dict[Ask, _Place] = {}
    counted: Counter[int] = Counter()
    for number, ask in enumerate(sorted(asked, key=lambda ask: ask.kind)):
        at = level(ask)
        flags = {name: _flag(at, counted[at] + more) for more, name in enumerate(FLAGS[type(ask)])}
        counted[at] += len(flags)
        places[ask] = _Place(flags, next((column for column, _ in flags.values()), f"day_{number}"))
    return places


def _flag(at: int, number: int) -> Flag:
    return f"said_{at}_{number // BITS}", number % BITS


def _kept(steps: list[tuple[str, ir.Table]], name: str, made: ir.Table) -> ir.Table:
    """Another step, and the table that it makes."""
    steps.append((name, made))
    return ibis.table(made.schema(), name=name)


@dataclass(frozen=True)
class _Planner:
    """``places``: of every question, where its answer is kept. ``own``: of every expression about the episode alone,
    what its columns begin with."""

    places: Mapping[Ask, _Place]
    own: Mapping[Expression, str]
    day: date
    compiler: type[Compiler]
    standards: tuple[Standard, ...]

    def episodes(self) -> ir.Table:
        """The episodes, with what they answer by themselves, and no more than windows are compared with."""
        told = read("episodes", EPISODES)
        compiler = self.compiler(told, {}, self.day)
        moments_asked = (moment for ask in self.places for moment in moments(ask))
        named = {moment.days.name for moment in moments_asked if isinstance(moment.days, Parameter)}
        answers = {name: compiler.decide(node) for node, name in self.own.items()}
        surely = {f"{name}_{SURELY}": answer.surely for name, answer in answers.items()}
        maybe = {f"{name}_{MAYBE}": answer.maybe for name, answer in answers.items()}
        return told.select("episode", *sorted(named), **compiler.days(), **surely, **maybe)

    def answered(self, table: ir.Table, at: int) -> ir.Table:
        """The table of the level before, with what facts answer to the questions of this level."""
        own = [ask for ask in self.places if level(ask) == at]
        kinds = sorted({ask.kind for ask in own})
        columns = self.columns(own)
        told = [self.told(table, at, [ask for ask in own if ask.kind == kind], columns) for kind in kinds]
        facts = ibis.union(*told) if len(told) > 1 else told[0]
        reduced = facts.group_by("of_episode").aggregate(**self.together(facts, own))
        wide = table.left_join(reduced, table["episode"] == reduced["of_episode"]).drop("of_episode")
        return wide.fill_null({name: NEVER if kind == "int32" else 0 for name, kind in columns.items()})

    def columns(self, asks: Iterable[Ask]) -> dict[str, str]:
        """The columns that hold the answers, with their types."""
        days = {self.places[ask].column: "int32" for ask in asks if isinstance(ask, Anchor)}
        said = {flag[0]: "int64" for ask in asks for flag in self.places[ask].flags.values()}
        return days | said

    def told(self, table: ir.Table, at: int, asks: Sequence[Ask], columns: Mapping[str, str]) -> ir.Table:
        """What each fact of a kind says, in the columns of all kinds."""
        kind = asks[0].kind
        facts = read(table_of(kind), facts_schema(kind, self.standards))
        if any(map(looks_up, asks)):
            facts = facts.inner_join(table, "episode")
        compiler = self.compiler(facts, self.known(facts, at), self.day)
        says = {self.places[ask].column: compiler.day_of(ask) for ask in asks if isinstance(ask, Anchor)}
        says |= self.packed(compiler, asks)
        silent = {name: ibis.null(type_) for name, type_ in columns.items()}
        return facts.select(of_episode=facts["episode"], **{name: says.get(name, silent[name]) for name in columns})

    def packed(self, compiler: Compiler, asks: Sequence[Ask]) -> dict[str, ir.Value]:
        """For each fact one number, or a few, with a bit for each flag that it has."""
        bits: dict[str, list[ir.Value]] = defaultdict(list)
        for ask in asks:
            for name, holds in compiler.flags(ask).items():
                column, bit = self.places[ask].flags[name]
                bits[column].append(holds.cast("int64") * (1 << bit))
        return {column: reduce(add, several) for column, several in bits.items()}

    def together(self, facts: ir.Table, asks: Sequence[Ask]) -> dict[str, ir.Value]:
        """What an episode's facts say together."""
        compiler = self.compiler(facts, {}, self.day)
        days = {self.places[ask].column: ask for ask in asks if isinstance(ask, Anchor)}
        return {
            name: compiler.one_of(days[name], facts[name]) if name in days else BIT_OR(facts[name])
            for name in self.columns(asks)
        }

    def known(self, table: ir.Table, below: int) -> Answered:
        """What was answered below this level, where the table has it."""
        places = {ask: place for ask, place in self.places.items() if level(ask) < below}
        found = {ask: _read_back(table, ask, place) for ask, place in places.items() if place.column in table.columns}
        own = {node: name for node, name in self.own.items() if f"{name}_{MAYBE}" in table.columns}
        return found | {n: Threefold(table[f"{name}_{SURELY}"], table[f"{name}_{MAYBE}"]) for n, name in own.items()}

    def verdicts(self, table: ir.Table, columns: Mapping[str, str], dues: Mapping[str, str]) -> ir.Table:
        whole = table.inner_join(read("episodes", EPISODES), "episode")
        compiler = self.compiler(whole, self.known(whole, below=EVERY_LEVEL), self.day)
        made: dict[str, ir.Value] = {}
        for standard in self.standards:
            due = compiler.due(standard)
            made[columns[standard.name]] = _number(compiler.weighed(standard, due))
            if standard.name in dues:
                made[dues[standard.name]] = due
        month = ibis.date(whole["index_start"].year(), whole["index_start"].month(), 1)
        return whole.select("episode", "site", "judged_at", month=month, **made)


def _number(weighed: Mapping[str, ir.BooleanValue]) -> ir.Value:
    """As `standing` packs it."""
    return reduce(
        add, (weighed[name].cast("int16") * ibis.literal(1 << bit, "int16") for bit, name in enumerate(WEIGHED))
    )


def _read_back(table: ir.Table, ask: Ask, place: _Place) -> Threefold | Matched | ir.Value:
    """The answer to a question, no where no fact gave one."""

    def has(name: str) -> ir.BooleanValue:
        column, bit = place.flags[name]
        return (table[column] & (1 << bit)) != 0

    return table[place.column] if isinstance(ask, Anchor) else answer_of(ask, has)
