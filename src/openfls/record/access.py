"""What a user may see. Every page starts here: nothing under ``pages`` asks the models by itself.

A user sees what the sites see where he is a member. A site sees the people with an episode or sighting there. People of
another trust's sites are seen only under a `SharingAgreement` in force. What may not be seen looks like what does not
exist: both raise `NotVisible` after the same work.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from openfls.clinical.facts import Demographics
from openfls.clinical.standards import Role
from openfls.record import trail
from openfls.record.models import (
    CrowdedBlock,
    DoubtRow,
    EpisodeRow,
    EpisodeSite,
    FactRow,
    Membership,
    Person,
    PersonSite,
    RecordBlock,
    RecordNumber,
    RecordRow,
    SharingAgreement,
    Site,
    StandingRow,
    TaskRow,
)
from openfls.record.purposes import purpose_of
from openfls.record.systems import Known

RECORD_KEY = re.compile(r"[0-9a-f]{64}")


class NotVisible(Http404):
    """There is no such person, or this viewer may not see her: nobody can tell which."""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, from where, as what. Made by `viewer_of`, `viewer_of_system` and `viewer_of_command` alone.

    ``sites``: codes of the sites in view now, where the user is a member. ``shared``: codes of the sites whose trust
    shares with one of theirs. ``memberships``: all sites that the user may choose. ``request`` is the web request's id.
    """

    user: str
    full_name: str = ""
    sites: frozenset[str]
    shared: frozenset[str] = frozenset()
    memberships: frozenset[str] = frozenset()
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    request: str = ""

    @property
    def seen_sites(self) -> frozenset[str]:
        return self.sites | self.shared

    @property
    def held(self) -> frozenset[Role]:
        """What the viewer is at any of the sites in view."""
        return frozenset(role for site in self.sites for role in self.roles.get(site, ()))

    def has_role(self, *wanted: Role, site: str | None = None) -> bool:
        """Whether one of these roles is held at the site, or at any site in view. A shared site gives no role."""
        sites = self.sites if site is None else self.sites & {site}
        return any(role in self.roles.get(code, ()) for code in sites for role in wanted)


def viewer_of(user: Any, chosen_site: str | None = None, *, request: str = "", today: date | None = None) -> Viewer:
    """The viewer that a signed-in user is, at one of his sites or at all of them (two queries).

    Raises `NotVisible` where he is no member of ``chosen_site``. One who is not signed in, or is no longer active,
    sees nothing.
    """
    roles = _roles(user) if user.is_authenticated and user.is_active else {}
    if chosen_site is not None and chosen_site not in roles:
        raise NotVisible("no such site")
    sites = frozenset(roles) if chosen_site is None else frozenset({chosen_site})
    return Viewer(
        user=user.get_username(),
        full_name=user.get_full_name() if user.is_authenticated else "",
        sites=sites,
        shared=_shared_with(sites, today or timezone.localdate()),
        memberships=frozenset(roles),
        roles=MappingProxyType(roles),
        request=request,
    )


def viewer_of_system(system: Known, *, request: str = "", today: date | None = None) -> Viewer:
    """The viewer that a system with a token is: it sees what its sites see, in no role."""
    return Viewer(
        user=f"system {system.name}",
        full_name=system.name,
        sites=system.sites,
        shared=_shared_with(system.sites, today or timezone.localdate()),
        request=request,
    )


def viewer_of_command(site: str, by: str, *, today: date | None = None) -> Viewer:
    """The viewer that a command at one site is, in the name of the account that gave it and in no role."""
    sites = frozenset({site})
    return Viewer(user=by, sites=sites, shared=_shared_with(sites, today or timezone.localdate()))


def people_seen_by(viewer: Viewer) -> "QuerySet[Person]":
    return Person.objects.filter(_at(PersonSite, "person", viewer.seen_sites))


def episodes_seen_by(viewer: Viewer) -> "QuerySet[EpisodeRow]":
    """Episodes seen at one of the viewer's sites; one of the same person at a trust that doesn't share is left out."""
    return EpisodeRow.objects.filter(_at(EpisodeSite, "episode", viewer.seen_sites))


def tasks_seen_by(viewer: Viewer) -> "QuerySet[TaskRow]":
    """Every task of the episodes seen, whoever owns it."""
    return TaskRow.objects.filter(_at(EpisodeSite, "episode", viewer.seen_sites, "episode"))


