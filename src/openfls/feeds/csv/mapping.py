"""The reviewed mappings: what each column of a list means, how it writes dates, which words stand for which value."""

import json
import os
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from openfls.clinical.facts import Answer, BodySite, Finder, Setting
from openfls.feeds.csv.dates import DateFormats

# What a column can mean. Those in MANY stand in several numbered columns (Diag_01, Diag_02 …).
MEANINGS = frozenset({
    "list_date", "row_id", "nhs_number", "hospital_number", "family_name", "given_name", "full_name", "birth_date",
    "sex", "postcode", "address", "phone", "practice", "site", "ward", "injury_date", "diagnosis_date",
    "attendance_date", "admission_date", "discharge_date", "surgery_date", "diagnosis", "side", "mechanism",
    "procedure", "pathological", "session", "snomed_code", "opcs4_code", "icd10_codes", "opcs4_codes", "opcs4_dates",
    "admission_method", "discharge_method", "discharge_destination",
})  # fmt: skip
MANY = frozenset({"icd10_codes", "opcs4_codes", "opcs4_dates"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The headers of a mapping, simplified once: whole ones, and those with a number in them as expressions."""

    whole: dict[str, str]
    numbered: tuple[tuple[re.Pattern[str], str], ...]
    ignored: frozenset[str]

    def meaning(self, plain: str) -> str | None:
        """What a simplified header means, None where the mapping doesn't know it."""
        if plain in self.whole:
            return self.whole[plain]
        return next((meaning for pattern, meaning in self.numbered if pattern.fullmatch(plain)), None)


@dataclass(frozen=True)
class Mapping:
    """One list's mapping, as its file in ``mappings/`` gives it.

    ``columns``: meaning -> headers that are accepted for it. ``needs``: of each group one meaning must have a column.
    ``fracture_dates``: which column dates the fracture, the best first, with what it is the date of.
    ``values``: meaning -> word in a cell (small letters) -> value. ``checked_by`` is None until somebody has.
    """

    name: str
    title: str
    finder: Finder
    setting: Setting
    columns: dict[str, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...]
    fracture_dates: tuple[tuple[str, str], ...]
    dates: DateFormats
    values: dict[str, dict[str, str]]
    ignored: tuple[str, ...]
    delimiter: str | None
    authored_by: str
    authored_on: str
    checked_by: str | None
    body_site_if_unsaid: BodySite = BodySite.UNSPECIFIED
    fracture_if_unsaid: Answer = Answer.UNKNOWN

    @cached_property
    def accepted(self) -> Accepted:
        told = [(header, meaning) for meaning, headers in self.columns.items() for header in headers]
        return Accepted(
            whole={simplified(header): meaning for header, meaning in told if "{n}" not in header},
            numbered=tuple((_pattern(header), meaning) for header, meaning in told if "{n}" in header),
            ignored=frozenset(simplified(header) for header in self.ignored),
        )


def _pattern(header: str) -> re.Pattern[str]:
    """The header as an expression: ``Diag_{n}`` fits Diag_01 and DIAG 1."""
    before, _, after = header.partition("{n}")
    return re.compile(simplified(before) + r"0*\d{1,2}" + simplified(after))


def mapping_named(name: str | None) -> Mapping | None:
    """The mapping of that name, or None."""
    return _known().get(name or "")


def mapping_names() -> tuple[str, ...]:
    """The names of all mappings, sorted."""
    return tuple(sorted(_known()))


def mapping_of_file(file_name: str) -> str | None:
    """The mapping whose name begins the file's name (``trauma_meeting_2026-03-12.csv``), the longest such."""
    plain = simplified(file_name)
    fitting = [name for name in _known() if plain.startswith(simplified(name))]
    return max(fitting, key=len, default=None)


def simplified(header: str) -> str:
    """A header without case, spaces and punctuation: ``NHS No.`` and ``nhs_no`` agree."""
    return re.sub(r"[\W_]", "", header.casefold())


def own_folder() -> Path:
    """Where a place keeps mappings of its own beside those of the program."""
    return Path(os.environ.get("OPENFLS_HOME", "var")) / "mappings"


def _known() -> dict[str, Mapping]:
    """Those of the program, and the place's own: looked up each time, for another process may have made one."""
    own = [path for path in own_folder().glob("*.json") if not path.name.startswith(".")]
    return {**{path.stem: mapping for path in own if (mapping := _own(path))}, **_packaged()}


@cache
def _packaged() -> dict[str, Mapping]:
    folder = files("openfls.feeds.csv") / "mappings"
    found = [parsed(json.loads(f.read_text(encoding="utf-8"))) for f in folder.iterdir() if f.name.endswith(".json")]
    return {mapping.name: mapping for mapping in found}


@cache
def _own(path: Path) -> Mapping | None:
    """None where the file holds no mapping."""
    try:
        return parsed(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, OSError):
        return None


def parsed(plain: dict[str, Any]) -> Mapping:
    """The mapping that a file holds. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for what can't be one."""
    mapping = Mapping(
        **plain
        | {
            "finder": Finder(plain["finder"]),
            "setting": Setting(plain["setting"]),
            "columns": {meaning: tuple(headers) for meaning, headers in plain["columns"].items()},
            "needs": tuple(tuple(group) for group in plain["needs"]),
            "fracture_dates": tuple((meaning, dated_by) for meaning, dated_by in plain["fracture_dates"]),
            "dates": DateFormats(**plain["dates"] | {"formats": tuple(plain["dates"]["formats"])}),
            "values": _small(plain["values"]),
            "ignored": tuple(plain["ignored"]),
            "body_site_if_unsaid": BodySite(plain.get("body_site_if_unsaid", BodySite.UNSPECIFIED)),
            "fracture_if_unsaid": Answer(plain.get("fracture_if_unsaid", Answer.UNKNOWN)),
        }
    )
    _check(mapping)
    return mapping


def _small(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {of: {word.casefold(): value for word, value in words.items()} for of, words in values.items()}


def _check(mapping: Mapping) -> None:
    named = {*mapping.columns, *mapping.values, *(m for group in mapping.needs for m in group)}
    named |= {meaning for meaning, _ in mapping.fracture_dates}
    if unknown := named - MEANINGS:
        raise ValueError(f"mapping {mapping.name}: unknown meanings {', '.join(sorted(unknown))}")
    groups = [*mapping.columns.values(), mapping.ignored]
    headers = [header for group in groups for header in {simplified(h) for h in group}]
    if twice := {header for header in headers if headers.count(header) > 1}:
        raise ValueError(f"mapping {mapping.name}: headers with two meanings: {', '.join(sorted(twice))}")
    if mapping.delimiter not in (None, ",", ";", "\t"):
        raise ValueError(f"mapping {mapping.name}: a delimiter is a comma, a semicolon or a tab")
