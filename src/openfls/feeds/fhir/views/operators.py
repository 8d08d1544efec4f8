"""The operators of FHIRPath that views may use, each as SQL. An operand that is nothing gives nothing, as in SQL."""

from openfls.feeds.fhir.views.elements import INTEGERS, MOMENTS, NUMBERS, PRIMITIVES
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.values import EMPTY, Value, single

_COMPARISONS = {"=": "=", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_ARITHMETIC = frozenset({"+", "-", "*", "/", "div", "mod"})


def operation(sign: str, left: Value, right: Value) -> Value:
    if sign in _COMPARISONS:
        return _compared(sign, left, right)
    if sign in ("and", "or"):
        return Value(f"({_boolean(sign, left)} {sign.upper()} {_boolean(sign, right)})", "boolean")
    if sign in _ARITHMETIC:
        return _reckoned(sign, left, right)
    if sign == "&":
        sides = (f"coalesce({_text(sign, side)}, '')" for side in (left, right))
        return Value(f"({' || '.join(sides)})", "string")
    raise CannotCompile(f"The operator {sign} is not supported.", "Use = != < > <= >= and or + - * / div mod &.")


def negative(value: Value) -> Value:
    if value.type not in NUMBERS:
        raise CannotCompile(f"- stands before a {value.type}.", "Put it before a number.")
    return Value(f"(-{number(value)})", value.type)


def number(value: Value) -> str:
    """As a number, also where the scan reads it as it is written."""
    sql = single(value, "A number").sql
    return f"CAST({sql} AS DOUBLE)" if value.type == "decimal" else sql


def _compared(sign: str, left: Value, right: Value) -> Value:
    types = {left.type, right.type}
    if "empty" in types:
        return EMPTY
    one, other = single(left, f"The left of {sign}").sql, single(right, f"The right of {sign}").sql
    if types <= NUMBERS:
        return Value(f"({number(left)} {_COMPARISONS[sign]} {number(right)})", "boolean")
    if types == {"boolean"} and sign in ("=", "!="):
        return Value(f"({one} {_COMPARISONS[sign]} {other})", "boolean")
    if types & MOMENTS and types <= MOMENTS | {"string"}:
        return Value(_moments(_COMPARISONS[sign], one, other), "boolean")
    if all(PRIMITIVES.get(kind) == "VARCHAR" for kind in types):
        return Value(f"({one} {_COMPARISONS[sign]} {other})", "boolean")
    raise CannotCompile(f"{left.type} {sign} {right.type} is not supported.", "Compare values of one kind.")


def _moments(sign: str, one: str, other: str) -> str:
    """Dates and times: with offsets as moments; written alike as they are; else as far as both are written, and nothing
    where that doesn't decide."""
    short = f"least(length({one}), length({other}))"
    heads = f"substr({one}, 1, {short})", f"substr({other}, 1, {short})"
    offset = "'T.*(Z|[+-][0-9][0-9]:[0-9][0-9])$'"
    return (
        f"(CASE WHEN regexp_matches({one}, {offset}) AND regexp_matches({other}, {offset})"
        f" THEN CAST({one} AS TIMESTAMPTZ) {sign} CAST({other} AS TIMESTAMPTZ)"
        f" WHEN length({one}) = length({other}) THEN {one} {sign} {other}"
        f" WHEN {heads[0]} <> {heads[1]} THEN {heads[0]} {sign} {heads[1]} END)"
    )


def _reckoned(sign: str, left: Value, right: Value) -> Value:
    types = {left.type, right.type}
    if "empty" in types:
        return EMPTY
    if sign == "+" and all(PRIMITIVES.get(kind) == "VARCHAR" for kind in types) and not types & MOMENTS:
        return Value(f"({_text(sign, left)} || {_text(sign, right)})", "string")
    if not types <= NUMBERS:
        raise CannotCompile(f"{left.type} {sign} {right.type} is not supported.", "Reckon with numbers.")
    one, other = number(left), number(right)
    whole = types <= INTEGERS and sign != "/"
    match sign:
        case "/":
            sql = f"(CAST({one} AS DOUBLE) / nullif({other}, 0))"
        case "div":
            sql = f"CAST(trunc({one} / nullif({other}, 0)) AS BIGINT)"
        case "mod":
            sql = f"({one} % nullif({other}, 0))"
        case _:
            sql = f"({one} {sign} {other})"
    return Value(sql, "integer" if whole or sign == "div" else "decimal")


def _boolean(sign: str, value: Value) -> str:
    if value.type not in ("boolean", "empty"):
        raise CannotCompile(f"{sign} stands beside a {value.type}.", "Put it between booleans.")
    return single(value, f"A side of {sign}").sql


def _text(sign: str, value: Value) -> str:
    if value.type != "empty" and PRIMITIVES.get(value.type) != "VARCHAR":
        raise CannotCompile(f"{sign} stands beside a {value.type}.", "Put it between texts.")
    return single(value, f"A side of {sign}").sql
