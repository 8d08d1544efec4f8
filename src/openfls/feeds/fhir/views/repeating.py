"""``repeat``: the nodes of a tree in the order in which they are written, down to a declared depth.

A declared schema has an end, and a tree of items may not: one that goes deeper stops the query with the reason.
"""

from dataclasses import dataclass, field, replace

from openfls.feeds.fhir.views.faults import CannotCompile
from openfls.feeds.fhir.views.fhirpath import Node
from openfls.feeds.fhir.views.paths import value_of
from openfls.feeds.fhir.views.values import Need, Scope, Value, failing, listed

DEEPEST = 6  # levels; planning a query takes longer with each


@dataclass(frozen=True, slots=True)
class _Tree:
    """``node`` is what is asked of every node alike, ``levels`` where the nodes of each level stand in the file;
    ``mark`` stands in the SQL for the type of a node until that is settled."""

    mark: str
    node: Need
    levels: list[Need] = field(default_factory=list)


class Repeats:
    """The trees of one view. Their SQL is written before their types are known: `written` fills these in."""

    def __init__(self) -> None:
        self._trees: list[_Tree] = []

    def nodes(self, paths: tuple[Node, ...], scope: Scope) -> tuple[str, Value]:
        """The SQL of all nodes as one list, and what one of them is."""
        lenient = replace(scope, unknown_is_empty=True)  # answer.item is an element of an item, not of the whole form
        kind = self._type(paths, lenient)
        for path in paths:
            _known_somewhere(path, scope, kind)
        tree = _Tree(f"\x00node {len(self._trees)}\x00", Need(kind))
        self._trees.append(tree)
        found = self._below(paths, lenient, tree, 0)
        return found, Value("", kind, False, tree.node)

    def settle(self) -> None:
        """Every level reads what is asked of a node; inner trees first, for they ask more of outer ones."""
        for tree in reversed(self._trees):
            for level in tree.levels:
                level.merge(tree.node)

    def written(self, sql: str) -> str:
        for number, tree in enumerate(self._trees):
            for level, need in enumerate(tree.levels):
                sql = sql.replace(_level_mark(number, level), need.one)
            sql = sql.replace(tree.mark, tree.node.one)
        return sql

    def _type(self, paths: tuple[Node, ...], scope: Scope) -> str:
        kinds = {found.type for path in paths if (found := value_of(path, scope)).type != "empty"}
        if len(kinds) > 1:
            raise CannotCompile(f"repeat leads to different types: {', '.join(sorted(kinds))}.", "Repeat one type.")
        return kinds.pop() if kinds else "empty"

    def _below(self, paths: tuple[Node, ...], scope: Scope, tree: _Tree, level: int) -> str:
        children = [found for path in paths if (found := value_of(path, scope)).type != "empty"]
        if not children:
            return "CAST([] AS INTEGER[])"
        if any(found.type != tree.node.type for found in children):
            raise CannotCompile("repeat leads to another type further down.", "Repeat one type.")
        if level == DEEPEST:
            deeper = " + ".join(f"len({listed(found)})" for found in children)
            reason = f"The items of a resource are nested deeper than {DEEPEST} levels."
            return f"CASE WHEN {deeper} > 0 THEN {failing(reason)} ELSE CAST([] AS {tree.mark}[]) END"
        shared = _shared(children)
        tree.levels.append(shared)
        mark = _level_mark(self._trees.index(tree), level)
        lists = [f"CAST({listed(found)} AS {mark}[])" for found in children]
        one = scope.fresh("n")
        below = self._below(paths, scope.inside(Value(one, tree.node.type, False, shared)), tree, level + 1)
        itself = f"[CAST({one} AS {tree.mark})]"
        return f"flatten(list_transform(flatten([{', '.join(lists)}]), lambda {one}: list_concat({itself}, {below})))"


def _known_somewhere(path: Node, scope: Scope, kind: str) -> None:
    """Raises where a path leads nowhere, from the beginning and from any node."""
    try:
        value_of(path, scope)
    except CannotCompile:
        if kind == "empty":
            raise
        value_of(path, scope.inside(Value("x", kind, False, Need(kind))))


def _shared(children: list[Value]) -> Need:
    """One need for the nodes of a level, by whichever path they are reached."""
    needs = [found.need for found in children if found.need is not None]
    for need in needs[1:]:
        needs[0].merge(need)
        need.children = needs[0].children
    return needs[0]


def _level_mark(number: int, level: int) -> str:
    return f"\x00node {number} level {level}\x00"
