"""A folder of facts in Parquet (`extracts.store`) to histories: whole people, block by block, grouped in processes.

Who is whom is settled over all records at once, in this process; facts are read for a block of people at a time. Of
whom nobody sighted a fracture no fact is read.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import orjson

from openfls.clinical.facts import Fact, FractureSighting
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.patients import PatientRecord
from openfls.clinical.people import LinkFact, people
from openfls.clinical.plain import from_plain
from openfls.clinical.rulebook import STANDARDS
from openfls.extracts import store
from openfls.measures.engines.grouping import PEOPLE_OF_A_BLOCK, histories_of_people
from openfls.measures.engines.layout import Layout
from openfls.measures.engines.writing import Placed, Standards, processors, write

Told = list[list[bytes]]  # each person's facts, as they stand in the folder

_RECORDS = "SELECT record, any_value(told), bool_or(kind = ?) FROM facts GROUP BY record ORDER BY record"
_LINKS = "SELECT told FROM facts WHERE kind IN (SELECT unnest(?))"
_OF_RECORDS = "SELECT told, record FROM facts WHERE record IN (SELECT unnest(?)) ORDER BY id"
_LINK_KINDS = [kind.kind for kind in LinkFact.__args__]


def write_histories(
    folder: Path,
    to: Path,
    today: date,
    parameters: Parameters = DEFAULTS,
    processes: int | None = None,
    standards: Standards = STANDARDS,
) -> Layout:
    """The histories of everybody with a sighting in a folder of facts, as of ``today``.

    Raises `store.NotFacts` and `writing.Occupied`.
    """
    store.manifest(folder)
    grouping = partial(_histories, today=today, parameters=parameters)
    made_by = f"the facts in {folder}"
    processes = processors() if processes is None else processes
    return write(_blocks(folder), grouping, to, today, made_by, processes, standards)


def _blocks(folder: Path) -> Iterator[Told]:
    if not any(folder.glob("*/*.parquet")):
        return
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(
            f"CREATE VIEW facts AS SELECT * FROM read_parquet('{store.quoted(folder)}/*/*.parquet')"  # noqa: S608
        )
        groups = iter(_people(database))
        while block := [group for _, group in zip(range(PEOPLE_OF_A_BLOCK), groups, strict=False)]:
            yield _told(database, block)


def _people(database: duckdb.DuckDBPyConnection) -> Iterable[frozenset[str]]:
    """The records of each person whom somebody sighted with a fracture."""
    records: list[PatientRecord] = []
    sighted: set[str] = set()
    for key, told, seen in database.execute(_RECORDS, [FractureSighting.kind]).fetchall():
        records.append(_fact(told).record)
        sighted |= {key} if seen else set()
    links = [_fact(told) for (told,) in database.execute(_LINKS, [_LINK_KINDS]).fetchall()]
    groups = people(records, [link for link in links if isinstance(link, LinkFact)]).groups
    return [group for group in groups if not sighted.isdisjoint(group)]


def _told(database: duckdb.DuckDBPyConnection, block: list[frozenset[str]]) -> Told:
    place = {record: number for number, group in enumerate(block) for record in group}
    told: Told = [[] for _ in block]
    for fact, record in database.execute(_OF_RECORDS, [list(place)]).fetchall():
        told[place[record]].append(fact.encode())
    return told


def _histories(block: Told, today: date, parameters: Parameters) -> Iterator[Placed]:
    return histories_of_people([list(map(_fact, facts)) for facts in block], today, parameters)


def _fact(told: str | bytes) -> Fact:
    return from_plain(orjson.loads(told))
