"""What engines count, added up to measures: for everything, or for each site and month of the index."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from openfls.clinical.standards import Standard, Verdict
from openfls.measures.counting import Measure, cell
from openfls.measures.engines.compiling import VERDICTS

SITE, MONTH = "site", "month"  # what measures can be counted by

Group: TypeAlias = tuple[str | date | None, ...]


@dataclass
class Tally:
    """Episodes in each cell of each standard, for each group."""

    standards: Sequence[Standard]
    by: Sequence[str] = ()
    cells: dict[Group, dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )

    def add(self, group: Group, standard: str, verdict: Verdict, closed: bool, episodes: int = 1) -> None:
        if named := cell(verdict, closed):
            self.cells[group][standard][named] += episodes

    def add_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of `Plan.tally`."""
        for *group, verdict, closed, episodes, number in rows:
            self.add(tuple(group), self.standards[number].name, VERDICTS[verdict], closed, episodes)

    def measures(self, group: Group = ()) -> dict[str, Measure]:
        """Each standard's measure by name, in the order of the standards."""
        cells = self.cells.get(group, {})
        return {one.name: Measure(one, **cells.get(one.name, Counter())) for one in self.standards}
