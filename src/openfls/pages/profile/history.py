"""Who saved what, and what each save changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openfls.clinical.profile.asked import QUESTIONS, SECTION_OF_SLUG
from openfls.pages.profile.shown import in_words
from openfls.record.models import ProfileVersion


@dataclass(frozen=True)
class Change:
    words: str
    before: str
    after: str


@dataclass(frozen=True)
class Saved:
    """``copied_from``: the year that was taken over, None where a person of this year wrote it."""

    title: str
    version: int
    by: str
    at: datetime
    copied_from: int | None
    changes: tuple[Change, ...]


def history(versions: Sequence[ProfileVersion]) -> list[Saved]:
    """Each version with what it changed against the one before, the newest first, as they come."""
    earlier = {(one.section, one.version): one.answers for one in versions}
    return [_saved(one, earlier.get((one.section, one.version - 1), {})) for one in versions]


def _saved(one: ProfileVersion, before: dict[str, Any]) -> Saved:
    section = SECTION_OF_SLUG.get(one.section)
    title = section.title if section else one.section
    return Saved(title, one.version, one.by, one.at, one.copied_from, tuple(_changes(before, one.answers)))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Questions whose answer differs, in the order in which they are asked; those no longer asked by their name."""
    asked = list(dict.fromkeys([*QUESTIONS, *before, *after]))
    changed = [name for name in asked if before.get(name) != after.get(name)]
    return [Change(_words(name), in_words(before.get(name)), in_words(after.get(name))) for name in changed]


def _words(name: str) -> str:
    return QUESTIONS[name].asks if name in QUESTIONS else name
