"""Capture and recapture over several sources: how many nobody saw, by models that may hold two sources to depend.

A *pattern* is the set of sources that saw a patient; the counts of all patterns but the empty one are what there is to
go on. Log-linear models after Fienberg 1972 and Cormack 1989, fitted by maximum likelihood; Chao's lower bound (Chao
1987) in the form for sources that differ (Rivest and Baillargeon 2007); the dependence of two sources by the odds ratio
of Mantel and Haenszel among those whom a third source saw. All numbers are people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import exp, inf
from typing import Any
from warnings import catch_warnings, simplefilter

from openfls.measures.intervals import Interval, Unseen

Pattern = frozenset[str]
Pair = frozenset[str]  # of two sources that are held to depend


@dataclass(frozen=True)
class Patterns:
    """How many patients exactly these of the ``sources`` saw. Patients whom none saw are what is asked for."""

    sources: tuple[str, ...]
    counts: Mapping[Pattern, int]

    @classmethod
    def of(cls, sources: Sequence[str], seen_by: Iterable[Collection[str]]) -> "Patterns":
        """From what each patient was seen by; other sources, and patients whom none of these saw, are left aside."""
        counts: dict[Pattern, int] = {}
        for one in seen_by:
            pattern = frozenset(one).intersection(sources)
            if pattern:
                counts[pattern] = counts.get(pattern, 0) + 1
        return cls(tuple(sources), counts)

    @cached_property
    def cells(self) -> list[tuple[Pattern, int]]:
        """Every pattern that could be seen, also those that nobody has."""
        chosen = product((False, True), repeat=len(self.sources))
        patterns = [frozenset(s for s, on in zip(self.sources, one, strict=True) if on) for one in chosen]
        return [(pattern, self.counts.get(pattern, 0)) for pattern in patterns if pattern]

    @property
    def seen(self) -> int:
        return sum(self.counts.values())

    def seen_by(self, *sources: str) -> int:
        """By all of these, whoever else saw them."""
        return sum(number for pattern, number in self.counts.items() if pattern.issuperset(sources))


def log_linear(patterns: Patterns, depending: Collection[Pair] = ()) -> Unseen | None:
    """The number unseen if these pairs of sources depend and all else is independent; None where it can't be told.

    It can't where the model has more to fit than there are patterns, or where a pair that the model needs shares
    nobody: then the likelihood has no highest point. The variance is that of the number itself, not of its mean.
    Raises ``ValueError`` for a pair that is not two of the sources.
    """
    if wrong := [pair for pair in depending if len(pair) != 2 or not pair.issubset(patterns.sources)]:
        raise ValueError(f"{' and '.join(sorted(wrong[0]))} are not two of the sources {', '.join(patterns.sources)}")
    pairs = [frozenset(pair) for pair in depending]
    return _unseen(_fitted(patterns, [[pattern.issuperset(pair) for pair in pairs] for pattern, _ in patterns.cells]))


def lower_bound(patterns: Patterns) -> Unseen | None:
    """At least so many were unseen where patients differ in how likely they are seen at all; None where it can't be
    told.

    Chao's lower bound for sources that differ, as a log-linear model (Rivest and Baillargeon 2007): whom one source
    saw and whom two saw tell it, all others are fitted by terms of their own, which may not be below 0.
    """
    several = list(range(3, len(patterns.sources) + 1))
    while True:
        fit = _fitted(patterns, [[len(pattern) == number for number in several] for pattern, _ in patterns.cells])
        negative = [number for number, term in zip(several, fit.terms, strict=True) if term < 0] if fit else []
        if not negative:
            return _unseen(fit)
        several = [number for number in several if number not in negative]


WIDEST = 4.0  # variance of a logarithm: a standard error of twice the number or more says nothing


@dataclass(frozen=True, slots=True)
class _Fit:
    """The logarithm of the number expected in the empty pattern, its variance, the terms beside the sources' own."""

    logarithm: float
    variance: float
    terms: tuple[float, ...]


