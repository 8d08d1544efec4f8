"""The pathway as a flow: how many fractures stand where at each step, and from where to where they went."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.measures.counting import WORDS, Verdicted, cell_of

# The way through care, one standard a step; the first says who is on it.
STEPS = (
    "assessed-within-90-days",
    "treatment-recommended",
    "treatment-started-by-16-weeks",
    "followed-up-at-12-to-16-weeks",
    "on-treatment-at-48-to-56-weeks",
)
NOT_ASKED = "not_asked"
WORDS_OF_BARS = WORDS | {NOT_ASKED: "not asked"}
CELLS = ("met", "met_early", "met_late", "waiting", "missed", "unknown", "excluded", NOT_ASKED)


Cells = frozenset[str]
POOLED = "pooled"  # the bar of those cells of a step that are too small to be told apart


@dataclass(frozen=True, slots=True)
class Flow:
    """``counts``: for each step how many fractures lie in each cell; ``moves``: for each step but the last how many
    went from a cell of it to a cell of the next. All who entered are at every step, in one cell. ``pooled``: of
    each step the cells that are told together, where it leaves the building; then not every move is told."""

    steps: tuple[str, ...]
    counts: tuple[Counter[str], ...]
    moves: tuple[Counter[tuple[str, str]], ...]
    pooled: tuple[Cells, ...] = ()

    def bar(self, at: int, cell: str) -> str:
        """The bar of this step in which the cell lies."""
        return POOLED if self.pooled and cell in self.pooled[at] else cell

    @property
    def entered(self) -> int:
        return sum(self.counts[0].values())


def flow(standings: Iterable[tuple[str, Verdicted]], today: date, steps: tuple[str, ...] = STEPS) -> Flow:
    """The flow of these standings, each with its episode. Who isn't asked at the first step isn't on the pathway."""
    place_of = {name: place for place, name in enumerate(steps)}
    ways: dict[str, list[str]] = {}
    for episode, verdicted in standings:
        place = place_of.get(verdicted.standard)
        if place is not None:
            ways.setdefault(episode, [NOT_ASKED] * len(steps))[place] = cell_of(verdicted, today) or NOT_ASKED
    entered = Counter(tuple(way) for way in ways.values() if way[0] != NOT_ASKED)
    return Flow(steps, _counts(entered, len(steps)), _moves(entered, len(steps)))


def _counts(entered: "Counter[tuple[str, ...]]", steps: int) -> tuple[Counter[str], ...]:
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in range(steps))
    for way, number in entered.items():
        for place, cell in enumerate(way):
            counts[place][cell] += number
    return counts


def _moves(entered: "Counter[tuple[str, ...]]", steps: int) -> tuple[Counter[tuple[str, str]], ...]:
    moves: tuple[Counter[tuple[str, str]], ...] = tuple(Counter() for _ in range(steps - 1))
    for way, number in entered.items():
        for place in range(steps - 1):
            moves[place][way[place], way[place + 1]] += number
    return moves
