"""Doubts of identity and who may see both of their sides: somebody must, or each side sees only its own half."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openfls.clinical.standards import Role
from openfls.record.models import DoubtRow, Membership, PersonSite, SharingAgreement, Site

MAY_ANSWER = (Role.COORDINATOR, Role.NURSE, Role.DOCTOR)


@dataclass(frozen=True)
class Doubted:
    """A doubt with the codes of the sites where each of its two people was seen; none where only a register has one."""

    record: str
    left: frozenset[str]
    right: frozenset[str]

    @property
    def sites(self) -> frozenset[str]:
        return self.left | self.right

    def seen_whole(self, seen: frozenset[str]) -> bool:
        """By somebody who sees these sites."""
        return not (seen.isdisjoint(self.left) or seen.isdisjoint(self.right))


def doubted() -> Iterator[Doubted]:
    sites = _sites_of_doubted()
    for row in DoubtRow.objects.filter(answered=False).order_by("left", "right"):
        yield Doubted(row.left_id, frozenset(sites[row.person_left_id]), frozenset(sites[row.person_right_id]))


def _sites_of_doubted() -> dict[str, set[str]]:
    sites: dict[str, set[str]] = defaultdict(set)
    for side in ("person_left", "person_right"):
        people = DoubtRow.objects.values(side)
        for person, site in PersonSite.objects.filter(person__in=people).values_list("person", "site"):
            sites[person].add(site)
    return sites


def views(today: date) -> set[frozenset[str]]:
    """The sites that each active user who may answer a doubt sees: his own, and those shared with their trusts."""
    own: dict[int, set[str]] = defaultdict(set)
    answering = Membership.objects.filter(user__is_active=True, role__in=MAY_ANSWER)
    for user, site in answering.values_list("user", "site"):
        own[user].add(site)
    shared = _shared(today)
    return {frozenset(sites.union(*(shared[site] for site in sites))) for sites in own.values()}


def _shared(today: date) -> dict[str, set[str]]:
    """Of each site the sites of other trusts that share with its trust on this day."""
    shared: dict[str, set[str]] = defaultdict(set)
    agreements = SharingAgreement.objects.in_force(today)
    for receiver, giver in agreements.values_list("receiver__sites", "giver__sites"):
        shared[receiver].add(giver)
    return shared


def between(doubt: Doubted, trusts: dict[str, str]) -> str:
    """The trusts of the two sides, for whoever arranges sharing: ``X1A and X1E``, ``within X1A``."""
    sides = (sorted({trusts.get(site, site) for site in side}) for side in (doubt.left, doubt.right))
    told = sorted({" or ".join(side) or "no site" for side in sides})
    return " and ".join(told) if len(told) > 1 else f"within {told[0]}"


def trust_of_sites() -> dict[str, str]:
    return dict(Site.objects.values_list("code", "trust"))
