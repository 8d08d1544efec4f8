"""What each form about a patient is: a title, the steps it ends, and the facts its answers make."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from openfls.clinical.facts import Fact
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Step
from openfls.clinical.when import on
from openfls.pages.forms.fields import DayField
from openfls.pages.forms.hand import Hand, HandForm


class Entry(HandForm):
    """A form about one patient and, mostly, one fracture.

    ``name`` stands in its address; ``steps`` are those that it can end; ``of_fracture``: its facts point at the
    sightings of a fracture, else they are about the person.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    explanation: ClassVar[str] = ""
    steps: ClassVar[tuple[Step, ...]] = ()
    of_fracture: ClassVar[bool] = True
    parts: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()  # headed groups of fields; the rest comes first

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.latest = today
                if field.wanted:
                    field.initial = today

    def facts(self, hand: Hand, record: PatientRecord, about: tuple[str, ...]) -> list[Fact]:
        """Call after `is_valid`. ``record`` names the patient, ``about`` the sightings of the fracture."""
        return list(self.made(hand, {"record": record, "occurred": on(self.cleaned_data["day"]), "about": about}))

    def made(self, hand: Hand, whose: dict[str, Any]) -> Iterator[Fact]:
        """The facts of these answers; ``whose`` is what they share."""
        raise NotImplementedError(self.name)

    def ungrouped(self) -> list[str]:
        grouped = {name for _, names in self.parts for name in names}
        return [name for name in self.fields if name not in grouped]

    def need(self, name: str, why: str) -> None:
        """An answer elsewhere makes this one necessary."""
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, why)
