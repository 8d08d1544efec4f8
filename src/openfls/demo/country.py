"""A country: millions of histories drawn at random straight into the layout that engines count, by columns, seeded.

Unlike the region it speaks through no feed and knows no names: it is there to count, at a scale that no hospital has.
How often a thing is recorded, and when, is plausible and no more; nothing here is an estimate of anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, get_type_hints

import numpy as np
import pyarrow as pa

from openfls.clinical.facts import (
    Admission,
    Answer,
    BodySite,
    Discharge,
    DoseGiven,
    DxaRequest,
    DxaResult,
    FallsAssessment,
    FlsAssessment,
    FollowUpOutcome,
    LetterAcknowledged,
    LetterSent,
    MedicineSupplied,
    PrescriptionIssued,
    Referral,
    TreatmentDecision,
)
from openfls.clinical.parameters import DEFAULTS
from openfls.measures.engines.layout import (
    CARE,
    DAYS,
    Layout,
    Part,
    column_of,
    fields_of,
    file_of,
    finish,
    histories_schema,
    values_read,
)
from openfls.measures.engines.writing import NUMBERS_OF_A_PART, free, in_processes, write_table

Numbers: TypeAlias = "np.ndarray[Any, Any]"

PEOPLE_OF_A_PART = 250_000
SITES = 150  # hospitals of a country, each with habits of its own
YEARS = 7  # of index fractures: the longest window is five
REFRACTURES = 0.05  # of people
VAGUE = 0.03  # of dates that are told as a month
DIED = 0.18


@dataclass(frozen=True, slots=True)
class Recorded:
    """How often an episode has such a fact on average, about how many days after the fracture, and how spread out.

    ``weights``: of a field's values, in the order of their definition; else all are as likely.
    """

    often: float
    after: float
    spread: float
    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)


COMMON = {"bone_drug": (0.9, 0.05, 0.05)}
CARE_RECORDED: Mapping[str, Recorded] = {
    Admission.kind: Recorded(0.45, 0, 1),
    Discharge.kind: Recorded(0.44, 12, 8),
    FlsAssessment.kind: Recorded(0.75, 60, 40),
    FallsAssessment.kind: Recorded(0.6, 55, 40, {"done": (0.8, 0.1, 0.1), "referred": (0.3, 0.5, 0.2)}),
    DxaRequest.kind: Recorded(0.6, 62, 40, {"need": (0.8, 0.2)}),
    DxaResult.kind: Recorded(0.45, 90, 45),
    TreatmentDecision.kind: Recorded(0.7, 75, 40, {"advice": (0.5, 0.1, 0.1, 0.1, 0.1, 0.1)}),
    PrescriptionIssued.kind: Recorded(2.0, 180, 120, COMMON),
    MedicineSupplied.kind: Recorded(0.8, 180, 120, COMMON),
    DoseGiven.kind: Recorded(0.4, 90, 80, COMMON),
    FollowUpOutcome.kind: Recorded(1.0, 200, 130, {"on_treatment": (0.65, 0.2, 0.15)}),
    LetterSent.kind: Recorded(0.9, 70, 45),
    LetterAcknowledged.kind: Recorded(0.4, 80, 45),
    Referral.kind: Recorded(0.5, 70, 45, {"started": (0.5, 0.2, 0.3)}),
}
NEVER = Recorded(0, 0, 1)  # kinds that no standard reads
RARELY = Recorded(0.1, 120, 80)  # kinds that a standard reads and nobody described here

BONES = (BodySite.HIP, BodySite.WRIST, BodySite.SPINE, BodySite.HUMERUS, BodySite.PELVIS, BodySite.ANKLE)
BONE_WEIGHTS = (0.28, 0.27, 0.18, 0.13, 0.07, 0.07)


def write_country(people: int, facts: int, seed: int, to: Path, day: date, processes: int = 1) -> Layout:
    """So many people and about so many facts, as of ``day``, in a new folder. Raises `writing.Occupied`."""
    free(to)
    each = facts / people
    sizes = [min(PEOPLE_OF_A_PART, people - start) for start in range(0, people, PEOPLE_OF_A_PART)]
    work = partial(_write_part, each=each, seed=seed, to=to, day=day)
    made_by = f"a generated country: {people} people, about {facts} facts, seed {seed}"
    return finish(to, day, in_processes(work, enumerate(sizes), processes), made_by)


def _write_part(numbered: tuple[int, int], each: float, seed: int, to: Path, day: date) -> Part:
    number, people = numbered
    draw = np.random.default_rng([seed, number])
    episodes = people + draw.binomial(people, REFRACTURES)
    name = f"part-{number:05}"
    index = draw.integers(0, YEARS * 365, episodes)  # days before ``day``
    sites = draw.integers(0, SITES, episodes)
    keys = number * NUMBERS_OF_A_PART + np.arange(episodes, dtype=np.int64)
    columns = _episodes(draw, keys, index, sites, day)
    described = {kind: CARE_RECORDED.get(kind, RARELY) for kind in values_read()}
    scale = each * people / episodes / sum(one.often for one in described.values())
    facts = 0
    for kind in sorted(CARE):
        recorded = described.get(kind, NEVER)
        columns[column_of(kind)] = told = _facts(draw, kind, recorded, scale, index, sites)
        facts += len(told.values)
    arrays = [pa.array(columns[field.name]) for field in histories_schema()]
    write_table(pa.Table.from_arrays(arrays, names=histories_schema().names), file_of(to, name))
    return Part(name, episodes, facts)


def _episodes(draw: np.random.Generator, keys: Numbers, index: Numbers, sites: Numbers, day: date) -> dict[str, Any]:
    number = len(keys)
    start = np.datetime64(day, "D") - index
    born = start - draw.normal(78, 9, number).clip(50, 104).astype(int) * 365 - draw.integers(0, 365, number)
    death = start + draw.exponential(400, number).astype(int)
    dead = (draw.random(number) < DIED) & (death <= np.datetime64(day, "D"))
    chosen = draw.choice(len(BONES), number, p=BONE_WEIGHTS)
    bones = pa.ListArray.from_arrays(
        pa.array(np.arange(number + 1), pa.int32()), _words(BONES, chosen).cast(pa.string())
    )
    died = pa.array(death, mask=~dead)
    at = _words([f"X{site:04}" for site in range(SITES)], sites)
    return {
        "episode": keys,
        "id": pa.array(keys).cast(pa.string()),
        "site": at,
        "judged_at": at,
        "index_start": start,
        "index_end": start + _vague(draw, number),
        "body_sites": bones,
        "birth_date": pa.array(born, mask=draw.random(number) < 0.01),
        "death_start": died,
        "death_end": died,
        "enrolled": _words(tuple(Answer), draw.choice(3, number, p=(0.85, 0.08, 0.07))),
        **{name: np.full(number, getattr(DEFAULTS, name), np.int32) for name in DAYS},
    }


def _facts(
    draw: np.random.Generator,
    kind: str,
    recorded: Recorded,
    scale: float,
    index: Numbers,
    sites: Numbers,
) -> pa.ListArray:
    """What had been recorded by the day of the layout, of each episode."""
    habits = np.random.default_rng([SITES, *kind.encode()]).uniform(0.6, 1.4, SITES)
    times = draw.poisson(recorded.often * scale * habits[sites])
    of = np.repeat(np.arange(len(index)), times)
    # Nobody's care is still to come: what would lie ahead is drawn nearer.
    first = np.minimum(
        draw.normal(recorded.after, recorded.spread, len(of)).astype(np.int32), index[of].astype(np.int32)
    )
    words = {name: _words(*_values(draw, kind, name, recorded, len(of))) for name in fields_of(kind)}
    columns = {"first": first, "last": first + _vague(draw, len(of)), **words}
    told = pa.StructArray.from_arrays([pa.array(column) for column in columns.values()], names=list(columns))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], times.cumsum()]), pa.int32()), told)


def _vague(draw: np.random.Generator, number: int) -> Numbers:
    return np.where(draw.random(number) < VAGUE, 30, 0).astype(np.int32)


def _values(
    draw: np.random.Generator, kind: str, name: str, recorded: Recorded, number: int
) -> tuple[Sequence[str], Numbers]:
    """Every value of a closed list; else those that a standard asks for."""
    hint = get_type_hints(CARE[kind])[name]
    closed = isinstance(hint, type) and issubclass(hint, Enum)
    values = [str(one.value) for one in hint] if closed else [*sorted(values_read()[kind][name]), "another"]
    weights = recorded.weights.get(name)
    return values, draw.choice(len(values), number, p=weights)


def _words(values: Sequence[str], chosen: Numbers) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(chosen.astype(np.int16)), pa.array([str(one) for one in values]))
