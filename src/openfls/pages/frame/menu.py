"""Where one can go from here, with what waits there."""

from dataclasses import dataclass

from openfls.clinical.standards import Role
from openfls.pages.doors import CARE, EVERYONE, EXPORTS, FEEDS, MANAGES, READ, UPLOADS
from openfls.pages.frame.waiting import Waiting
from openfls.record.access import Viewer


@dataclass(frozen=True)
class Entry:
    """``count`` is what waits behind it, 0 for nothing or not counted."""

    words: str
    address: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class _Place:
    words: str
    address: str
    open_to: frozenset[Role]
    counts: str = ""


PLACES = (
    _Place("Today", "/", EVERYONE),
    _Place("Triage", "/triage/", CARE, counts="triage"),
    _Place("New sighting", "/sightings/new/", CARE),
    _Place("Backstop", "/backstop/", READ),
    _Place("Gaps", "/gaps/", READ),
    _Place("Components", "/components/", READ),
    _Place("Profiles", "/profiles/", READ),
    _Place("Identity", "/identity/", CARE, counts="identity"),
    _Place("Reports to check", "/reports/", CARE, counts="reports"),
    _Place("Quarantine", "/quarantine/", FEEDS, counts="quarantine"),
    _Place("Uploads", "/uploads/", UPLOADS),
    _Place("Board report", "/board-report/", MANAGES),
    _Place("Audit exports", "/exports/", EXPORTS),
    _Place("Feeds", "/feeds/", READ | FEEDS),
)


def entries_for(viewer: Viewer, path: str, waiting: Waiting) -> tuple[Entry, ...]:
    """The places that open to this viewer; the current one is where the path leads."""
    return tuple(
        Entry(
            place.words,
            place.address,
            current=path == "/" if place.address == "/" else path.startswith(place.address),
            count=getattr(waiting, place.counts) if place.counts else 0,
        )
        for place in PLACES
        if viewer.has_role(*place.open_to)
    )
