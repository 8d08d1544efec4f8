"""What the record counts of a service in a year, for its service standards. Callers pass rows that may be seen."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from openfls.clinical.best_practice import ASSESSMENT_DAYS
from openfls.clinical.facts import BodySite
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.service_rulebook import OTHER_RECORDS, RECORDS, SPINE_RECORDS
from openfls.clinical.standards import Verdict
from openfls.measures.service import Figures
from openfls.record.models import EpisodeRow, StandingRow
from openfls.record.reckoning import measured

ASSESSED = "assessed-within-90-days"  # the standard whose meeting, early or late, is the first assessment


def figures(
    episodes: "QuerySet[EpisodeRow]",
    standings: "QuerySet[StandingRow]",
    year: int,
    today: date,
    parameters: Parameters = DEFAULTS,
    missing: Mapping[str, tuple[int, int]] | None = None,
) -> Figures:
    """Of the fractures of that year which the service has enrolled. ``missing``: the audit's fields, where counted."""
    of_year = episodes.filter(index_start__year=year, status=EpisodeStatus.ENROLLED)
    judged = standings.filter(episode__in=of_year.values("id"))
    return Figures(
        measures=measured(judged, today),
        numbers=_numbers(of_year),
        days=_days(judged),
        missing=missing or {},
        parameters=parameters,
    )


def _numbers(episodes: "QuerySet[EpisodeRow]") -> dict[str, int]:
    """A fracture of the spine and of another bone counts as the bone that names it, so that nobody counts twice."""
    records, spine = episodes.count(), episodes.filter(main_site=BodySite.SPINE).count()
    return {RECORDS: records, SPINE_RECORDS: spine, OTHER_RECORDS: records - spine}


def _days(standings: "QuerySet[StandingRow]") -> dict[str, list[int]]:
    met = standings.filter(standard=ASSESSED, verdict__in=(Verdict.MET, Verdict.MET_LATE))
    pairs = met.values_list("met_on", "episode__index_start")
    return {ASSESSMENT_DAYS: [(met_on - index).days for met_on, index in pairs if met_on]}
