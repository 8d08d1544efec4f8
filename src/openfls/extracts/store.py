"""Facts in a folder of Parquet files: one schema, partitioned by kind; ``facts.json`` says what they were built from.

Each fact stands whole in ``told`` (`clinical.plain`), so that what is read is what was written; the columns beside it
are for engines that count or choose without reading it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import orjson

from openfls.clinical.facts import Fact
from openfls.clinical.plain import from_plain, to_plain

MANIFEST = "facts.json"
SCHEMA = 1  # raised where files of an older one can't be read any more
COLUMNS = {
    "id": "VARCHAR",
    "kind": "VARCHAR",
    "record": "VARCHAR",  # `PatientRecord.key`
    "site": "VARCHAR",
    "occurred_start": "DATE",
    "occurred_end": "DATE",
    "known": "TIMESTAMPTZ",
    "retracted": "BOOLEAN",
    "told": "VARCHAR",
}
FETCHED = 10_000  # facts at a time
_WRITE = (
    "COPY (SELECT * FROM read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})) TO '{folder}'"
    " (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (kind), FILENAME_PATTERN '{name}', OVERWRITE_OR_IGNORE)"
)


class NotFacts(ValueError):
    """The folder holds no facts that this version reads; says why."""


def write(facts: Iterable[Fact], folder: Path, name: str) -> int:
    """Writes facts as files called ``name``, one a kind; how many there were."""
    number = 0
    with NamedTemporaryFile(dir=folder, suffix=".ndjson") as lines:
        for fact in facts:
            lines.write(orjson.dumps(_row(fact)) + b"\n")
            number += 1
        lines.flush()
        if number:
            columns = ", ".join(f"{column}: '{kind}'" for column, kind in COLUMNS.items())
            statement = _WRITE.format(file=quoted(lines.name), columns=columns, folder=quoted(folder), name=name)
            with duckdb.connect() as database:
                database.execute("SET enable_progress_bar = false")
                database.execute("SET threads = 1")
                database.execute(statement)
    return number


def finish(folder: Path, said: Mapping[str, Any]) -> None:
    """Says that the folder is whole, and what it was built from."""
    text = json.dumps({"schema": SCHEMA, **said}, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def is_facts(path: Path) -> bool:
    return (path / MANIFEST).is_file()


def manifest(folder: Path) -> dict[str, Any]:
    """What `finish` said. Raises `NotFacts`."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        words = f"{folder} has no {MANIFEST}: it holds no facts, or is not finished. Write it with openfls facts build."
        raise NotFacts(words) from None
    except (OSError, ValueError) as error:
        raise NotFacts(f"{folder / MANIFEST} can't be read ({error}). Build the facts again.") from None
    if not isinstance(said, dict) or said.get("schema") != SCHEMA:
        raise NotFacts(f"{folder} was written by another version. Build the facts again.")
    return said


def read(folder: Path) -> Iterator[Fact]:
    """Every fact of the folder, in no order. Raises `NotFacts`."""
    manifest(folder)
    if not any(folder.glob("*/*.parquet")):
        return
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        told = database.execute("SELECT told FROM read_parquet(?)", [f"{folder}/*/*.parquet"])
        while rows := told.fetchmany(FETCHED):
            for (text,) in rows:
                yield from_plain(orjson.loads(text))


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "record": fact.record.key,
        "site": fact.site,
        "occurred_start": fact.occurred.start,
        "occurred_end": fact.occurred.end,
        "known": fact.known,
        "retracted": fact.retracted,
        "told": orjson.dumps(to_plain(fact)).decode(),
    }


def quoted(path: object) -> str:
    """A path as it stands between quotes in SQL."""
    return str(path).replace("'", "''")
