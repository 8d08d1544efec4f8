"""A patient as a page needs her: the person, her facts, fractures and tasks, all within what the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import Http404

from openfls.clinical.facts import Fact, FractureSighting, TaskOwned
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Step
from openfls.clinical.undoing import counting
from openfls.pages.patient.banner import Banner, banner
from openfls.pages.patient.slugs import STEP_OF
from openfls.pages.staff import Staff
from openfls.pages.wards import ward_words
from openfls.record.access import (
    Viewer,
    access_patient,
    episodes_seen_by,
    facts_of,
    standings_seen_by,
    tasks_seen_by,
)
from openfls.record.models import EpisodeRow, Person, StandingRow, TaskRow


@dataclass
class Chart:
    """Made by `open_chart`, which leaves the read in the trail."""

    person: Person
    viewer: Viewer

    @cached_property
    def facts(self) -> list[Fact]:
        return counting(row.to_fact() for row in facts_of(self.person, self.viewer))

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def sightings(self) -> dict[str, FractureSighting]:
        return {fact.id: fact for fact in self.facts if isinstance(fact, FractureSighting)}

    @cached_property
    def fractures(self) -> list[EpisodeRow]:
        """The newest first."""
        return list(episodes_seen_by(self.viewer).filter(person=self.person).order_by("-index_start", "id"))

    @cached_property
    def tasks(self) -> list[TaskRow]:
        return list(tasks_seen_by(self.viewer).filter(person=self.person).order_by("due", "id"))

    @cached_property
    def standings(self) -> list[StandingRow]:
        return list(standings_seen_by(self.viewer).filter(episode__person=self.person).order_by("due", "id"))

    def banner(self, today: date) -> Banner:
        return banner(self.person, today, ward_words(self.viewer)(self.person), self.facts)

    @cached_property
    def staff(self) -> Staff:
        """Everybody who entered one of the facts or owns, or owned, one of the tasks."""
        owned = {fact.owner for fact in self.facts if isinstance(fact, TaskOwned)}
        return Staff({fact.by for fact in self.facts} | owned | {task.owner for task in self.tasks})

    def fracture_with(self, sighting: str) -> EpisodeRow:
        """The episode that holds this sighting now. Raises ``Http404``."""
        for episode in self.fractures:
            if sighting in episode.sightings:
                return episode
        raise Http404("no such fracture")

    def task_of(self, episode: EpisodeRow, slug: str) -> TaskRow:
        """The task of this step. Raises ``Http404``."""
        step: Step | None = STEP_OF.get(slug)
        for task in self.tasks:
            if task.episode_id == episode.id and task.step == step:
                return task
        raise Http404("no such task")

    def record(self, episode: EpisodeRow | None = None) -> PatientRecord:
        """A record of this person for a fact entered by hand: that of the fracture's first sighting, if any."""
        sighting = self.sightings.get(episode.sightings[0]) if episode else None
        fact: Fact | None = sighting or next(iter(_by_fullness(self.facts)), None)
        if fact is None:
            raise Http404("nothing is known of this patient")
        return fact.record

    def site(self, episode: EpisodeRow | None = None) -> str | None:
        """Where a fact entered by hand occurred: the viewer's site, where he has only one; else the fracture's own."""
        if len(self.viewer.sites) == 1:
            return next(iter(self.viewer.sites))
        return episode.site if episode and episode.site in self.viewer.sites else None


def _by_fullness(facts: Sequence[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.record.nhs_number is None, not fact.record.family_name, fact.id))


def open_chart(viewer: Viewer, key: str, purpose: str = "") -> Chart:
    """The patient of any of her record keys; ``purpose`` as of `access_patient`. Raises `NotVisible` (404)."""
    return Chart(access_patient(viewer, key, purpose), viewer)
