"""The expression tree to Ibis: the same three-valued answers as `clinical.expressions` and `clinical.standards` give.

What is asked of facts (`asks`) is answered for each fact by flags, bits of one number, and for an episode by whether
any fact has them (`questions`). Each method names the function of the definition that it repeats.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, attrgetter, or_
from typing import Any, TypeAlias, TypeVar

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
    Latest,
    Moment,
    Not,
    Parameter,
    Recorded,
)
from openfls.clinical.facts import Answer, BodySite
from openfls.clinical.standards import Standard
from openfls.measures.engines.asks import Anchor, Ask, Found, Last, Match, Unknown
from openfls.measures.engines.questions import EVER, FAR, FIRST, LAST, Lies, Questions, Says, Test, Tests
from openfls.measures.engines.threefold import (
    MAYBE,
    NO,
    SURELY,
    UNKNOWN,
    YES,
    Threefold,
    all_of,
    any_of,
    literal,
    no,
    threefold,
)

# What the table holds already: of a question to facts its flags or its day, of an expression a Threefold.
Answered: TypeAlias = Mapping[Any, Any]
Ends: TypeAlias = Mapping[str, ir.IntegerValue]  # of a fact, or of what else is compared with a window
# Days stand as numbers without nulls, which every comparison would have to look out for.
NEVER, LONG_AGO = -10 * FAR, -FAR
OF_EPISODES = (Enrolled, AgeAtIndex, BodySiteAmong, Died)  # what facts aren't asked
MET, LATE = 2, 4  # flags of a match, beside `MAYBE`


@dataclass(frozen=True)
class Compiler(Questions):
    """Expressions over a table of histories. ``answered``: what is known already. ``day``: as of which day."""

    table: ir.Table
    answered: Answered
    day: date

    def moment(self, at: Moment) -> ir.Value | int:
        """As `expressions.moment`, in days from the index's first day: before `LONG_AGO` where it never happened."""
        days = self.table[at.days.name] if isinstance(at.days, Parameter) else at.days
        if at.after is None:
            return days
        anchor = self.answered[Anchor(at.after, at.latest)]
        return anchor if isinstance(days, int) and days == 0 else anchor + days

    # ---- facts

    def days_after(self, origin: Moment, day: ir.IntegerValue) -> ir.IntegerValue:
        start = self.moment(origin)
        return day if isinstance(start, int) and start == 0 else day - start

    def holds(self, test: Test, of: Ends) -> ir.BooleanValue:
        """Whether a test holds ``of`` a fact, or of other ends of days."""
        if isinstance(test, Says):
            return of[test.field].notin(test.one_of) if test.denied else of[test.field].isin(test.one_of)
        days = self.days_after(test.origin, of[test.end])
        above, below = days >= test.at_least, days <= test.at_most
        return above if test.at_most == EVER else below if test.at_least == -FAR else above & below

    def all_hold(self, tests: Tests, of: Any) -> ir.BooleanValue:
        return reduce(and_, (self.holds(test, of) for test in _in_order(tests)), ibis.literal(True))

    def says(self, flags: Sequence[Tests], fact: ir.StructValue) -> ir.IntegerValue:
        """A bit for each of the flags that a fact raises.

        Each of its values, and each distance of its days from an origin, is looked at once: it leaves the bits standing
        of whatever flags it doesn't rule out.
        """
        tests = _in_order(frozenset().union(*flags))
        numbers = [_by_word(fact[field], flags, same) for field, same in _grouped(tests, Says, "field")]
        for (end, origin), same in _grouped(tests, Lies, "end", "origin"):
            numbers.append(_by_days(self.days_after(origin, fact[end]), flags, same))
        return reduce(and_, numbers) if numbers else _standing(flags, ())

    def day_of(self, anchor: Anchor, fact: ir.StructValue) -> ir.Value:
        """The day of a fact that surely is what is wanted, else null."""
        tests = self.surely(anchor.wanted)
        return ibis.ifelse(self.all_hold(tests, fact), fact[FIRST], ibis.null("int32")) if tests else fact[FIRST]

    def one_of(self, anchor: Anchor, days: ir.ArrayValue) -> ir.Value:
        """As `expressions._anchor`, of the days of an episode's facts."""
        return days.maxs() if anchor.latest else days.mins()

    def answer(self, ask: Ask, flags: ir.IntegerValue) -> Threefold | ir.IntegerValue:
        """What the flags of all facts together say: `Threefold`, or of a match its three flags."""
        if isinstance(ask, Last):
            is_there, in_doubt = (flags & SURELY) != 0, flags > (MAYBE | SURELY)
            return threefold(is_there & ~in_doubt, (flags & MAYBE) != 0)
        return Threefold(flags) if isinstance(ask, Found) else flags

    # ---- episodes

    def decide(self, node: Expression) -> Threefold:
        """As `expressions.decide`."""
        if node in self.answered:
            answer: Threefold = self.answered[node]
            return answer
        for kind, rule in RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        raise Unknown(f"the engines don't know the node {type(node).__name__}; teach it to measures/engines")

    def due(self, closes: Moment | None) -> ir.Value:
        """The last day of a window, before `LONG_AGO` where there is none."""
        end = NEVER if closes is None else self.moment(closes)
        return literal(end) if isinstance(end, int) else end.cast("int32")

    def past(self, due: ir.Value) -> ir.BooleanValue:
        """Whether a last day is over."""
        return (self.table["since"] > due) & (due > LONG_AGO)

    def weighed(self, standard: Standard) -> tuple[Threefold, Threefold, ir.IntegerValue]:
        """What `standards.judge` weighs, but for the day: who is asked, who is excluded, the flags of the match."""
        excluded = self.decide(standard.excludes) if standard.excludes else no()
        return self.decide(standard.counts), excluded, self.best(standard)

    def best(self, standard: Standard) -> ir.IntegerValue:
        """As `standards._best_match`, over all facts that may meet it."""
        asks = (Match(wanted, standard.window, standard.late_until) for wanted in standard.met_by)
        return reduce(or_, (self.answered[ask] for ask in asks))

    def died(self, node: Died) -> Threefold:
        """A death that lies ahead is unknown: its date can't be right."""
        ends = {FIRST: self.table["died_first"], LAST: self.table["died_last"]}
        dead, ahead = ends[FIRST] > LONG_AGO, ends[FIRST] > self.table["since"]
        surely = self.all_hold(self.surely_inside(node.within), ends)
        maybe = self.all_hold(self.maybe_inside(node.within), ends)
        return threefold(dead & surely & ~ahead, dead & (maybe | ahead))

    def days(self) -> dict[str, ir.Value]:
        """The day of the count and of the death, in days from the index's first day."""
        days = {"since": ibis.literal(self.day)}
        days |= {"died_first": self.table["death_start"], "died_last": self.table["death_end"]}
        start = self.table["index_start"]
        return {name: day.delta(start, unit="day").cast("int32").fill_null(NEVER) for name, day in days.items()}

    def enrolled(self, node: Enrolled) -> Threefold:
        known = {Answer.YES.value: literal(YES), Answer.NO.value: literal(NO)}
        return Threefold(self.table["enrolled"].cases(*known.items(), else_=literal(UNKNOWN)))

    def age(self, node: AgeAtIndex) -> Threefold:
        born = self.table["birth_date"]
        youngest = _birthday_age(born, self.table["index_start"])
        oldest = _birthday_age(born, self.table["index_end"])
        surely = (youngest >= node.at_least) & (oldest <= node.at_most)
        maybe = (oldest >= node.at_least) & (youngest <= node.at_most)
        return threefold(surely.fill_null(False), maybe.fill_null(True))

    def body_site(self, node: BodySiteAmong) -> Threefold:
        named = self.table["body_sites"]
        among = ibis.or_(*(named.contains(site.value) for site in node.sites))
        return threefold(among, among | named.contains(BodySite.UNSPECIFIED.value))


