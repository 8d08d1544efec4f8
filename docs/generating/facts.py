"""The reference page of the facts: every kind with its fields, as the dataclasses declare them."""

import re
from dataclasses import MISSING, Field, fields
from enum import Enum, EnumType
from inspect import cleandoc
from typing import get_args, get_type_hints

from docs.generating.tables import document, plain, table
from openfls.clinical import codes
from openfls.clinical.facts import KINDS, Fact
from openfls.clinical.patients import PatientRecord

INTRODUCTION = """A fact is one immutable statement about a person ([facts and
versions](../explanation/facts-and-versions.md)). The names below are those of the code and of the stored JSON,
where a field that equals its default is left out."""

ONE_SYSTEM = "A code is of one system, so that codes of two can't be compared by accident."


def page() -> str:
    common = [field.name for field in fields(Fact)]
    parts = [INTRODUCTION, "## What every fact says", plain(_body(Fact.__doc__)), _fields(Fact)]
    parts += ["## The record that a fact is about", plain(_body(PatientRecord.__doc__)), _fields(PatientRecord)]
    parts += ["## Kinds"]
    for name, kind in KINDS.items():
        own = _fields(kind, without=common)
        parts += [f"### {name}", *[text for text in (plain(_own(kind)), own) if text]]
    parts += ["## Words that a field may hold", *_enumerations()]
    parts += ["## Coding systems", ONE_SYSTEM, _codes()]
    return document("Facts", *parts)


def _own(kind: type) -> str:
    """The docstring that somebody wrote; a dataclass without one gets its signature for one, which is none."""
    written = kind.__doc__ or ""
    return "" if written.startswith(f"{kind.__name__}(") else _body(written)


def _body(docstring: str | None) -> str:
    return cleandoc(docstring or "")


def _fields(kind: type, without: list[str] | None = None) -> str:
    hints = get_type_hints(kind)
    rows = [
        (f"`{field.name}`", _type(hints[field.name]), _default(field))
        for field in fields(kind)
        if field.name not in (without or [])
    ]
    return table(("Field", "Type", "Default"), rows) if rows else ""


def _type(hint: object) -> str:
    if isinstance(hint, EnumType):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    if not parts:
        return getattr(hint, "__name__", str(hint))
    inner = _type(parts[0])
    return f"{inner}, or none" if type(None) in get_args(hint) else f"any number of {inner}"


def _default(field: "Field[object]") -> str:
    match field.default:
        case _ if field.default is MISSING:
            return "must be given"
        case Enum() as member:
            return _value(member)
        case bool() as told:
            return "yes" if told else "no"
        case "" | ():
            return "empty"
        case None:
            return "none"
    return str(field.default)


def _enumerations() -> list[str]:
    hints = [hint for kind in (PatientRecord, *KINDS.values()) for hint in get_type_hints(kind).values()]
    found = {hint.__name__: hint for hint in hints if isinstance(hint, EnumType)}
    return [f"### {name}\n\n{_enumeration(found[name])}" for name in sorted(found)]


def _enumeration(kind: EnumType) -> str:
    written = plain(_own(kind))
    values = "; ".join(_value(member) for member in kind)
    return f"{written}\n\n{values}." if written else f"{values}."


def _value(member: Enum) -> str:
    """The word that is stored; a number's name where the order is what counts."""
    return member.value if isinstance(member.value, str) else member.name.lower()


def _codes() -> str:
    rows = [(system, kind.__name__, plain(re.split(r"\n\n", _own(kind))[0])) for system, kind in codes.SYSTEMS.items()]
    return table(("System", "Type", "What it is"), rows)
