"""FHIRPath to SQL over the columns that a scan declares: paths, indices and variables."""

from openfls.feeds.fhir.views import functions, operators
from openfls.feeds.fhir.views.elements import INTEGERS, PRIMITIVES, Element, choice_name, element
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.fhirpath import Call, Index, Literal, Name, Negative, Node, Operation, Variable
from openfls.feeds.fhir.views.values import EMPTY, Scope, Value, quoted, single, text


def value_of(node: Node, scope: Scope) -> Value:
    """The SQL of an expression. Raises `CannotCompile` for what this compiler doesn't know."""
    match node:
        case Literal():
            return literal(node)
        case Variable():
            return _variable(node, scope)
        case Name():
            return _name(node, scope)
        case Index():
            return _indexed(node, scope)
        case Call():
            return _called(node, scope)
        case Operation(sign, left, right):
            return operators.operation(sign, value_of(left, scope), value_of(right, scope))
        case Negative(of):
            return operators.negative(value_of(of, scope))


def literal(node: Literal) -> Value:
    if isinstance(node.value, bool):
        return Value("TRUE" if node.value else "FALSE", "boolean")
    if isinstance(node.value, int | float):
        return Value(repr(node.value), node.type)
    return Value(text(node.value), node.type)


def condition(node: Node, scope: Scope, what: str) -> str:
    """The SQL of what must be true to keep something. Raises where the expression is no boolean."""
    found = value_of(node, scope)
    if found.type not in ("boolean", "empty"):
        raise CannotCompile(f"{what} is of type {found.type}, no boolean.", "Compare it, or ask exists().")
    return f"coalesce({single(found, what).sql}, FALSE)"


def _variable(node: Variable, scope: Scope) -> Value:
    match node.name:
        case "$this":
            return scope.this
        case "%rowIndex":
            return Value(scope.index, "integer")
        case "%resource" | "%rootResource":
            return scope.root
    name = node.name.removeprefix("%")
    if node.name.startswith("$") or name not in scope.constants:
        known = ", ".join(f"%{one}" for one in scope.constants) or "none"
        raise CannotCompile(f"{node.name} is not defined.", f"Declare it as a constant of the view; it has: {known}.")
    return literal(scope.constants[name])


def _name(node: Name, scope: Scope) -> Value:
    if node.of is None and node.name == scope.root.type:
        return scope.root
    return child(value_of(node.of, scope) if node.of else scope.this, node.name, scope)


def child(value: Value, name: str, scope: Scope) -> Value:
    """The element ``name`` of a value, one list where either repeats."""
    if value.choice:
        value = single(value, name)
    if value.type == "empty":
        return EMPTY
    found = element(value.type, name)
    if value.need is None:
        raise CannotCompile(f"{name!r} is asked of what a where() of the resource gives.", "Ask it of an element.")
    if found is None:
        if scope.unknown_is_empty:
            return EMPTY
        raise CannotCompile(f"{value.type} has no element {name!r} in FHIR R4.", _MEND.get(name, "Correct the name."))
    if found.choices:
        return Value(value.sql, value.type, value.many, value.need, name)
    return _step(value, name, found, scope)


def choice(value: Value, type_name: str, scope: Scope) -> Value:
    """What is of this type among the types that an element may have. Raises where it can never have it."""
    if value.type == "empty":
        return EMPTY
    if not value.choice:
        if value.type == type_name:
            return value
        raise CannotCompile(f"It is of type {value.type}, never of {type_name}.", "Correct the type.")
    found = element(value.type, value.choice)
    if found is None or type_name not in found.choices:
        of = "|".join(found.choices if found else ())
        raise CannotCompile(f"{value.choice!r} is never of type {type_name}.", f"It is one of {of[:300]}.")
    return _step(value, choice_name(value.choice, type_name), Element(type_name, False), scope)


def _step(value: Value, name: str, found: Element, scope: Scope) -> Value:
    if value.need is None:
        raise CannotCompile(f"{value.type} has no element {name!r}.", "Correct the path.")
    need, primitive = value.need.child(name, found.type, found.many), found.type in PRIMITIVES
    if not value.many:
        sql = f"{value.sql}.{quoted(name)}" if value.sql else quoted(name)
        return Value(_present(sql, scope) if found.many and primitive else sql, found.type, found.many, need)
    one = scope.fresh("x")
    steps = f"list_transform({value.sql}, lambda {one}: {one}.{quoted(name)})"
    steps = f"flatten({steps})" if found.many else steps
    return Value(steps if found.many and not primitive else _present(steps, scope), found.type, True, need)


def _present(sql: str, scope: Scope) -> str:
    """Without nulls: they hold the place of what has an extension only, or come from an element that isn't there."""
    one = scope.fresh("x")
    return f"list_filter({sql}, lambda {one}: {one} IS NOT NULL)"


def _indexed(node: Index, scope: Scope) -> Value:
    value, at = value_of(node.of, scope), value_of(node.at, scope)
    if at.type not in INTEGERS or at.many:
        raise CannotCompile("An index is a single whole number.", "Write it as name[0].")
    if value.many:
        return Value(f"({value.sql})[{at.sql} + 1]", value.type, False, value.need, value.choice)
    return Value(f"CASE WHEN {at.sql} = 0 THEN {single(value, 'It').sql} END", value.type, False, value.need)


def _called(node: Call, scope: Scope) -> Value:
    value = value_of(node.of, scope) if node.of else scope.this
    match node.name, node.arguments:
        case "where", (criterion,):
            return _where(value, criterion, scope)
        case "exists", (criterion,):
            return functions.exists(_where(value, criterion, scope))
        case "ofType", (Name(name=type_name),):
            return choice(value, type_name, scope)
        case "extension", (address,):
            found = child(value, "extension", scope)
            return _where(found, Operation("=", Name("url"), address), scope)
        case "getResourceKey", () if node.of is None or value is scope.root:
            return child(scope.root, "id", scope)
        case "getReferenceKey", ():
            return functions.reference_key(_reference(value, scope), "")
        case "getReferenceKey", (Name(name=type_name),):
            return functions.reference_key(_reference(value, scope), type_name)
    return functions.call(node.name, value, tuple(value_of(one, scope) for one in node.arguments))


def _reference(value: Value, scope: Scope) -> Value:
    if value.type not in ("Reference", "empty"):
        raise CannotCompile(f"getReferenceKey() is asked of a {value.type}.", "Ask it of a Reference.")
    return child(value, "reference", scope)


def _where(value: Value, criterion: Node, scope: Scope) -> Value:
    if value.type == "empty":
        return EMPTY
    if not value.many:
        held = condition(criterion, scope.inside(value), "A criterion")
        if value is scope.root:
            return Value(f"CASE WHEN {held} THEN TRUE END", value.type)
        return Value(f"CASE WHEN {held} THEN {single(value, 'It').sql} END", value.type, False, value.need)
    one = scope.fresh("x")
    held = condition(criterion, scope.inside(Value(one, value.type, False, value.need)), "A criterion")
    return Value(f"list_filter({value.sql}, lambda {one}: {held})", value.type, True, value.need)


_MEND = {"div": "Divide with /.", "trace": "Leave trace() out."}
