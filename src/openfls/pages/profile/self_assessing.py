"""How a team judges its own work: one person's answers, and what all said together, year by year."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openfls.clinical.profile.self_assessment import (
    ABOUT,
    SCALE,
    SOURCE,
    STATEMENTS,
    Construct,
    Distribution,
    Statement,
)
from openfls.pages.doors import READ, open_to
from openfls.pages.forms.fields import sentence
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.profile.forms import SelfAssessmentForm
from openfls.pages.profile.views import year_checked
from openfls.record import profiles, self_assessments
from openfls.record.access import Viewer, sites_seen_by
from openfls.record.models import Site
from openfls.record.self_assessments import Together

CONSTRUCTS = [
    (construct, sentence(construct), ABOUT[construct], [one for one in STATEMENTS if one.construct is construct])
    for construct in Construct
]


@dataclass(frozen=True)
class Told:
    """What was said of one statement by one site in one year."""

    whose: str
    said: Distribution


@open_to(READ)
def answer(request: HttpRequest, viewer: Viewer, site: str, year: int) -> HttpResponse:
    place = self_assessments.site_to_assess(viewer, site)
    before = self_assessments.own_answers(place, year_checked(year), viewer.user)
    form = SelfAssessmentForm(sent(request), before.ratings if before else {}, before.comments if before else {})
    if form.is_valid():
        self_assessments.answer(place, year, form.ratings(), form.comments(), by=viewer.user, at=timezone.now())
        tell(request, "Your answers are saved." if form.ratings() else "Your answers are taken back.")
        return redirect("self-assessment-answers", site, year)
    return show(
        request,
        "profile/self_assessment.html",
        viewer,
        title=f"Self-assessment {year}: {place.name}",
        site=place,
        year=year,
        form=form,
        constructs=CONSTRUCTS,
        source=SOURCE,
        before=before,
        shown_from=self_assessments.together([site], year)[site].shown_from,
    )


@open_to(READ)
def answers(request: HttpRequest, viewer: Viewer, site: str, year: int) -> HttpResponse:
    """What the people of the site said, beside the years before and the other sites in view."""
    place = profiles.site_of_profile(viewer, site)
    told = self_assessments.together([site], year_checked(year))[site]
    earlier = {other: self_assessments.together([site], other)[site] for other in _earlier(place, year)}
    elsewhere = _elsewhere(viewer, place, year)
    return show(
        request,
        "profile/answers.html",
        viewer,
        title=f"Self-assessment {year}: {place.name}",
        site=place,
        year=year,
        told=told,
        scale=SCALE,
        source=SOURCE,
        constructs=CONSTRUCTS,
        lines={one.name: _lines(one, year, told, earlier, elsewhere) for one in STATEMENTS},
        comments=told.comments if site in viewer.sites else None,
        own=site in viewer.sites,
        may_answer=self_assessments.may_answer(viewer, site),
        earlier=list(earlier),
    )


def _earlier(place: Site, year: int) -> list[int]:
    return [other for other in self_assessments.years_answered(place) if other < year]


def _elsewhere(viewer: Viewer, place: Site, year: int) -> dict[str, Together]:
    """The other sites in view where anybody answered, by name."""
    names = {site.code: site.name for site in sites_seen_by(viewer).order_by("name") if site != place}
    told = self_assessments.together(names, year)
    return {names[code]: one for code, one in told.items() if one.people}


def _lines(
    statement: Statement, year: int, told: Together, earlier: dict[int, Together], elsewhere: dict[str, Together]
) -> list[Told]:
    """This year first, then the years before, then the other sites where enough people answered to be shown."""
    lines = [Told(str(year), told.statements[statement.name])]
    lines += [Told(str(other), one.statements[statement.name]) for other, one in earlier.items()]
    others = [Told(name, one.statements[statement.name]) for name, one in elsewhere.items()]
    return lines + [line for line in others if line.said.counts]
