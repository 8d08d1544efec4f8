"""What waits for somebody at the sites in view: the numbers in the menu."""

from dataclasses import dataclass

from openfls.clinical.histories import EpisodeStatus
from openfls.inbox import quarantine
from openfls.pages.doors import CARE, FEEDS
from openfls.record.access import Viewer, doubts_seen_by, episodes_seen_by


@dataclass(frozen=True)
class Waiting:
    """0 too where the viewer's roles don't open the page."""

    triage: int = 0
    identity: int = 0
    quarantine: int = 0


def waiting_for(viewer: Viewer) -> Waiting:
    cares, mends = viewer.has_role(*CARE), viewer.has_role(*FEEDS)
    return Waiting(
        triage=episodes_seen_by(viewer).filter(status=EpisodeStatus.TO_TRIAGE).count() if cares else 0,
        identity=doubts_seen_by(viewer).filter(answered=False).count() if cares else 0,
        quarantine=quarantine.waiting(viewer).count() if mends else 0,
    )
