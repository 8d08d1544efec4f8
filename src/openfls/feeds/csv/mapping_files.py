"""A mapping's file: its shape as a JSON schema, made from the code's own lists, and all that is wrong with one.

What comes with the program and what a hospital writes go through the same check. Each fault says where it stands in the
file (``columns.nhs_number[1]``) and how to mend it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from enum import StrEnum
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from openfls.clinical.ethnic_categories import EthnicCategory
from openfls.clinical.facts import Answer, BodySite, Finder, Setting, Side, TreatmentAdvice
from openfls.clinical.patients import Sex
from openfls.feeds.csv.audit_words import AUDIT_DRUGS, NOT_TAKEN
from openfls.feeds.csv.dates import DateFormats
from openfls.feeds.csv.mapping import MEANINGS, Gives, Mapping, simplified
from openfls.feeds.reading import Unreadable

LONGEST = 256 * 1024  # bytes
DELIMITERS = (None, ",", ";", "\t")
DATED_BY = ("injury", "diagnosis", "attendance", "admission", "operation", "discharge", "report")
# What the words of a column may stand for; the words of any other are not looked up.
STAND_FOR: Table[str, Iterable[str]] = {
    "sex": tuple(Sex),
    "ethnic_category": tuple(EthnicCategory),
    "side": tuple(Side),
    "pathological": tuple(Answer),
    "session": ("trauma", "planned"),
    "admission_method": ("emergency", "planned"),
    "discharge_method": ("died",),
    "discharge_destination": ("died",),
    "outcome": ("prescribed", "stopped", "held", "supplied", "given", "partly given", "not given", "planned"),
    "medicine": ("nothing found",),
    **dict.fromkeys(("first_bone", "second_bone", "third_bone"), tuple(BodySite)),
    **dict.fromkeys(
        ("care_home", "admitted", "dxa", "falls_assessed", "followed_up_16", "strength_balance", "followed_up_52"),
        tuple(Answer),
    ),
    "opted_out": tuple(Answer),
    "bone_therapy": (*TreatmentAdvice, *AUDIT_DRUGS, "unknown"),
    **dict.fromkeys(("bone_therapy_16", "bone_therapy_52"), (*NOT_TAKEN, *AUDIT_DRUGS, "unknown")),
}
WHO = ("nhs_number", "hospital_number", "family_name", "full_name")
SIGHTS = (Gives.SIGHTINGS, Gives.AUDIT_RECORDS)  # their rows tell of a fracture, so that they are a finder's
WHAT = ("diagnosis", "procedure", "snomed_code", "opcs4_code", "icd10_codes")
MEDICINE = ("medicine", "dmd_code")
TOLD = {  # what a row must say, by what it gives
    Gives.SIGHTINGS: (WHAT, "what is broken"),
    Gives.AUDIT_RECORDS: (("first_bone",), "what is broken"),
    Gives.OPT_OUTS: (("opted_out",), "whether somebody opted out"),
}
MEND = "Compare it with one that is right: openfls mappings --show ward_round."


def mapping_in(content: bytes, name: str, place: str) -> Mapping | list[Unreadable]:
    """The mapping that the file holds, or all that is wrong with it. ``name`` is the file's, which it must bear."""
    try:
        plain = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        return [Unreadable(f"It is no JSON in UTF-8: {error}.", place, "Mend it there; an editor for JSON helps.")]
    wrong = [Unreadable(*_fault(error, place)) for error in _validator().iter_errors(plain)]
    wrong = wrong or [Unreadable(reason, f"{place}, {at}", mend) for at, reason, mend in _contradictions(plain, name)]
    return wrong or _mapping(plain)


