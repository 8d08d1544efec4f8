"""Service profiles: who sees and fills them, each saved section a version, a year copied from another.

A profile is seen where the site is: at the viewer's own sites, and at those whose trust shares with one of them. It is
filled in by the coordinator and the manager of the site itself. It names no patient, so reading it leaves no trail.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from openfls.clinical.profile.asked import SECTION_OF_SLUG, checked_section, still_fitting
from openfls.clinical.standards import Role
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer, sites_seen_by
from openfls.record.models import ProfileVersion, Site

EDITORS = (Role.COORDINATOR, Role.MANAGER)


class Overtaken(ValueError):
    """Somebody saved this section after it was opened; ``newest`` is what stands now."""

    def __init__(self, newest: ProfileVersion) -> None:
        super().__init__(f"{newest.by} saved this meanwhile")
        self.newest = newest


@dataclass(frozen=True)
class Profile:
    """One site's profile for a year: the newest version of each section that was saved, by its slug."""

    site: str
    year: int
    sections: Mapping[str, ProfileVersion] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        return {name: answer for version in self.sections.values() for name, answer in version.answers.items()}


def site_of_profile(viewer: Viewer, code: str) -> Site:
    """The site, where the viewer sees its profile. Raises `NotVisible`."""
    return _one(sites_seen_by(viewer), code)


def site_to_fill(viewer: Viewer, code: str) -> Site:
    """The site, where the viewer fills in its profile. Raises `NotVisible`."""
    if not may_fill(viewer, code):
        raise NotVisible("no such site")
    return _one(sites_seen_by(viewer), code)


def may_fill(viewer: Viewer, code: str) -> bool:
    return viewer.has_role(*EDITORS, site=code)


def profiles_seen_by(viewer: Viewer, year: int) -> dict[str, Profile]:
    """The profile of each site in view for this year, by its code; an empty one where nothing was saved."""
    codes = list(sites_seen_by(viewer).values_list("code", flat=True))
    newest = _newest(_versions(codes).filter(year=year))
    return {code: Profile(code, year, newest.get((code, year), {})) for code in codes}


def profile_of(site: Site, year: int) -> Profile:
    newest = _newest(_versions([site.code]).filter(year=year))
    return Profile(site.code, year, newest.get((site.code, year), {}))


def years_of(site: Site) -> list[int]:
    """The years of which anything was saved, the newest first."""
    return list(_versions([site.code]).order_by("-year").values_list("year", flat=True).distinct())


def history_of(site: Site, year: int) -> list[ProfileVersion]:
    """Every version of the site's profile for this year, the newest first."""
    return list(_versions([site.code]).filter(year=year).order_by("-id"))


def save_section(
    site: Site, year: int, section: str, answers: Mapping[str, Any], *, by: str, at: datetime,
    seen: int | None = None, copied_from: int | None = None,
) -> ProfileVersion:  # fmt: skip
    """Keep the section's answers as its newest version. ``seen``: the number of the version that the writer saw, 0 for
    none; None to save whatever stands there.

    Raises `Overtaken` where a newer one than ``seen`` stands, `clinical.profile.questions.NoAnswer` for an answer that
    doesn't fit.
    """
    kept = checked_section(SECTION_OF_SLUG[section], answers)
    before = _versions([site.code]).filter(year=year, section=section)
    newest = before.order_by("-version").first()
    number = newest.version if newest else 0
    if newest and seen is not None and seen != number:
        raise Overtaken(newest)
    try:
        with transaction.atomic():
            made = ProfileVersion.objects.create(
                site=site, year=year, section=section, version=number + 1, answers=kept, copied_from=copied_from,
                by=by, at=at,
            )  # fmt: skip
            told = {"year": year, "section": section, "version": made.version}
            trail.write(user=by, action="profile saved", site=site.code, detail=told)
    except IntegrityError:  # saved in the same moment
        raise Overtaken(before.latest("version")) from None
    return made


def copy_year(site: Site, from_year: int, to_year: int, *, by: str, at: datetime) -> int:
    """Take over the sections of one year that the other doesn't have yet; how many. They say where they come from.

    An answer that no longer fits its question, since the choices changed, is left out, and so unknown.
    """
    there = profile_of(site, to_year).sections
    before = profile_of(site, from_year).sections
    taken = [version for slug, version in before.items() if slug not in there and slug in SECTION_OF_SLUG]
    with transaction.atomic():
        for version in taken:
            fitting = still_fitting(SECTION_OF_SLUG[version.section], version.answers)
            save_section(site, to_year, version.section, fitting, by=by, at=at, copied_from=from_year)
    return len(taken)


def _versions(codes: Iterable[str]) -> "QuerySet[ProfileVersion]":
    return ProfileVersion.objects.filter(site__in=list(codes))


def _newest(versions: "QuerySet[ProfileVersion]") -> dict[tuple[str, int], dict[str, ProfileVersion]]:
    found: dict[tuple[str, int], dict[str, ProfileVersion]] = {}
    for version in versions.order_by("version"):
        found.setdefault((version.site_id, version.year), {})[version.section] = version
    return found


def _one(sites: "QuerySet[Site]", code: str) -> Site:
    site = sites.filter(code=code).first()
    if site is None:
        raise NotVisible("no such site")
    return site
