"""Counts that leave the building: by hospital, to the nearest five, small ones hidden, as lines of CSV."""

import csv
import io
from collections.abc import Collection, Mapping

from openfls.clinical.standards import Standard
from openfls.measures.counting import Measure
from openfls.measures.suppression import suppress
from openfls.pages.components.measures import WORDS
from openfls.record.reckoning import EVERY_SITE

HIDDEN = "*"


def to_take_away(
    standard: Standard, by_site: Mapping[str, Mapping[str, Measure]], names: Mapping[str, str], threshold: int
) -> list[str]:
    """What each column is, the hospitals with their total, and what a star means."""
    codes = sorted((code for code in by_site if code != EVERY_SITE), key=lambda code: names.get(code, code))
    heads = ["Hospital", *WORDS.values(), "all asked"]
    lines = [_line([f"{standard.title} ({standard.direction.value}); {standard.source}, {standard.edition}"])]
    if not codes:
        return [*lines, _line(["Nobody is asked."])]
    counts = [[getattr(by_site[code][standard.name], cell) for cell in WORDS] for code in codes]
    rows = suppress(counts, threshold).rounded()
    lines.append(_line(heads))
    for name, row in zip([*(names.get(code, code) for code in codes), "All"], rows, strict=True):
        lines.append(_line([name, *(HIDDEN if number is None else str(number) for number in row)]))
    return [*lines, _line([_note(threshold)])]


def _note(threshold: int) -> str:
    return (
        f"{HIDDEN}: hidden, because it is below {threshold} or because one that is could be worked out from it. All "
        "others to the nearest 5, so that totals may differ from their parts."
    )


def _line(cells: Collection[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