def schema() -> dict[str, Any]:
    """The shape of a mapping's file."""
    text, texts = {"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}
    meaning = {"enum": sorted(MEANINGS)}
    shape = {
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "title": text,
        "finder": {"enum": [*Finder, None]},
        "setting": _one_of(Setting),
        "columns": {"type": "object", "propertyNames": meaning, "additionalProperties": texts | {"minItems": 1}},
        "needs": {"type": "array", "items": {"type": "array", "items": meaning, "minItems": 1}},
        "fracture_dates": {"type": "array", "items": _pair(meaning, {"enum": list(DATED_BY)})},
        "dates": _object({"formats": texts | {"minItems": 1}, "two_digit_years": _BOOLEAN, "inexact": _BOOLEAN}),
        "values": {"type": "object", "properties": _words(), "additionalProperties": _table(text)},
        "ignored": texts,
        "delimiter": {"enum": list(DELIMITERS)},
        "authored_by": text,
        "authored_on": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "checked_by": {"type": ["string", "null"]},
    }
    optional = {
        "body_site_if_unsaid": _one_of(BodySite),
        "fracture_if_unsaid": _one_of(Answer),
        "gives": _one_of(Gives),
        "looked_in": text,
    }
    return _object(shape | optional, required=tuple(shape))


_BOOLEAN = {"type": "boolean"}


def _object(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    needed = list(required or properties)
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _one_of(kind: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [member.value for member in kind]}


def _pair(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "prefixItems": [first, second], "minItems": 2, "maxItems": 2}


def _table(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


def _words() -> dict[str, Any]:
    return {meaning: _table({"enum": [str(value) for value in values]}) for meaning, values in STAND_FOR.items()}


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _text(content: bytes) -> str:
    if len(content) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} bytes")
    return content.decode("utf-8-sig")


def _fault(error: ValidationError, place: str) -> tuple[str, str, str]:
    """A fault of the shape: reason, place, how to mend it."""
    at = error.json_path.removeprefix("$").lstrip(".")
    reason, mend = error.message[:300], MEND
    if error.validator == "enum" and isinstance(error.validator_value, list):
        reason = f"{json.dumps(error.instance)[:100]} is none of the values that it may have"
        mend = f"Write one of {', '.join(json.dumps(value) for value in error.validator_value)}."
    elif error.validator == "required":
        reason = error.message.replace("is a required property", "is missing")
    return f"{reason}.", f"{place}, {at}" if at else place, mend


def _contradictions(plain: dict[str, Any], name: str) -> Iterator[tuple[str, str, str]]:
    """What each part allows and the whole does not: place, reason, how to mend it."""
    if plain["name"] != name:
        yield "name", f"The mapping calls itself {plain['name']!r}, its file {name!r}.", "Give both one name."
    unknown = sorted(set(plain["values"]) - MEANINGS)
    if unknown:
        yield "values", f"No column can mean {', '.join(unknown)}.", f"Write one of {', '.join(sorted(MEANINGS))}."
    groups = {f"columns.{meaning}": headers for meaning, headers in plain["columns"].items()}
    groups["ignored"] = plain["ignored"]
    times = Counter(header for headers in groups.values() for header in {simplified(one) for one in headers})
    for at, headers in groups.items():
        if twice := sorted({header for header in headers if times[simplified(header)] > 1}):
            yield at, f"Headers with two meanings: {', '.join(twice)}.", "Leave each at one place; case doesn't matter."
    for at, headers in groups.items():
        if empty := [header for header in headers if not simplified(header)]:
            yield at, f"A header without a letter or a digit: {', '.join(empty)}.", "Write it as the list has it."
    columned, sights = set(plain["columns"]), plain.get("gives", Gives.SIGHTINGS) in SIGHTS
    if (plain["finder"] is not None) is not sights:
        yield "finder", "A list of sightings has a finder, and no other list has one.", "Name one, or write null."
    told = TOLD.get(plain.get("gives", Gives.SIGHTINGS), (MEDICINE, "which medicine it is"))
    for needed, what in ((WHO, "whose row it is"), told):
        if columned.isdisjoint(needed):
            yield "columns", f"No column says {what}.", f"Name the headers of one of {', '.join(needed)}."
    for number, group in enumerate(plain["needs"]):
        if columned.isdisjoint(group):
            yield f"needs[{number}]", f"No column has a header for {' or '.join(group)}.", "Name one in columns."
    if sights and columned.isdisjoint(meaning for meaning, _ in plain["fracture_dates"]):
        yield "fracture_dates", "None of these dates has a column.", "Name the headers of one in columns."
    yield from _wrong_dates(plain["dates"]["formats"])


def _wrong_dates(formats: list[str]) -> Iterator[tuple[str, str, str]]:
    for number, written in enumerate(formats):
        parts = {part for part in ("dd", "mm", "yyyy") if part in written}
        if parts != {"dd", "mm", "yyyy"}:
            mend = "Write dd, mm (or mmm for a month's name) and yyyy, as in dd/mm/yyyy."
            yield f"dates.formats[{number}]", f"{written!r} lacks a day, a month or a year.", mend


def _mapping(plain: dict[str, Any]) -> Mapping:
    return Mapping(
        **plain
        | {
            "finder": Finder(plain["finder"]) if plain["finder"] is not None else None,
            "gives": Gives(plain.get("gives", Gives.SIGHTINGS)),
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


def _small(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {of: {word.casefold(): value for word, value in words.items()} for of, words in values.items()}
