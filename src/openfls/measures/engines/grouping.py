"""Facts to histories, by the one definition: the people that records are, their episodes, what belongs to each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from openfls.clinical.caseload import Caseload, derive
from openfls.clinical.facts import Fact
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.people import LinkFact, people
from openfls.measures.engines.writing import Placed


def histories_of(facts: Iterable[Fact], today: date, parameters: Parameters = DEFAULTS) -> Iterator[Placed]:
    """The histories of everybody in a block of facts. The block must hold all facts of each of its people."""
    told: dict[str, list[Fact]] = defaultdict(list)
    for fact in {fact.id: fact for fact in facts}.values():
        told[fact.record.key].append(fact)
    records = [facts[0].record for facts in told.values()]
    links = [fact for facts in told.values() for fact in facts if isinstance(fact, LinkFact)]
    for group in people(records, links).groups:
        own = [fact for key in sorted(group) for fact in told.get(key, ())]
        yield from placed(derive(own, today, parameters))


def placed(caseload: Caseload) -> Iterator[Placed]:
    for care in caseload.episodes:
        yield Placed(care.history, care.site)
