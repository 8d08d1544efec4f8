"""The content tree of a structured report, as plain items: a walk of ContentSequence and nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openfls.feeds.dicom.faults import Fault

DEEPEST = 16  # containers within containers
MOST_ITEMS = 20_000
MEND = "Send the report again as the scanner wrote it."
NAMED, UNITS = "ConceptNameCodeSequence", "MeasurementUnitsCodeSequence"


@dataclass(frozen=True, slots=True)
class Item:
    """One content item. ``value`` is what it says as text: of a number (NUM), a text (TEXT) or a code (CODE)."""

    name: str
    kind: str
    value: str = ""
    unit: str = ""
    items: tuple["Item", ...] = ()

    def named(self, *names: str) -> "Item | None":
        """The first item below with one of these names."""
        return next((item for item in self.items if item.name in names), None)

    def everywhere(self) -> Iterator["Item"]:
        """This item and all below it."""
        yield self
        for item in self.items:
            yield from item.everywhere()


def tree_of(dataset: Any) -> Item:
    """The report's tree from its root. Raises `Fault` for one that is too large or too deep."""
    return _item(dataset, [0], 0)


def _item(node: Any, counted: list[int], depth: int) -> Item:
    counted[0] += 1
    if depth > DEEPEST or counted[0] > MOST_ITEMS:
        raise Fault("ContentSequence", f"The tree has more than {MOST_ITEMS:,} items or {DEEPEST} levels.", MEND)
    kind = str(node.get("ValueType", ""))
    value, unit = _value(node, kind)
    below = tuple(_item(item, counted, depth + 1) for item in node.get("ContentSequence") or ())
    return Item(_meaning(node, NAMED), kind, value, unit, below)


def _value(node: Any, kind: str) -> tuple[str, str]:
    match kind:
        case "TEXT":
            return str(node.get("TextValue") or "").strip(), ""
        case "CODE":
            return _meaning(node, "ConceptCodeSequence"), ""
        case "NUM":
            measured = _first(node, "MeasuredValueSequence")
            if measured is None:
                return "", ""
            return str(measured.get("NumericValue", "")).strip(), _unit(measured)
    return "", ""


def _meaning(node: Any, sequence: str) -> str:
    code = _first(node, sequence)
    return str(code.get("CodeMeaning") or code.get("CodeValue") or "").strip() if code is not None else ""


def _unit(measured: Any) -> str:
    code = _first(measured, UNITS)
    return str(code.get("CodeValue") or code.get("CodeMeaning") or "").strip() if code is not None else ""


def _first(node: Any, sequence: str) -> Any:
    return next(iter(node.get(sequence) or ()), None)
