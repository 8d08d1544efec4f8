"""What is declared of a query, in a JSON file of its own::

    {"source": "X9A/trauma-view", "site": "X9A01", "mapping": "trauma_meeting", "url_variable": "TRAUMA_URL",
     "query": "SELECT * FROM trauma_list WHERE changed_at > :since", "watermark": "changed_at", "every_minutes": 15}

The address of the database holds a password: it stands in the environment or in a file of secrets, never here.
"""

import json
import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from openfls.clinical.facts import Finder
from openfls.feeds.csv.lines import MOST_ROWS
from openfls.feeds.reading import Unreadable
from openfls.inbox.own_mappings import mappings_of_home

SUFFIX = ".json"
LONGEST = 64 * 1024  # bytes
MEND = "Compare it with the example in docs/how-to/query-a-hospitals-view.md."
SINCE = re.compile(r"(?<![:\\\w]):since\b")
WORDS = ("source", "site", "mapping", "finder", "query", "url_variable", "url_file", "watermark", "since")
NEEDED = ("source", "site", "mapping", "query")
NUMBERS = {"every_minutes": (1, 7 * 24 * 60), "timeout_seconds": (1, 3600), "most_rows": (1, MOST_ROWS - 1),
           "overlap_minutes": (0, 7 * 24 * 60)}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """``name`` is the file's. ``columns``: the database's name of a column -> the header of the list.

    ``watermark``: the column whose largest value is ``:since`` the next time; without one the whole view is asked.
    ``overlap_minutes`` are asked again, for rows that were written late. ``since``: where it begins.
    """

    name: str
    source: str
    site: str
    mapping: str
    query: str
    finder: Finder | None = None
    url_variable: str = ""
    url_file: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    watermark: str = ""
    since: str = "1900-01-01"
    every_minutes: int = 15
    overlap_minutes: int = 60
    timeout_seconds: int = 60
    most_rows: int = 100_000

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)

    def origin(self) -> dict[str, str]:
        """What the inbox keeps of it beside each answer."""
        told = {"site": self.site, "mapping": self.mapping, "encoding": "utf-8", "finder": self.finder or ""}
        return {name: str(value) for name, value in told.items() if value}

    def url(self) -> str:
        """The address of the database. Raises ``ValueError`` where it isn't there."""
        if self.url_variable:
            found = os.environ.get(self.url_variable, "").strip()
            if not found:
                raise ValueError(f"the variable {self.url_variable} is not set where openfls query runs")
            return found
        try:
            found = Path(self.url_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"{self.url_file} can't be read: {error.strerror}") from None
        if not found:
            raise ValueError(f"{self.url_file} is empty")
        return found


def queries_in(paths: list[Path]) -> list[Query | Unreadable]:
    """Each query that these files and folders declare, or what is wrong with it. Raises ``FileNotFoundError``."""
    found: list[Query | Unreadable] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"there is no file or folder {path}")
        files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
        found += [query_in(file) for file in files if not file.name.startswith(".")]
    return found


def query_in(path: Path) -> Query | Unreadable:
    try:
        if path.stat().st_size > LONGEST:
            raise ValueError(f"it has more than {LONGEST} bytes")
        return _checked(path.name.removesuffix(SUFFIX), json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, OSError, RecursionError) as error:
        return Unreadable(f"The query can't be used: {error}.", path.name, MEND)


def _checked(name: str, said: object) -> Query:
    """Raises ``ValueError`` with the first thing that is wrong."""
    if not isinstance(said, dict):
        raise ValueError("it holds no JSON object")
    if "url" in said:
        raise ValueError("the address holds a password: name a variable (url_variable) or a file (url_file) instead")
    if unknown := set(said) - {*WORDS, *NUMBERS, "columns"}:
        raise ValueError(f"it says {', '.join(sorted(unknown))}, which nothing reads")
    if missing := [one for one in NEEDED if not said.get(one)]:
        raise ValueError(f"it doesn't say its {', '.join(missing)}")
    told: dict[str, Any] = {one: _words(one, said[one]) for one in WORDS if said.get(one) is not None}
    told |= {one: _number(one, said[one]) for one in NUMBERS if one in said}
    told["columns"] = _columns(said.get("columns", {}))
    _agree(told)
    return Query(name=name, **told)


def _words(name: str, value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"its {name} should be words in quotes")
    if name == "finder":
        try:
            return Finder(value)
        except ValueError:
            raise ValueError(f"no finder is called {value!r}; there are {', '.join(Finder)}") from None
    if name == "mapping" and value not in mappings_of_home().names:
        raise ValueError(f"no mapping is called {value!r}; there are {', '.join(mappings_of_home().names)}")
    return value.strip().rstrip(";") if name == "query" else value.strip()


def _number(name: str, value: object) -> int:
    least, most = NUMBERS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"its {name} should be a whole number from {least} to {most:,}")
    return value


def _columns(said: object) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(one, str) and one for one in said.values()):
        raise ValueError('its columns should name headers, such as {"hosp_no": "Hosp No"}')
    return said


def _agree(told: dict[str, Any]) -> None:
    if bool(told.get("url_variable")) is bool(told.get("url_file")):
        raise ValueError("say where the address of the database is: either url_variable or url_file")
    if bool(told.get("watermark")) is not bool(SINCE.search(told["query"])):
        raise ValueError("a watermark and :since in the query go together: give both, or neither for a whole snapshot")
