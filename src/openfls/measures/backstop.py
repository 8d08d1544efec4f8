"""The backstop: the finders reconciled. Who was found by which, by only one, late; `missed` estimates who by none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openfls.clinical.facts import BodySite, Finder, Setting

WARD_LISTS = frozenset({Finder.TRAUMA_LIST, Finder.WARD_ROUND, Finder.THEATRE_LIST})
PERSON_LISTS = WARD_LISTS | {Finder.FRACTURE_CLINIC, Finder.EMERGENCY_DEPARTMENT, Finder.BY_HAND}


@dataclass(frozen=True, slots=True)
class Catch:
    """One finder's first sight of an episode: at which site, and so many days after the fracture.

    ``suspected``: it never said more than that there may be a fracture.
    """

    finder: Finder
    site: str | None
    days_after: int
    late: bool
    suspected: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An episode as the backstop needs it. ``catches`` in the order in which the finders knew.

    ``enrolled``: a person has said that it is a fragility fracture.
    """

    episode: str
    site: str | None
    index: date
    body_site: BodySite
    setting: Setting
    age: int | None
    catches: tuple[Catch, ...]
    enrolled: bool = False

    @property
    def finders(self) -> frozenset[Finder]:
        return frozenset(catch.finder for catch in self.catches)

    @property
    def late(self) -> bool:
        """Nobody knew in time: even the first finder was late."""
        return bool(self.catches) and all(catch.late for catch in self.catches)

    @property
    def only_suspected(self) -> bool:
        """No finder is sure of it, and no person has said so."""
        return not self.enrolled and all(catch.suspected for catch in self.catches)


@dataclass(frozen=True)
class Backstop:
    """The reconciliation of all finders over a set of episodes. Each list holds the episodes it counts."""

    found: tuple[Found, ...]

    @cached_property
    def overlap(self) -> list[tuple[frozenset[Finder], list[Found]]]:
        """The episodes by exactly which finders saw them, the largest group first."""
        groups: dict[frozenset[Finder], list[Found]] = {}
        for one in self.found:
            groups.setdefault(one.finders, []).append(one)
        return sorted(groups.items(), key=lambda item: (-len(item[1]), sorted(item[0])))

    @cached_property
    def by_number_of_finders(self) -> Counter[int]:
        return Counter(len(one.finders) for one in self.found)

    @cached_property
    def by_finder(self) -> dict[Finder, list[Found]]:
        """What each finder saw, finders in the order of their definition."""
        return {finder: seen for finder in Finder if (seen := [one for one in self.found if finder in one.finders])}

    @cached_property
    def only_by_one(self) -> dict[Finder, list[Found]]:
        """What would have been overlooked without this finder."""
        return {
            f: kept for f, seen in self.by_finder.items() if (kept := [one for one in seen if len(one.finders) == 1])
        }

    @cached_property
    def late(self) -> dict[Finder, list[Found]]:
        """Found late, by the finder that was first all the same: the backstop that caught them."""
        late: dict[Finder, list[Found]] = {}
        for one in self.found:
            if one.late:
                late.setdefault(one.catches[0].finder, []).append(one)
        return late

    @cached_property
    def coded_but_on_no_list(self) -> list[Found]:
        """Coded at discharge, but on no list that a person keeps."""
        return [one for one in self.found if Finder.CODED_DISCHARGE in one.finders and not one.finders & PERSON_LISTS]

    def missed_by(self, finder: Finder) -> list[Found]:
        """What this finder alone would have missed of all that was found."""
        return [one for one in self.found if finder not in one.finders]


def reconcile(found: Iterable[Found]) -> Backstop:
    """The backstop over these episodes, in the order of their index dates."""
    return Backstop(tuple(sorted(found, key=lambda one: (one.index, one.episode))))


def of_sites(found: Iterable[Found], sites: Sequence[str]) -> list[Found]:
    """The episodes that answer to one of these sites."""
    wanted = set(sites)
    return [one for one in found if one.site in wanted]
