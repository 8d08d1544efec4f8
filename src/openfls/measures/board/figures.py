"""A picture as it stands in the report: the one of the pages, with all that a reader without the pages needs."""

from dataclasses import dataclass, replace

from openfls.clinical.standards import Standard
from openfls.measures.charts.drawing import ON_PAPER, Picture, TextCell

ON_PORTRAIT, ON_LANDSCAPE = 7.0, 10.2  # inches between the margins of A4, so that type stays as large as it was drawn
TALLEST = {ON_PORTRAIT: 3.3, ON_LANDSCAPE: 5.2}  # two pictures a page upright with their words, one a page turned


@dataclass(frozen=True)
class Figure:
    """``better``, ``source`` and ``as_of`` in words; ``wide``: on a page of its own, turned."""

    picture: Picture
    better: str
    source: str
    wide: bool = False

    @property
    def alternative(self) -> str:
        """What is read aloud in its place."""
        return f"{self.picture.title}. {self.picture.finding} The same numbers stand in the table of this name."

    def svg(self) -> str:
        return on_paper(self.picture, ON_LANDSCAPE if self.wide else ON_PORTRAIT).svg(ON_PAPER)

    def rows(self) -> list[list[str]]:
        return [[_words(cell) for cell in row] for row in self.picture.table.rows]


def on_paper(picture: Picture, width: float) -> Picture:
    return replace(picture, size=(width, min(picture.size[1], TALLEST[width])))


def source_of(standard: Standard) -> str:
    return ", ".join((*standard.aliases, f"{standard.source}, {standard.edition}"))


def _words(cell: TextCell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
