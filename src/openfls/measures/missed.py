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
    """Patients whom ``independent`` (finders that work from another source) and the others could all have seen.

    All other finders count as one source: they feed each other, and together they leave no third to subtract.
    """

    name: str
    setting: Setting
    body_sites: frozenset[BodySite]
    youngest: int
    independent: frozenset[Finder]
    assumptions: tuple[str, ...] = ()
    dependence: str = ""  # why no finder here is independent of the others: then nothing is estimated

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


INDEPENDENT = (
    "clinical coders work from the notes of the stay, not from the lists of ward, theatre or emergency department"
)
SAME_CHANCE = "within the group at one hospital every patient has about the same chance to be found"
MATCHED = "the lists are matched without error: the same patient is recognised on both"
SURE = "who is only suspected, and whom nobody enrolled, is left out: no fracture is nothing that coding could miss"
CLOSED = f"episodes younger than {SETTLING.days} days are left out: coding may still bring them"
CODING = frozenset({Finder.CODED_DISCHARGE})
NOT_HIP = frozenset(BodySite) - {BodySite.HIP, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT}
TOO_FEW = f"at no hospital do both sources share {FEWEST_SHARED} patients or more: fewer say nothing reliable"

STRATA = (
    Stratum(
        name="hip fracture, admitted, aged 60 or over",
        setting=Setting.INPATIENT,
        body_sites=frozenset({BodySite.HIP}),
        youngest=60,  # where the national hip audit begins, so that all inpatient finders could have seen them
        independent=CODING,
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, SURE, CLOSED),
    ),
    Stratum(
        name="other fracture, admitted, aged 50 or over",
        setting=Setting.INPATIENT,
        body_sites=NOT_HIP,
        youngest=50,
        independent=CODING,
        assumptions=(INDEPENDENT, SAME_CHANCE, MATCHED, SURE, CLOSED),
    ),
    Stratum(
        name="fracture, not admitted, aged 50 or over",
        setting=Setting.OUTPATIENT,
        body_sites=NOT_HIP | {BodySite.HIP},
        youngest=50,
        independent=frozenset(),
        dependence="fracture clinic and radiology mostly see whom the emergency department sends, so being on one list "
        "makes the others likelier, and any estimate from them would be too low",
    ),
)


def estimate(found: Iterable[Found], today: date, strata: Sequence[Stratum] = STRATA) -> list[Estimate]:
    """For each stratum the estimated number missed by every finder, or why there is none."""
    settled = [one for one in found if one.index <= today - SETTLING and not one.only_suspected]
    return [_estimate(stratum, [one for one in settled if stratum.holds(one)]) for stratum in strata]


def _estimate(stratum: Stratum, found: Sequence[Found]) -> Estimate:
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
