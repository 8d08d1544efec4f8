"""Everything derived, in one comparable form: to see that another order, a rebuild or a replay gives the same."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from openfls.record.models import (
    CrowdedBlock,
    DoubtRow,
    EpisodeRow,
    EpisodeSite,
    Person,
    PersonSite,
    RecordBlock,
    RecordRow,
    StandingRow,
    TaskRow,
)

PEOPLE = "people"
EPISODES = "episodes"
TASKS = "tasks"


def derived_digest() -> dict[str, str]:
    """A digest of each kind of derived row; equal digests mean equal people, episodes and tasks."""
    return {kind: _digest(lines) for kind, lines in derived_lines().items()}


def derived_lines() -> dict[str, Iterator[str]]:
    """What is derived as sorted lines without row numbers, so that two states can be compared line by line."""
    return {
        PEOPLE: _people(),
        EPISODES: _rows(EpisodeRow, "id"),
        "episode sites": _pairs(EpisodeSite, "episode_id"),
        "standings": _rows(StandingRow, "episode_id", "standard"),
        TASKS: _rows(TaskRow, "episode_id", "step"),
        "doubts": _rows(DoubtRow, "left_id", "right_id"),
        "blocks": _blocks(),
    }


def _people() -> Iterator[str]:
    yield from _rows(Person, "key")
    yield from _pairs(PersonSite, "person_id")
    yield from (f"{key} of {person}" for key, person in RecordRow.objects.order_by("key").values_list("key", "person"))


def _blocks() -> Iterator[str]:
    yield from (f"{key} lives at {at}" for key, at in RecordRow.objects.order_by("key").values_list("key", "postcode"))
    kept = RecordBlock.objects.order_by("record", "block").values_list("record", "block")
    yield from (f"{key} in {block}" for key, block in kept.iterator(2000))
    yield from _rows(CrowdedBlock, "block")


def _pairs(model: Any, first: str) -> Iterator[str]:
    return (f"{one} at {site}" for one, site in model.objects.order_by(first, "site").values_list(first, "site"))


def _rows(model: Any, *order: str) -> Iterator[str]:
    counted = model._meta.pk.get_internal_type() == "BigAutoField"
    names = [f.attname for f in model._meta.concrete_fields if not (counted and f.primary_key)]
    for values in model.objects.order_by(*order).values(*names).iterator(2000):
        yield json.dumps(values, sort_keys=True, default=str)


def _digest(lines: Iterator[str]) -> str:
    digest = sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()
