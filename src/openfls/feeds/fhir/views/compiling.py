"""A ViewDefinition to one typed scan: a minimal declared schema, and ``SELECT`` or ``SELECT unnest(…)`` over it.

The rows of a resource are built as a list of structs, inside out, and unnested once: a lateral join of the same takes
two to six times as long. What isn't supported raises `CannotCompile` here, when the view is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from openfls.feeds.fhir.views.definition import Column, Definition, Select, definition
from openfls.feeds.fhir.views.elements import INTEGERS, PRIMITIVES
from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.paths import condition, value_of
from openfls.feeds.fhir.views.repeating import Repeats
from openfls.feeds.fhir.views.values import Need, Scope, Value, listed, quoted, single, text

LONGEST_LINE = 8 * 1024 * 1024  # bytes of one resource; the engine reads pieces of twice that, in parallel


@dataclass(frozen=True, slots=True)
class Scan:
    """A compiled view. ``columns`` are what it gives, in order; ``schema`` what it declares of the file."""

    resource: str
    columns: tuple[str, ...]
    schema: Mapping[str, str]
    select: str
    where: str

    def sql(self, paths: Sequence[str]) -> str:
        """The statement over NDJSON files, plain or gzip. A line that breaks the declared schema stops it."""
        files = f"[{', '.join(map(text, paths))}]"
        declared = ", ".join(f"{quoted(name)}: {text(kind)}" for name, kind in self.schema.items())
        scanned = f"read_json({files}, format = 'newline_delimited', columns = {{{declared}}}"
        bounded = f"{scanned}, maximum_object_size = {LONGEST_LINE})"
        return f"SELECT {self.select} FROM {bounded} WHERE {self.where}"  # noqa: S608 (all was quoted when compiled)


Row: TypeAlias = dict[str, str]  # column -> SQL
Then: TypeAlias = Callable[[Row], str]  # what follows inside: the SQL of a list of rows


def compiled(view: Any, unknown_is_empty: bool = False) -> Scan:
    """The scan of a ViewDefinition (its JSON). Raises `CannotCompile` for what is wrong or not supported.

    ``unknown_is_empty``: an element that FHIR R4 doesn't have is nothing, instead of refused.
    """
    told = definition(view)
    return _Compiler(told, unknown_is_empty).scan()


class _Compiler:
    """One view while it is compiled: the schema grows in ``_root`` as paths are met."""

    def __init__(self, told: Definition, unknown_is_empty: bool) -> None:
        self._told, self._root, self._repeats = told, Need(told.resource), Repeats()
        root = Value("", told.resource, False, self._root)
        self._scope = Scope(root, root, told.constants, unknown_is_empty=unknown_is_empty)

    def scan(self) -> Scan:
        select, conditions = self._select(), [self._condition(node) for node in self._told.where]
        self._repeats.settle()
        self._root.child("resourceType", "string", False)
        kept = [f"{quoted('resourceType')} = {text(self._told.resource)}", *conditions]
        schema = {name: need.sql for name, need in self._root.children.items()}
        whole = " AND ".join(kept)
        return Scan(
            self._told.resource,
            self._told.select.names,
            schema,
            self._repeats.written(select),
            self._repeats.written(whole),
        )

    def _select(self) -> str:
        every = self._told.select
        if all(_flat(one) for one in every.selects):
            row = {column.name: self._column(column, self._scope) for column in _columns(every)}
            return ", ".join(f"{sql} AS {quoted(name)}" for name, sql in row.items())
        rows = self._rows(every, self._scope, {}, _struct)
        return f"unnest({rows}, max_depth := 2)"

    def _condition(self, node: Any) -> str:
        return condition(node, self._scope, "A where of the view")

    def _rows(self, one: Select, scope: Scope, row: Row, then: Then) -> str:
        """The rows of a select and of what follows it, as the SQL of a list."""
        if one.repeat:
            nodes, this = self._repeats.nodes(one.repeat, scope)
            return self._for_each(one, scope, nodes, this, row, then)
        if one.each is None:
            return self._inside(one, scope, row, then)
        value = value_of(one.each, scope)
        nodes = listed(value)
        if one.or_null:
            nodes = f"CASE WHEN len({nodes}) = 0 THEN [NULL] ELSE {nodes} END"
        return self._for_each(one, scope, nodes, Value("", value.type, False, value.need, value.choice), row, then)

    def _for_each(self, one: Select, scope: Scope, nodes: str, this: Value, row: Row, then: Then) -> str:
        item, index = scope.fresh("x"), scope.fresh("i")
        inner = scope.inside(Value(item, this.type, False, this.need, this.choice), f"({index} - 1)")
        rows = self._inside(one, inner, row, then)
        return f"flatten(list_transform({nodes}, lambda {item}, {index}: {rows}))"

    def _inside(self, one: Select, scope: Scope, row: Row, then: Then) -> str:
        """Columns, then nested selects, then the union's branches: the order in which the columns stand."""
        row = row | {column.name: self._column(column, scope) for column in one.columns}
        return self._follow(list(one.selects), scope, row, lambda full: self._union(one.union, scope, full, then))

    def _follow(self, selects: list[Select], scope: Scope, row: Row, then: Then) -> str:
        if not selects:
            return then(row)
        return self._rows(selects[0], scope, row, lambda full: self._follow(selects[1:], scope, full, then))

    def _union(self, branches: tuple[Select, ...], scope: Scope, row: Row, then: Then) -> str:
        if not branches:
            return then(row)
        found = [self._rows(branch, scope, row, then) for branch in branches]
        return f"flatten([{', '.join(found)}])"

    def _column(self, column: Column, scope: Scope) -> str:
        try:
            value = value_of(column.path, scope)
            return _typed(column, value)
        except CannotCompile as fault:
            raise fault.at(f"column {column.name}") from None


def _typed(column: Column, value: Value) -> str:
    """As the column's DuckDB type, so that the branches of a union are alike."""
    if value.need is not None and value.need.type == value.type and value.type not in PRIMITIVES:
        value.need.whole = True
    _check_type(column, value)
    kind = PRIMITIVES.get(value.type if value.type != "empty" else column.type or "string", "JSON")
    if column.collection:
        return f"CAST({listed(value)} AS {kind}[])"
    return f"CAST({single(value, f'The column {column.name}').sql} AS {kind})"


def _check_type(column: Column, value: Value) -> None:
    """That a column is declared as what its path gives; texts of one kind stand for one another."""
    told, found = column.type, value.type
    if not told or found in (told, "empty") or (told == "decimal" and found in INTEGERS):
        return
    if told in PRIMITIVES and PRIMITIVES.get(found) == PRIMITIVES[told]:
        return
    raise CannotCompile(f"The column is declared as {told}, its path gives {found}.", f"Declare it as {found}.")


def _struct(row: Row) -> str:
    return f"[struct_pack({', '.join(f'{quoted(name)} := {sql}' for name, sql in row.items())})]"


def _flat(one: Select) -> bool:
    """Whether it gives one row, of columns alone."""
    return one.each is None and not one.repeat and not one.union and all(map(_flat, one.selects))


def _columns(one: Select) -> list[Column]:
    return [*one.columns, *chain.from_iterable(map(_columns, one.selects))]
