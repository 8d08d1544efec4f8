"""A ViewDefinition's JSON, checked for its form: what it says and nothing that would be overlooked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openfls.feeds.fhir.r4 import RESOURCE_TYPES
from openfls.feeds.fhir.views.elements import PRIMITIVES, known
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.fhirpath import Literal, Node, parse

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# SQL on FHIR v2: what tells of a view and doesn't change its rows.
_ABOUT = frozenset(
    {"resourceType", "id", "meta", "url", "identifier", "name", "title", "status", "experimental", "publisher",
     "contact", "description", "useContext", "copyright", "fhirVersion", "profile", "extension", "date", "version",
     "purpose", "text", "language", "implicitRules"}
)  # fmt: skip
_VIEW = _ABOUT | {"resource", "constant", "select", "where"}
_SELECT = frozenset({"column", "select", "forEach", "forEachOrNull", "repeat", "unionAll", "id", "extension"})
_COLUMN = frozenset({"name", "path", "type", "collection", "description", "tag", "id", "extension"})
_MEND = "Write it as SQL on FHIR v2 says."
DEEPEST = 20  # selects within selects


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    path: Node
    type: str
    collection: bool


@dataclass(frozen=True, slots=True)
class Select:
    """``each``: the expression of forEach (``or_null``: of forEachOrNull); ``repeat``: those that are followed down."""

    columns: tuple[Column, ...]
    selects: "tuple[Select, ...]"
    union: "tuple[Select, ...]"
    each: Node | None
    or_null: bool
    repeat: tuple[Node, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it gives, in their order."""
        of_union = self.union[0].names if self.union else ()
        return (*(c.name for c in self.columns), *(n for s in self.selects for n in s.names), *of_union)


@dataclass(frozen=True, slots=True)
class Definition:
    resource: str
    select: Select
    where: tuple[Node, ...]
    constants: Mapping[str, Literal]


def definition(view: Any) -> Definition:
    """The view as it is understood. Raises `CannotCompile` with the place of what is wrong."""
    _check(view, _VIEW, "view")
    resource = view.get("resource")
    if not isinstance(resource, str) or resource not in RESOURCE_TYPES:
        raise CannotCompile(f"{resource!r} is no resource of FHIR R4.", "Name one, for instance Patient.", "resource")
    found = Select((), _selects(view.get("select"), "select", 0), (), None, False, ())
    if not found.names:
        raise CannotCompile("The view has no column.", _MEND, "select")
    if twice := next((name for name in found.names if found.names.count(name) > 1), ""):
        raise CannotCompile(f"Two columns are called {twice!r}.", "Give each a name of its own.", "select")
    where = tuple(
        _path(_check(item, frozenset({"path", "description"}), f"where[{number}]").get("path"), f"where[{number}].path")
        for number, item in enumerate(_list(view.get("where", []), "where"))
    )
    return Definition(resource, found, where, dict(map(_constant, _list(view.get("constant", []), "constant"))))


def _selects(items: Any, place: str, depth: int) -> tuple[Select, ...]:
    if depth > DEEPEST:
        raise CannotCompile(f"Selects are nested deeper than {DEEPEST}.", _MEND, place)
    return tuple(_select(item, f"{place}[{number}]", depth) for number, item in enumerate(_list(items, place)))


def _select(item: Any, place: str, depth: int) -> Select:
    _check(item, _SELECT, place)
    every = [name for name in ("forEach", "forEachOrNull", "repeat") if name in item]
    if len(every) > 1:
        raise CannotCompile(f"{' and '.join(every)} stand together.", "Take one of them.", place)
    each = next((name for name in ("forEach", "forEachOrNull") if name in item), "")
    repeated = [_path(path, f"{place}.repeat") for path in _list(item.get("repeat", []), f"{place}.repeat")]
    found = Select(
        tuple(_column(one, f"{place}.column") for one in _list(item.get("column", []), f"{place}.column")),
        _selects(item.get("select", []), f"{place}.select", depth + 1),
        _selects(item.get("unionAll", []), f"{place}.unionAll", depth + 1),
        _path(item[each], f"{place}.{each}") if each else None,
        each == "forEachOrNull",
        tuple(repeated),
    )
    if any(branch.names != found.union[0].names for branch in found.union):
        names = "; ".join(", ".join(branch.names) for branch in found.union)
        raise CannotCompile(f"The branches differ in their columns: {names}.", "Make them alike.", f"{place}.unionAll")
    return found


def _column(item: Any, place: str) -> Column:
    _check(item, _COLUMN, place)
    name, kind, collection = item.get("name"), item.get("type", ""), item.get("collection", False)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CannotCompile(f"{name!r} is no name of a column.", "Take letters, digits and _, a letter first.", place)
    if not isinstance(kind, str) or not isinstance(collection, bool) or (kind and not known(kind)):
        raise CannotCompile(f"The column {name} is of type {kind!r}, which FHIR R4 doesn't have.", _MEND, place)
    return Column(name, _path(item.get("path"), f"{place} {name}"), kind, collection)


def _constant(item: Any) -> tuple[str, Literal]:
    place = "constant"
    name = item.get("name") if isinstance(item, dict) else None
    values = [key for key in item if key.startswith("value")] if isinstance(item, dict) else []
    if not isinstance(name, str) or len(values) != 1:
        raise CannotCompile(f"The constant {name!r} has not one name and one value.", _MEND, place)
    written, kind = item[values[0]], values[0].removeprefix("value")
    kind = next((known_one for known_one in PRIMITIVES if known_one.lower() == kind.lower()), "")
    wanted = {"BOOLEAN": bool, "BIGINT": int, "DOUBLE": int | float, "VARCHAR": str}.get(PRIMITIVES.get(kind, ""), str)
    if not kind or not isinstance(written, wanted) or isinstance(written, bool) != (kind == "boolean"):
        raise CannotCompile(f"The constant {name!r} is no value of a primitive type.", _MEND, place)
    return name, Literal(written, kind)


def _path(written: Any, place: str) -> Node:
    if not isinstance(written, str):
        raise CannotCompile(f"{written!r} is no path.", "Write FHIRPath as text.", place)
    try:
        return parse(written)
    except CannotCompile as fault:
        raise fault.at(place) from None


def _check(item: Any, allowed: frozenset[str], place: str) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        raise CannotCompile("This is no object.", _MEND, place)
    if other := sorted(key for key in item if key not in allowed):
        raise CannotCompile(f"{other[0]!r} is not supported here.", f"These are: {', '.join(sorted(allowed))}.", place)
    return item


def _list(items: Any, place: str) -> list[Any]:
    if not isinstance(items, list):
        raise CannotCompile("This is no list.", _MEND, place)
    return items
