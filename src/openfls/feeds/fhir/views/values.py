"""What an expression is in SQL, and what it needs of the file: the declared schema grows as paths are compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from openfls.feeds.fhir.views.elements import PRIMITIVES
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.fhirpath import Literal


@dataclass(slots=True, eq=False)
class Need:
    """One element that the scan must read: whole (``children`` empty; a complex one as JSON) or in parts.

    ``as_written``: a decimal is read as text, because a boundary depends on how many places were written.
    """

    type: str
    many: bool = False
    children: dict[str, "Need"] = field(default_factory=dict)
    whole: bool = False
    as_written: bool = False

    def child(self, name: str, type_name: str, many: bool) -> "Need":
        return self.children.setdefault(name, Need(type_name, many))

    def merge(self, other: "Need") -> None:
        """With what ``other``, the same element met elsewhere, needs."""
        self.whole |= other.whole
        self.as_written |= other.as_written
        for name, need in other.children.items():
            self.child(name, need.type, need.many).merge(need)

    @property
    def sql(self) -> str:
        """Its DuckDB type."""
        return self.one + ("[]" if self.many else "")

    @property
    def one(self) -> str:
        """The DuckDB type of a single one."""
        if not self.children:
            return "VARCHAR" if self.as_written else PRIMITIVES.get(self.type, "JSON")
        if self.whole:
            raise CannotCompile(
                f"A {self.type} is asked for whole and in parts.", "Take it whole, or the parts that are needed."
            )
        return f"STRUCT({', '.join(f'{quoted(name)} {need.sql}' for name, need in self.children.items())})"


@dataclass(frozen=True, slots=True)
class Value:
    """An expression: its SQL, FHIR type, whether it is a list, and the element behind it where there is one.

    ``choice`` is the element's name where it may be of several types: then ``sql`` is what it belongs to.
    """

    sql: str
    type: str
    many: bool = False
    need: Need | None = None
    choice: str = ""


EMPTY = Value("NULL", "empty")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: ``this`` is what paths begin at, ``index`` the SQL of %rowIndex.

    ``unknown_is_empty``: an element that FHIR R4 doesn't have gives nothing, as in the official test cases; by default
    it is refused, because a misspelt name would be a silent null.
    """

    this: Value
    root: Value
    constants: Mapping[str, Literal]
    index: str = "0"
    unknown_is_empty: bool = False
    _numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, prefix: str) -> str:
        """A name that no other lambda of the statement has."""
        return f"{prefix}{next(self._numbers)}"

    def inside(self, this: Value, index: str | None = None) -> "Scope":
        return replace(self, this=this, index=self.index if index is None else index)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string in SQL."""
    if "\x00" in value:
        raise CannotCompile("A text holds a NUL character.", "Write it without.")
    return "'" + value.replace("'", "''") + "'"


def failing(reason: str) -> str:
    """SQL that stops the query with a reason."""
    return f"error({text(reason)})"


def single(value: Value, what: str) -> Value:
    """The one item of a collection. The query stops where there are more: which was meant, nobody can tell."""
    if value.choice:
        raise CannotCompile(
            f"{value.choice!r} may be of several types.", f"Say which: {value.choice}.ofType(…), with one of them."
        )
    if not value.many:
        return value
    reason = f"{what} has more than one value. Take first(), or say collection: true."
    sql = f"CASE WHEN len({value.sql}) > 1 THEN {failing(reason)} ELSE ({value.sql})[1] END"
    return Value(sql, value.type, False, value.need)


def listed(value: Value) -> str:
    """The SQL of a list, empty where there is nothing."""
    if value.type == "empty":
        return "CAST([] AS INTEGER[])"
    if value.many:
        return f"coalesce({value.sql}, [])"
    return f"CASE WHEN {value.sql} IS NULL THEN [] ELSE [{value.sql}] END"
