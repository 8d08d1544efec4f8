"""The expression tree to Ibis: the same three-valued answers as `clinical.expressions` and `clinical.standards` give.

What is asked of facts (`asks`) is answered for each fact by flags, and for an episode by whether any fact has them.
Each method names the function of the definition that it repeats.
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
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Anchor, Ask, Found, Last, Match, Unknown
from openfls.measures.engines.threefold import Threefold, all_of, any_of, no

SURELY, MAYBE, LATE, THERE, DOUBTED = "surely", "maybe", "late", "there", "doubted"
FLAGS: Mapping[type[Ask], tuple[str, ...]] = {
    Found: (SURELY, MAYBE),
    Last: (THERE, DOUBTED, MAYBE),  # doubted: one that may be the last doesn't surely say so
    Match: (SURELY, MAYBE, LATE),
    Anchor: (),
}


@dataclass(frozen=True)
class Matched:
    """How well facts meet a standard: one does in time, one may, one does late."""

    met: ir.BooleanValue
    may_be: ir.BooleanValue
    late: ir.BooleanValue


# What the table holds already: of a question to facts a Threefold, a Matched or a day, of an expression a Threefold.
Answered: TypeAlias = Mapping[Any, Any]
# Days stand as numbers without nulls, which every comparison would have to look out for.
NEVER, LONG_AGO = -(10**9), -(10**8)
OF_EPISODES = (Enrolled, AgeAtIndex, BodySiteAmong)  # what the episode alone answers


@dataclass(frozen=True)
class Compiler:
    """Expressions over a table. ``answered``: what facts answered before. ``day``: as of which day."""

    table: ir.Table
    answered: Answered
    day: date

    # ---- moments and windows, in days from the index's first day

    def moment(self, at: Moment) -> ir.Value | int:
        """As `expressions.moment`: before `LONG_AGO` where what it is counted from never happened."""
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
        return compared if isinstance(end, int) else compared & (end > LONG_AGO)

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

    def flags(self, ask: Ask) -> dict[str, ir.BooleanValue]:
        """What each fact says to a question, by the names of `FLAGS`; an episode has a flag where any of them has."""
        match ask:
            case Found(wanted):
                answer = self.answer(wanted)
                return {SURELY: answer.surely, MAYBE: answer.maybe}
            case Last(wanted):
                answer, may_be_last = self.answer(wanted), self.table["last"] >= self.answered[ask.day]
                return {
                    THERE: may_be_last,
                    DOUBTED: may_be_last & ~answer.surely,
                    MAYBE: may_be_last & answer.maybe,
                }
            case Match():
                matched = self.matched(ask)
                return {SURELY: matched.met, MAYBE: matched.may_be, LATE: matched.late}
        return {}

    def day_of(self, anchor: Anchor) -> ir.Value:
        """The day of each fact that surely is what is wanted, else null."""
        return ibis.ifelse(self.answer(anchor.wanted).surely, self.table["first"], ibis.null("int32"))

    def one_of(self, anchor: Anchor, days: ir.Column) -> ir.Value:
        """As `expressions._anchor`, of the days of an episode's facts."""
        return days.max() if anchor.latest else days.min()

    # ---- over episodes

    def decide(self, node: Expression) -> Threefold:
        """As `expressions.decide`."""
        if node in self.answered:
            answer: Threefold = self.answered[node]
            return answer
        for kind, rule in RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        raise Unknown(f"the engines don't know the node {type(node).__name__}; teach it to measures/engines")

    def due(self, standard: Standard) -> ir.Value:
        """The last day of its window, before `LONG_AGO` where there is none."""
        closes = standard.window.closes
        end = NEVER if closes is None else self.moment(closes)
        return ibis.literal(end, "int32") if isinstance(end, int) else end.cast("int32")

    def weighed(self, standard: Standard, due: ir.Value) -> dict[str, ir.BooleanValue]:
        """What `standards.judge` weighs, by the names of `standing.WEIGHED`."""
        counted = self.decide(standard.counts)
        excluded = self.decide(standard.excludes) if standard.excludes else no()
        matched = self.best(standard)
        return {
            "asked": counted.maybe,
            "surely_asked": counted.surely,
            "excluded": excluded.surely,
            "maybe_excluded": excluded.maybe,
            "met": matched.met,
            "maybe_met": matched.may_be,
            "late": matched.late,
            "past": (self.table["since"] > due) & (due > LONG_AGO),
        }

    def best(self, standard: Standard) -> Matched:
        """As `standards._best_match`, over all facts that may meet it."""
        asks = [Match(wanted, standard.window, standard.late_until) for wanted in standard.met_by]
        found = [self.answered[ask] for ask in asks]
        return Matched(
            ibis.or_(*(one.met for one in found)),
            ibis.or_(*(one.may_be for one in found)),
            ibis.or_(*(one.late for one in found)),
        )

    def died(self, node: Died) -> Threefold:
        """A death that lies ahead is unknown: its date can't be right."""
        first, last = self.table["died_first"], self.table["died_last"]
        inside, ahead = self.inside(first, last, node.within), first > self.table["since"]
        dead = first > LONG_AGO
        return Threefold(dead & inside.surely & ~ahead, dead & (inside.maybe | ahead))

    # ---- over the episodes themselves, worked out once

    def days(self) -> dict[str, ir.Value]:
        """The day of the count and of the death, in days from the index's first day."""
        days = {"since": ibis.literal(self.day)}
        days |= {"died_first": self.table["death_start"], "died_last": self.table["death_end"]}
        start = self.table["index_start"]
        return {name: day.delta(start, unit="day").cast("int32").fill_null(NEVER) for name, day in days.items()}

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


def answer_of(ask: Ask, has: Callable[[str], ir.BooleanValue]) -> Threefold | Matched:
    """What an episode's flags answer."""
    if isinstance(ask, Match):
        return Matched(has(SURELY), has(MAYBE), has(LATE))
    return Threefold(has(THERE) & ~has(DOUBTED) if isinstance(ask, Last) else has(SURELY), has(MAYBE))