def _unseen(fit: _Fit | None) -> Unseen | None:
    if fit is None or not fit.variance <= WIDEST:
        return None
    number = exp(fit.logarithm)
    return Unseen(number, number**2 * fit.variance + number)


def _fitted(patterns: Patterns, terms: Sequence[Sequence[bool]]) -> _Fit | None:
    """A log-linear model of the sources and these further terms of each cell; None where it can't be fitted."""
    if not _tells(patterns, len(terms[0])):
        return None
    import numpy  # with statsmodels two seconds to load: only when somebody asks how many were missed
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    cells = zip(patterns.cells, terms, strict=True)
    design = [[1, *(source in pattern for source in patterns.sources), *more] for (pattern, _), more in cells]
    numbers = [number for _, number in patterns.cells]
    with numpy.errstate(all="ignore"), catch_warnings():
        simplefilter("ignore")
        fit = GLM(numpy.array(numbers, float), numpy.array(design, float), family=Poisson()).fit()
    if not fit.converged:
        return None
    params = [float(param) for param in fit.params]
    return _Fit(params[0], float(fit.cov_params()[0, 0]), tuple(params[1 + len(patterns.sources) :]))


def _tells(patterns: Patterns, terms: int) -> bool:
    """Whether every margin that the model fits has somebody in it, and there are patterns enough to tell the rest."""
    sources = patterns.sources
    if len(sources) < 2 or 1 + len(sources) + terms > len(patterns.cells):
        return False
    alone = all(patterns.seen_by(source) and patterns.seen_by(source) < patterns.seen for source in sources)
    return alone and all(patterns.seen_by(*pair) for pair in combinations(sources, 2))


@dataclass(frozen=True, slots=True)
class Dependence:
    """How being seen by one source goes with being seen by the other, among those whom a third saw.

    ``odds_ratio`` 1: not at all; above 1: the one leads to the other, and an estimate from the two is too low; below 1:
    the one keeps from the other, and it is too high.
    """

    pair: tuple[str, str]
    odds_ratio: Interval

    @property
    def shown(self) -> bool:
        """The interval leaves out 1."""
        return not self.odds_ratio.low <= 1 <= self.odds_ratio.high


def dependences(every: Sequence[Patterns]) -> list[Dependence]:
    """For each pair of sources of these hospitals, where a third source lets it be seen. Empty of two sources."""
    sources = every[0].sources if every else ()
    found = [_dependence(pair, third, every) for pair, third in _with_thirds(sources)]
    return [one for one in found if one]


def _with_thirds(sources: Sequence[str]) -> Iterable[tuple[tuple[str, str], tuple[str, ...]]]:
    for one, other in combinations(sources, 2):
        if thirds := tuple(source for source in sources if source not in (one, other)):
            yield (one, other), thirds


def _dependence(pair: tuple[str, str], thirds: Sequence[str], every: Sequence[Patterns]) -> Dependence | None:
    """Over all hospitals; None where the tables tell nothing."""
    import numpy
    from statsmodels.stats.contingency_tables import StratifiedTable

    tables = [table for patterns in every if (table := _table(pair, thirds, patterns)).sum()]
    if not tables:
        return None
    with numpy.errstate(all="ignore"):
        pooled = StratifiedTable(tables)
        ratio, (low, high) = float(pooled.oddsratio_pooled), pooled.oddsratio_pooled_confint()
    return Dependence(pair, Interval(ratio, float(low), float(high))) if 0 < ratio < inf and high < inf else None


def _table(pair: tuple[str, str], thirds: Sequence[str], patterns: Patterns) -> Any:
    """Those whom a third source saw: by both of the pair and by the first, by the second and by neither (2 by 2)."""
    import numpy

    table = numpy.zeros((2, 2))
    for pattern, number in patterns.counts.items():
        if pattern.intersection(thirds):
            table[int(pair[0] not in pattern), int(pair[1] not in pattern)] += number
    return table
