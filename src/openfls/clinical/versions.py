"""Which version of a statement holds: ranked by status, sender's version time and digest, never by order of receipt."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from openfls.clinical.facts import Fact, Status

EARLIEST = datetime.min.replace(tzinfo=UTC)


def rank(fact: Fact) -> tuple[Status, datetime, str]:
    """The order among versions of one statement; the highest stands."""
    return fact.status, fact.version or EARLIEST, fact.id


def current(facts: Iterable[Fact]) -> list[Fact]:
    """One fact a statement, the highest version, in the order of ``occurred`` and id.

    Where the highest version takes the statement back, the best version before it is given with ``retracted`` set, so
    that a person sees *what* was taken back; a retraction of something never stated is given as it came.
    """
    versions: dict[str, list[Fact]] = {}
    for fact in facts:
        versions.setdefault(fact.statement, []).append(fact)
    standing = [_standing(same) for same in versions.values()]
    return sorted(standing, key=lambda fact: (fact.occurred.start, fact.id))


def _standing(versions: list[Fact]) -> Fact:
    if len(versions) == 1:
        return versions[0]
    highest = max(versions, key=rank)
    if not highest.retracted:
        return highest
    stated = [fact for fact in versions if not fact.retracted and fact.kind == highest.kind]
    return replace(max(stated, key=rank), retracted=True) if stated else highest
