"""Triage: which answer of a named person stands for an episode, and what finders say that it has not weighed.

An answer is about the sightings that it names, in the versions that were shown. It stands for the whole episode until
a finder says something of it that none of those said: that the fracture was by low trauma, that it is certain where it
was only suspected, that it is not pathological where that was said, or another bone. Then a person looks again; the
answer is not removed. The same said once more, by whomever, is no news.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openfls.clinical.casefinding import NEVER_COUNTED
from openfls.clinical.episodes import SAME_REGION, Episode
from openfls.clinical.facts import Answer, BodySite, Fact, FractureSighting, Triage, TriageDecision

Versions = Mapping[str, FractureSighting]  # every version of an episode's sightings, by fact id

# Where answers about different sightings of one episode differ, the one that keeps the patient.
KEEPS = (Triage.ENROL, Triage.UNSURE, Triage.NOT_FRAGILITY)

NOT_PATHOLOGICAL = "not pathological"


@dataclass(frozen=True, slots=True)
class News:
    """What a sighting says that an answer has not weighed."""

    sighting: FractureSighting
    says: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.sighting.finder} says {', '.join(self.says)}"


def standing_answer(decisions: Iterable[TriageDecision], versions: Versions) -> TriageDecision | None:
    """The answer for an episode: of each sighting the latest not undone, and of these the one that keeps the patient.

    So a dismissal of one sighting never takes an enrolled patient out who was enrolled for another of the same episode.
    """
    answers: dict[str, list[TriageDecision]] = defaultdict(list)
    for decision in sorted(decisions, key=lambda fact: (fact.said, fact.id)):
        for statement in {versions[about].statement for about in decision.about if about in versions}:
            if decision.answer is not Triage.UNDO:
                answers[statement].append(decision)
            elif answers[statement]:
                answers[statement].pop()
    latest = [told[-1] for told in answers.values() if told]
    return max(latest, key=lambda fact: (-KEEPS.index(fact.answer), fact.said, fact.id), default=None)


def unweighed(answer: Fact, episode: Episode, versions: Versions) -> Sequence[News]:
    """What the episode's sightings say and none that ``answer`` names did; nothing of those taken back."""
    named = [versions[about] for about in answer.about if about in versions]
    weighed = {claim for sighting in named for claim in _claims(sighting)}
    if not any(sighting.pathological is Answer.YES for sighting in named):
        weighed.add(NOT_PATHOLOGICAL)  # that it is not is news only to who was told that it is
    said = ((sighting, tuple(_claims(sighting))) for sighting in episode.sightings if not sighting.retracted)
    news = (News(sighting, tuple(claim for claim in claims if claim not in weighed)) for sighting, claims in said)
    return [one for one in news if one.says]


def _claims(sighting: FractureSighting) -> Iterator[str]:
    """What speaks for a fragility fracture, each in words. The side alone says nothing for or against."""
    bone = SAME_REGION.get(sighting.body_site, sighting.body_site)
    if bone not in NEVER_COUNTED and bone is not BodySite.UNSPECIFIED:
        yield f"{bone}"
    if sighting.low_trauma is Answer.YES:
        yield "low trauma"
    if sighting.pathological is Answer.NO:
        yield NOT_PATHOLOGICAL
    if sighting.certain is Answer.YES:
        yield "a certain fracture"
