"""A new sighting as triage shows it: all that helps to decide in one glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openfls.clinical.facts import Answer, FractureSighting
from openfls.pages.patient.fracture import index_of, title_of
from openfls.record.models import TaskRow


@dataclass(frozen=True)
class Line:
    """``about`` are the sightings shown, the first names the row: the answer is given to exactly these. ``words``: what
    each finder wrote; ``late``: finders that knew late; ``asked``: why somebody is asked again."""

    row: str
    about: str
    patient: str
    name: str
    nhs_number: str | None
    born: date | None
    sex: str
    age: int | None
    died: bool
    ward: str
    name_clash: bool
    fracture: str
    index: str
    refracture: bool
    other_site: bool
    setting: str
    status: str
    eligible: str
    because: tuple[str, ...]
    asked: tuple[str, ...]
    late: tuple[str, ...]
    words: tuple[tuple[str, str], ...]


def line(task: TaskRow, sightings: Mapping[str, FractureSighting], ward: str) -> Line:
    """``sightings`` by fact id: what the sources wrote; ``ward``: as the viewer may see it."""
    episode = task.episode
    person = episode.person
    return Line(
        row=episode.sightings[0],
        about=" ".join(episode.sightings),
        patient=person.key,
        name=person.name or "name not given",
        nhs_number=person.nhs_number,
        born=person.birth_date,
        sex=person.sex,
        age=episode.age,
        died=person.died_on is not None,
        ward=ward,
        name_clash=person.name_clash,
        fracture=title_of(episode),
        index=str(index_of(episode)),
        refracture=episode.refracture,
        other_site=episode.other_site,
        setting="" if episode.setting == "unknown" else episode.setting,
        status=episode.status,
        eligible=episode.eligible,
        because=tuple(episode.eligible_because),
        asked=tuple(reason for reason in task.because if reason not in episode.eligible_because),
        late=tuple(finding["finder"] for finding in episode.finders if finding["late"]),
        words=tuple(dict.fromkeys(_said(s) for i in episode.sightings if (s := sightings.get(i)))),
    )


def _said(sighting: FractureSighting) -> tuple[str, str]:
    """A finder and what it wrote; its codes where it wrote no words."""
    wrote = f"“{sighting.words}”" if sighting.words else ", ".join(map(str, sighting.codes))
    told = (
        wrote,
        _CERTAIN[sighting.certain],
        _LOW_TRAUMA[sighting.low_trauma],
        "pathological" if sighting.pathological is Answer.YES else "",
    )
    return sighting.finder.value, "; ".join(part for part in told if part) or "no words"


_CERTAIN = {Answer.YES: "", Answer.UNKNOWN: "suspected", Answer.NO: "says no fracture"}
_LOW_TRAUMA = {Answer.YES: "low trauma", Answer.UNKNOWN: "", Answer.NO: "not low trauma"}
