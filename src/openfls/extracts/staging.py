"""FHIR NDJSON files to the few resources that may tell of a patient, a fracture or bone care, in a DuckDB of their own.

Each file is scanned once by the ViewDefinition of its type. A file that the declared schema doesn't fit (a broken line,
an element of a wrong type, two resources of one name) goes through the feed's own reader, line by line: slower, and it
names each fault.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import orjson

from openfls.extracts.deciding import ALWAYS, DECIDING, REFERRED_TO, wants
from openfls.extracts.looking import look
from openfls.feeds.fhir.content import Entry, entries
from openfls.feeds.fhir.elements import child, text
from openfls.feeds.fhir.faults import CannotRead
from openfls.feeds.fhir.r4 import RESOURCE_TYPES
from openfls.feeds.fhir.views import Scan, compiled
from openfls.feeds.reading import Unreadable

VIEWS = Path(__file__).with_name("views")
SAMPLE = 20_000  # resources of a file whose concepts are decided before the rest is scanned
LAST = ("Encounter", "Patient")  # after those that refer to them
_TABLES = """
CREATE TABLE staged (file INTEGER, type VARCHAR, id VARCHAR, key VARCHAR, subject VARCHAR, encounter VARCHAR,
                     resource VARCHAR, place VARCHAR);
CREATE TABLE passed (type VARCHAR, key VARCHAR);
"""


@dataclass(slots=True)
class Staged:
    """What an export has given so far. ``digests`` are of the files' bytes, in the order of their numbers."""

    database: duckdb.DuckDBPyConnection
    mapping: str | None = None
    encoding: str = "utf-8"
    files: list[Path] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, Unreadable]] = field(default_factory=list)
    passed_over: dict[str, dict[str, int]] = field(default_factory=dict)
    read_line_by_line: list[str] = field(default_factory=list)
    _decided: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.database.execute(_TABLES)

    def add(self, paths: list[Path]) -> None:
        """Stages the files of one export, those first that refer to the others."""
        counted = [(path, self._kinds(path)) for path in paths]
        numbers = {path: number for number, path in enumerate(paths, start=len(self.files) - len(paths))}
        for these in ((*(kind for kind in DECIDING if kind not in LAST), *REFERRED_TO), LAST):
            for kind in these:
                for path, kinds in counted:
                    if kinds and kinds.get(kind) and str(path) not in self.read_line_by_line:
                        self._scan(path, numbers[path], kind)
            for path, kinds in counted:
                if str(path) not in self.read_line_by_line and self._is_unfit(numbers[path], kinds):
                    self._read(path, numbers[path])
        for path, kinds in counted:
            if kinds and str(path) not in self.read_line_by_line:
                self._count_passed_over(numbers[path], kinds)

    def _kinds(self, path: Path) -> dict[str, int] | None:
        """How many of each type the file holds; None where a line of it is no JSON or the file is not in UTF-8."""
        digest, kinds = look(path)
        self.number(path, digest)
        if self.encoding.lower().replace("-", "") not in ("utf8", "utf8sig"):
            return None
        if kinds:
            return kinds
        try:
            found = self.database.execute(_KINDS, [str(path)]).fetchall()
        except duckdb.Error:
            return None
        return None if any(kind is None for kind, _ in found) else dict(found)

    def _scan(self, path: Path, number: int, kind: str) -> None:
        """What may be wanted of one type. A file that doesn't fit is left to `_read`."""
        try:
            self.stage(kind, _keyed(kind, path), number)
        except duckdb.Error:
            self.database.execute("INSERT INTO staged (file, type) VALUES (?, 'unfit')", [number])

    def stage(self, kind: str, source: str, number: int) -> None:
        """What may be wanted of the resources that a query gives: id, key, subject, encounter, whole (a struct).

        Raises ``duckdb.Error`` where the query can't be answered.
        """
        self._decide(kind, f"SELECT DISTINCT key FROM ({source} LIMIT {SAMPLE})")
        self.database.execute(_INSERT.format(source=source, kind=kind, kept=_kept(kind), file=number))
        self._decide(kind, f"SELECT DISTINCT key FROM staged WHERE type = '{kind}'")
        self.database.execute(_FORGET.format(kind=kind, referred=_REFERRED if kind in LAST else ""))

    def number(self, path: Path, digest: str) -> int:
        """The number of a file from now on."""
        self.files.append(path)
        self.digests.append(digest)
        return len(self.files) - 1

    def _decide(self, kind: str, keys: str) -> None:
        """Shows the reader the concepts that it hasn't seen, and notes those of which it wants nothing."""
        if kind in REFERRED_TO:
            return
        found = [key for (key,) in self.database.execute(keys).fetchall() if (kind, key) not in self._decided]
        self._decided.update((kind, key) for key in found)
        refused = [[kind, key] for key in found if not wants(kind, key, self.mapping)]
        if refused:
            self.database.execute(
                "INSERT INTO passed SELECT unnest(?), unnest(?)",
                [[kind for kind, _ in refused], [key for _, key in refused]],
            )

    def _is_unfit(self, number: int, kinds: dict[str, int] | None) -> bool:
        """Whether the declared schema doesn't fit the file, or two of its resources have one name: then where they
        stand is part of what their facts are called."""
        [(doubled,)] = self.database.execute(_DOUBLED, [number]).fetchall()
        return kinds is None or doubled > 0 or not kinds.keys() <= RESOURCE_TYPES

    def _read(self, path: Path, number: int) -> None:
        self.database.execute("DELETE FROM staged WHERE file = ?", [number])
        self.read_line_by_line.append(str(path))
        rows = []
        try:
            for entry in entries(path.read_bytes(), self.encoding):
                if isinstance(entry, Unreadable):
                    self.unreadable.append((str(path), entry))
                else:
                    rows.append(_row(entry, number))
        except CannotRead as error:
            self.unreadable.append((str(path), error.at("file")))
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self.database.execute(f"INSERT INTO staged SELECT {', '.join(['unnest(?)'] * 8)}", columns)

    def _count_passed_over(self, number: int, kinds: dict[str, int]) -> None:
        kept = dict(self.database.execute(_KEPT, [number]).fetchall())
        over = {kind: count - kept.get(kind, 0) for kind, count in sorted(kinds.items())}
        self.passed_over[str(self.files[number])] = {kind: count for kind, count in over.items() if count}


