"""What was found on the record, held against what truly happened in the region."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from openfls.clinical.facts import BodySite, Finder
from openfls.clinical.histories import EpisodeStatus
from openfls.demo.comparison import FoundEpisode, TruthReport, compare
from openfls.demo.region import Region
from openfls.measures.missed import estimate
from openfls.record.models import EpisodeRow, RecordNumber, RecordRow
from openfls.record.reckoning import RECONCILED, found

# What the finders alone found: whatever a person then made of it counts neither for nor against them.
BY_FINDERS = (*RECONCILED, EpisodeStatus.NOT_FRAGILITY)


def report(region: Region) -> TruthReport:
    """Found, missed, late and estimated-missed against the truth."""
    sighted = [replace(one, enrolled=False) for one in found(EpisodeRow.objects.all(), BY_FINDERS)]
    estimates = estimate(sighted, region.today)
    return compare(_found_episodes(), region.truth, estimates)


def _found_episodes() -> Iterator[FoundEpisode]:
    people = _people()
    rows = EpisodeRow.objects.filter(status__in=BY_FINDERS).order_by("id")
    for person, body_sites, index, finders in rows.values_list("person", "body_sites", "index_start", "finders"):
        yield FoundEpisode(
            body_sites=frozenset(map(BodySite, body_sites)), when=index, finders=_first_known(finders), **people[person]
        )


def _people() -> dict[str, dict[str, Any]]:
    """Each person as the comparison looks for him: a name with a date of birth, and every number."""
    numbers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for record, authority, value in RecordNumber.objects.values_list("record", "authority", "value"):
        numbers[record].add((authority, value))
    people: dict[str, dict[str, Any]] = {}
    columns = ("key", "person", "nhs_number", "family_name", "given_name", "birth_date")
    for key, person, nhs_number, family, given, born in RecordRow.objects.order_by("key").values_list(*columns):
        told = people.setdefault(person, {"name": ("", ""), "birth_date": None, **NO_NUMBERS})
        told["nhs_numbers"] |= {nhs_number} - {None}
        told["hospital_numbers"] |= numbers[key]
        if family and born:
            told["name"], told["birth_date"] = (family, given), born
    return people


NO_NUMBERS: Mapping[str, frozenset[Any]] = {"nhs_numbers": frozenset(), "hospital_numbers": frozenset()}


def _first_known(finders: list[dict[str, Any]]) -> dict[Finder, date]:
    first: dict[Finder, date] = {}
    for finding in finders:
        finder, known = Finder(finding["finder"]), datetime.fromisoformat(finding["known"]).date()
        first[finder] = min(known, first.get(finder, known))
    return first
