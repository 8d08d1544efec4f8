"""Self-assessments: several people of a site answer, each may change hers, and what they said is shown together.

Whose answer is whose stays in the record, so that she can change it; no page tells it. Answers to a statement are shown
once enough people gave one (site parameter ``self_assessment_shown_from``), comments once enough people answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.profile.self_assessment import (
    LONGEST,
    STATEMENTS,
    Construct,
    Distribution,
    NoRating,
    checked_ratings,
    distribution,
)
from openfls.clinical.standards import Role
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer, sites_seen_by
from openfls.record.models import SelfAssessment, Site
from openfls.record.parameters import parameters_of_sites

ANSWERERS = (Role.COORDINATOR, Role.NURSE, Role.DOCTOR, Role.MANAGER)


@dataclass(frozen=True)
class Together:
    """What the people of a site said of a year. ``comments`` by construct, in no telling order; None where too few
    answered. ``shown_from``: how many are enough here."""

    people: int
    shown_from: int
    statements: Mapping[str, Distribution]
    comments: Mapping[str, list[str]] | None


def site_to_assess(viewer: Viewer, code: str) -> Site:
    """The site, where the viewer may answer. Raises `NotVisible`."""
    site = sites_seen_by(viewer).filter(code=code).first()
    if site is None or not may_answer(viewer, code):
        raise NotVisible("no such site")
    return site


def may_answer(viewer: Viewer, code: str) -> bool:
    return viewer.has_role(*ANSWERERS, site=code)


def own_answers(site: Site, year: int, user: str) -> SelfAssessment | None:
    """What this person answered last."""
    return SelfAssessment.objects.filter(site=site, year=year, by=user).order_by("-id").first()


def answer(
    site: Site, year: int, ratings: Mapping[str, Any], comments: Mapping[str, str], *, by: str, at: datetime
) -> None:
    """Keep it as this person's newest; the trail says only that she answered. Raises `NoRating`."""
    kept = checked_ratings(ratings)
    said = _checked_comments(comments)
    SelfAssessment.objects.create(site=site, year=year, ratings=kept, comments=said, by=by, at=at)
    trail.write(user=by, action="self-assessment answered", site=site.code, detail={"year": year})


def together(codes: Iterable[str], year: int) -> dict[str, Together]:
    """What was said at each of these sites. The caller passes sites that the viewer sees."""
    shown_from = parameters_of_sites()
    return {
        code: _together(people, shown_from.get(code, DEFAULTS).self_assessment_shown_from)
        for code, people in _newest(codes, year).items()
    }


def years_answered(site: Site) -> list[int]:
    """The years of which anybody answered, the newest first."""
    years = SelfAssessment.objects.filter(site=site).order_by("-year")
    return list(years.values_list("year", flat=True).distinct())


def _newest(codes: Iterable[str], year: int) -> dict[str, list[SelfAssessment]]:
    """Each person's newest, where it was not taken back."""
    wanted = list(codes)
    last = {}
    for row in SelfAssessment.objects.filter(site__in=wanted, year=year).order_by("id"):
        last[row.site_id, row.by] = row
    found: dict[str, list[SelfAssessment]] = {code: [] for code in wanted}
    for (code, _), row in last.items():
        if row.ratings:
            found[code].append(row)
    return found


def _together(people: list[SelfAssessment], shown_from: int) -> Together:
    statements = {
        statement.name: distribution(
            (row.ratings[statement.name] for row in people if statement.name in row.ratings), shown_from
        )
        for statement in STATEMENTS
    }
    comments = {
        construct.value: sorted(row.comments[construct] for row in people if row.comments.get(construct))
        for construct in Construct
    }
    return Together(len(people), shown_from, statements, comments if len(people) >= shown_from else None)


def _checked_comments(comments: Mapping[str, str]) -> dict[str, str]:
    for construct, said in comments.items():
        if len(said) > LONGEST:
            raise NoRating(f"the comment on {construct} has {len(said)} characters; at most {LONGEST} are kept")
    return {Construct(construct).value: said.strip() for construct, said in comments.items() if said.strip()}
