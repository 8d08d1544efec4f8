"""What waits for somebody at the sites in view: the numbers in the menu."""

from dataclasses import dataclass

from django.db.models import QuerySet

from openfls.clinical.caseload import TaskState
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.standards import Step
from openfls.inbox import quarantine
from openfls.pages.doors import CARE, FEEDS
from openfls.record.access import Viewer, doubts_seen_by, worklist_of
from openfls.record.models import TaskRow


@dataclass(frozen=True)
class Waiting:
    """0 too where the viewer's roles don't open the page."""

    triage: int = 0
    identity: int = 0
    quarantine: int = 0


def to_triage(viewer: Viewer, *, unsure: bool = False) -> "QuerySet[TaskRow]":
    """The open tasks of triage at the viewer's own sites: new ones and those to look at again, or those somebody was
    unsure of."""
    wanted = (EpisodeStatus.UNSURE,) if unsure else (EpisodeStatus.TO_TRIAGE, EpisodeStatus.LOOK_AGAIN)
    return worklist_of(viewer).filter(step=Step.TRIAGE, state=TaskState.OPEN, episode__status__in=wanted)


def waiting_for(viewer: Viewer) -> Waiting:
    cares, mends = viewer.has_role(*CARE), viewer.has_role(*FEEDS)
    return Waiting(
        triage=to_triage(viewer).count() if cares else 0,
        identity=doubts_seen_by(viewer).filter(answered=False).count() if cares else 0,
        quarantine=quarantine.waiting(viewer).count() if mends else 0,
    )
