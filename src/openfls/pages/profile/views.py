"""The pages of the service profile: which there are, one of them, filling a section, taking over a year, exports."""

import json
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from openfls.clinical.profile.asked import QUESTIONS, SECTION_OF_SLUG, SECTIONS
from openfls.clinical.profile.questions import Section
from openfls.pages.doors import PROFILES, READ, open_to
from openfls.pages.forms.hand import sent
from openfls.pages.frame.frame import show
from openfls.pages.frame.notices import tell
from openfls.pages.profile.forms import SectionForm
from openfls.pages.profile.history import history
from openfls.pages.profile.shown import answered, as_csv, as_plain, sections_shown
from openfls.pages.staff import Staff
from openfls.record import profiles, self_assessments
from openfls.record.access import Viewer, sites_seen_by
from openfls.record.models import ProfileVersion, Site
from openfls.record.profiles import Overtaken, Profile

FIRST_YEAR = 2000


def year_checked(year: int) -> int:
    """The year, where profiles of it may be. Raises ``Http404``."""
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404
    return year


@open_to(READ)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Which profiles there are: this year's first."""
    asked = request.GET.get("year", "")
    today = timezone.localdate().year
    year = year_checked(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today
    found = profiles.profiles_seen_by(viewer, year)
    sites = list(sites_seen_by(viewer).order_by("name"))
    lines = [(site, answered(found[site.code]), profiles.may_fill(viewer, site.code)) for site in sites]
    years = range(today + 1, today - 10, -1)
    return show(
        request, "profile/profiles.html", viewer, title="Service profiles", year=year, years=years, lines=lines,
        total=len(QUESTIONS), own=viewer.sites,
    )  # fmt: skip


@open_to(READ)
def profile(request: HttpRequest, viewer: Viewer, site: str, year: int) -> HttpResponse:
    place = profiles.site_of_profile(viewer, site)
    whole = profiles.profile_of(place, year_checked(year))
    saved = history(profiles.history_of(place, year))
    others = [other for other in profiles.years_of(place) if other != year]
    may_fill = profiles.may_fill(viewer, site)
    return show(
        request,
        "profile/profile.html",
        viewer,
        title=f"Service profile {year}: {place.name}",
        site=place,
        year=year,
        sections=sections_shown(whole),
        answered=answered(whole),
        total=len(QUESTIONS),
        may_fill=may_fill,
        may_answer=self_assessments.may_answer(viewer, site),
        other_years=others,
        copies=_copies(whole, others) if may_fill else [],
        history=saved,
        staff=Staff(one.by for one in saved),
    )


def _copies(whole: Profile, others: Iterable[int]) -> list[int]:
    """The years from which something can be taken over: while sections are empty here."""
    return list(others) if len(whole.sections) < len(SECTIONS) else []


@open_to(PROFILES)
def section(request: HttpRequest, viewer: Viewer, site: str, year: int, slug: str) -> HttpResponse:
    place, which = profiles.site_to_fill(viewer, site), SECTION_OF_SLUG.get(slug)
    if which is None:
        raise Http404
    newest = profiles.profile_of(place, year_checked(year)).sections.get(slug)
    form = _form(request, which, newest)
    if form.is_valid() and _saved(form, place, year, slug, viewer):
        tell(request, f"{which.title} saved.")
        onward = _next(which) if "on" in request.POST else None
        return redirect("profile-section", site, year, onward) if onward else redirect("profile", site, year)
    return show(
        request,
        "profile/section.html",
        viewer,
        title=f"{which.title}: {place.name}, {year}",
        site=place,
        year=year,
        section=which,
        number=SECTIONS.index(which) + 1,
        of=len(SECTIONS),
        form=form,
        onward=_next(which),
    )


def _form(request: HttpRequest, which: Section, newest: ProfileVersion | None) -> SectionForm:
    return SectionForm(which, sent(request), newest.answers if newest else {}, newest.version if newest else 0)


def _saved(form: SectionForm, place: Site, year: int, slug: str, viewer: Viewer) -> bool:
    """Whether it was kept; where somebody was faster, the form says so and a second try goes over it."""
    try:
        profiles.save_section(
            place, year, slug, form.answers(), by=viewer.user, at=timezone.now(), seen=form.cleaned_data["seen"]
        )
    except Overtaken as faster:
        who = Staff([faster.newest.by]).name(faster.newest.by)
        form.add_error(
            None,
            f"{who} saved this section while you had it open. Nothing of yours is saved yet. Compare with the profile "
            "in another window; save again to put your answers in its place (the other version stays in the history)",
        )
        form.data = form.data.copy()
        form.data["seen"] = str(faster.newest.version)
        return False
    return True


def _next(which: Section) -> str | None:
    place = SECTIONS.index(which) + 1
    return SECTIONS[place].slug if place < len(SECTIONS) else None


@require_POST
@open_to(PROFILES)
def copy(request: HttpRequest, viewer: Viewer, site: str, year: int) -> HttpResponse:
    place, asked = profiles.site_to_fill(viewer, site), request.POST.get("from", "")
    if not (asked.isascii() and asked.isdigit()) or int(asked) not in profiles.years_of(place):
        raise Http404
    taken = profiles.copy_year(place, int(asked), year_checked(year), by=viewer.user, at=timezone.now())
    see = reverse("profile-section", args=[site, year, SECTIONS[0].slug])
    tell(request, f"{taken} sections of {asked} taken over.", see=see, see_words="Go through them")
    return redirect("profile", site, year)


@open_to(READ)
def export(request: HttpRequest, viewer: Viewer, site: str, year: int, form: str) -> HttpResponse:
    place = profiles.site_of_profile(viewer, site)
    whole = profiles.profile_of(place, year_checked(year))
    if form == "json":
        text = json.dumps(as_plain(whole, place.name), indent=2, ensure_ascii=False) + "\n"
        return download(text, "application/json", f"service-profile-{site}-{year}.json")
    if form == "csv":
        return download("\ufeff" + as_csv([(whole, place.name)]), "text/csv", f"service-profile-{site}-{year}.csv")
    raise Http404


def download(text: str, kind: str, name: str) -> HttpResponse:
    reply = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
