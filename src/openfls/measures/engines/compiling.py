"""The expression tree to Ibis: the same three-valued answers as `clinical.expressions`, as numbers in columns.

No is 0, unknown 1, yes 2. So *all of* is the least of its parts, *any of* the greatest, *not* is two less it: Kleene's
logic in numbers. What is asked of facts (`asks`) is one number a fact, and the greatest of them an episode.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

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

NO, UNKNOWN, YES = 0, 1, 2
MET, MAY_BE_MET, MET_LATE, UNMET = (
    3,
    2,
    1,
    0,
)  # of one fact with a standard; the greatest stands (`standards._PREFERRED`)
VERDICTS = tuple(Verdict)  # in columns, a verdict is its place here

Answered = Mapping[Ask, ir.Column]


def number(value: int) -> ir.IntegerScalar:
    return ibis.literal(value, "int8")


def least(parts: Sequence[ir.Value]) -> ir.Value:
    return reduce(ibis.least, parts)


def greatest(parts: Sequence[ir.Value]) -> ir.Value:
    return reduce(ibis.greatest, parts)


def chosen(*branches: tuple[ir.BooleanValue, ir.Value | int], otherwise: ir.Value | int) -> ir.Value:
    """The value of the first branch that holds."""
    return ibis.cases(*((holds, _value(value)) for holds, value in branches), else_=_value(otherwise))


def _value(value: ir.Value | int) -> ir.Value:
    return number(value) if isinstance(value, int) else value


@dataclass(frozen=True)
class Compiler:
    """Expressions over one table of episodes. ``answered``: the columns that hold what facts answered."""

    episodes: ir.Table
    answered: Answered
    day: date

    # ---- moments and windows, in days from the index's first day

    def moment(self, at: Moment) -> ir.Value | int:
        """Null where what it is counted from never happened."""
        days = self.episodes[at.days.name] if isinstance(at.days, Parameter) else at.days
        return days if at.after is None else self.answered[Anchor(at.after, at.latest)] + days

    def inside(self, first: ir.Value, last: ir.Value, window: Window) -> ir.Value:
        """As `expressions.inside`."""
        opens = None if window.opens is None else self.moment(window.opens)
        closes = None if window.closes is None else self.moment(window.closes)
        never = [end.isnull() for end in (opens, closes) if isinstance(end, ir.Value)]
        outside = [*never]
        within: list[ir.BooleanValue] = []
        if opens is not None:
            outside.append(last < opens)
            within.append(first >= opens)
        if closes is not None:
            outside.append(first > closes)
            within.append(last <= closes)
        if not within:
            return number(YES)
        return chosen((ibis.or_(*outside), NO), (ibis.and_(*within), YES), otherwise=UNKNOWN)

    # ---- over the facts of one kind, joined with their episodes where a window needs it

    def holds(self, facts: ir.Table, has: Has) -> ir.Value:
        """As `expressions._holds`."""
        value = facts[has.field]
        unknown = (value == Answer.UNKNOWN.value, UNKNOWN)
        return chosen((value.isin([str(one) for one in has.one_of]), YES), unknown, otherwise=NO)

    def answer(self, facts: ir.Table, wanted: Recorded | Latest) -> ir.Value:
        """As `expressions.matches`: for each fact, whether it is what is wanted."""
        parts = [self.holds(facts, has) for has in wanted.where]
        if isinstance(wanted, Recorded) and wanted.within:
            parts.append(self.inside(facts["first"], facts["last"], wanted.within))
        return least(parts) if parts else chosen((facts["episode"].notnull(), YES), otherwise=NO)

    def matched(self, facts: ir.Table, ask: Match) -> ir.Value:
        """As `standards._timed`: how well each fact meets the standard."""
        answer = self.answer(facts, ask.wanted)
        timely = self.inside(facts["first"], facts["last"], ask.window)
        late = self.inside(facts["first"], facts["last"], ask.late)
        return chosen(
            (answer == NO, UNMET),
            ((timely == NO) & (late == YES) & (answer == YES), MET_LATE),
            (timely == NO, UNMET),
            ((timely == UNKNOWN) | (answer == UNKNOWN), MAY_BE_MET),
            otherwise=MET,
        )

    def aggregates(self, facts: ir.Table, ask: Ask, name: str) -> dict[str, ir.Value]:
        """What an episode's facts answer together."""
        match ask:
            case Found(wanted):
                return {name: self.answer(facts, wanted).max()}
            case Match():
                return {name: self.matched(facts, ask).max()}
            case Anchor(wanted, latest):
                day = facts["first"]
                surely = None if _takes_any(wanted) else self.answer(facts, wanted) == YES
                return {name: day.max(where=surely) if latest else day.min(where=surely)}
            case Last(wanted):
                answer = self.answer(facts, wanted)
                may_be_last = facts["last"] >= self.answered[ask.day]
                return {f"{name}_least": answer.min(where=may_be_last), f"{name}_most": answer.max(where=may_be_last)}

    # ---- over episodes

    def decide(self, node: Expression) -> ir.Value:
        """As `expressions.decide`."""
        for kind, rule in RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        raise Unknown(f"the engines don't know the node {type(node).__name__}; teach it to measures/engines")

    def due(self, standard: Standard) -> ir.Value:
        """The last day of its window, null where there is none."""
        closes = standard.window.closes
        return ibis.null("int32") if closes is None else _as_days(self.moment(closes))

    def verdict(self, standard: Standard, due: ir.Value) -> ir.Value:
        """As `standards.judge`, as the place in `VERDICTS`."""
        counted = self.decide(standard.counts)
        excluded = self.decide(standard.excludes) if standard.excludes else number(NO)
        met = greatest([self.answered[Match(one, standard.window, standard.late_until)] for one in standard.met_by])
        today = self.since_index(ibis.literal(self.day))
        verdicts = (
            (counted == NO, Verdict.NOT_ASKED),
            ((excluded == YES) & (met != MET), Verdict.EXCLUDED),
            (counted == UNKNOWN, Verdict.UNKNOWN),
            ((excluded == UNKNOWN) & (met != MET), Verdict.UNKNOWN),
            (met == MET, Verdict.MET),
            (met == MAY_BE_MET, Verdict.UNKNOWN),
            (met == MET_LATE, Verdict.MET_LATE),
            ((today > due).fill_null(False), Verdict.MISSED),
        )
        coded = ((holds, VERDICTS.index(verdict)) for holds, verdict in verdicts)
        return chosen(*coded, otherwise=VERDICTS.index(Verdict.DUE))

    def since_index(self, day: ir.Value) -> ir.Value:
        return day.delta(self.episodes["index_start"], unit="day").cast("int32")

    def enrolled(self, node: Enrolled) -> ir.Value:
        told = self.episodes["enrolled"]
        return chosen((told == Answer.YES.value, YES), (told == Answer.NO.value, NO), otherwise=UNKNOWN)

    def age(self, node: AgeAtIndex) -> ir.Value:
        born = self.episodes["birth_date"]
        youngest = _birthday_age(born, self.episodes["index_start"])
        oldest = _birthday_age(born, self.episodes["index_end"])
        whole = (youngest >= node.at_least) & (oldest <= node.at_most)
        outside = (oldest < node.at_least) | (youngest > node.at_most)
        return chosen((born.isnull(), UNKNOWN), (whole, YES), (outside, NO), otherwise=UNKNOWN)

    def body_site(self, node: BodySiteAmong) -> ir.Value:
        named = self.episodes["body_sites"]
        among = ibis.or_(*(named.contains(site.value) for site in node.sites))
        return chosen((among, YES), (named.contains(BodySite.UNSPECIFIED.value), UNKNOWN), otherwise=NO)

    def died(self, node: Died) -> ir.Value:
        first, last = (self.since_index(self.episodes[end]) for end in ("death_start", "death_end"))
        ahead = self.episodes["death_start"] > ibis.literal(self.day)
        alive = self.episodes["death_start"].isnull()
        return chosen((alive, NO), (ahead, UNKNOWN), otherwise=self.inside(first, last, node.within))


