"""Counts that leave the building: by hospital or by a split, to the nearest five, small ones hidden, as CSV."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from openfls.clinical.standards import Standard
from openfls.measures.counting import WORDS, Measure
from openfls.measures.suppression import suppress
from openfls.pages.components.groups import Part
from openfls.record.reckoning import EVERY_SITE

HIDDEN = "*"

Counted: TypeAlias = tuple[str, Measure]  # what a row counts, in words


def by_hospital(
    standard: Standard, by_site: Mapping[str, Mapping[str, Measure]], names: Mapping[str, str]
) -> list[Counted]:
    codes = sorted((code for code in by_site if code != EVERY_SITE), key=lambda code: names.get(code, code))
    return [(names.get(code, code), by_site[code][standard.name]) for code in codes]


def by_part(parts: Iterable[Part]) -> list[Counted]:
    return [(part.words, part.measure) for part in parts]


def to_take_away(
    standard: Standard, what: str, counted: Sequence[Counted], threshold: int, note: str = ""
) -> list[str]:
    """What each column is, what is counted with its total, and what a star means. ``what``: the head of the names."""
    lines = [_line([f"{standard.title} ({standard.direction.value}); {standard.source}, {standard.edition}"])]
    if not counted:
        return [*lines, _line(["Nobody is asked."])]
    rows = suppress([[getattr(measure, cell) for cell in WORDS] for _, measure in counted], threshold).rounded()
    lines.append(_line([what, *WORDS.values(), "all asked"]))
    for name, row in zip([*(name for name, _ in counted), "All"], rows, strict=True):
        lines.append(_line([name, *(HIDDEN if number is None else str(number) for number in row)]))
    return [*lines, *([_line([note])] if note else []), _line([_note(threshold)])]


def _note(threshold: int) -> str:
    return (
        f"{HIDDEN}: hidden, because it is below {threshold} or because one that is could be worked out from it. All "
        "others to the nearest 5, so that totals may differ from their parts."
    )


def _line(cells: Collection[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
