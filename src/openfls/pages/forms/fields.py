"""The fields of a form as people fill them in: a day in three boxes, an answer among few."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms

Choices = Iterable[tuple[str, str]]


class DayInput(forms.MultiWidget):
    """Day, month and year, each in its own box: ``name-day``, ``name-month``, ``name-year``."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = {f"-{part}": forms.TextInput() for part in ("day", "month", "year")}
        super().__init__({name.strip("-"): box for name, box in boxes.items()}, attrs)
        self.widgets_names = list(boxes)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else ["", "", ""]


class DayField(forms.MultiValueField):
    """A local day. ``latest``: the last day that makes sense, usually today; ``earliest``: the first, and what was
    then; ``called``: the words of its errors."""

    widget = DayInput

    def __init__(self, *, called: str, latest: date | None = None, required: bool = True, **options: Any) -> None:
        self.called, self.latest = called, latest
        self.earliest: tuple[date, str] | None = None
        parts = tuple(forms.CharField(required=False, max_length=4) for _ in range(3))
        super().__init__(parts, required=False, require_all_fields=False, **options)
        self.wanted = required

    def clean(self, value: Any) -> date | None:
        parts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(parts):
            if self.wanted:
                raise forms.ValidationError(f"Enter {self.called}")
            return None
        return self._checked(parts)

    def _checked(self, parts: list[str]) -> date:
        for part, name in zip(parts, ("day", "month", "year"), strict=True):
            if not part:
                raise forms.ValidationError(f"{sentence(self.called)} must include a {name}")
        try:
            day = date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            raise forms.ValidationError(f"{sentence(self.called)} must be a real date, like 27 3 2025") from None
        if day.year < 1900:
            raise forms.ValidationError(f"{sentence(self.called)} must have a year with four digits, like 2025")
        if self.latest and day > self.latest:
            raise forms.ValidationError(f"{sentence(self.called)} must be today or in the past")
        if self.earliest and day < self.earliest[0]:
            raise forms.ValidationError(f"{sentence(self.called)} must not be before {self.earliest[1]}")
        return day

    def compress(self, data_list: list[Any]) -> Any:  # what Django asks of every such field; `clean` does the work
        return data_list


def sentence(words: str) -> str:
    """With a capital first letter; the rest stays (DXA, GP)."""
    return words[:1].upper() + words[1:]


def radios(
    label: str, choices: Choices, *, required: bool = True, missing: str = "", **options: Any
) -> forms.ChoiceField:
    """One answer among few, all in sight. ``missing``: what to say where none was chosen."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": missing or f"Choose {_small(label)}"},
        **options,
    )


def select(
    label: str, choices: Choices, *, required: bool = True, missing: str = "", **options: Any
) -> forms.ChoiceField:
    """One answer among many. The empty first line makes nobody choose by leaving it. ``missing``: as of `radios`."""
    return forms.ChoiceField(
        label=label,
        choices=[("", ""), *choices],
        required=required,
        error_messages={"required": missing or f"Choose {_small(label)}"},
        **options,
    )


def line(label: str, *, required: bool = False, max_length: int = 200, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        error_messages={"required": f"Enter {_small(label)}"},
        **options,
    )


def words(label: str, *, required: bool = False, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"Enter {_small(label)}"},
        **options,
    )


def percent(label: str, **options: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        error_messages={"invalid": f"{label} must be a number, like 12.5"},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "width": 4}),
        **options,
    )


def each(kind: type[StrEnum], *, without: Iterable[StrEnum] = ()) -> list[tuple[str, str]]:
    """The values of an enumeration as choices, in its own order and words."""
    return [(member.value, sentence(member.value)) for member in kind if member not in without]


def _small(label: str) -> str:
    """A label inside a sentence; one that begins with an abbreviation keeps its capitals."""
    first = label.split(" ")[0]
    return label if first.isupper() and len(first) > 1 else label[:1].lower() + label[1:]
