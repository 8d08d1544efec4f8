"""What each form about a patient is: a title, the steps it ends, and the facts its answers make."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.forms import ChoiceField

from openfls.clinical.facts import Fact, Note
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Step
from openfls.clinical.when import on
from openfls.pages.environment import day as in_words
from openfls.pages.forms.fields import DayField, radios
from openfls.pages.forms.hand import Hand, HandForm

# Why somebody is contacted although the patient has died. The answer stands on the record as a note.
ALTHOUGH_DEAD = {
    "family": "Speaking with the family or a carer after the death",
    "practice": "Telling the practice or the care home of the death",
    "before": "It was done before the death and is entered only now",
    "alive": "The patient is alive: the death is recorded wrongly",
}
WHY_FIRST = "The patient has died: choose why this is entered all the same"


def although_dead() -> ChoiceField:
    return radios("Why, although the patient has died", ALTHOUGH_DEAD.items(), missing=WHY_FIRST)


class Entry(HandForm):
    """A form about one patient and, mostly, one fracture.

    ``name`` stands in its address; ``steps`` are those that it can end; ``of_fracture``: its facts point at the
    sightings of a fracture, else they are about the person; ``follows``: it can't have been before the fracture;
    ``contacts``: it is about reaching the patient, which stops with a death.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    explanation: ClassVar[str] = ""
    steps: ClassVar[tuple[Step, ...]] = ()
    of_fracture: ClassVar[bool] = True
    follows: ClassVar[bool] = False
    contacts: ClassVar[bool] = False
    parts: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()  # headed groups of fields; the rest comes first

    def __init__(
        self, *args: Any, today: date, fractured: date | None = None, died: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if died and self.contacts:
            self.fields["although"] = although_dead()
            self.order_fields(["although"])
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.latest = today
                if self.follows and fractured:
                    field.earliest = (fractured, f"the fracture of {in_words(fractured)}")
                if field.wanted:
                    field.initial = today

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        """Call after `is_valid`. ``record`` names the patient, ``about`` the sightings of the fracture."""
        whose = {"record": record, "occurred": on(self.cleaned_data["day"]), "about": about}
        return [*self.made(hand, whose), *self._although(hand, whose)]

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        """The facts of these answers; ``whose`` is what they share."""
        raise NotImplementedError(self.name)

    def _although(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        """Why the patient or those near her were contacted after the death, where she was known to be dead."""
        if why := self.cleaned_data.get("although"):
            yield Note(**whose, **hand.stamp("although"), text=f"{self.title}, after the death: {ALTHOUGH_DEAD[why]}.")

    def ungrouped(self) -> list[str]:
        grouped = {name for _, names in self.parts for name in names}
        return [name for name in self.fields if name not in grouped]

    def need(self, name: str, why: str) -> None:
        """An answer elsewhere makes this one necessary."""
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, why)
