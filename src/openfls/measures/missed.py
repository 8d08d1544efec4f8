"""How many did every finder miss: an estimate within strata where each source could have seen the patient, or an
honest refusal. An inpatient list can't see an outpatient and the national hip audit starts at 60 (structural zeros):
counts from outside a source's reach would be read as misses.

The estimate is Chapman's, of one independent source against all others. Beside it stand a log-linear model, which holds
two sources to depend, and Chao's lower bound: three ways that agree say more than one, and where they don't, that too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import add

from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.measures.backstop import WARD_LISTS, Found
from openfls.measures.intervals import Interval, Unseen, chapman
from openfls.measures.recapture import Patterns, dependences, log_linear, lower_bound

FEWEST_SHARED = 7  # Robson and Regier 1964: with seven or more in both, Chapman's estimate is nearly unbiased
SETTLING = timedelta(days=60)  # younger episodes may still be on their way through coding


@dataclass(frozen=True)
class Stratum:
    """Patients whom ``independent`` (finders that work from another source) and the others could all have seen.

    All other finders count as one source: they feed each other, and together they leave no third to subtract.
    ``sources`` groups every finder for the models of several sources; ``depending`` are the pairs among them that are
    held to depend, chosen beforehand for the reason in ``why_depending``, not by how well a model fits.
    """

    name: str
    setting: Setting
    body_sites: frozenset[BodySite]
    youngest: int
    independent: frozenset[Finder]
    sources: Mapping[str, frozenset[Finder]]
    depending: tuple[frozenset[str], ...]
    why_depending: str
    assumptions: tuple[str, ...] = ()
    dependence: str = ""  # why no finder here is independent of the others: then Chapman's estimate is refused

    def holds(self, found: Found) -> bool:
        old_enough = found.age is not None and found.age >= self.youngest
        return found.setting is self.setting and found.body_site in self.body_sites and old_enough


@dataclass(frozen=True, slots=True)
class Beside:
    """Another way to the same number, at ``sites``. ``missed`` is None where it tells nothing, ``because`` why."""

    way: str
    missed: Interval | None
    because: tuple[str, ...]
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """``missed`` is None where it can't be estimated; ``because`` then says why, else what it stands on.

    ``warnings`` name the sources that were seen to depend.
    """

    stratum: Stratum
    seen: int
    missed: Interval | None
    because: tuple[str, ...]
    sites: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    warnings: tuple[str, ...] = ()


INDEPENDENT = (
    "clinical coders work from the notes of the stay, not from the lists of ward, theatre or emergency department"
)
SAME_CHANCE = "within the group at one hospital every patient has about the same chance to be found"
MATCHED = "the lists are matched without error: the same patient is recognised on both"
SURE = "who is only suspected, and whom nobody enrolled, is left out: no fracture is nothing that coding could miss"
CLOSED = f"episodes younger than {SETTLING.days} days are left out: coding may still bring them"
CODING = frozenset({Finder.CODED_DISCHARGE})
NOT_HIP = frozenset(BodySite) - {BodySite.HIP, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT}
CODED, LISTS, FRONT_DOOR = "coding", "lists that people keep", "emergency department, imaging and messages"
EMERGENCY, CLINIC, IMAGING = "emergency department", "fracture clinic", "imaging and coding"
OF_INPATIENTS = {
    CODED: CODING | {Finder.CODED_RECORD},
    LISTS: WARD_LISTS | {Finder.NATIONAL_AUDIT, Finder.FRACTURE_CLINIC, Finder.BY_HAND},
    FRONT_DOOR: frozenset({
        Finder.EMERGENCY_DEPARTMENT, Finder.RADIOLOGY_REPORT, Finder.ADMISSION, Finder.GENERAL_PRACTICE,
    }),
}  # fmt: skip
OF_OUTPATIENTS = {
    EMERGENCY: frozenset({Finder.EMERGENCY_DEPARTMENT, Finder.ADMISSION}),
    CLINIC: WARD_LISTS | {Finder.FRACTURE_CLINIC, Finder.NATIONAL_AUDIT, Finder.BY_HAND, Finder.GENERAL_PRACTICE},
    IMAGING: CODING | {Finder.RADIOLOGY_REPORT, Finder.CODED_RECORD},
}
ADMITTED_FROM_THERE = (frozenset({LISTS, FRONT_DOOR}),)
SENT_FROM_THERE = (frozenset({EMERGENCY, CLINIC}), frozenset({EMERGENCY, IMAGING}))
WARDS_FOLLOW = "the lists of wards begin with whom the emergency department admitted, so these two are held to depend"
CLINICS_FOLLOW = "the emergency department sends to the clinic and to imaging, so it is held to depend on both"
TOO_FEW = f"at no hospital do both sources share {FEWEST_SHARED} patients or more: fewer say nothing reliable"

STRATA = (
    Stratum(
        name="hip fracture, admitted, aged 60 or over",
        setting=Setting.INPATIENT,
        body_sites=frozenset({BodySite.HIP}),
        youngest=60,  # where the national hip audit begins, so that all inpatient finders could have seen them
        independent=CODING,
        sources=OF_INPATIENTS,
        depending=ADMITTED_FROM_THERE,
        why_depending=WARDS_FOLLOW,
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, SURE, CLOSED),
    ),
    Stratum(
        name="other fracture, admitted, aged 50 or over",
        setting=Setting.INPATIENT,
        body_sites=NOT_HIP,
        youngest=50,
        independent=CODING,
        sources=OF_INPATIENTS,
        depending=ADMITTED_FROM_THERE,
        why_depending=WARDS_FOLLOW,
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, SURE, CLOSED),
    ),
    Stratum(
        name="fracture, not admitted, aged 50 or over",
        setting=Setting.OUTPATIENT,
        body_sites=NOT_HIP | {BodySite.HIP},
        youngest=50,
        independent=frozenset(),
        sources=OF_OUTPATIENTS,
        depending=SENT_FROM_THERE,
        why_depending=CLINICS_FOLLOW,
        dependence="fracture clinic and radiology mostly see whom the emergency department sends, so being on one list "
        "makes the others likelier, and any estimate from them would be too low",
    ),
)


def estimate(found: Iterable[Found], today: date, strata: Sequence[Stratum] = STRATA) -> list[Estimate]:
    """For each stratum the estimated number missed by every finder, or why there is none."""
    settled = [one for one in found if one.index <= today - SETTLING and not one.only_suspected]
    return [_estimate(stratum, [one for one in settled if stratum.holds(one)]) for stratum in strata]


def _estimate(stratum: Stratum, found: Sequence[Found]) -> Estimate:
    by_site = _patterns_by_site(stratum, found)
    beside = (_log_linear(stratum, by_site), _lower_bound(by_site))
    return replace(_chapman(stratum, found), beside=beside, warnings=tuple(_warnings(stratum, by_site)))


def _patterns_by_site(stratum: Stratum, found: Iterable[Found]) -> dict[str, Patterns]:
    """By the site that answers, over the sources that see anybody there: one that doesn't run can't miss."""
    seen_by: dict[str, list[frozenset[str]]] = {}
    for one in found:
        if one.site:
            names = frozenset(name for name, finders in stratum.sources.items() if finders & one.finders)
            seen_by.setdefault(one.site, []).append(names)
    running = {site: frozenset().union(*patterns) for site, patterns in seen_by.items()}
    return {
        site: Patterns.of([source for source in stratum.sources if source in running[site]], patterns)
        for site, patterns in sorted(seen_by.items())
    }


def _log_linear(stratum: Stratum, by_site: Mapping[str, Patterns]) -> Beside:
    way = "log-linear model of three sources"
    whole = _with_all_sources(stratum, by_site)
    told = {site: unseen for site, one in whole.items() if (unseen := log_linear(one, stratum.depending))}
    if not told:
        return Beside(way, None, (f"at no hospital do enough patients stand on {', on '.join(stratum.sources)}",))
    return Beside(way, _total(told.values()), (stratum.why_depending,), tuple(told))


def _lower_bound(by_site: Mapping[str, Patterns]) -> Beside:
    way = "at least (Chao's lower bound)"
    told = {site: unseen for site, one in by_site.items() if (unseen := lower_bound(one))}
    if not told:
        return Beside(way, None, ("no hospital has sources enough that share patients",))
    why = "from whom one source saw and whom two saw; too low, not too high, where patients differ in being seen at all"
    return Beside(way, _total(told.values()), (why,), tuple(told))


def _total(unseen: Iterable[Unseen]) -> Interval:
    return reduce(add, unseen).interval


def _with_all_sources(stratum: Stratum, by_site: Mapping[str, Patterns]) -> dict[str, Patterns]:
    return {site: patterns for site, patterns in by_site.items() if len(patterns.sources) == len(stratum.sources)}


def _warnings(stratum: Stratum, by_site: Mapping[str, Patterns]) -> Iterator[str]:
    """Which sources were seen to depend, and what that does to an estimate that holds them independent."""
    for found in dependences(list(_with_all_sources(stratum, by_site).values())):
        ratio = found.odds_ratio
        if found.shown:
            does = "likelier, and an estimate from these two too low" if ratio.value > 1 else (
                "less likely, and an estimate from these two too high")  # fmt: skip
            yield (
                f"being seen by {found.pair[0]} makes being seen by {found.pair[1]} {does} "
                f"(odds ratio {ratio.value:.2f}, {ratio.low:.2f} to {ratio.high:.2f})"
            )


def _chapman(stratum: Stratum, found: Sequence[Found]) -> Estimate:
    if stratum.dependence:
        return Estimate(stratum, len(found), None, (stratum.dependence,))
    by_site = {site: counts for site, counts in _counts_by_site(stratum, found).items() if counts.both >= FEWEST_SHARED}
    if not by_site:
        return Estimate(stratum, 0, None, (TOO_FEW,))
    unseen = reduce(add, (chapman(one.independent, one.others, one.both) for one in by_site.values()))
    counts = reduce(add, by_site.values())
    because = _reasons(stratum, counts, left_out=len(found) - counts.either)
    return Estimate(stratum, counts.either, unseen.interval, because, tuple(sorted(by_site)))


@dataclass(frozen=True, slots=True)
class _Counts:
    """Episodes seen by the independent source, by any other, and by both. Hospitals differ: each is counted alone."""

    independent: int = 0
    others: int = 0
    both: int = 0

    def __add__(self, more: "_Counts") -> "_Counts":
        return _Counts(self.independent + more.independent, self.others + more.others, self.both + more.both)

    @property
    def either(self) -> int:
        return self.independent + self.others - self.both


def _counts_by_site(stratum: Stratum, found: Iterable[Found]) -> dict[str, _Counts]:
    """By the site that answers; where a source doesn't run, both can't grow, and the site drops out."""
    by_site: dict[str, _Counts] = {}
    for one in found:
        if one.site:
            a, b = bool(one.finders & stratum.independent), bool(one.finders - stratum.independent)
            by_site[one.site] = by_site.get(one.site, _Counts()) + _Counts(int(a), int(b), int(a and b))
    return by_site


def _reasons(stratum: Stratum, counts: _Counts, left_out: int) -> tuple[str, ...]:
    name = " or ".join(sorted(stratum.independent))
    told = f"{counts.independent} by {name}, {counts.others} by any other finder, {counts.both} by both"
    beyond = (f"{left_out} patients of hospitals where too few were seen by both are left out",) if left_out else ()
    return told, *beyond, *stratum.assumptions
