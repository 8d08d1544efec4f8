"""The official test cases of SQL on FHIR v2, run on our compiler and DuckDB, each with how it ended.

They lie beside this file; another folder of the same form is taken from ``OPENFLS_SQL_ON_FHIR``.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from openfls.feeds.fhir.views import CannotCompile, compiled

FOLDER = Path(os.environ.get("OPENFLS_SQL_ON_FHIR", Path(__file__).parent / "vendor"))
PASSES, REFUSED, FAILS = "passes", "refused at load", "fails"


@dataclass(frozen=True)
class Case:
    file: str
    title: str
    resources: tuple[dict, ...]
    test: dict

    @property
    def name(self) -> str:
        return f"{self.file}: {self.title}"


@dataclass(frozen=True)
class Outcome:
    """``stopped`` says by what an error was raised: while loading, or while running."""

    ended: str
    because: str = ""
    stopped: str = ""


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for test in told["tests"]:
            yield Case(path.stem, test["title"], tuple(told["resources"]), test)


def outcome(case: Case, unknown_is_empty: bool = False) -> Outcome:
    wants_error = bool(case.test.get("expectError"))
    try:
        rows, columns = run(case.test["view"], case.resources, unknown_is_empty)
    except CannotCompile as fault:
        return Outcome(PASSES if wants_error else REFUSED, str(fault), "loading")
    except duckdb.Error as fault:
        return Outcome(PASSES if wants_error else FAILS, str(fault), "running")
    if wants_error:
        return Outcome(FAILS, "no error was raised")
    wanted = case.test["expect"]
    if case.test.get("expectColumns", columns) != columns:
        return Outcome(FAILS, f"columns {columns}")
    return Outcome(PASSES if _ordered(rows) == _ordered(wanted) else FAILS, f"gave {rows}, expected {wanted}")


def run(view: Any, resources: tuple[dict, ...], unknown_is_empty: bool = False) -> tuple[list[dict], list[str]]:
    """The rows and columns of a view over resources that lie in one NDJSON file a type, as in a bulk export."""
    scan = compiled(view, unknown_is_empty)
    of_type: dict[str, list[str]] = defaultdict(list)
    for resource in resources:
        of_type[resource["resourceType"]].append(json.dumps(resource))
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{scan.resource}.ndjson"
        file.write_text("\n".join(of_type[scan.resource]), encoding="utf-8")
        database = duckdb.connect()
        database.execute("SET enable_progress_bar = false")
        answer = database.execute(scan.sql([str(file)]))
        columns = [told[0] for told in answer.description]
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()], columns


def _ordered(rows: list[dict]) -> list[str]:
    """Rows in one order: SQL on FHIR gives none. A whole number and the same decimal are one."""
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in map(_plain, rows))


def _plain(row: dict) -> dict:
    return {name: float(value) if type(value) is int else value for name, value in row.items()}
