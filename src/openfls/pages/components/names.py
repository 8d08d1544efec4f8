"""The names behind a count of a measure: the same rule as `measures.counting.cell_of`, asked of rows."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from openfls.clinical.standards import Standard, Verdict
from openfls.measures.pathway import NOT_ASKED, STEPS
from openfls.pages.patient.fracture import beyond, index_of, title_of
from openfls.record.models import StandingRow


@dataclass(frozen=True)
class Name:
    """One person behind a count."""

    patient: str
    about: str
    name: str
    nhs_number: str | None
    age: int | None
    fracture: str
    index: str
    due: date | None
    met_on: date | None
    because: tuple[str, ...]
    site: str


def condition(cell: str, today: date) -> Q:
    """Which rows a count adds up. Raises ``KeyError`` for a count that there isn't."""
    closed = Q(due__isnull=False, due__lt=today)  # the last day itself is still open
    return {
        "met": Q(verdict=Verdict.MET) & closed,
        "met_early": Q(verdict=Verdict.MET) & ~closed,
        "met_late": Q(verdict=Verdict.MET_LATE),
        "missed": Q(verdict=Verdict.MISSED),
        "waiting": Q(verdict=Verdict.DUE),
        "unknown": Q(verdict=Verdict.UNKNOWN),
        "excluded": Q(verdict=Verdict.EXCLUDED),
    }[cell]


def rows_behind(standings: "QuerySet[StandingRow]", standard: str, cell: str, today: date) -> "QuerySet[StandingRow]":
    """The rows that a count adds up, the longest due first. For ``not_asked`` there are none: those of the same
    fractures at the first step of the pathway stand for them."""
    if cell == NOT_ASKED:
        behind = not_asked(standings, standard)
    else:
        behind = standings.filter(condition(cell, today), standard=standard)
    return behind.select_related("episode__person").order_by("due", "episode__index_start", "id")


def not_asked(standings: "QuerySet[StandingRow]", standard: str) -> "QuerySet[StandingRow]":
    """Who is on the pathway (asked at its first step), but isn't asked by this standard."""
    asked = standings.filter(episode=OuterRef("episode"), standard=standard)
    return standings.filter(~Exists(asked), standard=STEPS[0])


def name(row: StandingRow, standard: Standard, sites: dict[str, str]) -> Name:
    episode = row.episode
    return Name(
        patient=episode.person.key,
        about=episode.sightings[0],
        name=episode.person.name or "name not given",
        nhs_number=episode.person.nhs_number,
        age=episode.age,
        fracture=title_of(episode),
        index=str(index_of(episode)),
        due=row.due,
        met_on=row.met_on,
        because=beyond(row, standard),
        site=sites.get(row.site or "", row.site or "site not given"),
    )
