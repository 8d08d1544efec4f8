"""The elements of FHIR R4 (4.0.1): of which type each is, and whether it repeats.

``elements.txt`` has a line for each type: its name, then ``name:Type``, ``name:Type*`` for one that repeats and
``value[x]:string|Quantity`` for a choice. It lists all that the specification defines.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

# FHIR R4, 2.24.0.1: primitive types, and the DuckDB type that holds each as it is written.
PRIMITIVES = {
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "positiveInt": "BIGINT",
    "unsignedInt": "BIGINT",
    "decimal": "DOUBLE",
} | dict.fromkeys(
    ("string", "code", "id", "uri", "url", "canonical", "oid", "uuid", "markdown", "base64Binary", "xhtml",
     "date", "dateTime", "instant", "time"),
    "VARCHAR",
)  # fmt: skip
INTEGERS = frozenset({"integer", "positiveInt", "unsignedInt"})
NUMBERS = INTEGERS | {"decimal"}
MOMENTS = frozenset({"date", "dateTime", "instant", "time"})


@dataclass(frozen=True, slots=True)
class Element:
    """``choices`` are the types of an element that may be of several (``value[x]``); then ``type`` is empty."""

    type: str
    many: bool
    choices: tuple[str, ...] = ()


def known(type_name: str) -> bool:
    return type_name in PRIMITIVES or type_name in _table()


def element(type_name: str, name: str) -> Element | None:
    """The element of this name, None where the type has none."""
    return _table().get(type_name, {}).get(name)


def choice_name(name: str, type_name: str) -> str:
    """How JSON names a choice: ``value`` of type dateTime is ``valueDateTime``."""
    return name + type_name[0].upper() + type_name[1:]


@cache
def _table() -> dict[str, dict[str, Element]]:
    lines = Path(__file__).with_name("elements.txt").read_text(encoding="utf-8").splitlines()
    return {line.split(" ", 1)[0]: dict(map(_element, line.split(" ")[1:])) for line in lines}


def _element(written: str) -> tuple[str, Element]:
    name, _, kind = written.partition(":")
    if name.endswith("[x]"):
        return name.removesuffix("[x]"), Element("", False, tuple(kind.split("|")))
    return name, Element(kind.removesuffix("*"), kind.endswith("*"))
