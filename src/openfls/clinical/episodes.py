"""Index fracture episodes: the sightings that are one event of one person, grouped by a written rule.

The rule (site parameters; no published source, see docs/safety/to-confirm.md):

1. Sightings are taken in the order of their dates, exact ones first and those taken back last; what a finder looked
   for and denied opens nothing.
2. A sighting joins an episode when the same bone and a side that doesn't contradict was first sighted within
   ``grouping_days``; a bone not named joins whatever lies in that time.
3. Other bones within ``simultaneous_days`` of the first sighting are the same event: one episode with several sites.
4. Where several episodes could take it: the one with its bone, then the nearest, then the earliest.
5. Everything else opens a new episode (`casefinding.with_refractures` marks the later ones).
6. Nobody can report a fracture that is still to come: a sighting dated after its receipt counts as of the day on which
   it was received (`dated`), until its source corrects it.

The set of sightings alone decides: no order of receipt, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256

from openfls.clinical.facts import Answer, BodySite, FractureSighting, Side
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.when import When, about

# Written and coded now as one, now as the other for the same fracture of the distal radius.
SAME_REGION = {BodySite.FOREARM: BodySite.WRIST}

# The most severe names the episode where several bones broke: hip and spine first (order of the worklist).
BY_SEVERITY = (
    BodySite.HIP, BodySite.SPINE, BodySite.PELVIS, BodySite.FEMUR, BodySite.HUMERUS, BodySite.WRIST, BodySite.FOREARM,
    BodySite.LOWER_LEG, BodySite.ANKLE, BodySite.RIB, BodySite.CLAVICLE, BodySite.FOOT, BodySite.HAND,
    BodySite.OTHER, BodySite.UNSPECIFIED, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT,
)  # fmt: skip

# Which date is nearest to the fracture itself; a discharge or a report only tells that it was before.
BEST_DATED = ("injury", "diagnosis", "attendance", "admission", "report", "operation", "discharge")

MAY_BE_PLANNED = ("operation", "discharge")  # a list of tomorrow's operations is no slip; the fracture is older

CLOCKS_APART = timedelta(days=1)  # a receipt is in UTC and a fracture's day is local: no date of that day is wrong


def dated_ahead(sighting: FractureSighting) -> bool:
    """It is dated after its receipt, and the fracture had happened by then: a slip, or the date of what is planned."""
    return sighting.occurred.lies_ahead(sighting.known.date() + CLOCKS_APART)


def dated(sighting: FractureSighting) -> When:
    """When the fracture was, as far as the sighting can be believed."""
    return about(sighting.known.date(), 0) if dated_ahead(sighting) else sighting.occurred


@dataclass(frozen=True)
class Episode:
    """One index fracture episode of one person. Derived: what people do points at its sightings, never at its id."""

    sightings: tuple[FractureSighting, ...]
    refracture: bool = False

    @cached_property
    def id(self) -> str:
        return sha256(f"episode of {self.sightings[0].statement}".encode()).hexdigest()

    @cached_property
    def standing(self) -> tuple[FractureSighting, ...]:
        """The sightings not taken back; all of them where every one was."""
        return tuple(s for s in self.sightings if not s.retracted) or self.sightings

    @property
    def withdrawn(self) -> bool:
        """Every finder took its sighting back."""
        return all(sighting.retracted for sighting in self.sightings)

    @cached_property
    def index(self) -> When:
        """The date of the fracture by the sighting that knows it best."""
        return dated(self.dated_by)

    @cached_property
    def dated_by(self) -> FractureSighting:
        return min(self.standing, key=_dating)

    @property
    def misdated(self) -> bool:
        """No sighting gives a date that can be right."""
        return dated_ahead(self.dated_by) and self.dated_by.dated_by not in MAY_BE_PLANNED

    @cached_property
    def body_sites(self) -> tuple[BodySite, ...]:
        """The bones, most severe first; *site not given* only where no finder named one."""
        named = {s.body_site for s in self.standing} - {BodySite.UNSPECIFIED}
        return tuple(site for site in BY_SEVERITY if site in named) or (BodySite.UNSPECIFIED,)

    @property
    def main_site(self) -> BodySite:
        return self.body_sites[0]

    @cached_property
    def side(self) -> Side:
        """The side of the main site; both where finders name both."""
        sides = {s.side for s in self.standing if s.body_site is self.main_site} - {Side.UNKNOWN}
        if len(sides) > 1:
            return Side.BOTH
        return sides.pop() if sides else Side.UNKNOWN

    @cached_property
    def site(self) -> str | None:
        """The hospital site that answers for the episode: where it was first sighted."""
        return next((s.site for s in self.standing if s.site), None)

    @cached_property
    def sites(self) -> frozenset[str]:
        """The hospital sites that sighted it."""
        return frozenset(s.site for s in self.sightings if s.site)


def group(sightings: Iterable[FractureSighting], parameters: Parameters = DEFAULTS) -> tuple[Episode, ...]:
    """The episodes of one person's current sightings, in the order of their first sighting."""
    groups: list[list[FractureSighting]] = []
    claimed = [s for s in sightings if s.certain is not Answer.NO]
    for sighting in sorted(claimed, key=_order):
        _home(sighting, groups, parameters).append(sighting)
    groups.sort(key=lambda g: (dated(g[0]).start, g[0].id))
    return tuple(Episode(tuple(g)) for g in groups)


