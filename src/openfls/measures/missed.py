"""How many did every finder miss: an estimate within strata where each source could have seen the patient, or an
honest refusal. An inpatient list can't see an outpatient and the national hip audit starts at 60 (structural zeros):
counts from outside a source's reach would be read as misses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add

from openfls.clinical.facts import BodySite, Finder, Setting
from openfls.measures.backstop import Found
from openfls.measures.intervals import Interval, chapman

FEWEST_SHARED = 7  # Robson and Regier 1964: with seven or more in both, Chapman's estimate is nearly unbiased
SETTLING = timedelta(days=60)  # younger episodes may still be on their way through coding


@dataclass(frozen=True)
class Stratum:
    """Patients whom both sources could have seen. ``first`` and ``second`` are families of finders that feed each
    other and so count as one source each."""

    name: str
    setting: Setting
    body_sites: frozenset[BodySite]
    youngest: int
    first: frozenset[Finder]
    second: frozenset[Finder]
    assumptions: tuple[str, ...]
    dependence: str = ""

    def holds(self, found: Found) -> bool:
        old_enough = found.age is not None and found.age >= self.youngest
        return found.setting is self.setting and found.body_site in self.body_sites and old_enough


@dataclass(frozen=True, slots=True)
class Estimate:
    """``missed`` is None where it can't be estimated; ``because`` then says why, else what it stands on."""

    stratum: Stratum
    seen: int
    missed: Interval | None
    because: tuple[str, ...]
    sites: tuple[str, ...] = ()


SAME_CHANCE = "within the group every patient has about the same chance to be on a list"
MATCHED = "the lists are matched without error: the same patient is recognised on both"
CLOSED = f"episodes younger than {SETTLING.days} days are left out: coding may still bring them"
INDEPENDENT = "clinical coders work from the notes of the stay, not from the ward's lists"

WARD_FAMILY = frozenset({Finder.TRAUMA_LIST, Finder.WARD_ROUND, Finder.THEATRE_LIST})
TOO_FEW = f"at no hospital do both sources share {FEWEST_SHARED} patients or more: fewer say nothing reliable"
LIMBS = frozenset({BodySite.WRIST, BodySite.FOREARM, BodySite.HUMERUS, BodySite.ANKLE})

STRATA = (
    Stratum(
        name="hip fracture, admitted, aged 60 or over",
        setting=Setting.INPATIENT,
        body_sites=frozenset({BodySite.HIP}),
        youngest=60,  # where the national hip audit begins, so that all inpatient finders could have seen them
        first=WARD_FAMILY,
        second=frozenset({Finder.CODED_DISCHARGE}),
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, CLOSED),
    ),
    Stratum(
        name="other fracture, admitted, aged 50 or over",
        setting=Setting.INPATIENT,
        body_sites=frozenset(BodySite) - {BodySite.HIP, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT},
        youngest=50,
        first=WARD_FAMILY,
        second=frozenset({Finder.CODED_DISCHARGE}),
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, CLOSED),
    ),
    Stratum(
        name="fracture of a limb, not admitted, aged 50 or over",
        setting=Setting.OUTPATIENT,
        body_sites=LIMBS,
        youngest=50,
        first=frozenset({Finder.EMERGENCY_DEPARTMENT}),
        second=frozenset({Finder.FRACTURE_CLINIC}),
        assumptions=(SAME_CHANCE, MATCHED, CLOSED),
        dependence="the fracture clinic's patients are mostly sent by the emergency department, so being on one list "
        "makes the other likelier and any estimate from the two would be too low",
    ),
)


def estimate(found: Iterable[Found], today: date, strata: Sequence[Stratum] = STRATA) -> list[Estimate]:
    """For each stratum the estimated number missed by every finder, or why there is none."""
    settled = [one for one in found if one.index <= today - SETTLING]
    return [_estimate(stratum, [one for one in settled if stratum.holds(one)]) for stratum in strata]


def _estimate(stratum: Stratum, found: Sequence[Found]) -> Estimate:
    if stratum.dependence:
        return Estimate(stratum, len(found), None, (stratum.dependence,))
    by_site = {site: counts for site, counts in _counts_by_site(stratum, found).items() if counts.both >= FEWEST_SHARED}
    reached = [one for one in found if one.site in by_site]
    if not by_site:
        return Estimate(stratum, 0, None, (TOO_FEW,))
    unseen = reduce(add, (chapman(counts.first, counts.second, counts.both) for counts in by_site.values()))
    counts = reduce(add, by_site.values())
    missed = _less(unseen.interval, found_elsewhere=len(reached) - counts.either)
    left_out = len(found) - len(reached)
    return Estimate(stratum, len(reached), missed, _reasons(stratum, counts, left_out), tuple(sorted(by_site)))


@dataclass(frozen=True, slots=True)
class _Counts:
    """Episodes on the first source, on the second, and on both. Hospitals differ, so each is counted by itself."""

    first: int = 0
    second: int = 0
    both: int = 0

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(self.first + other.first, self.second + other.second, self.both + other.both)

    @property
    def either(self) -> int:
        return self.first + self.second - self.both


def _counts_by_site(stratum: Stratum, found: Iterable[Found]) -> dict[str, _Counts]:
    """By the site that answers; where a source doesn't run, both can't grow, and the site drops out."""
    by_site: dict[str, _Counts] = {}
    for one in found:
        if one.site:
            a, b = bool(one.finders & stratum.first), bool(one.finders & stratum.second)
            by_site[one.site] = by_site.get(one.site, _Counts()) + _Counts(int(a), int(b), int(a and b))
    return by_site


def _less(missed: Interval, found_elsewhere: int) -> Interval:
    """Those whom a third finder saw are not missed by all."""
    value, low, high = (max(0.0, bound - found_elsewhere) for bound in (missed.value, missed.low, missed.high))
    return Interval(value, low, high)


def _reasons(stratum: Stratum, counts: _Counts, left_out: int) -> tuple[str, ...]:
    names = " or ".join(sorted(stratum.first)), " or ".join(sorted(stratum.second))
    told = f"{counts.first} on {names[0]}, {counts.second} on {names[1]}, {counts.both} on both, hospital by hospital"
    beyond = (f"{left_out} patients of hospitals where that can't be told are left out",) if left_out else ()
    return told, *beyond, *stratum.assumptions
