"""Wards in words: with the site, where that is not plain from the page."""

from collections.abc import Callable

from openfls.record.access import Viewer
from openfls.record.models import Person
from openfls.record.wards import wards_seen_by


def ward_words(viewer: Viewer) -> Callable[[Person], str]:
    """``Trauma A``, or ``Trauma A, Elverton District`` where several sites are in view or she lies at another."""
    ward_of = wards_seen_by(viewer)

    def words(person: Person) -> str:
        ward = ward_of(person)
        if ward is None:
            return ""
        return ward.name if viewer.sites == {ward.site} else f"{ward.name}, {ward.site_name}"

    return words
