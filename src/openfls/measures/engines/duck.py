"""The plan on DuckDB: one machine, block after block, so that memory stays the same however many facts there are."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.layout import Layout, Part, facts_schema, table_of
from openfls.measures.engines.plan import Plan, plan
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt, Tally

DIALECT = "duckdb"
BLOCK = 10_000_000  # facts at a time: what is kept of them takes about a gigabyte
MEMORY = "6GB"

_TYPES = {"int64": "BIGINT", "int32": "INTEGER", "string": "VARCHAR", "date32[day]": "DATE"}


def count(
    layout: Layout,
    standards: Sequence[Standard] = STANDARDS,
    by: Sequence[str] = (),
    only_at: OnlyAt = EVERYWHERE,
    block: int = BLOCK,
) -> Tally:
    """Every standard counted over the layout, ``by`` site, month or both; ``only_at`` some sites, where it says so."""
    made = plan(layout.day, standards)
    tally, counting = Tally(standards, by), made.tally(DIALECT, by, only_at)
    with database(layout.folder) as con:
        for _ in judged(con, layout, made, block):
            tally.add_rows(con.execute(counting).fetchall())
    return tally


def judged(con: duckdb.DuckDBPyConnection, layout: Layout, made: Plan, block: int = BLOCK) -> Iterator[None]:
    """Block after block, with the verdicts of its episodes in the table `plan.VERDICTS`."""
    statements = made.statements(DIALECT)
    for parts in layout.blocks(block):
        read_parts(con, layout, made.kinds, parts, made.standards)
        for name, query in statements:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        yield


def read_parts(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    kinds: Collection[str],
    parts: Collection[Part],
    standards: tuple[Standard, ...] = STANDARDS,
) -> None:
    """The tables of the layout, over the files of these parts."""
    con.execute(f"CREATE OR REPLACE TEMP VIEW episodes AS {_files(layout.episode_files(parts))}")
    for kind in kinds:
        files = layout.fact_files(kind, parts)
        told = _files(files) if files else _nothing(kind, standards)
        con.execute(f"CREATE OR REPLACE TEMP VIEW {table_of(kind)} AS {told}")


def _files(files: Sequence[str]) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608 (quoted above)


def _nothing(kind: str, standards: tuple[Standard, ...]) -> str:
    schema = facts_schema(kind, standards)
    columns = ", ".join(f'NULL::{_TYPES[str(field.type)]} AS "{field.name}"' for field in schema)
    return f"SELECT {columns} WHERE false"


@contextmanager
def database(beside: Path, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills, if it must, beside the layout; times are UTC."""
    with TemporaryDirectory(dir=beside.parent, prefix=".counting-") as spill, duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"SET memory_limit = '{MEMORY}'")
        con.execute("SET temp_directory = ?", [spill])
        if threads:
            con.execute(f"SET threads = {threads:d}")
        yield con
