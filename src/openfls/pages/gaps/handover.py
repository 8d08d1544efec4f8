"""The gap between primary and secondary care: by practice, what the hospital told and what was carried on after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openfls.pages.components.groups import Part

# What the hospital does, then what hangs on the practice. Which is whose is said by each standard's own text.
HANDED_OVER = ("gp-told", "gp-acknowledged", "treatment-started-by-16-weeks", "followed-up-at-12-to-16-weeks")


@dataclass(frozen=True)
class Line:
    """One practice at each of the standards, None where none of its patients is asked."""

    practice: str
    missed: int
    parts: tuple[Part | None, ...]


def practice_lines(by_standard: Mapping[str, Sequence[Part]]) -> list[Line]:
    """A line a practice, that with the most missed first."""
    of: dict[str, dict[str, Part]] = {}
    for standard, parts in by_standard.items():
        for part in parts:
            of.setdefault(part.words, {})[standard] = part
    lines = [
        Line(practice, sum(part.measure.missed for part in told.values()), tuple(map(told.get, by_standard)))
        for practice, told in of.items()
    ]
    return sorted(lines, key=lambda line: (-line.missed, line.practice))
