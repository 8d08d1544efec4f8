"""Gaps in care: the overview over all standards, one standard compared, and the pathway."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.rulebook import BY_NAME
from openfls.clinical.standards import Standard
from openfls.clinical.tasks import OWNER_ROLE
from openfls.measures.charts.drawing import published
from openfls.measures.counting import count, of_one
from openfls.measures.months import Month, monthly
from openfls.measures.pathway import STEPS, flow
from openfls.pages.components.groups import SPLITS, Part, Split, parts
from openfls.pages.components.measures import counted
from openfls.pages.doors import READ, answered_for, open_to
from openfls.pages.frame.frame import show, site_names
from openfls.pages.gaps.handover import HANDED_OVER, practice_lines
from openfls.pages.gaps.leaving import by_hospital, by_part, to_take_away
from openfls.pages.gaps.overview import components_short, missed_most, standing_out, units
from openfls.pages.gaps.pictures import compared, over_time, pathway, steadiness
from openfls.record.access import Viewer, standings_seen_by
from openfls.record.models import StandingRow
from openfls.record.organisations import practice_names
from openfls.record.own_standards import in_force
from openfls.record.parameters import threshold_of
from openfls.record.reckoning import EVERY_SITE, measured_by_site, verdicts_by_episode, verdicts_by_site

LONGEST = 25  # parts of a split that are listed; the rest is summed up in words


@open_to(READ)
def gaps(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every standard over every hospital in view."""
    today, sites = timezone.localdate(), site_names(viewer)
    by_site = measured_by_site(_standings(viewer), today)
    everywhere = by_site.get(EVERY_SITE) or count((), today, in_force())
    short = components_short(by_site, everywhere, sites)
    return show(
        request,
        "gaps/gaps.html",
        viewer,
        title="Gaps in care",
        components=short,
        hospitals=len([code for code in by_site if code != EVERY_SITE]),
        out=standing_out(short),
        missed=missed_most(everywhere),
    )


@open_to(READ)
def gap(request: HttpRequest, viewer: Viewer, standard: str) -> HttpResponse:
    """One standard: compared over hospitals, followed over months, divided into parts."""
    declared, today, sites = in_force().get(standard), timezone.localdate(), site_names(viewer)
    if declared is None:
        raise Http404
    standings = _standings(viewer)
    by_site = measured_by_site(standings.filter(standard=standard), today)
    codes = {sites.get(code, code): code for code in by_site if code != EVERY_SITE}
    site = request.GET.get("site", "")
    if site and site not in codes.values():
        raise Http404
    measure = by_site[site][standard] if site in by_site else of_one(declared, (), today)
    here = standings.filter(site=site) if site else standings
    return show(
        request,
        "gaps/gap.html",
        viewer,
        title=declared.title,
        standard=declared,
        measure=counted(measure),
        role=OWNER_ROLE[declared.step].value,
        site=site,
        site_name=sites.get(site, ""),
        codes=codes,
        pictures=compared(declared, units(by_site, standard, sites), codes, published(declared, doubt=False)),
        hospitals=len(codes),
        splits=_splits(here, declared, today),
        practice_names=practice_names(),
        longest=LONGEST,
        **_over_time(standings, declared, site, today, sites),
    )


def _over_time(
    standings: "QuerySet[StandingRow]", standard: Standard, site: str, today: date, sites: dict[str, str]
) -> dict[str, Any]:
    """The months of the hospital in view, or of all, as pictures; those of every hospital in words."""
    told = verdicts_by_site(standings.filter(standard=standard.name))
    months: dict[str, tuple[Month, ...]] = {code: monthly(verdicts, today) for code, verdicts in told.items()}
    chosen = told.get(site, []) if site else [one for verdicts in told.values() for one in verdicts]
    named = {code: found for code, found in months.items() if code}
    return {
        "months": over_time(standard, monthly(chosen, today), site, published(standard, doubt=False)),
        "steady": steadiness(named, sites) if len(named) > 1 else [],
    }


def _splits(
    standings: "QuerySet[StandingRow]", standard: Standard, today: date
) -> list[tuple[str, Split, str, list[Part]]]:
    """The name of each split, the split, what must be said beside it, and the parts."""
    return [(by, split, split.note(), parts(standings, standard, by, today)) for by, split in SPLITS.items()]


@open_to(READ)
def counts(request: HttpRequest, viewer: Viewer, standard: str) -> HttpResponse:
    """The counts by hospital, or ``by`` a split, to take away: small numbers hidden so that none can be worked out."""
    declared, by = in_force().get(standard), request.GET.get("by", "")
    if declared is None or (by and by not in SPLITS):
        raise Http404
    lines = _lines_by(viewer, declared, by) if by else _lines_by_hospital(viewer, declared)
    reply = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="{standard}{by and f"-by-{by}"}.csv"'
    return reply


def _lines_by_hospital(viewer: Viewer, standard: Standard) -> list[str]:
    by_site = measured_by_site(_standings(viewer).filter(standard=standard.name), timezone.localdate())
    counted = by_hospital(standard, by_site, site_names(viewer))
    return to_take_away(standard, "Hospital", counted, threshold_of(viewer.sites))


def _lines_by(viewer: Viewer, standard: Standard, by: str) -> list[str]:
    split, found = SPLITS[by], parts(_standings(viewer), standard, by, timezone.localdate())
    return to_take_away(standard, split.head, by_part(found), threshold_of(viewer.sites), split.note())


@open_to(READ)
def practices(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Between hospital and practice: what is handed over, and what is carried on, practice by practice."""
    standings, today = _standings(viewer), timezone.localdate()
    lines = practice_lines({name: parts(standings, BY_NAME[name], "practice", today) for name in HANDED_OVER})
    longest = None if "all" in request.GET else LONGEST
    return show(
        request,
        "gaps/practices.html",
        viewer,
        title="Between hospital and practice",
        standards=[BY_NAME[name] for name in HANDED_OVER],
        lines=lines[:longest],
        more=len(lines) - len(lines[:longest]),
        practice_names=practice_names(),
    )


@open_to(READ)
def pathway_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The way through care as a flow."""
    made = flow(verdicts_by_episode(_standings(viewer), STEPS), timezone.localdate())
    titles = {step: BY_NAME[step].title for step in STEPS}
    shown = pathway(made, titles)
    return show(request, "gaps/pathway.html", viewer, title="The pathway", shown=shown)


def _standings(viewer: Viewer) -> "QuerySet[StandingRow]":
    return answered_for(standings_seen_by(viewer), viewer)
