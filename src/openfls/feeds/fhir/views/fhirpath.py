"""FHIRPath as a tree: the whole grammar of paths, calls, literals and operators; `paths` says what of it compiles.

After FHIRPath N1 (HL7, 2.0.0), with the precedence of its operators. Dates, quantities and type operators are not among
what views may ask for here and are refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from openfls.feeds.fhir.views.faults import CannotCompile


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | float | bool
    type: str


@dataclass(frozen=True, slots=True)
class Name:
    """An element of what stands before it; of the context where nothing does."""

    name: str
    of: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Variable:
    """``$this`` or ``%name``, with its sign."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: "tuple[Node, ...]"
    of: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Index:
    of: "Node"
    at: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    of: "Node"


Node: TypeAlias = Literal | Name | Variable | Call | Index | Operation | Negative

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<variable>\$[a-z]+|%[A-Za-z_][A-Za-z0-9_]*|%`[^`]+`)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*|`[^`]+`)
    | (?P<sign><=|>=|!=|!~|[-+*/=<>~|&().,\[\]])
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
# Loosest first. `|`, `is`, `as`, `in`, `contains`, `~` and `implies` are part of the language and refused by `paths`.
_LEVELS = (
    ("implies",), ("or", "xor"), ("and",), ("in", "contains"), ("=", "!=", "~", "!~"), ("<=", ">=", "<", ">"), ("|",),
    ("is", "as"), ("+", "-", "&"), ("*", "/", "div", "mod"),
)  # fmt: skip
_MEND = "Write it as FHIRPath."
DEEPEST = 50  # nested brackets


def parse(written: str) -> Node:
    """The tree of an expression. Raises `CannotCompile` for what is no FHIRPath."""
    reading = _Reading(written)
    tree = reading.expression()
    if reading.token:
        raise reading.fault()
    return tree


class _Reading:
    """One expression from left to right; ``kind`` and ``token`` are what stands next, empty at the end."""

    def __init__(self, written: str) -> None:
        self._written, self._at, self._depth = written, 0, 0
        self.kind = self.token = ""
        self._next()

    def expression(self, level: int = 0) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        left = self.expression(level + 1)
        while self.token in _LEVELS[level] and self.kind in ("sign", "name"):
            sign = self._next()
            left = Operation(sign, left, self.expression(level + 1))
        return left

    def fault(self) -> CannotCompile:
        found = f"{self.token!r} stands" if self.token else "it ends"
        return CannotCompile(f"{self._written[:120]!r} is no FHIRPath: {found} where something else belongs.", _MEND)

    def _signed(self) -> Node:
        if self._take("-"):
            return Negative(self._signed())
        return self._signed() if self._take("+") else self._path()

    def _path(self) -> Node:
        found = self._term()
        while True:
            if self._take("."):
                found = self._step(found)
            elif self._take("["):
                found = Index(found, self._inside("]"))
            else:
                return found

    def _term(self) -> Node:
        if self._take("("):
            return self._inside(")")
        if self.kind in _TERMS:
            kind = self.kind
            return _TERMS[kind](self._next())
        return self._step(None)

    def _step(self, of: Node | None) -> Node:
        if self.kind == "variable" and of is None:
            return Variable(self._next().replace("`", ""))
        if self.kind != "name":
            raise self.fault()
        quoted = self.token.startswith("`")
        name = self._next().strip("`")
        if of is None and not quoted and name in ("true", "false"):
            return Literal(name == "true", "boolean")
        return Call(name, self._arguments(), of) if self._take("(") else Name(name, of)

    def _arguments(self) -> tuple[Node, ...]:
        if self._take(")"):
            return ()
        found = [self._nested()]
        while self._take(","):
            found.append(self._nested())
        self._close(")")
        return tuple(found)

    def _inside(self, closing: str) -> Node:
        found = self._nested()
        self._close(closing)
        return found

    def _nested(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise CannotCompile(f"Brackets are nested deeper than {DEEPEST}.", "Write it more simply.")
        found = self.expression()
        self._depth -= 1
        return found

    def _close(self, closing: str) -> None:
        if not self._take(closing):
            raise self.fault()

    def _take(self, sign: str) -> bool:
        if self.kind == "sign" and self.token == sign:
            self._next()
            return True
        return False

    def _next(self) -> str:
        """Goes one token on and gives the one that stood."""
        before = self.token
        rest = self._written[self._at :].strip()
        if not rest:
            self.kind = self.token = ""
            return before
        found = _TOKEN.match(self._written, self._at)
        if found is None:
            raise CannotCompile(f"{self._written[:120]!r} is no FHIRPath at {rest[:20]!r}.", _MEND)
        self._at, self.kind = found.end(), str(found.lastgroup)
        self.token = found.group(self.kind)
        return before


def _number(written: str) -> Literal:
    return Literal(float(written), "decimal") if "." in written else Literal(int(written), "integer")


def _string(written: str) -> Literal:
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), written[1:-1])
    return Literal(re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), unescaped), "string")


_TERMS: dict[str, Callable[[str], Literal]] = {"number": _number, "string": _string}
