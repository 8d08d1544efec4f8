"""The expression trees of standards, walked: which nodes there are."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from openfls.clinical.standards import Standard


def nodes(standards: Iterable[Standard]) -> Iterator[Any]:
    """Every node of every tree, windows and moments included."""
    for standard in standards:
        for part in (standard.counts, standard.excludes, standard.met_by, standard.window, standard.late_until):
            yield from within(part)


def within(node: Any) -> Iterator[Any]:
    """The node and all beneath it."""
    if isinstance(node, tuple):
        for part in node:
            yield from within(part)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from within(getattr(node, field.name))