_KINDS = (
    "SELECT resourceType, count(*) FROM read_json(?, format = 'newline_delimited', columns = {resourceType: 'VARCHAR'},"
    " maximum_object_size = 8388608) GROUP BY ALL"
)
_KEPT = "SELECT type, count(*) FROM staged WHERE file = ? GROUP BY ALL"
_DOUBLED = (
    "SELECT count(*) FILTER (type = 'unfit' OR id IS NULL OR id = '') + count(*) - count(DISTINCT (type, id))"
    " FROM staged WHERE file = ? AND type NOT IN ('Organization', 'Practitioner', 'Location', 'Medication')"
)
_POINTED = re.compile(r"([A-Z][A-Za-z]+/[^/]+?)(?:/_history/.*)?$")  # type and id at the end of a reference
_END = f"'{_POINTED.pattern}'"
_INSERT = (
    "INSERT INTO staged SELECT {file}, '{kind}', v.id, v.key, regexp_extract(v.subject, " + _END + ", 1),"
    " regexp_extract(v.encounter, " + _END + ", 1), to_json(v.whole)::VARCHAR, NULL FROM ({source}) v WHERE {kept}"
)
_WANTED = "NOT EXISTS (FROM passed WHERE passed.type = '{kind}' AND passed.key = v.key)"
_CALLED = "'Encounter/' || v.id IN (SELECT encounter FROM staged WHERE encounter IS NOT NULL)"
_REFERRED = "AND 'Encounter/' || id NOT IN (SELECT encounter FROM staged WHERE encounter IS NOT NULL)"
_FORGET = (
    "DELETE FROM staged WHERE type = '{kind}' AND key IN (SELECT key FROM passed WHERE type = '{kind}') {referred}"
)


def _kept(kind: str) -> str:
    wanted = _WANTED.format(kind=kind)
    if kind == "Encounter":
        return f"{wanted} OR {_CALLED}"
    return wanted


@cache
def scan_of(kind: str) -> Scan:
    """The compiled view of a type."""
    return compiled(json.loads((VIEWS / f"{kind}.json").read_text(encoding="utf-8")))


def _keyed(kind: str, path: Path) -> str:
    """The view's rows with what decides them, whom they are about, and the resource as far as it is looked at."""
    scan = scan_of(kind)
    whole = ", ".join(f"{name}: {name}" for name in scan.columns)
    subject = "'Patient/' || id" if kind == "Patient" else _pointed(scan, "subject")
    encounter = _pointed(scan, "encounter") if "encounter" in scan.columns else _pointed(scan, "context")
    key = DECIDING[kind].key if kind in DECIDING else ALWAYS
    return (
        f"SELECT id, {key} AS key, {subject} AS subject, {encounter} AS encounter,"
        f" {{resourceType: '{kind}', {whole}}} AS whole FROM ({scan.sql([str(path)])})"
    )


def _pointed(scan: Scan, name: str) -> str:
    return f"{name}->>'reference'" if name in scan.columns else "NULL::VARCHAR"


def _row(entry: Entry, number: int) -> tuple[object, ...]:
    told = orjson.dumps(entry.resource).decode()
    subject = f"Patient/{entry.id}" if entry.type == "Patient" else _pointer(entry, "subject")
    encounter = _pointer(entry, "encounter") or _pointer(entry, "context")
    return number, entry.type, entry.id, None, subject, encounter, told, entry.place


def _pointer(entry: Entry, name: str) -> str:
    """Type and id of a reference; empty where it is written otherwise."""
    found = _POINTED.search(text(child(entry.resource, name).get("reference")))
    return found[1] if found else ""


def staged_entries(rows: list[tuple[str, str, str | None]]) -> Iterator[Entry]:
    """Rows (type, resource, place) as the reader takes them."""
    for kind, told, place in rows:
        resource = {name: value for name, value in orjson.loads(told).items() if value is not None}
        yield Entry(resource, kind, place or f"{kind}/{resource.get('id', '')}")
