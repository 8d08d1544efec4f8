"""The expression tree to Ibis: the same three-valued answers as `clinical.expressions` and `clinical.standards` give.

What is asked of facts (`asks`) is answered for each fact, then for an episode by whether any fact says so. Each method
names the function of the definition that it repeats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir

from openfls.clinical.expressions import (
    AgeAtIndex,
    All,
    BodySiteAmong,
    Died,
    Either,
    Enrolled,
    Expression,
    Has,
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
    Window,
)
from openfls.clinical.facts import Answer, BodySite
from openfls.clinical.standards import Standard, Verdict
from openfls.measures.engines.asks import Anchor, Ask, Found, Last, Match, Unknown
from openfls.measures.engines.threefold import Threefold, all_of, any_of, no

VERDICTS = tuple(Verdict)  # in columns, a verdict is its place here

SURELY, MAYBE, LATE, DAY = "surely", "maybe", "late", "day"  # what the columns of a question's answer end with


@dataclass(frozen=True)
class Matched:
    """How well facts meet a standard: one does in time, one may, one does late."""

    met: ir.BooleanValue
    may_be: ir.BooleanValue
    late: ir.BooleanValue


Answered: TypeAlias = Mapping[Ask, Any]  # a Threefold, a Matched, or the day of an Anchor


@dataclass(frozen=True)
class Compiler:
    """Expressions over a table. ``answered``: what facts answered before. ``day``: as of which day."""

    table: ir.Table
    answered: Answered
    day: date

    # ---- moments and windows, in days from the index's first day

    def moment(self, at: Moment) -> ir.Value | int:
        """As `expressions.moment`: null where what it is counted from never happened."""
        days = self.table[at.days.name] if isinstance(at.days, Parameter) else at.days
        return days if at.after is None else self.answered[Anchor(at.after, at.latest)] + days

    def inside(self, first: ir.Value, last: ir.Value, window: Window) -> Threefold:
        """As `expressions.inside`."""
        parts = []
        if window.opens is not None:
            opens = self.moment(window.opens)
            parts.append(Threefold(self.happened(first >= opens, opens), self.happened(last >= opens, opens)))
        if window.closes is not None:
            closes = self.moment(window.closes)
            parts.append(Threefold(self.happened(last <= closes, closes), self.happened(first <= closes, closes)))
        return all_of(parts)

    def happened(self, compared: ir.BooleanValue, end: ir.Value | int) -> ir.BooleanValue:
        """No where what the window is counted from never happened."""
        return compared if isinstance(end, int) else compared.fill_null(False)

    # ---- over the facts of one kind, joined with what was answered before where a window needs it

    def holds(self, has: Has) -> Threefold:
        """As `expressions._holds`."""
        wanted = [str(one) for one in has.one_of]
        value = self.table[has.field]
        return Threefold(value.isin(wanted), value.isin([*wanted, Answer.UNKNOWN.value]))

    def answer(self, wanted: Recorded | Latest) -> Threefold:
        """As `expressions.matches`: for each fact, whether it is what is wanted."""
        parts = [self.holds(has) for has in wanted.where]
        if isinstance(wanted, Recorded) and wanted.within:
            parts.append(self.inside(self.table["first"], self.table["last"], wanted.within))
        there = self.table["episode"].notnull()
        return all_of(parts or [Threefold(there, there)])

    def matched(self, ask: Match) -> Matched:
        """As `standards._timed`, for each fact."""
        answer = self.answer(ask.wanted)
        timely = self.inside(self.table["first"], self.table["last"], ask.window)
        late = self.inside(self.table["first"], self.table["last"], ask.late)
        both = answer & timely
        return Matched(both.surely, both.maybe, answer.surely & late.surely & ~timely.maybe)

    def aggregates(self, ask: Ask, name: str) -> dict[str, ir.Value]:
        """What an episode's facts answer together, in columns that begin with ``name``."""
        match ask:
            case Found(wanted):
                answer = self.answer(wanted)
                told = {SURELY: answer.surely.any(), MAYBE: answer.maybe.any()}
            case Last(wanted):
                answer, may_be_last = self.answer(wanted), self.table["last"] >= self.answered[ask.day]
                told = {SURELY: answer.surely.all(where=may_be_last), MAYBE: answer.maybe.any(where=may_be_last)}
            case Match():
                matched = self.matched(ask)
                told = {SURELY: matched.met.any(), MAYBE: matched.may_be.any(), LATE: matched.late.any()}
            case Anchor(wanted, latest):
                day, surely = self.table["first"], self.answer(wanted).surely
                told = {DAY: day.max(where=surely) if latest else day.min(where=surely)}
        return {f"{name}_{what}": value for what, value in told.items()}

    # ---- over episodes

    def decide(self, node: Expression) -> Threefold:
        """As `expressions.decide`."""
        for kind, rule in RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        raise Unknown(f"the engines don't know the node {type(node).__name__}; teach it to measures/engines")

    def due(self, standard: Standard) -> ir.Value:
        """The last day of its window, null where there is none."""
        closes = standard.window.closes
        end = ibis.null("int32") if closes is None else self.moment(closes)
        return ibis.literal(end, "int32") if isinstance(end, int) else end.cast("int32")

    def verdict(self, standard: Standard, due: ir.Value) -> ir.Value:
        """As `standards.judge`: the place in `VERDICTS`."""
        counted = self.decide(standard.counts)
        excluded = self.decide(standard.excludes) if standard.excludes else no()
        matched = self.best(standard)
        verdicts = (
            (~counted.maybe, Verdict.NOT_ASKED),
            (excluded.surely & ~matched.met, Verdict.EXCLUDED),
            (~counted.surely, Verdict.UNKNOWN),
            (excluded.maybe & ~matched.met, Verdict.UNKNOWN),
            (matched.met, Verdict.MET),
            (matched.may_be, Verdict.UNKNOWN),
            (matched.late, Verdict.MET_LATE),
            ((self.since_index(ibis.literal(self.day)) > due).fill_null(False), Verdict.MISSED),
        )
        return ibis.cases(*((holds, _code(verdict)) for holds, verdict in verdicts), else_=_code(Verdict.DUE))

    def best(self, standard: Standard) -> Matched:
        """As `standards._best_match`, over all facts that may meet it."""
        asks = [Match(wanted, standard.window, standard.late_until) for wanted in standard.met_by]
        found = [self.answered[ask] for ask in asks]
        return Matched(
            ibis.or_(*(one.met for one in found)),
            ibis.or_(*(one.may_be for one in found)),
            ibis.or_(*(one.late for one in found)),
        )

    def since_index(self, day: ir.Value) -> ir.Value:
        return day.delta(self.table["index_start"], unit="day").cast("int32")

    def enrolled(self, node: Enrolled) -> Threefold:
        told = self.table["enrolled"]
        return Threefold(told == Answer.YES.value, told != Answer.NO.value)

    def age(self, node: AgeAtIndex) -> Threefold:
        born = self.table["birth_date"]
        youngest = _birthday_age(born, self.table["index_start"])
        oldest = _birthday_age(born, self.table["index_end"])
        surely = (youngest >= node.at_least) & (oldest <= node.at_most)
        maybe = (oldest >= node.at_least) & (youngest <= node.at_most)
        return Threefold(surely.fill_null(False), maybe.fill_null(True))

    def body_site(self, node: BodySiteAmong) -> Threefold:
        named = self.table["body_sites"]
        among = ibis.or_(*(named.contains(site.value) for site in node.sites))
        return Threefold(among, among | named.contains(BodySite.UNSPECIFIED.value))

    def died(self, node: Died) -> Threefold:
        """A death that lies ahead is unknown: its date can't be right."""
        first, last = (self.since_index(self.table[end]) for end in ("death_start", "death_end"))
        inside = self.inside(first, last, node.within)
        ahead = self.table["death_start"] > ibis.literal(self.day)
        surely, maybe = inside.surely & ~ahead, inside.maybe | ahead
        return Threefold(surely.fill_null(False), maybe.fill_null(False) & self.table["death_start"].notnull())


