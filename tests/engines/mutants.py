"""Planted errors: the compiler with one slip each. The comparison must catch them all."""

from dataclasses import replace

import ibis

from openfls.clinical.expressions import Either, Not, Window
from openfls.measures.engines.compiling import LATE, LONG_AGO, MET, Compiler
from openfls.measures.engines.questions import EVER, FIRST, LAST, Lies, Says
from openfls.measures.engines.threefold import MAYBE, SURELY, all_of, no, threefold


def surely(answer):
    return (answer.number & SURELY) != 0


def maybe(answer):
    return (answer.number & MAYBE) != 0


def unknown_as_yes(answer):
    return threefold(maybe(answer), maybe(answer))


def unknown_as_no(answer):
    return threefold(surely(answer), surely(answer))


class BeforeForUpTo(Compiler):
    """The last day of a window is left out: < for <=."""

    def surely_inside(self, window):
        ends = super().surely_inside(window)
        return frozenset(replace(test, at_most=test.at_most - 1) if test.end == LAST else test for test in ends)


class AfterForFrom(Compiler):
    """The first day of a window is left out: > for >=."""

    def from_on(self, end, origin, days):
        return super().from_on(end, origin, days + 1 if end == FIRST else days)


class WindowIgnored(Compiler):
    def surely_inside(self, window):
        return frozenset()

    def maybe_inside(self, window):
        return frozenset()


class StraddlingReadAsInside(Compiler):
    def surely_inside(self, window):
        return super().maybe_inside(window)


class StraddlingReadAsOutside(Compiler):
    def maybe_inside(self, window):
        return super().surely_inside(window)


class UnknownReadAsNo(Compiler):
    def maybe_says(self, has):
        return super().surely_says(has)


class UnknownReadAsYes(Compiler):
    def surely_says(self, has):
        return super().maybe_says(has)


class FieldsIgnored(Compiler):
    """Whatever a fact says, it is what is wanted."""

    def says(self, flags, fact):
        days_alone = [frozenset(test for test in tests if not isinstance(test, Says)) for tests in flags]
        return super().says(days_alone, fact)


class EveryTestForEveryFlag(Compiler):
    """A fact answers all questions or none."""

    def says(self, flags, fact):
        return super().says([frozenset().union(*flags)] * len(flags), fact)


class LateUntilDropped(Compiler):
    def late(self, ask):
        return super().late(replace(ask, late_until=None))


class EarlyCountsAsLate(Compiler):
    """What came before the window opened meets the standard late."""

    def late(self, ask):
        return [self.surely(ask.wanted) | self.surely_inside(Window(None, ask.late_until))]


class LateIgnored(Compiler):
    def late(self, ask):
        return []


class LatestReadAsAny(Compiler):
    """Any fact of the kind speaks, not the last one."""

    def last(self, ask):
        return [frozenset(test for test in tests if isinstance(test, Says)) for tests in super().last(ask)]


class LatestTakenForGranted(Compiler):
    """Whatever the last fact says, it is there."""

    def last(self, ask):
        may_be, is_there, *_ = super().last(ask)
        return [may_be, is_there]


class LatestOfTheFirstDay(Compiler):
    """The earliest facts of the kind are taken for the last."""

    def one_of(self, anchor, days):
        anything = not anchor.wanted.where and not anchor.wanted.within
        return days.mins() if anchor.latest and anything else super().one_of(anchor, days)


class LastAnchorForFirst(Compiler):
    def one_of(self, anchor, days):
        return days.maxs()


class FirstAnchorForLast(Compiler):
    def one_of(self, anchor, days):
        return days.mins()


class AnchorByWhatMayBe(Compiler):
    def day_of(self, anchor, fact):
        return ibis.ifelse(self.all_hold(self.maybe(anchor.wanted), fact), fact[FIRST], ibis.null("int32"))


class NeverHappenedReadAsAlwaysOpen(Compiler):
    def from_on(self, end, origin, days):
        return Lies(end, origin, at_least=days, at_most=EVER)


class DeathIgnored(Compiler):
    def died(self, node):
        return no()


class DeathAheadBelieved(Compiler):
    def died(self, node):
        ends = {FIRST: self.table["died_first"], LAST: self.table["died_last"]}
        inside = (self.surely_inside(node.within), self.maybe_inside(node.within))
        return threefold(*((ends[FIRST] > LONG_AGO) & self.all_hold(tests, ends) for tests in inside))


class WaitingForTriageReadAsEnrolled(Compiler):
    def enrolled(self, node):
        return unknown_as_yes(super().enrolled(node))


class UnnamedBoneReadAsAnother(Compiler):
    def body_site(self, node):
        return unknown_as_no(super().body_site(node))


class NotOfUnknownReadAsYes(Compiler):
    def decide(self, node):
        return ~unknown_as_no(self.decide(node.part)) if isinstance(node, Not) else super().decide(node)


class EitherReadAsAll(Compiler):
    def decide(self, node):
        return all_of(map(self.decide, node.parts)) if isinstance(node, Either) else super().decide(node)


class ExcludedThoughMet(Compiler):
    def best(self, standard):
        right = super().best(standard)
        excluded = surely(self.decide(standard.excludes)) if standard.excludes else ibis.literal(False)
        return ibis.ifelse(excluded, right & (MAYBE | LATE), right)


class MayBeMetReadAsMissed(Compiler):
    def best(self, standard):
        right = super().best(standard)
        return ibis.ifelse((right & MET) == 0, right & LATE, right)


class LateBeforeUnknown(Compiler):
    def best(self, standard):
        right = super().best(standard)
        return ibis.ifelse((right & LATE) != 0, right & (MET | LATE), right)


class OnlyTheFirstMeets(Compiler):
    """Of several kinds of facts that meet a standard the first alone is looked at."""

    def best(self, standard):
        return super().best(replace(standard, met_by=standard.met_by[:1]))


class MissedOnTheLastDay(Compiler):
    def past(self, due):
        return (self.table["since"] >= due) & (due > LONG_AGO)


class MaybeExcludedReadAsExcluded(Compiler):
    def weighed(self, standard):
        counted, excluded, matched = super().weighed(standard)
        return counted, unknown_as_yes(excluded), matched


class MaybeExcludedReadAsAsked(Compiler):
    def weighed(self, standard):
        counted, excluded, matched = super().weighed(standard)
        return counted, unknown_as_no(excluded), matched


class MaybeAskedReadAsAsked(Compiler):
    def weighed(self, standard):
        counted, excluded, matched = super().weighed(standard)
        return unknown_as_yes(counted), excluded, matched


class ADayLess(Compiler):
    def due(self, closes):
        return super().due(closes) - 1


EVERY = Compiler.__subclasses__()
