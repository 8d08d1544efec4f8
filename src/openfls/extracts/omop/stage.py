"""The tables of a folder, staged as an export is: what the reader may want, and nothing else."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from openfls.extracts.looking import look
from openfls.extracts.omop.tables import ASKED, OPTIONAL, TABLES, Table, text
from openfls.extracts.staging import Staged
from openfls.feeds.reading import Unreadable

NAMES = (*ASKED, *OPTIONAL)
SUFFIXES = (".csv", ".parquet")
_MEND = "Send the tables of OMOP CDM 5.4 as CSV with a header, or as Parquet."


def is_omop(files: Iterable[Path]) -> bool:
    """Whether the files of a folder are tables of OMOP: people, and something that happened to them."""
    names = tables_in(files)
    return "person" in names and any(table.name in names for table in TABLES if table.name != "person")


def tables_in(files: Iterable[Path]) -> dict[str, Path]:
    """The tables among files, by their names (``PERSON.csv`` is one as well)."""
    return {
        file.stem.casefold(): file
        for file in files
        if file.suffix.casefold() in SUFFIXES and file.stem.casefold() in NAMES
    }


def stage(staged: Staged, files: Iterable[Path], source: str) -> None:
    """Stages the tables; one that can't be read stands in ``unreadable``, and the others count."""
    found = tables_in(files)
    readable = {name for name, path in found.items() if _viewed(staged, name, path)}
    _fill(staged, found, readable)
    for table in TABLES:
        if table.name in readable:
            _stage(staged, table, found[table.name], source)


def _viewed(staged: Staged, name: str, path: Path) -> bool:
    """The table as text throughout, with every column that a statement may ask for: null where the file lacks one."""
    reading = (
        f"read_parquet({text(str(path))})"
        if path.suffix.casefold() == ".parquet"
        else f"read_csv({text(str(path))}, all_varchar = true, header = true)"
    )
    try:
        described = staged.database.execute(f"DESCRIBE FROM {reading}").fetchall()
    except duckdb.Error as error:
        staged.unreadable.append((str(path), _fault(error)))
        return False
    there = {column[0].casefold() for column in described}
    needed = next((table.columns for table in TABLES if table.name == name), ())
    if missing := [column for column in needed if column not in there]:
        reason = f"The table {name} has no column {missing[0]}."
        staged.unreadable.append((str(path), Unreadable(reason, "header", _MEND)))
        return False
    asked = (ASKED | OPTIONAL)[name].split()
    columns = (f"CAST({c} AS VARCHAR) AS {c}" if c in there else f"CAST(NULL AS VARCHAR) AS {c}" for c in asked)
    view = f"CREATE OR REPLACE VIEW {name} AS SELECT {', '.join(columns)} FROM {reading}"
    staged.database.execute(view)
    return True


def _fill(staged: Staged, found: dict[str, Path], readable: set[str]) -> None:
    """Empty tables in place of those that may be missing. Without concepts nothing can be told by its code."""
    for name, columns in OPTIONAL.items():
        if name not in readable:
            empty = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in columns.split())
            staged.database.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {empty} LIMIT 0")
    if "concept" not in found:
        reason = "The table concept is missing: what the concept ids mean is not known."
        folder = next(iter(found.values())).parent
        mend = "Add the vocabulary's CONCEPT table; the concepts that occur are enough."
        staged.unreadable.append((str(folder), Unreadable(reason, "folder", mend)))


def _stage(staged: Staged, table: Table, path: Path, source: str) -> None:
    number = staged.number(path, look(path)[0])
    statement = table.source.replace("$source", text(source))
    try:
        staged.stage(table.kind, statement, number)
    except duckdb.Error as error:
        staged.unreadable.append((str(path), _fault(error)))


def _fault(error: duckdb.Error) -> Unreadable:
    return Unreadable(f"The table can't be read: {str(error).splitlines()[0][:300]}", "table", _MEND)
