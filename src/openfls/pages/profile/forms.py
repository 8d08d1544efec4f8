"""A section of the profile, and the self-assessment, as forms. What is left empty stays unanswered."""

import re
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from openfls.clinical.profile.questions import LONGEST, Kind, NoAnswer, Question, Section, checked
from openfls.clinical.profile.self_assessment import LONGEST as LONGEST_COMMENT
from openfls.clinical.profile.self_assessment import SCALE, STATEMENTS, Construct
from openfls.clinical.profile.service import BANDS, STAFFING, post
from openfls.pages.forms.fields import radios, sentence, words

UNANSWERED = ("", "Not answered yet")
THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+")
Groups = list[tuple[str, list[str]]]  # a legend, empty for none, with the fields under it


class NumberField(forms.FloatField):
    """A number as people write it: 250,000 is a quarter of a million."""

    def to_python(self, value: Any) -> float | None:
        text = str(value or "").strip()
        return super().to_python(re.sub("[, ]", "", text) if THOUSANDS.fullmatch(text) else text)


class SectionForm(forms.Form):
    """The questions of one section. ``seen`` is the number of the version that stood there when it was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, section: Section, data: "MultiValueDict[str, Any] | None", answers: Any, version: int) -> None:
        started = {name: _shown(answer) for name, answer in answers.items()}
        super().__init__(data, initial={**started, "seen": str(version)}, auto_id="%s")
        self.section = section
        for question in section.questions:
            self.fields[question.name] = _field(question)
        for role, bands in BANDS.items() if section is STAFFING else ():
            for band in bands:
                self.fields[post(role, band)].label = f"Band {band}"  # the legend above them says whose

    def clean_seen(self) -> int:
        """A form that came without it saw nothing, and writes over nothing."""
        return self.cleaned_data["seen"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for question in self.section.questions:
            if cleaned.get(question.name) in (None, "", []):
                cleaned.pop(question.name, None)
            elif question.name in cleaned:
                self._check(question, cleaned[question.name])
        return cleaned

    def _check(self, question: Question, answer: Any) -> None:
        try:
            self.cleaned_data[question.name] = checked(question, answer)
        except NoAnswer as wrong:
            self.add_error(question.name, f"{question.words}: {str(wrong).partition(': ')[2]}")

    def answers(self) -> dict[str, Any]:
        """Call after `is_valid`."""
        return {name: answer for name, answer in self.cleaned_data.items() if name != "seen"}

    def groups(self) -> Groups:
        """The fields as they stand together: the bands of a role, all others by themselves."""
        names = [question.name for question in self.section.questions]
        if self.section is not STAFFING:
            return [("", names)]
        of_role = [(sentence(role), [post(role, band) for band in bands]) for role, bands in BANDS.items()]
        placed = {name for _, fields in of_role for name in fields}
        rest = [name for name in names if name not in placed]
        return [("", rest[:1]), *of_role, ("", rest[1:])]


def _shown(answer: Any) -> Any:
    return f"{answer:g}" if isinstance(answer, float) else answer


def _field(question: Question) -> forms.Field:
    match question.kind:
        case Kind.CHOICE:
            return radios(question.words, [UNANSWERED, *_choices(question)], required=False, help_text=question.hint)
        case Kind.SEVERAL:
            return forms.MultipleChoiceField(
                label=question.words, choices=_choices(question), required=False, help_text=question.hint,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        case Kind.NUMBER:
            return _number(question)
    return words(question.words, rows=2, help_text=question.hint or f"Up to {LONGEST} characters.")


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(value, sentence(value)) for value in question.offered]


def _number(question: Question) -> NumberField:
    unit = f"In {question.unit}." if question.unit not in ("", "WTE") else ""
    return NumberField(
        label=question.words,
        required=False,
        help_text=f"{unit} {question.hint}".strip(),
        error_messages={"invalid": f"{question.words}: write a number, like 12 or 0.5"},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "width": 10 if question.most > 10_000 else 4}),
    )


class SelfAssessmentForm(forms.Form):
    """Every statement with the five answers, and a comment on each construct."""

    def __init__(self, data: "MultiValueDict[str, Any] | None", ratings: Any, comments: Any) -> None:
        initial = {name: str(rating) for name, rating in ratings.items()}
        initial |= {f"comment-{construct}": said for construct, said in comments.items()}
        super().__init__(data, initial=initial, auto_id="%s")
        choices = [*[(str(place), sentence(said)) for place, said in enumerate(SCALE, 1)], ("", "No answer")]
        for construct in Construct:
            for statement in STATEMENTS:
                if statement.construct is construct:
                    self.fields[statement.name] = radios(statement.words, choices, required=False)
            self.fields[f"comment-{construct}"] = forms.CharField(
                label=f"Comment on {construct}", required=False, max_length=LONGEST_COMMENT,
                widget=forms.Textarea(attrs={"rows": 2}), help_text="Optional. Name nobody, no patient above all.",
            )  # fmt: skip

    def ratings(self) -> dict[str, int]:
        """Call after `is_valid`."""
        names = [statement.name for statement in STATEMENTS]
        return {name: int(self.cleaned_data[name]) for name in names if self.cleaned_data[name]}

    def comments(self) -> dict[str, str]:
        """Call after `is_valid`."""
        return {construct.value: self.cleaned_data[f"comment-{construct}"] for construct in Construct}
