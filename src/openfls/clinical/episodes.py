"""Index fracture episodes: the sightings that are one event of one person, grouped by a written rule.

The rule (site parameters; no published source, see docs/safety/to-confirm.md):

1. Sightings are taken in the order of their dates, exact ones first; what a finder looked for and denied opens nothing.
2. A sighting joins an episode when the same bone and a side that doesn't contradict was first sighted within
   ``grouping_days``; a bone not named joins whatever lies in that time.
3. Other bones within ``simultaneous_days`` of the first sighting are the same event: one episode with several sites.
4. Everything else opens a new episode; a person's second episode is a refracture.

The set of sightings alone decides: no order of receipt, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from openfls.clinical.facts import Answer, BodySite, FractureSighting, Side
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.when import When

# Written and coded now as one, now as the other for the same fracture of the distal radius.
SAME_REGION = {BodySite.FOREARM: BodySite.WRIST}

# The most severe names the episode where several bones broke: hip and spine first (order of the worklist).
BY_SEVERITY = (
    BodySite.HIP, BodySite.SPINE, BodySite.PELVIS, BodySite.FEMUR, BodySite.HUMERUS, BodySite.WRIST, BodySite.FOREARM,
    BodySite.LOWER_LEG, BodySite.ANKLE, BodySite.RIB, BodySite.CLAVICLE, BodySite.FOOT, BodySite.HAND,
    BodySite.UNSPECIFIED, BodySite.SKULL, BodySite.FACE, BodySite.DIGIT,
)  # fmt: skip

# Which date is nearest to the fracture itself; a discharge or a report only tells that it was before.
BEST_DATED = ("injury", "diagnosis", "attendance", "admission", "report", "operation", "discharge")


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
        return min(self.standing, key=_dating).occurred

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
    def sites(self) -> frozenset[str]:
        """The hospital sites that sighted it."""
        return frozenset(s.site for s in self.sightings if s.site)


def group(sightings: Iterable[FractureSighting], parameters: Parameters = DEFAULTS) -> tuple[Episode, ...]:
    """The episodes of one person's current sightings, in the order of their first sighting."""
    groups: list[list[FractureSighting]] = []
    claimed = [s for s in sightings if s.certain is not Answer.NO]
    for sighting in sorted(claimed, key=_order):
        home = next((g for g in groups if _joins(sighting, g, parameters)), None)
        if home is None:
            groups.append([sighting])
        else:
            home.append(sighting)
    groups.sort(key=lambda g: (g[0].occurred.start, g[0].id))
    return tuple(Episode(tuple(g), refracture=place > 0) for place, g in enumerate(groups))


def _order(sighting: FractureSighting) -> tuple[bool, object, bool, str]:
    """Exact dates before vague ones, named bones before unnamed ones of the same day."""
    return not sighting.occurred.exact, sighting.occurred.start, _bone(sighting) is BodySite.UNSPECIFIED, sighting.id


def _dating(sighting: FractureSighting) -> tuple[bool, int, object, str]:
    best = BEST_DATED.index(sighting.dated_by) if sighting.dated_by in BEST_DATED else len(BEST_DATED)
    return not sighting.occurred.exact, best, sighting.occurred.start, sighting.id


def _joins(sighting: FractureSighting, members: Sequence[FractureSighting], parameters: Parameters) -> bool:
    days = sighting.occurred.days_from(members[0].occurred)
    if days > max(parameters.grouping_days, parameters.simultaneous_days):
        return False
    if days <= parameters.simultaneous_days:
        return True
    if days > parameters.grouping_days:
        return False
    return any(_same_bone(sighting, member) for member in members)


def _same_bone(a: FractureSighting, b: FractureSighting) -> bool:
    bones = {_bone(a), _bone(b)}
    if BodySite.UNSPECIFIED in bones:
        return True
    sides = {a.side, b.side} - {Side.UNKNOWN, Side.BOTH}
    return len(bones) == 1 and len(sides) < 2


def _bone(sighting: FractureSighting) -> BodySite:
    return SAME_REGION.get(sighting.body_site, sighting.body_site)