def worklist_of(viewer: Viewer) -> "QuerySet[TaskRow]":
    """The tasks that the viewer's own sites answer for: theirs, and those without a site of episodes seen there."""
    without = Q(site=None) & Q(_at(EpisodeSite, "episode", viewer.sites, "episode"))
    return tasks_seen_by(viewer).filter(Q(site__in=viewer.sites) | without)


def standings_seen_by(viewer: Viewer) -> "QuerySet[StandingRow]":
    return StandingRow.objects.filter(_at(EpisodeSite, "episode", viewer.seen_sites, "episode"))


def doubts_seen_by(viewer: Viewer) -> "QuerySet[DoubtRow]":
    """Doubts about two people both of whom the viewer may see: the question shows both names."""
    left = _at(PersonSite, "person", viewer.seen_sites, "person_left")
    right = _at(PersonSite, "person", viewer.seen_sites, "person_right")
    return DoubtRow.objects.filter(left, right)


def people_doubted_elsewhere(viewer: Viewer) -> "QuerySet[Person]":
    """People at the viewer's own sites of whom there may be a record that he sees at none of his sites, the chosen one
    or any other. Whose it is, and where, stays there: only the viewer's own side comes back."""
    seen = viewer.seen_sites | viewer.memberships | _shared_with(viewer.memberships, timezone.localdate())
    left_unseen = DoubtRow.objects.exclude(_at(PersonSite, "person", seen, "person_left"))
    right_unseen = DoubtRow.objects.exclude(_at(PersonSite, "person", seen, "person_right"))
    doubted = Exists(right_unseen.filter(person_left=OuterRef("pk"), answered=False))
    doubted |= Exists(left_unseen.filter(person_right=OuterRef("pk"), answered=False))
    return Person.objects.filter(_at(PersonSite, "person", viewer.sites), doubted)


def postcode_seen(row: RecordRow, viewer: Viewer) -> str:
    """The record's postcode as it is compared, where the viewer may see the address that gave it; else empty."""
    addresses = Q(record=row, kind=Demographics.kind)
    told = row.postcode and row.person and facts_of(row.person, viewer).filter(addresses).exists()
    return row.postcode or "" if told else ""


def crowded_seen_by(viewer: Viewer) -> "QuerySet[CrowdedBlock]":
    """Details that too many records share to be compared, where one of those is of a person whom the viewer sees."""
    members = RecordBlock.objects.filter(block=OuterRef("block"), record__person__in=people_seen_by(viewer))
    return CrowdedBlock.objects.filter(Exists(members)).order_by("words")


def sites_seen_by(viewer: Viewer) -> "QuerySet[Site]":
    return Site.objects.filter(code__in=viewer.seen_sites)


def sites_in_sight(viewer: Viewer) -> "QuerySet[Site]":
    """The sites whose facts about a person the viewer sees, once he sees her: a trust is one controller."""
    return Site.objects.filter(Q(trust__sites__in=viewer.sites) | Q(code__in=viewer.seen_sites)).distinct()


def facts_of(person: Person, viewer: Viewer) -> "QuerySet[FactRow]":
    """The person's facts in order of occurrence, those of trusts that don't share with the viewer's left out.

    A trust is one controller, so a fact of another site of the same trust is seen, and one of an organisation that is
    no site of ours (a practice). A fact without a site (an address, a link) is seen with the records of those trusts:
    whoever knows only an NHS number must not come to an address by it.
    """
    in_sight = sites_in_sight(viewer).values("code")
    elsewhere = Site.objects.exclude(code__in=in_sight).values("code")
    facts = FactRow.objects.filter(record__person=person, record__person__in=people_seen_by(viewer))
    sited = facts.filter(site__in=in_sight).values("record")
    authorities = RecordNumber.objects.filter(record__in=sited).values("authority")
    numbered = RecordNumber.objects.filter(record__person=person, authority__in=authorities).values("record")
    ours = Q(record__in=sited) | Q(record__in=numbered)
    seen = facts.filter((Q(site=None) & ours) | (Q(site__isnull=False) & ~Q(site__in=elsewhere)))
    return seen.order_by("occurred_start", "occurred_end", "number")


