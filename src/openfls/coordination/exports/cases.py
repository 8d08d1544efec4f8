"""The enrolled episodes of a site and period as an audit asks about them, from the facts that the viewer may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from openfls.clinical.caseload import EpisodeCare, derive
from openfls.clinical.facts import Fact
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.undoing import counting
from openfls.clinical.versions import current
from openfls.measures.audits.fields import Case
from openfls.record.access import Viewer, episodes_seen_by, facts_of_many
from openfls.record.models import EpisodeRow
from openfls.record.parameters import parameters_of_sites

AT_ONCE = 500  # people whose facts are loaded together


@dataclass(frozen=True)
class PatientCase:
    """``patient`` is the person's key, by which a page opens her."""

    patient: str
    case: Case


def parameters_of(site: str) -> Parameters:
    return parameters_of_sites().get(site, DEFAULTS)


def cases(viewer: Viewer, site: str, first: date, last: date, today: date) -> Iterator[PatientCase]:
    """Those whose index fracture lies in the period and that this site answers for, the earliest first."""
    rows = episodes_seen_by(viewer).filter(site=site, status=EpisodeStatus.ENROLLED)
    rows = rows.filter(index_start__gte=first, index_start__lte=last).select_related("person")
    parameters = parameters_of(site)
    in_order = iter(rows.order_by("index_start", "id"))
    while some := list(islice(in_order, AT_ONCE)):
        facts_of = facts_of_many([row.person for row in some], viewer)
        for row in some:
            facts = counting(one.to_fact() for one in facts_of[row.person.key])
            if care := _care(facts, row, today, parameters):
                yield PatientCase(row.person.key, Case(care, _record(row, facts), current(facts)))


def _care(facts: Sequence[Fact], row: EpisodeRow, today: date, parameters: Parameters) -> EpisodeCare | None:
    """The episode of the row by any of its sightings; None where what the viewer may see makes it another."""
    wanted = set(row.sightings)
    episodes = derive(facts, today, parameters).episodes
    found = (care for care in episodes if wanted & {sighting.id for sighting in care.episode.sightings})
    return next((care for care in found if care.status is EpisodeStatus.ENROLLED), None)


def _record(row: EpisodeRow, facts: Sequence[Fact]) -> PatientRecord:
    """The fullest of the person's records, with a checked NHS number and a sex where any has one."""
    records = {fact.record.key: fact.record for fact in facts}
    return max(records.values(), key=lambda r: (bool(r.nhs_number), r.sex != "unknown", bool(r.birth_date), r.key))
