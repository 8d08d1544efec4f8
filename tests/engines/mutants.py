"""Planted errors: the compiler with one slip each. The comparison must catch them all."""

from dataclasses import replace

import ibis

from openfls.clinical.expressions import Either, Not, Window
from openfls.measures.engines.asks import Last, Match
from openfls.measures.engines.compiling import LONG_AGO, Compiler, Matched
from openfls.measures.engines.threefold import Threefold, all_of, no


class BeforeForUpTo(Compiler):
    """The last day of a window is left out: < for <=."""

    def inside(self, first, last, window):
        right = super().inside(first, last, window)
        if window.closes is None:
            return right
        closes = self.moment(window.closes)
        return right & Threefold(self.happened(last < closes, closes), self.happened(first <= closes, closes))


class AfterForFrom(Compiler):
    """The first day of a window is left out: > for >=."""

    def inside(self, first, last, window):
        right = super().inside(first, last, window)
        if window.opens is None:
            return right
        opens = self.moment(window.opens)
        return right & Threefold(self.happened(first > opens, opens), self.happened(last > opens, opens))


class WindowIgnored(Compiler):
    def inside(self, first, last, window):
        return Threefold(first.notnull(), first.notnull())


class StraddlingReadAsInside(Compiler):
    def inside(self, first, last, window):
        right = super().inside(first, last, window)
        return Threefold(right.maybe, right.maybe)


class StraddlingReadAsOutside(Compiler):
    def inside(self, first, last, window):
        right = super().inside(first, last, window)
        return Threefold(right.surely, right.surely)


class UnknownReadAsNo(Compiler):
    def holds(self, has):
        right = super().holds(has)
        return Threefold(right.surely, right.surely)


class UnknownReadAsYes(Compiler):
    def holds(self, has):
        right = super().holds(has)
        return Threefold(right.maybe, right.maybe)


class LateUntilDropped(Compiler):
    def matched(self, ask: Match):
        return super().matched(replace(ask, late_until=None))


class EarlyCountsAsLate(Compiler):
    """What came before the window opened meets the standard late."""

    def matched(self, ask: Match):
        right, answer = super().matched(ask), self.answer(ask.wanted)
        late = self.inside(self.table["first"], self.table["last"], Window(None, ask.late_until))
        return replace(right, late=answer.surely & late.surely & ~right.may_be)


class LateIgnored(Compiler):
    def matched(self, ask: Match):
        return replace(super().matched(ask), late=self.table["first"].isnull())


class LatestReadAsAny(Compiler):
    """Any fact of the kind speaks, not the last one."""

    def flags(self, ask):
        if not isinstance(ask, Last):
            return super().flags(ask)
        answer = self.answer(ask.wanted)
        return {"doubted": ~answer.surely, "maybe": answer.maybe}


class LatestTakenForGranted(Compiler):
    """Whatever the last fact says, it is there."""

    def flags(self, ask):
        right = super().flags(ask)
        return right | {"doubted": self.table["episode"].isnull()} if isinstance(ask, Last) else right


class LatestOfTheFirstDay(Compiler):
    """The earliest facts of the kind are taken for the last."""

    def one_of(self, anchor, days):
        anything = not anchor.wanted.where and not anchor.wanted.within
        return days.min() if anchor.latest and anything else super().one_of(anchor, days)


class LastAnchorForFirst(Compiler):
    def one_of(self, anchor, days):
        return days.max()


class FirstAnchorForLast(Compiler):
    def one_of(self, anchor, days):
        return days.min()


class AnchorByWhatMayBe(Compiler):
    def day_of(self, anchor):
        return ibis.ifelse(self.answer(anchor.wanted).maybe, self.table["first"], ibis.null("int32"))


class NeverHappenedReadAsAlwaysOpen(Compiler):
    def happened(self, compared, end):
        return compared if isinstance(end, int) else compared | (end < LONG_AGO)


class DeathIgnored(Compiler):
    def died(self, node):
        return no()


class DeathAheadBelieved(Compiler):
    def died(self, node):
        first = self.table["died_first"]
        inside, dead = self.inside(first, self.table["died_last"], node.within), first > LONG_AGO
        return Threefold(dead & inside.surely, dead & inside.maybe)


class WaitingForTriageReadAsEnrolled(Compiler):
    def enrolled(self, node):
        right = super().enrolled(node)
        return Threefold(right.maybe, right.maybe)


class UnnamedBoneReadAsAnother(Compiler):
    def body_site(self, node):
        right = super().body_site(node)
        return Threefold(right.surely, right.surely)


class NotOfUnknownReadAsYes(Compiler):
    def decide(self, node):
        if not isinstance(node, Not):
            return super().decide(node)
        inner = self.decide(node.part)
        return Threefold(~inner.surely, ~inner.surely)


class EitherReadAsAll(Compiler):
    def decide(self, node):
        return all_of(map(self.decide, node.parts)) if isinstance(node, Either) else super().decide(node)


class ExcludedThoughMet(Compiler):
    def best(self, standard):
        right = super().best(standard)
        excluded = self.decide(standard.excludes).surely if standard.excludes else ibis.literal(False)
        return replace(right, met=right.met & ~excluded)


class MayBeMetReadAsMissed(Compiler):
    def best(self, standard):
        right = super().best(standard)
        return Matched(right.met, right.met, right.late)


class LateBeforeUnknown(Compiler):
    def best(self, standard):
        right = super().best(standard)
        return replace(right, may_be=right.may_be & ~right.late)


class OnlyTheFirstMeets(Compiler):
    """Of several kinds of facts that meet a standard the first alone is looked at."""

    def best(self, standard):
        return super().best(replace(standard, met_by=standard.met_by[:1]))


class MissedOnTheLastDay(Compiler):
    def weighed(self, standard, due):
        past = (self.table["since"] >= due) & (due > LONG_AGO)
        return super().weighed(standard, due) | {"past": past}


class MaybeExcludedReadAsExcluded(Compiler):
    def weighed(self, standard, due):
        right = super().weighed(standard, due)
        return right | {"excluded": right["maybe_excluded"]}


class MaybeExcludedReadAsAsked(Compiler):
    def weighed(self, standard, due):
        right = super().weighed(standard, due)
        return right | {"maybe_excluded": right["excluded"]}


class MaybeAskedReadAsAsked(Compiler):
    def weighed(self, standard, due):
        right = super().weighed(standard, due)
        return right | {"surely_asked": right["asked"]}


class ADayLess(Compiler):
    def due(self, standard):
        return super().due(standard) - 1


EVERY = Compiler.__subclasses__()
