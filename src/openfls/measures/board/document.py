"""A board's report as PDF, tagged so that it can be read aloud (PDF/UA-1).

The template is ours and fixed; what the record says goes in as data, the pictures as SVG. Typst may read no file but
the template and its fonts, for its root is an empty folder, and fetches nothing, for the template names no package.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any

from openfls.measures.board.content import BoardReport, by_component
from openfls.measures.board.figures import Figure
from openfls.measures.charts.drawing import fonts

ABOVE = "Else by the rules beside the picture of this kind above."
STANDARD = "ua-1"  # PDF/UA-1: a heading is a heading and a table a table for who listens


def pdf_of(report: BoardReport) -> bytes:
    """The same report gives the same bytes."""
    import typst  # loaded where a report is made: a command that makes none need not wait for it

    template: bytes = (files("openfls.measures.board") / "report.typ").read_bytes()
    told = {"data": json.dumps(_data(report))}
    with TemporaryDirectory() as nothing:
        compiled: Any = typst.compile  # its own types don't take the bytes that it takes
        made = compiled(
            template, root=nothing, sys_inputs=told, pdf_standards=[STANDARD], font_paths=[str(fonts())],
            ignore_system_fonts=True, timestamp=0,
        )  # fmt: skip
    return _bytes(made)


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"a report of one document is bytes, not {type(made).__name__}")
    return made


def _data(report: BoardReport) -> dict[str, Any]:
    plain = asdict(replace(report, figures=()))
    components = [{"title": _title(name), "lines": [asdict(one) for one in lines]} for name, lines in _parts(report)]
    return plain | {
        "title": f"Secondary fracture prevention at {report.site}",
        "period": f"Fractures from {report.first:%d %b %Y} to {report.last:%d %b %Y}{_number(report)}.",
        "warning": "No clinician has checked the standards yet. Not for use in care.",
        "footer": f"Made on {report.made_on:%d %b %Y} by OpenFLS {report.version}. Small numbers are hidden.",
        "first": "", "last": "", "made_on": "",
        "components": components,
        "trends": [asdict(one) for one in report.lines if one.trend],
        "figures": _figures(report.figures),
    }  # fmt: skip


def _number(report: BoardReport) -> str:
    return f": {report.fractures}" if report.fractures else ""


def _figures(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Each rule stands beside the first picture that is read by it."""
    said: set[str] = set()
    made = []
    for one in figures:
        new = [_sentence(rule) for rule in one.picture.rules if rule not in said]
        before = [ABOVE] if len(new) < len(one.picture.rules) else []
        said |= set(one.picture.rules)
        made.append(_figure(one) | {"rules": [*new, *before]})
    return made


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _figure(one: Figure) -> dict[str, Any]:
    picture = one.picture
    return {
        "title": picture.title, "finding": picture.finding, "better": one.better, "source": one.source,
        "wide": one.wide, "svg": one.svg(), "alternative": one.alternative,
        "heads": list(picture.table.heads), "rows": one.rows(),
    }  # fmt: skip


def _parts(report: BoardReport) -> list[tuple[str, list[Any]]]:
    return [(name, lines) for name, lines in by_component(report.lines) if lines]


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
