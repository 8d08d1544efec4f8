"""A patient who is known to be dead: who says so, and why somebody is contacted all the same."""

from dataclasses import dataclass
from typing import Any

from django import forms

from openfls.clinical.facts import Death
from openfls.clinical.versions import current
from openfls.pages.patient.chart import Chart
from openfls.pages.patient.entries.entry import although_dead
from openfls.pages.patient.words import said_by


@dataclass(frozen=True)
class DeathTold:
    """A statement that the patient died. ``fact`` is what is taken back."""

    fact: str
    day: str
    said_by: str


class Although(forms.Form):
    """The question before a form that contacts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["although"] = although_dead()


def deaths_told(chart: Chart) -> tuple[DeathTold, ...]:
    """Each that stands and that the viewer may see; none where only another trust says so."""
    standing = [fact for fact in current(chart.facts) if isinstance(fact, Death) and not fact.retracted]
    return tuple(DeathTold(fact.id, str(fact.occurred), said_by(fact, chart.staff)) for fact in standing)