def facts_of_many(people: Collection[Person], viewer: Viewer) -> dict[str, list[FactRow]]:
    """The same as `facts_of` for many people at once, by the person's key: one query for the facts of all."""
    keys = [person.key for person in people]
    in_sight = set(sites_in_sight(viewer).values_list("code", flat=True))
    elsewhere = set(Site.objects.values_list("code", flat=True)) - in_sight
    told: dict[str, list[FactRow]] = {key: [] for key in keys}
    seen = FactRow.objects.filter(record__person__in=people_seen_by(viewer).filter(key__in=keys))
    for row in seen.select_related("record").order_by("occurred_start", "occurred_end", "number"):
        told[row.record.person_id].append(row)
    authorities: dict[str, set[str]] = {}
    for record, authority in RecordNumber.objects.filter(record__person__in=keys).values_list("record", "authority"):
        authorities.setdefault(record, set()).add(authority)
    return {key: _in_sight(rows, authorities, in_sight, elsewhere) for key, rows in told.items()}


def _in_sight(
    rows: list[FactRow], authorities: Mapping[str, set[str]], in_sight: set[str], elsewhere: set[str]
) -> list[FactRow]:
    """Those of one person's facts that `facts_of` gives."""
    sited = {row.record_id for row in rows if row.site in in_sight}
    known = {authority for record in sited for authority in authorities.get(record, ())}
    ours = sited | {row.record_id for row in rows if known & authorities.get(row.record_id, set())}
    return [row for row in rows if (row.record_id in ours if row.site is None else row.site not in elsewhere)]


def access_patient(viewer: Viewer, key: str, purpose: str = "") -> Person:
    """The person to whom this record key belongs (after a merge, any key of hers will do), and a row in the trail.

    Without a ``purpose`` it is that of the role which the viewer holds where she was seen. Raises `NotVisible`, after
    the same query and with a row of its own, where there is none whom the viewer may see.
    """
    well_formed = RECORD_KEY.fullmatch(key) is not None
    person = people_seen_by(viewer).filter(records__key=key if well_formed else "").first()
    _leave_trail(
        viewer,
        "read" if person else "read refused",
        patient=person.key if person else key if well_formed else None,
        purpose=purpose or purpose_of(_held_where_seen(viewer, person)),
        detail={"asked": key} if person and person.key != key else {},
    )
    if person is None:
        raise NotVisible("no such patient")
    return person


def access_fact(viewer: Viewer, fact_id: str, purpose: str) -> Person:
    """The person of whom this fact tells, and a row in the trail. Raises `NotVisible` as `access_patient` does.

    Whether the viewer may see the fact itself, `facts_of` knows.
    """
    person = people_seen_by(viewer).filter(records__facts__fact_id=fact_id).first()
    return access_patient(viewer, person.key if person else "", purpose)


def record_list_read(
    viewer: Viewer, action: str, patients: Iterable[Person | str], purpose: str = "", *, which: str = ""
) -> None:
    """One row in the trail with all the people whom a list showed, by key; ``which`` of several lists it was.

    Without a ``purpose`` it is that of the viewer's role.
    """
    keys = [person if isinstance(person, str) else person.key for person in patients]
    detail = {"list": which} if which else {}
    purpose = purpose or purpose_of(viewer.held)
    _leave_trail(viewer, action, patients=list(dict.fromkeys(keys)), purpose=purpose, detail=detail)


def _held_where_seen(viewer: Viewer, person: Person | None) -> frozenset[Role]:
    """The viewer's roles at the sites where this person was seen; his roles anywhere, if he has none there."""
    if person is None or len(viewer.sites) < 2:
        return viewer.held
    seen = PersonSite.objects.filter(person=person, site__in=viewer.sites).values_list("site", flat=True)
    return frozenset(role for site in seen for role in viewer.roles.get(site, ())) or viewer.held


def _leave_trail(viewer: Viewer, action: str, **told: Any) -> None:
    trail.write(
        user=viewer.user,
        action=action,
        role=", ".join(sorted(role.value for role in viewer.held)),
        site=", ".join(sorted(viewer.sites)),
        request=viewer.request,
        **told,
    )


def _at(model: Any, owner: str, sites: Iterable[str], reference: str = "pk") -> Exists:
    """The condition that the row's ``reference`` was seen at one of these sites."""
    return Exists(model.objects.filter(**{owner: OuterRef(reference)}, site__in=sorted(sites)))


def _roles(user: Any) -> dict[str, frozenset[Role]]:
    roles: dict[str, set[Role]] = {}
    for site, role in Membership.objects.filter(user=user).values_list("site", "role"):
        roles.setdefault(site, set()).add(Role(role))
    return {site: frozenset(held) for site, held in roles.items()}


def _shared_with(sites: Iterable[str], day: date) -> frozenset[str]:
    agreements = SharingAgreement.objects.in_force(day).filter(receiver__sites__in=sorted(sites))
    return frozenset(agreements.values_list("giver__sites", flat=True)) - {None}
