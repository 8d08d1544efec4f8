"""The functions of FHIRPath that views may call, each as SQL. What isn't listed is refused."""

from collections.abc import Callable

from openfls.feeds.fhir.views import boundaries
from openfls.feeds.fhir.views.elements import PRIMITIVES, known
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.values import EMPTY, Value, listed, single, text

# FHIR R4, 2.3.0.4: type and id at the end of a reference, before any version.
_REFERENCE = r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?$"


def call(name: str, value: Value, arguments: tuple[Value, ...]) -> Value:
    """``value.name(arguments)``."""
    found = _FUNCTIONS.get(name)
    if found is None:
        raise CannotCompile(f"The function {name}() is not supported.", f"These are: {', '.join(SUPPORTED)}.")
    function, most = found
    if len(arguments) > most:
        raise CannotCompile(f"{name}() takes no more than {most} arguments.", "Leave the others out.")
    return function(value, *arguments)


def exists(value: Value) -> Value:
    if value.type == "empty":
        return Value("FALSE", "boolean")
    if value.choice:
        raise CannotCompile(
            f"Whether {value.choice!r} of any type exists is not supported.", "Say ofType(…) before exists()."
        )
    return Value(f"coalesce(len({value.sql}), 0) > 0" if value.many else f"({value.sql}) IS NOT NULL", "boolean")


def reference_key(reference: Value, type_name: str) -> Value:
    """The id that a reference ends in; nothing where it is of another type than ``type_name``."""
    if type_name and not known(type_name):
        raise CannotCompile(f"{type_name!r} is no type of FHIR R4.", "Correct the name.")
    if reference.type == "empty":
        return EMPTY
    written = single(reference, "A reference").sql
    key = f"nullif(regexp_extract({written}, {text(_REFERENCE)}, 2), '')"
    if type_name:
        key = f"CASE WHEN regexp_extract({written}, {text(_REFERENCE)}, 1) = {text(type_name)} THEN {key} END"
    return Value(key, "id")


def _empty(value: Value) -> Value:
    return Value(f"NOT ({exists(value).sql})", "boolean")


def _count(value: Value) -> Value:
    return Value(f"len({listed(value)})", "integer")


def _first(value: Value) -> Value:
    if not value.many:
        return value
    return Value(f"({value.sql})[1]", value.type, False, value.need, value.choice)


def _not(value: Value) -> Value:
    if value.type not in ("boolean", "empty"):
        raise CannotCompile(f"not() is asked of a {value.type}.", "Ask it of a boolean.")
    return Value(f"NOT ({single(value, 'What not() is asked of').sql})", "boolean")


def _join(value: Value, separator: Value | None = None) -> Value:
    """The texts in one; an empty text where there are none, as the official test cases ask."""
    if value.type == "empty":
        return EMPTY
    if PRIMITIVES.get(value.type) != "VARCHAR":
        raise CannotCompile(f"join() is asked of a {value.type}.", "Ask it of texts.")
    between = single(separator, "The separator").sql if separator else "''"
    return Value(f"array_to_string({listed(value)}, {between})", "string")


_OF_PATHS = frozenset({"where", "ofType", "extension", "getResourceKey", "getReferenceKey"})
_FUNCTIONS: dict[str, tuple[Callable[..., Value], int]] = {
    "exists": (exists, 0),
    "empty": (_empty, 0),
    "count": (_count, 0),
    "first": (_first, 0),
    "not": (_not, 0),
    "join": (_join, 1),
    "lowBoundary": (boundaries.low, 0),
    "highBoundary": (boundaries.high, 0),
}
SUPPORTED = tuple(sorted({*_FUNCTIONS, *_OF_PATHS}))
