"""Deriving: from facts to people, episodes, standings and tasks, for the touched people only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from openfls.clinical.caseload import Caseload, derive, first_sighted_at
from openfls.clinical.facts import Fact
from openfls.clinical.likeness_levels import Details, details_of
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.people import People, people
from openfls.clinical.reach import postcode_of
from openfls.clinical.undoing import counting
from openfls.coordination.reading import Neighbourhood, facts_by_record, namesakes, neighbourhood
from openfls.coordination.resembling import alike_to, keep_blocks, kept_details, weighed
from openfls.coordination.resting import collector_resting
from openfls.coordination.rows import Derived
from openfls.coordination.saving import save
from openfls.record.own_standards import holding_at
from openfls.record.parameters import parameters_of_sites


def derive_around(keys: Iterable[str], today: date, *, anew: bool = False) -> frozenset[str]:
    """Derive everyone whom these records may concern and save it; the keys of the people there are now.

    ``anew``: every row is written, whatever stands there; else only those of people who changed.
    """
    with collector_resting():
        return _derive_around(keys, today, anew)


def _derive_around(keys: Iterable[str], today: date, anew: bool) -> frozenset[str]:
    around = neighbourhood(keys)
    facts = facts_by_record(around.records)
    details = _details(around, facts)
    if reopened := keep_blocks(around.postcodes, details, anew=anew) - around.records.keys():
        return _derive_around(around.records.keys() | reopened, today, anew)
    found, beside = _grouped(around, details)
    settings = parameters_of_sites()
    ours = [group for group in found.groups if not group.isdisjoint(around.records)]
    everybody = [derived(group, facts, settings, today) for group in ours]
    doubts = weighed(found.doubts, {**kept_details(beside), **details})
    save(everybody, doubts, before=around.people_before, beside=beside.people_before, anew=anew)
    return frozenset(person.key for person in everybody)


def _details(around: Neighbourhood, facts: Mapping[str, list[Fact]]) -> dict[str, Details]:
    """What each record is compared by; where somebody lives stands in the facts beside it."""
    told: dict[str, list[Fact]] = defaultdict(list)
    for fact in counting(fact for key in around.records for fact in facts.get(key, ())):
        told[fact.record.key].append(fact)
    return {key: details_of(record, postcode_of(told[key])) for key, record in around.records.items()}


def _grouped(around: Neighbourhood, details: Mapping[str, Details]) -> tuple[People, Neighbourhood]:
    """The people of these records and of those who might be taken for them, and the records of the latter: they are
    needed for the doubts between the two, and stay as they are."""
    alike = alike_to(details)
    others = {key for pair in alike for key in (pair.left, pair.right)} | namesakes(around.records.values())
    beside = neighbourhood(others - around.records.keys())
    records = {**beside.records, **around.records}
    return people(records.values(), {**beside.links, **around.links}.values(), alike), beside


def derived(
    group: Collection[str], facts: Mapping[str, list[Fact]], settings: Mapping[str, Parameters], today: date
) -> Derived:
    """The person whom these records are."""
    own = counting(fact for key in group for fact in facts.get(key, ()))
    site = first_sighted_at(own)
    caseload: Caseload = derive(own, today, _parameters(site, settings), holding_at(site))
    return Derived(key=min(group), today=today, records=frozenset(group), facts=own, caseload=caseload)


def _parameters(site: str | None, settings: Mapping[str, Parameters]) -> Parameters:
    return settings.get(site, DEFAULTS) if site else DEFAULTS
