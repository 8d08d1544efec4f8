"""A fracture as a line of a list: whose, which, found by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openfls.pages.environment import plural
from openfls.pages.patient.fracture import index_of, title_of
from openfls.record.models import EpisodeRow


@dataclass(frozen=True)
class Line:
    """``found_by`` in the order in which the finders knew: ``coded discharge after 41 days, late``."""

    patient: str
    about: str
    name: str
    nhs_number: str | None
    age: int | None
    fracture: str
    index: str
    site: str
    status: str
    found_by: tuple[str, ...]


def line(episode: EpisodeRow, sites: Mapping[str, str]) -> Line:
    """``sites``: names by code. The episode comes with its person."""
    return Line(
        patient=episode.person.key,
        about=episode.sightings[0],
        name=episode.person.name or "name not given",
        nhs_number=episode.person.nhs_number,
        age=episode.age,
        fracture=title_of(episode),
        index=str(index_of(episode)),
        site=sites.get(episode.site or "", episode.site or "site not given"),
        status=episode.status,
        found_by=tuple(_found(finding) for finding in episode.finders),
    )


def _found(finding: Mapping[str, Any]) -> str:
    late = ", late" if finding["late"] else ""
    return f"{finding['finder']} after {plural(finding['days_after'], 'day')}{late}"
