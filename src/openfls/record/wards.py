"""On which ward a person lies, as far as the viewer may know: what another trust says of it is not his to see."""

from collections.abc import Callable
from dataclasses import dataclass

from openfls.record.access import Viewer, sites_in_sight
from openfls.record.models import Person, Site


@dataclass(frozen=True, slots=True)
class Ward:
    """``site`` is its code, ``site_name`` its name."""

    name: str
    site: str
    site_name: str


WardOf = Callable[[Person], Ward | None]


def wards_seen_by(viewer: Viewer) -> WardOf:
    """What tells the ward of each person, None where none is known to the viewer (two queries, however many people)."""
    in_sight = frozenset(sites_in_sight(viewer).values_list("code", flat=True))
    names = dict(Site.objects.values_list("code", "name"))

    def ward_of(person: Person) -> Ward | None:
        told = [stay for stay in person.stays if stay["told_by"] in in_sight]
        if not told or not told[-1]["ward"]:
            return None
        return Ward(told[-1]["ward"], told[-1]["at"], names.get(told[-1]["at"], told[-1]["at"]))

    return ward_of
