"""Deriving: from facts to people, episodes, standings and tasks, for the touched people only."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from openfls.clinical.caseload import Caseload, derive
from openfls.clinical.facts import Fact, FractureSighting
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.people import people
from openfls.clinical.undoing import counting
from openfls.coordination.reading import facts_by_record, neighbourhood
from openfls.coordination.resting import collector_resting
from openfls.coordination.rows import Derived
from openfls.coordination.saving import save
from openfls.record.parameters import parameters_of_sites


def derive_around(keys: Iterable[str], today: date, *, anew: bool = False) -> frozenset[str]:
    """Derive everyone whom these records may concern and save it; the keys of the people there are now.

    ``anew``: every row is written, whatever stands there; else only those of people who changed.
    """
    with collector_resting():
        return _derive_around(keys, today, anew)


def _derive_around(keys: Iterable[str], today: date, anew: bool) -> frozenset[str]:
    around = neighbourhood(keys)
    found = people(around.records.values(), around.links.values())
    facts = facts_by_record(around.records)
    settings = parameters_of_sites()
    derived = [_derive_person(group, facts, settings, today) for group in found.groups]
    save(derived, found.doubts, before=around.people_before, anew=anew)
    return frozenset(person.key for person in derived)


def _derive_person(
    group: Collection[str], facts: Mapping[str, list[Fact]], settings: Mapping[str, Parameters], today: date
) -> Derived:
    own = counting(fact for key in group for fact in facts.get(key, ()))
    caseload: Caseload = derive(own, today, _parameters(own, settings))
    return Derived(key=min(group), today=today, records=frozenset(group), facts=own, caseload=caseload)


def _parameters(facts: Iterable[Fact], settings: Mapping[str, Parameters]) -> Parameters:
    """Those of the site that first sighted the person."""
    sightings = [fact for fact in facts if isinstance(fact, FractureSighting) and fact.site]
    first = min(sightings, key=lambda fact: (fact.occurred.start, fact.id), default=None)
    return settings.get(first.site or "", DEFAULTS) if first else DEFAULTS
