"""The layout: histories in a folder of Parquet files, one schema for every engine.

    histories.json                as of which day, which parts, of how many episodes and facts
    parts/part-00000.parquet      one row an episode, grouped and judged for enrolment by the Python definition, and in
                                  it, a list for each kind, what was recorded of it, as far as expressions read it

An episode can be judged by its row alone, in any order and on any machine. Days of facts are counted from the first
possible day of the index fracture. What was taken back is left out, and so is what lies wholly after the day of the
layout, as `History.recorded` leaves it out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa

from openfls.clinical.attribution import OF_THE_PERSON
from openfls.clinical.expressions import Latest, Recorded
from openfls.clinical.facts import KINDS, Fact
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.trees import nodes

MANIFEST = "histories.json"
SCHEMA = 3  # raised where folders of an older one can't be read any more

# Parameters that expressions may name: whole days.
DAYS = tuple(field.name for field in fields(Parameters) if type(getattr(DEFAULTS, field.name)) is int)

STRINGS = pa.list_(pa.string())
EPISODES = pa.schema(
    [
        pa.field("episode", pa.int64(), nullable=False),  # its number in this folder
        pa.field("id", pa.string(), nullable=False),  # `Episode.id`
        pa.field("site", pa.string()),  # which answers for it
        pa.field("judged_at", pa.string()),  # which first sighted the person: its own standards hold
        pa.field("index_start", pa.date32(), nullable=False),
        pa.field("index_end", pa.date32(), nullable=False),
        pa.field("body_sites", STRINGS, nullable=False),
        pa.field("birth_date", pa.date32()),
        pa.field("death_start", pa.date32()),
        pa.field("death_end", pa.date32()),
        pa.field("enrolled", pa.string(), nullable=False),  # yes, no, unknown
        *(pa.field(name, pa.int32(), nullable=False) for name in DAYS),
    ]
)

SITE = "site"  # of what every fact says, all that a standard may ask for
EVERY_FACT = frozenset(field.name for field in fields(Fact))

# The kinds of facts that belong to an episode.
CARE = {name: kind for name, kind in KINDS.items() if not issubclass(kind, OF_THE_PERSON)}


class NotHistories(ValueError):
    """The folder holds no histories that can be counted; says why, and how to mend it."""


@cache
def fields_of(kind: str, standards: tuple[Standard, ...] = STANDARDS) -> tuple[str, ...]:
    """The fields of a kind that the layout holds: answers from a closed list, and whatever else a standard reads."""
    hints = get_type_hints(CARE[kind])
    read = values_read(standards).get(kind, {})
    return tuple(name for name in askable(kind) if name in read or (name != SITE and is_answer(hints[name])))


@cache
def askable(kind: str) -> tuple[str, ...]:
    """The fields that a standard may ask for."""
    return (*(field.name for field in fields(CARE[kind]) if field.name not in EVERY_FACT), SITE)


@cache
def fact_type(kind: str, standards: tuple[Standard, ...] = STANDARDS) -> pa.StructType:
    """``first`` and ``last``: the ends of `When`, in days from the index's first day. A field is its value in words."""
    return pa.struct(
        [
            pa.field("first", pa.int32(), nullable=False),
            pa.field("last", pa.int32(), nullable=False),
            *(pa.field(name, pa.string(), nullable=False) for name in fields_of(kind, standards)),
        ]
    )


@cache
def histories_schema(standards: tuple[Standard, ...] = STANDARDS) -> pa.Schema:
    """An episode's own columns, and a list of facts for each kind."""
    lists = [pa.field(column_of(kind), pa.list_(fact_type(kind, standards)), nullable=False) for kind in CARE]
    return pa.schema([*EPISODES, *lists])


def is_answer(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


@cache
def values_read(standards: tuple[Standard, ...] = STANDARDS) -> Mapping[str, Mapping[str, set[str]]]:
    """The kinds that standards read, the fields of each, and the values that they ask for."""
    read: dict[str, dict[str, set[str]]] = {}
    for node in nodes(standards):
        if isinstance(node, Recorded | Latest):
            asked = read.setdefault(node.kind, {})
            for has in node.where:
                asked.setdefault(has.field, set()).update(str(one) for one in has.one_of)
    return read


def column_of(kind: str) -> str:
    """The column with the facts of a kind."""
    return "".join(letter if letter.isalnum() else "_" for letter in kind.lower())


def file_of(folder: Path, part: str) -> Path:
    return folder / "parts" / f"{part}.parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """So many episodes and facts in the files of this ``name``."""

    name: str
    episodes: int
    facts: int


@dataclass(frozen=True)
class Layout:
    """An opened folder. ``day``: as of which day it was grouped; nothing later than it is told."""

    folder: Path
    day: date
    parts: tuple[Part, ...]

    @property
    def episodes(self) -> int:
        return sum(part.episodes for part in self.parts)

    @property
    def facts(self) -> int:
        return sum(part.facts for part in self.parts)

    def files(self, parts: Iterable[Part]) -> list[str]:
        return [str(file_of(self.folder, part.name)) for part in parts]

    def blocks(self, facts: int) -> Iterator[list[Part]]:
        """The parts in blocks of about so many facts."""
        block: list[Part] = []
        for part in self.parts:
            if block and sum(one.facts for one in block) + part.facts > facts:
                yield block
                block = []
            block.append(part)
        if block:
            yield block


def is_layout(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def opened(folder: Path, standards: tuple[Standard, ...] = STANDARDS) -> Layout:
    """The layout in this folder, from which these standards can be counted. Raises `NotHistories`."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if said["schema"] != SCHEMA:
            raise NotHistories(f"{folder} was written by another version. Write it again.")
        _refuse_without_fields(folder, said["fields"], standards)
        parts = tuple(Part(part["name"], part["episodes"], part["facts"]) for part in said["parts"])
        return Layout(folder, date.fromisoformat(said["day"]), parts)
    except FileNotFoundError:
        raise NotHistories(f"{folder} has no {MANIFEST}: it holds no histories, or is not finished.") from None
    except (OSError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise NotHistories(f"{folder / MANIFEST} can't be read: {error!r}. Write the folder again.") from None


def _refuse_without_fields(folder: Path, held: Mapping[str, list[str]], standards: tuple[Standard, ...]) -> None:
    for standard in standards:
        for kind, asked in values_read((standard,)).items():
            if missing := asked.keys() - set(held.get(kind, ())):
                raise NotHistories(
                    f"{folder} doesn't tell {', '.join(sorted(missing))} of {kind!r}, which the standard "
                    f"{standard.name!r} reads. Write it again, with --standards if that is your own."
                )


def finish(
    folder: Path, day: date, parts: Iterable[Part], made_by: str, standards: tuple[Standard, ...] = STANDARDS
) -> Layout:
    """Says that the folder is whole; until then nobody can open it."""
    parts = tuple(sorted(parts, key=lambda part: part.name))
    said = {
        "schema": SCHEMA,
        "day": day.isoformat(),
        "made_by": made_by,
        "episodes": sum(part.episodes for part in parts),
        "facts": sum(part.facts for part in parts),
        "fields": {kind: list(fields_of(kind, standards)) for kind in CARE},
        "parts": [{"name": part.name, "episodes": part.episodes, "facts": part.facts} for part in parts],
    }
    (folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return Layout(folder, day, parts)
