"""The doctor's ward round: patients now in hospital with a fracture that counts, ward by ward, bone plan set or not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.standards import Step, Verdict
from openfls.pages.patient.fracture import index_of, title_of
from openfls.pages.wards import ward_words
from openfls.record.access import Viewer, episodes_seen_by, standings_seen_by
from openfls.record.models import EpisodeRow
from openfls.record.wards import wards_seen_by

RECENT = timedelta(days=120)  # an older fracture is no reason for this stay
CARED_FOR = (EpisodeStatus.TO_TRIAGE, EpisodeStatus.LOOK_AGAIN, EpisodeStatus.UNSURE, EpisodeStatus.ENROLLED)
DONE = (Verdict.MET, Verdict.MET_LATE)


@dataclass(frozen=True)
class Bed:
    """``plan``: *set*, *not set* or why none is asked; ``started``: bone treatment begun."""

    patient: str
    about: str
    name: str
    nhs_number: str | None
    age: int | None
    fracture: str
    index: str
    days: int
    status: str
    assessed: bool
    plan: str
    plan_set: bool
    started: bool


@dataclass(frozen=True)
class OnWard:
    """``name`` with the site, where several are in view: two hospitals may both have a Ward 5."""

    name: str
    beds: tuple[Bed, ...]

    @property
    def patients(self) -> int:
        """Who broke two bones at different times lies in one bed."""
        return len({bed.patient for bed in self.beds})

    @property
    def without_plan(self) -> int:
        return len({bed.patient for bed in self.beds if not bed.plan_set})


def ward_round(viewer: Viewer, today: date) -> list[OnWard]:
    """The wards of the sites in view, in each the patients without a plan first, then the oldest fractures."""
    episodes = (
        episodes_seen_by(viewer)
        .filter(status__in=CARED_FOR, index_start__gte=today - RECENT, person__died_on=None)
        .exclude(person__stays=[])
        .select_related("person")
    )
    ward_of, words, verdicts = wards_seen_by(viewer), ward_words(viewer), _verdicts(viewer, episodes)
    wards: dict[tuple[str, str], list[Bed]] = defaultdict(list)
    for episode in episodes:
        ward = ward_of(episode.person)
        if ward and ward.site in viewer.sites:
            bed = _bed(episode, verdicts[episode.id], today)
            wards[ward.site_name, words(episode.person)].append(bed)
    return [OnWard(name, tuple(sorted(beds, key=_order))) for (_, name), beds in sorted(wards.items())]


def _order(bed: Bed) -> tuple[bool, int, str]:
    return bed.plan_set, -bed.days, bed.name


def _verdicts(viewer: Viewer, episodes: Iterable[EpisodeRow]) -> Mapping[str, dict[str, set[str]]]:
    """Verdicts by episode and step."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    ids = [episode.id for episode in episodes]
    rows = standings_seen_by(viewer).filter(episode__in=ids).values_list("episode", "step", "verdict")
    for episode, step, verdict in rows:
        told[episode][step].add(verdict)
    return told


def _bed(episode: EpisodeRow, verdicts: Mapping[str, set[str]], today: date) -> Bed:
    def done(step: Step) -> bool:
        return bool(verdicts.get(step.value, set()) & set(DONE))

    decided = done(Step.DECIDE) or Verdict.EXCLUDED in verdicts.get(Step.DECIDE.value, set())
    return Bed(
        patient=episode.person.key,
        about=episode.sightings[0],
        name=episode.person.name or "name not given",
        nhs_number=episode.person.nhs_number,
        age=episode.age,
        fracture=title_of(episode),
        index=str(index_of(episode)),
        days=(today - episode.index_start).days,
        status=episode.status,
        assessed=done(Step.ASSESS),
        plan="set" if done(Step.DECIDE) else "none is to be made" if decided else "not set",
        plan_set=decided,
        started=done(Step.START),
    )