TestT = TypeVar("TestT", Says, Lies)


def _grouped(tests: Iterable[Test], kind: type[TestT], *alike: str) -> Iterator[tuple[Any, list[TestT]]]:
    """The tests of a kind that are alike in these, with what they are alike in."""
    groups: dict[Any, list[TestT]] = defaultdict(list)
    for test in tests:
        if isinstance(test, kind):
            groups[attrgetter(*alike)(test)].append(test)
    return iter(groups.items())


def _in_order(tests: Iterable[Test]) -> list[Test]:
    """Always the same: a statement doesn't change from one run to the next."""
    return sorted(tests, key=repr)


def _by_word(value: ir.StringValue, flags: Sequence[Tests], tests: Sequence[Says]) -> ir.IntegerValue:
    """The bits that a field's value leaves standing."""

    def ruled_out(word: str | None) -> list[Test]:
        return [test for test in tests if (word in test.one_of) == test.denied]

    words = dict.fromkeys(word for test in tests for word in test.one_of)
    cases = ((word, _standing(flags, ruled_out(word))) for word in words)
    return value.cases(*cases, else_=_standing(flags, ruled_out(None)))


def _by_days(days: ir.IntegerValue, flags: Sequence[Tests], tests: Sequence[Lies]) -> ir.IntegerValue:
    """The bits that so many days leave standing: the same from one of the days that tests name up to the next."""

    def ruled_out(day: int) -> list[Test]:
        return [test for test in tests if not test.at_least <= day <= test.at_most]

    steps = sorted({test.at_least for test in tests} | {test.at_most + 1 for test in tests} - {EVER + 1} | {-FAR})
    *others, latest = [_standing(flags, ruled_out(day)) for day in steps]
    return ibis.cases(*((days < end, left) for end, left in zip(steps[1:], others, strict=True)), else_=latest)


def _standing(flags: Sequence[Tests], ruled_out: Iterable[Test]) -> ir.IntegerScalar:
    """The bits of the flags that need none of the tests ``ruled_out``."""
    return ibis.literal(sum(1 << bit for bit, tests in enumerate(flags) if tests.isdisjoint(ruled_out)), "int64")


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