def _home(
    sighting: FractureSighting, groups: list[list[FractureSighting]], parameters: Parameters
) -> list[FractureSighting]:
    """The group that takes the sighting, or a new one."""

    def fit(group: list[FractureSighting]) -> tuple[bool, int]:
        return not _same_bone(sighting, group), dated(sighting).days_from(dated(group[0]))

    taking = [group for group in groups if _joins(sighting, group, parameters)]
    if not taking:
        groups.append([])
    return min(taking, key=fit, default=groups[-1])


def _order(sighting: FractureSighting) -> tuple[bool, bool, object, bool, str]:
    """What stands before what was taken back, exact dates before vague ones, named bones before unnamed ones."""
    when, unnamed = dated(sighting), _bone(sighting) is BodySite.UNSPECIFIED
    return sighting.retracted, not when.exact, when.start, unnamed, sighting.id


def _dating(sighting: FractureSighting) -> tuple[bool, int, int, object, str]:
    """A date that can be right before one that can't; then the narrower the better, then what it is the date of."""
    width = (sighting.occurred.end - sighting.occurred.start).days
    best = BEST_DATED.index(sighting.dated_by) if sighting.dated_by in BEST_DATED else len(BEST_DATED)
    return dated_ahead(sighting), width, best, sighting.occurred.start, sighting.id


def _joins(sighting: FractureSighting, members: Sequence[FractureSighting], parameters: Parameters) -> bool:
    days = dated(sighting).days_from(dated(members[0]))
    if days <= parameters.simultaneous_days:
        return True
    return days <= parameters.grouping_days and (_same_bone(sighting, members) or _unnamed(sighting, members))


def _same_bone(sighting: FractureSighting, members: Sequence[FractureSighting]) -> bool:
    """A member names the same bone, and those that name its side don't contradict."""
    bone = _bone(sighting)
    sides = {member.side for member in members if _bone(member) is bone}
    return bone is not BodySite.UNSPECIFIED and bool(sides) and not _contradicts(sighting.side, sides)


def _contradicts(side: Side, sides: set[Side]) -> bool:
    """Left against right only; a side not known, or both, contradicts nothing."""
    known = sides - {Side.UNKNOWN}
    return side in (Side.LEFT, Side.RIGHT) and bool(known) and not known & {side, Side.BOTH}


def _unnamed(sighting: FractureSighting, members: Sequence[FractureSighting]) -> bool:
    """The sighting names no bone, or nothing that it could join does."""
    return _bone(sighting) is BodySite.UNSPECIFIED or all(_bone(m) is BodySite.UNSPECIFIED for m in members)


def _bone(sighting: FractureSighting) -> BodySite:
    return SAME_REGION.get(sighting.body_site, sighting.body_site)
