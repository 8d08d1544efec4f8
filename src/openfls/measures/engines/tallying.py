"""What engines count, added up to measures: for everything, or for each site and month of the index."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from openfls.clinical.standards import Standard, Verdict
from openfls.measures.counting import Measure, cell
from openfls.measures.engines.standing import is_past, verdict_of

SITE, MONTH = "site", "month"  # what measures can be counted by

OnlyAt: TypeAlias = Mapping[str, Collection[str]]  # the sites of standards that don't hold everywhere, by name
EVERYWHERE: OnlyAt = {}
Group: TypeAlias = tuple[str | date | None, ...]


def holds_at(only_at: OnlyAt, standard: str, site: str | None) -> bool:
    """As `OwnStandard.holds_at`: whether people are judged by it whom this site first sighted."""
    return standard not in only_at or site in only_at[standard]


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
        for *group, standing, episodes, number in rows:
            self.add(tuple(group), self.standards[number].name, verdict_of(standing), is_past(standing), episodes)

    def measures(self, group: Group = ()) -> dict[str, Measure]:
        """Each standard's measure by name, in the order of the standards."""
        return self.of([group])

    def of(self, groups: Iterable[Group]) -> dict[str, Measure]:
        """The same for several groups together."""
        cells: dict[str, Counter[str]] = defaultdict(Counter)
        for group in groups:
            for standard, counted in self.cells.get(group, {}).items():
                cells[standard].update(counted)
        return {one.name: Measure(one, **cells[one.name]) for one in self.standards}
