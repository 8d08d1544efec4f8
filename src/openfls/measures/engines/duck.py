"""The plan on DuckDB: one machine, block after block, so that memory stays the same however many facts there are."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standard
from openfls.measures.engines.layout import Layout, Part
from openfls.measures.engines.plan import HISTORIES, VERDICTS, Plan, plan
from openfls.measures.engines.tallying import EVERYWHERE, OnlyAt, Tally

DIALECT = "duckdb"
BLOCK = 10_000_000  # facts at a time: the verdicts of their episodes are kept meanwhile
MEMORY = "6GB"


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
    *before, (_, verdicts) = made.statements(DIALECT)
    for parts in layout.blocks(block):
        read_parts(con, layout, parts)
        for name, query in before:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
        con.execute(f"CREATE OR REPLACE TEMP TABLE {VERDICTS} AS {verdicts}")
        yield


def read_parts(con: duckdb.DuckDBPyConnection, layout: Layout, parts: Iterable[Part]) -> None:
    """The table of the layout, over the files of these parts."""
    files = ", ".join("'" + file.replace("'", "''") + "'" for file in layout.files(parts))
    con.execute(f"CREATE OR REPLACE TEMP VIEW {HISTORIES} AS SELECT * FROM read_parquet([{files}])")  # noqa: S608


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
