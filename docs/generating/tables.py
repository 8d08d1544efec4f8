"""Markdown tables, and the line that says that a page is generated."""

from collections.abc import Iterable, Sequence

GENERATED = "*Generated from the code by `python -m docs.generating`; a test fails where it is out of date.*"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar inside a cell is escaped, a line break becomes a space."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def document(title: str, *parts: str) -> str:
    """A whole page: title, the parts with blank lines between, and where it came from."""
    return "\n\n".join([f"# {title}", *parts, GENERATED]) + "\n"


def plain(docstring: str | None) -> str:
    """A docstring as running text for Markdown: code in single backticks."""
    return " ".join((docstring or "").split()).replace("``", "`")


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|")
