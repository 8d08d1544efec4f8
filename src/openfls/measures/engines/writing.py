"""Histories to the layout: `write` takes blocks of whole people's facts, each grouped in a process."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openfls.clinical.histories import History
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
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
)

NUMBERS_OF_A_PART = 1 << 32  # episodes are numbered within their part: no two parts need to know of each other
EPISODES_OF_A_PART = 20_000  # as many as are held in memory at a time


class Occupied(ValueError):
    """The folder that histories should be written to isn't empty."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A history and the site that answers for its episode."""

    history: History
    site: str | None
    judged_at: str | None = None  # the site that first sighted the person


Standards = tuple[Standard, ...]
Grouping = Callable[[Any], Iterable[Placed]]


def write(
    blocks: Iterable[Any],
    grouping: Grouping,
    to: Path,
    day: date,
    made_by: str,
    processes: int = 1,
    standards: Standards = STANDARDS,
) -> Layout:
    """Histories as of ``day`` in a new folder, with all that these standards read: ``grouping`` makes them of each
    block, in so many processes.

    Raises `Occupied`. The manifest is written last: a folder that was left half written can't be opened.
    """
    free(to)
    work = partial(_write_block, grouping=grouping, to=to, standards=standards)
    written = in_processes(work, enumerate(blocks), processes)
    return finish(to, day, (part for part in written if part.episodes), made_by, standards)


def write_all(placed: Iterable[Placed], to: Path, day: date, made_by: str, standards: Standards = STANDARDS) -> Layout:
    """Histories as of ``day``, in the order in which they come, so many a part. Raises `Occupied`."""
    free(to)
    numbered = enumerate(_in_parts(placed))
    parts = [write_part(part, to, number, standards) for number, part in numbered]
    return finish(to, day, parts, made_by, standards)


def _in_parts(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    rest = iter(placed)
    while part := list(islice(rest, EPISODES_OF_A_PART)):
        yield part


def free(to: Path) -> None:
    """Makes the folder. Raises `Occupied`."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Occupied(f"{to} is there already. Name a folder that is new or empty.")
    file_of(to, "").parent.mkdir(parents=True, exist_ok=True)


def in_processes(work: Callable[[Any], Part], blocks: Iterable[Any], processes: int) -> Iterator[Part]:
    """Each block in a process, where there are several; never more of them waiting than twice the processes."""
    if processes < 2:
        yield from map(work, blocks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[Part]] = []
        for block in blocks:
            waiting.append(pool.submit(work, block))
            if len(waiting) > 2 * processes:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def processors() -> int:
    return os.cpu_count() or 1


def _write_block(numbered: tuple[int, Any], grouping: Grouping, to: Path, standards: Standards) -> Part:
    number, block = numbered
    return write_part(grouping(block), to, number, standards)


def write_part(placed: Iterable[Placed], to: Path, number: int, standards: Standards = STANDARDS) -> Part:
    """One part of the layout."""
    held = {kind: fields_of(kind, standards) for kind in CARE}
    facts, rows = 0, []
    for count, one in enumerate(placed):
        told = {column_of(kind): _facts(kind, one.history, held[kind]) for kind in CARE}
        rows.append(_episode(number * NUMBERS_OF_A_PART + count, one) | told)
        facts += sum(map(len, told.values()))
    name = f"part-{number:05}"
    if rows:
        write_table(pa.Table.from_pylist(rows, histories_schema(standards)), file_of(to, name))
    return Part(name, len(rows), facts)


def write_table(table: pa.Table, file: Path) -> None:
    """Groups of rows, for engines read a file in several threads by these."""
    pq.write_table(table, file, compression="zstd", row_group_size=EPISODES_OF_A_PART, store_schema=False)


def _episode(key: int, one: Placed) -> dict[str, Any]:
    history = one.history
    episode, death = history.episode, history.death
    return {
        "episode": key,
        "id": episode.id,
        "site": one.site,
        "judged_at": one.judged_at,
        "index_start": episode.index.start,
        "index_end": episode.index.end,
        "body_sites": [str(site) for site in episode.body_sites],
        "birth_date": history.birth_date,
        "death_start": death and death.occurred.start,
        "death_end": death and death.occurred.end,
        "enrolled": history.enrolled.outcome.value,
        **{name: getattr(history.parameters, name) for name in DAYS},
    }


def _facts(kind: str, history: History, held: Iterable[str]) -> list[dict[str, Any]]:
    index = history.episode.index.start
    return [
        {
            "first": (fact.occurred.start - index).days,
            "last": (fact.occurred.end - index).days,
            **{name: str(getattr(fact, name)) for name in held},
        }
        for fact in history.recorded(kind)
    ]
