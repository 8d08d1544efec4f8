"""Mending what was entered by hand: a later version of the same statement, or taking it back.

What a feed said is its sender's to correct, but for one thing: a death stops all contact at once, so that whoever sees
that it is wrong can take it back. It stands again as soon as the feed says it again.
"""

from collections.abc import Iterator
from dataclasses import Field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

from django import forms

from openfls.clinical.facts import Death, Fact, Note, Status
from openfls.clinical.when import on
from openfls.pages.forms.fields import DayField, each, line, sentence, words
from openfls.pages.forms.hand import Hand, HandForm

# Whose, when and whence are no wording; the day has a field of its own.
NEVER_MENDED = {field.name for field in fields(Fact)}


def mendable(fact: Fact) -> bool:
    """Whether a person may take it back here."""
    return bool(fact.by) or isinstance(fact, Death)


class TakeBack(HandForm):
    """The statement was wrong from the start."""

    reason = words("Why it is taken back", required=True, rows=2)

    def facts(self, hand: Hand, fact: Fact) -> list[Fact]:
        """The retraction, and a note that keeps the reason."""
        text = f"Took back {fact.kind} of {fact.occurred}: {self.cleaned_data['reason']}"
        return [version_of(fact, hand, retracted=True), _note(fact, hand, text)]


class Correction(HandForm):
    """The same statement in better words: its day, and each of its own fields."""

    day = DayField(label="Date", called="the date")

    def __init__(self, *args: Any, fact: Fact, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": fact.occurred.start, **_told(fact)})
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["day"].latest = today
        self.fields.update(dict(_own_fields(type(fact))))

    def facts(self, hand: Hand) -> list[Fact]:
        changed = {name: _value(self.fact, name, self.cleaned_data[name]) for name in _told(self.fact)}
        return [version_of(self.fact, hand, occurred=on(self.cleaned_data["day"]), **changed)]


def version_of(fact: Fact, hand: Hand, **changed: Any) -> Fact:
    """A later version of the fact's statement. The status says *corrected*, so that it stands above a final one.

    Above a feed's it stands by its time alone: what the feed says later about the same must not be silenced by it.
    """
    stamp = {**hand.stamp("version"), "key": fact.statement, "status": Status.CORRECTED}
    if fact.by_feed:
        after = (fact.version or fact.known) + timedelta(microseconds=1)
        stamp |= {"status": fact.status, "version": max(hand.known, after)}
    return replace(fact, **{**stamp, **changed})


def _note(fact: Fact, hand: Hand, text: str) -> Note:
    return Note(record=fact.record, occurred=fact.occurred, about=fact.about, text=text, **hand.stamp("note"))


def _own(kind: type[Fact]) -> Iterator["Field[Any]"]:
    """The fields that a form can mend: words, numbers, and answers among few."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        if field.name not in NEVER_MENDED and _plain(hints[field.name]):
            yield field


def _plain(hint: Any) -> bool:
    return hint in (str, float | None, int | None) or (isinstance(hint, type) and issubclass(hint, StrEnum))


def _told(fact: Fact) -> dict[str, Any]:
    return {field.name: getattr(fact, field.name) for field in _own(type(fact))}


def _own_fields(kind: type[Fact]) -> Iterator[tuple[str, forms.Field]]:
    hints = get_type_hints(kind)
    for field in _own(kind):
        yield field.name, _form_field(sentence(field.name.replace("_", " ")), hints[field.name])


def _form_field(label: str, hint: Any) -> forms.Field:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return forms.ChoiceField(label=label, choices=each(hint))
    if hint is str:
        return line(label, max_length=4000)
    return forms.FloatField(label=label, required=False, widget=forms.TextInput(attrs={"width": 5}))


def _value(fact: Fact, name: str, answer: Any) -> Any:
    hint = get_type_hints(type(fact))[name]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(answer)
    return int(answer) if hint == int | None and answer is not None else answer
