"""Holds what the program found against the truth: found, by how many finders, late, missed, and what does not count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from openfls.clinical.facts import BodySite, Finder
from openfls.clinical.parameters import DEFAULTS
from openfls.demo.lookup import People, nearest
from openfls.demo.truth import Happening, Truth
from openfls.measures.backstop import PERSON_LISTS, Found
from openfls.measures.intervals import Interval
from openfls.measures.missed import SETTLING, Estimate

SAME_EVENT_DAYS = 60  # an episode further from any true fracture of the person is not that fracture


@dataclass(frozen=True, slots=True)
class FoundEpisode:
    """An index fracture episode as the program found it. ``hospital_numbers`` are (authority, value) pairs.

    ``finders``: each with the day on which it was first known.
    """

    name: tuple[str, str]  # family, given
    birth_date: date | None
    body_sites: frozenset[BodySite]
    when: date
    finders: Mapping[Finder, date]
    nhs_numbers: frozenset[str] = frozenset()
    hospital_numbers: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class EstimateCheck:
    """An estimate of the missed held against those truly missed. ``covered`` is None where nothing was estimated."""

    stratum: str
    truly_missed: int
    estimated: Interval | None
    because: tuple[str, ...] = ()

    @property
    def covered(self) -> bool | None:
        return None if self.estimated is None else self.estimated.low <= self.truly_missed <= self.estimated.high


@dataclass(frozen=True, slots=True)
class TruthReport:
    """``true`` true index fractures; ``by_finders[k]`` of them found by k finders; ``twice`` found as several episodes.

    ``only_by_backstop``: on no list that a person keeps. ``late``: first known past ``late_days``. ``missed_unseen``:
    no finder truly caught them; ``missed_though_caught``: a feed held them and the program did not find them.
    ``not_counting``: found, but of a kind that does not count; ``nobody``: fits no event of anybody.
    """

    true: int
    by_finders: Mapping[int, int]
    only_by_one: Mapping[Finder, int]
    only_by_backstop: int
    late: int
    late_days: int
    missed_unseen: int
    missed_though_caught: int
    twice: int
    not_counting: Mapping[str, int]
    nobody: int
    estimates: tuple[EstimateCheck, ...] = ()
    missed: tuple[Happening, ...] = field(default=(), repr=False)

    @property
    def found(self) -> int:
        return sum(self.by_finders.values())

    @property
    def false(self) -> int:
        return sum(self.not_counting.values()) + self.nobody

    def lines(self) -> Iterator[str]:
        """The report in words, one finding a line."""
        yield f"true index fractures          {self.true}"
        yield f"found                         {self.found} ({_percent(self.found, self.true)})"
        for finders, number in sorted(self.by_finders.items()):
            yield f"  number of finders {finders:2}        {number} ({_percent(number, self.true)})"
        yield f"only by a backstop            {self.only_by_backstop} (on no list that people keep)"
        yield f"late                          {self.late} (first known after {self.late_days} days)"
        yield (
            f"missed                        {self.true - self.found}: {self.missed_unseen} that no finder caught, "
            f"{self.missed_though_caught} that a feed held"
        )
        yield f"found as several episodes     {self.twice}"
        yield f"found, but do not count       {self.false}: {_listed(self.not_counting, self.nobody)}"
        for check in self.estimates:
            yield from _estimate_lines(check)


def compare(
    found: Iterable[FoundEpisode],
    truth: Truth,
    estimates: Iterable[Estimate] = (),
    *,
    late_days: int = DEFAULTS.late_finding_days,
) -> TruthReport:
    """How the episodes found compare with what truly happened; ``estimates`` are those of `measures.missed`."""
    people = People(truth)
    matched: dict[str, list[FoundEpisode]] = defaultdict(list)
    beside: Counter[str] = Counter()
    nobody = 0
    for episode in found:
        happening = _happening(people, episode)
        if happening is None:
            nobody += 1
        elif happening.counts:
            matched[happening.number].append(episode)
        else:
            beside[happening.kind] += 1
    missed = tuple(fracture for fracture in truth.fractures if fracture.number not in matched)
    seen = [_Seen(fracture, matched[fracture.number]) for fracture in truth.fractures if fracture.number in matched]
    return TruthReport(
        true=len(truth.fractures),
        by_finders=Counter(len(one.finders) for one in seen),
        only_by_one=Counter(next(iter(one.finders)) for one in seen if len(one.finders) == 1),
        only_by_backstop=sum(not PERSON_LISTS.intersection(one.finders) for one in seen),
        late=sum(one.days_after > late_days for one in seen),
        late_days=late_days,
        missed_unseen=sum(not fracture.catches for fracture in missed),
        missed_though_caught=sum(bool(fracture.catches) for fracture in missed),
        twice=sum(len(one.episodes) > 1 for one in seen),
        not_counting=beside,
        nobody=nobody,
        estimates=tuple(_checked(estimate, missed, truth.year[1]) for estimate in estimates),
        missed=missed,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    fracture: Happening
    episodes: list[FoundEpisode]

    @property
    def finders(self) -> dict[Finder, date]:
        first: dict[Finder, date] = {}
        for episode in self.episodes:
            for finder, known in episode.finders.items():
                first[finder] = min(known, first.get(finder, known))
        return first

    @property
    def days_after(self) -> int:
        return (min(self.finders.values()) - self.fracture.day).days


def _happening(people: People, episode: FoundEpisode) -> Happening | None:
    """The event of the person that the episode is nearest to, of the same bone if there is one."""
    lives = people.lives(episode.nhs_numbers, episode.hospital_numbers, *episode.name, episode.birth_date)
    near = [h for life in lives for h in life.happenings if abs((h.day - episode.when).days) <= SAME_EVENT_DAYS]
    return nearest(near, episode.body_sites, episode.when)


def _checked(estimate: Estimate, missed: Iterable[Happening], last: date) -> EstimateCheck:
    """Those of the stratum, at the estimate's sites and old enough, whom nobody found."""
    settled = last + timedelta(days=1) - SETTLING
    truly = [
        fracture
        for fracture in missed
        if fracture.day <= settled
        and (not estimate.sites or fracture.hospital.code in estimate.sites)
        and estimate.stratum.holds(_as_found(fracture))
    ]
    return EstimateCheck(estimate.stratum.name, len(truly), estimate.missed, estimate.because)


def _as_found(fracture: Happening) -> Found:
    return Found(
        fracture.number, fracture.hospital.code, fracture.day, fracture.main_site, fracture.setting, fracture.age, ()
    )


def _estimate_lines(check: EstimateCheck) -> Iterator[str]:
    yield f"missed, {check.stratum}"
    if check.estimated is None:
        yield f"  truly {check.truly_missed}; not estimated: {'; '.join(check.because)}"
        return
    interval = check.estimated
    says = "covers" if check.covered else "does not cover"
    yield (
        f"  truly {check.truly_missed}; estimated {interval.value:.0f} ({interval.low:.0f} to {interval.high:.0f}): "
        f"the interval {says} the truth"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "none"


def _listed(kinds: Mapping[str, int], nobody: int) -> str:
    told = [f"{number} {kind}" for kind, number in sorted(kinds.items(), key=lambda item: -item[1])]
    return ", ".join([*told, f"{nobody} that fit nobody"])