def _code(verdict: Verdict) -> ir.Value:
    return ibis.literal(VERDICTS.index(verdict), "int8")


def _birthday_age(born: ir.Value, day: ir.Value) -> ir.Value:
    """As `facts.birthday_age`."""
    before = (day.month() < born.month()) | ((day.month() == born.month()) & (day.day() < born.day()))
    return day.year().cast("int32") - born.year().cast("int32") - before.cast("int32")


RULES: Mapping[type[Expression], Callable[[Compiler, Any], Threefold]] = {
    Recorded: lambda compiler, node: compiler.answered[Found(node)],
    Latest: lambda compiler, node: compiler.answered[Last(node)],
    All: lambda compiler, node: all_of(compiler.decide(part) for part in node.parts),
    Either: lambda compiler, node: any_of(compiler.decide(part) for part in node.parts),
    Not: lambda compiler, node: ~compiler.decide(node.part),
    Enrolled: lambda compiler, node: compiler.enrolled(node),
    AgeAtIndex: lambda compiler, node: compiler.age(node),
    BodySiteAmong: lambda compiler, node: compiler.body_site(node),
    Died: lambda compiler, node: compiler.died(node),
}


def read_back(table: ir.Table, ask: Ask, name: str) -> Any:
    """What `Compiler.aggregates` kept of a question; no where no fact answered."""
    if isinstance(ask, Anchor):
        return table[f"{name}_{DAY}"]
    surely, maybe = (table[f"{name}_{what}"].fill_null(False) for what in (SURELY, MAYBE))
    return (
        Matched(surely, maybe, table[f"{name}_{LATE}"].fill_null(False))
        if isinstance(ask, Match)
        else Threefold(surely, maybe)
    )
