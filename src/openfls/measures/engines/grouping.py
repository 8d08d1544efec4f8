"""Facts to histories, by the one definition: the people that records are, their episodes, what belongs to each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from openfls.clinical.caseload import first_sighted_at, histories
from openfls.clinical.facts import Fact
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.people import LinkFact, people
from openfls.clinical.rulebook import STANDARDS
from openfls.measures.engines.layout import Layout
from openfls.measures.engines.writing import Placed, Standards, processors, write

PEOPLE_OF_A_BLOCK = 5_000

Block = list[list[Fact]]  # the facts of each person


def write_histories(
    facts: Iterable[Fact],
    to: Path,
    today: date,
    parameters: Parameters = DEFAULTS,
    made_by: str = "facts",
    standards: Standards = STANDARDS,
) -> Layout:
    """The histories of everybody of whom these facts tell, as of ``today``; grouped in as many processes as there are
    processors. Raises `writing.Occupied`."""
    grouping = partial(histories_of_people, today=today, parameters=parameters)
    return write(blocks(facts), grouping, to, today, made_by, processors(), standards)


def blocks(facts: Iterable[Fact]) -> Iterator[Block]:
    """Everybody's facts by person, some thousand people at a time. One fact told twice is one."""
    told: dict[str, list[Fact]] = defaultdict(list)
    for fact in {fact.id: fact for fact in facts}.values():
        told[fact.record.key].append(fact)
    records = [of_one[0].record for of_one in told.values()]
    links = [fact for of_one in told.values() for fact in of_one if isinstance(fact, LinkFact)]
    block: Block = []
    for group in people(records, links).groups:
        block.append([fact for key in sorted(group) for fact in told.get(key, ())])
        if len(block) == PEOPLE_OF_A_BLOCK:
            yield block
            block = []
    if block:
        yield block


def histories_of_people(block: Block, today: date, parameters: Parameters = DEFAULTS) -> Iterator[Placed]:
    """The histories of each person in the block."""
    for facts in block:
        judged_at = first_sighted_at(facts)
        for history in histories(facts, today, parameters):
            yield Placed(history, history.episode.site, judged_at)
