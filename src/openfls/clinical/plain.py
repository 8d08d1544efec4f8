"""Facts as plain data (strings, numbers, lists, dicts) and back: one form for database, files and digests."""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from openfls.clinical.codes import SYSTEMS, Code
from openfls.clinical.facts import KINDS, Fact, Source
from openfls.clinical.patients import HospitalNumber, PatientRecord
from openfls.clinical.when import Precision, When

type_of_none = type(None)
Plain = dict[str, Any]


def to_plain(fact: Fact) -> Plain:
    """The fact as plain data; what equals its default is left out, so that a new field leaves old digests alone."""
    plain: Plain = {"kind": fact.kind}
    for field, default in WRITTEN[type(fact)]:
        value = getattr(fact, field)
        if value != default:
            plain[field] = _plain(value)
    return plain


def from_plain(plain: Plain) -> Fact:
    """The fact that `to_plain` wrote.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what no version of it wrote.
    """
    kind = KINDS[plain["kind"]]
    readers = READERS[kind]
    return kind(**{name: readers[name](value) for name, value in plain.items() if name != "kind"})


def _written(kind: type[Any]) -> tuple[tuple[str, object], ...]:
    return tuple((f.name, _default(f)) for f in fields(kind))


def _default(field: "Field[Any]") -> object:
    return _Required if field.default is MISSING else field.default


class _Required:
    """Equals no value: a field without default is always written."""


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | str() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return [_plain(part) for part in value]
        case Code():
            return [value.system, value.value, value.display]
        case When():
            return _plain_when(value)
        case Source():
            return [value.system, value.message, value.position]
        case HospitalNumber():
            return [value.authority, value.value]
        case PatientRecord():
            return {
                name: _plain(part)
                for name, default in WRITTEN[PatientRecord]
                if (part := getattr(value, name)) != default
            }
    raise TypeError(f"a fact can't hold a {type(value).__name__}: {value!r}")


def _plain_when(when: When) -> list[str]:
    if when.exact:
        return [when.at.isoformat() if when.at else when.start.isoformat()]
    return [when.start.isoformat(), when.end.isoformat(), when.precision.value]


def _readers(kind: type[Any]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {f.name: _reader(hints[f.name]) for f in fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) in (Union, UnionType):
        inner = _reader(next(part for part in get_args(hint) if part is not type_of_none))
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        inner = _reader(get_args(hint)[0])
        return lambda value: tuple(inner(part) for part in value)
    known: dict[Any, Callable[[Any], Any]] = {
        str: str, int: int, bool: bool, float: float,
        date: date.fromisoformat,
        datetime: datetime.fromisoformat,
        When: _read_when,
        Source: lambda value: Source(*value),
        HospitalNumber: lambda value: HospitalNumber(*value),
        PatientRecord: _read_record,
        Code: lambda value: SYSTEMS[value[0]](value[1], value[2]),
    }  # fmt: skip
    reader: Callable[[Any], Any] = known.get(hint, hint)
    return reader


def _read_when(value: list[str]) -> When:
    if len(value) == 1:
        moment = datetime.fromisoformat(value[0])
        return When(moment.date(), moment.date(), Precision.EXACT, moment if "T" in value[0] else None)
    return When(date.fromisoformat(value[0]), date.fromisoformat(value[1]), Precision(value[2]))


def _read_record(value: Plain) -> PatientRecord:
    readers = READERS[PatientRecord]
    return PatientRecord(**{name: readers[name](part) for name, part in value.items()})


# Worked out once: facts go through here by the hundred thousand.
_HELD: tuple[type[Any], ...] = (PatientRecord, *KINDS.values())
WRITTEN = {kind: _written(kind) for kind in _HELD}
READERS = {kind: _readers(kind) for kind in _HELD}
