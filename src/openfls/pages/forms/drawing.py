"""What `draw.html` asks of a Django form: which component draws a field, its choices, its boxes, its problems."""

from typing import Any

from django import forms
from django.forms import BoundField

from openfls.pages.forms.fields import DayInput

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (DayInput, "day"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
)


def drawn_as(bound: BoundField) -> str:
    return next((name for kind, name in _KINDS if isinstance(bound.field.widget, kind)), "input")


def choices_of(bound: BoundField) -> list[dict[str, Any]]:
    """``checked`` is said outright, since an empty answer may be the chosen one."""
    value = bound.value() or ""
    chosen = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    return [{"value": value, "text": text, "checked": str(value) in chosen} for value, text in bound.field.choices]


def day_boxes(bound: BoundField) -> list[dict[str, Any]]:
    """The three boxes of a day, each with what was typed into it."""
    value = bound.value()
    typed = value if isinstance(value, list) else bound.field.widget.decompress(value)
    return [
        {
            "id": f"{bound.html_name}-{part}",
            "name": f"{bound.html_name}-{part}",
            "label": part.capitalize(),
            "value": text or "",
            "width": 4 if part == "year" else 2,
        }
        for part, text in zip(("day", "month", "year"), typed, strict=True)
    ]


def problems(form: forms.Form) -> list[dict[str, str]]:
    """Each problem with a link to the box that has it; those of the whole form lead to its first box."""
    found = []
    for name, errors in form.errors.items():
        target = _first_box(form, name)
        found += [{"text": error, "href": f"#{target}"} for error in errors]
    return found


def _first_box(form: forms.Form, name: str) -> str:
    if name not in form.fields:
        visible = form.visible_fields()
        return _first_box(form, visible[0].name) if visible else "maincontent"
    bound = form[name]
    return f"{bound.html_name}-day" if drawn_as(bound) == "day" else bound.html_name


FILTERS = {"drawn_as": drawn_as, "choices_of": choices_of, "day_boxes": day_boxes, "problems": problems}