def _takes_any(wanted: Recorded) -> bool:
    return not wanted.where and not wanted.within


def _as_days(moment: ir.Value | int) -> ir.Value:
    return ibis.literal(moment, "int32") if isinstance(moment, int) else moment.cast("int32")


def _birthday_age(born: ir.Value, day: ir.Value) -> ir.Value:
    """As `facts.birthday_age`."""
    before = (day.month() < born.month()) | ((day.month() == born.month()) & (day.day() < born.day()))
    return (day.year() - born.year()).cast("int32") - before.cast("int32")


Rule = Callable[[Compiler, Expression], ir.Value]

RULES: Mapping[type[Expression], Rule] = {
    Recorded: lambda compiler, node: compiler.answered[Found(node)],
    Latest: lambda compiler, node: compiler.answered[Last(node)],
    All: lambda compiler, node: least([compiler.decide(part) for part in node.parts]) if node.parts else number(YES),
    Either: lambda compiler, node: greatest([compiler.decide(p) for p in node.parts]) if node.parts else number(NO),
    Not: lambda compiler, node: number(YES) - compiler.decide(node.part),
    Enrolled: Compiler.enrolled,
    AgeAtIndex: Compiler.age,
    BodySiteAmong: Compiler.body_site,
    Died: Compiler.died,
}
