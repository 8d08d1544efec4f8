"""Hospitals side by side, with the measures beside what they say of themselves."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.standards import Component
from openfls.measures.counting import Measure
from openfls.pages.doors import READ, open_to
from openfls.pages.frame.frame import show, site_names
from openfls.pages.profile.compared import Beside, blocks, standards_to_choose
from openfls.pages.profile.recorded import Recorded, recorded
from openfls.pages.profile.shown import answered, as_csv
from openfls.pages.profile.views import download, year_checked
from openfls.record import profiles
from openfls.record.access import Viewer, episodes_seen_by, sites_seen_by, standings_seen_by
from openfls.record.models import Site
from openfls.record.reckoning import measured_by_site

BySite = Mapping[str, Mapping[str, Measure]]
Shows = Mapping[Component, Sequence[Recorded]]


@open_to(READ)
def compare(request: HttpRequest, viewer: Viewer, year: int) -> HttpResponse:
    everywhere = list(sites_seen_by(viewer).order_by("name"))
    chosen = _chosen(request, everywhere)
    found = profiles.profiles_seen_by(viewer, year_checked(year))
    shown = [found[site.code] for site in chosen]
    choices = standards_to_choose(request.GET.dict())
    differing = request.GET.get("rows") == "differing"
    beside = Beside(*_beside(viewer, chosen), choices)
    return show(
        request,
        "profile/compared.html",
        viewer,
        title=f"Service profiles compared, {year}",
        year=year,
        sites=chosen,
        everywhere=everywhere,
        empty=[site.name for site, one in zip(chosen, shown, strict=True) if not answered(one)],
        blocks=blocks(shown, beside, differing=differing),
        choices=choices,
        differing=differing,
    )


@open_to(READ)
def compare_csv(request: HttpRequest, viewer: Viewer, year: int) -> HttpResponse:
    sites = _chosen(request, list(sites_seen_by(viewer).order_by("name")))
    found = profiles.profiles_seen_by(viewer, year_checked(year))
    text = as_csv([(found[site.code], site.name) for site in sites])
    return download("\ufeff" + text, "text/csv", f"service-profiles-{year}.csv")


def _beside(viewer: Viewer, sites: list[Site]) -> tuple[BySite, Shows]:
    """What was counted at these sites, and what their record shows. A shared site's own fractures are all in view."""
    codes = [site.code for site in sites]
    standings = standings_seen_by(viewer).filter(site__in=codes)
    episodes = episodes_seen_by(viewer).filter(site__in=codes)
    return measured_by_site(standings, timezone.localdate()), recorded(episodes, codes, site_names(viewer))


def _chosen(request: HttpRequest, sites: list[Site]) -> list[Site]:
    """Those that the form ticked; all where it ticked none."""
    ticked = set(request.GET.getlist("site"))
    return [site for site in sites if site.code in ticked] or sites
