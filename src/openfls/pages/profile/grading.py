"""How a service stands with the standards of services in a year: by its record, and by what its profile answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openfls.clinical.profile.framework import framework_answers
from openfls.clinical.service_rulebook import QUESTIONS
from openfls.coordination.exports.building import fields_missing
from openfls.coordination.exports.cases import parameters_of
from openfls.measures.service import Figures, Grade, grades
from openfls.pages.doors import READ, open_to
from openfls.pages.frame.frame import show
from openfls.pages.profile.views import year_checked
from openfls.record import profiles
from openfls.record.access import Viewer, episodes_seen_by, record_list_read, standings_seen_by
from openfls.record.service_year import figures

MANY = 4  # standards with the same choice


@open_to(READ)
def graded(request: HttpRequest, viewer: Viewer, site: str, year: int) -> HttpResponse:
    """Each service standard with its level or band, or the question that is open."""
    place = profiles.site_of_profile(viewer, site)
    answers = framework_answers(profiles.profile_of(place, year_checked(year)).answers)
    graded = grades(_figures(viewer, site, year), answers)
    return show(
        request,
        "profile/graded.html",
        viewer,
        title=f"How the service stands, {year}: {place.name}",
        site=place,
        year=year,
        grades=graded,
        read_alike=read_alike(graded),
        questions=QUESTIONS,
        may_fill=profiles.may_fill(viewer, site),
    )


def read_alike(graded: Sequence[Grade]) -> list[str]:
    """What was chosen alike for many standards: said once, not beside each."""
    told = Counter(choice for one in graded for choice in one.standard.choices)
    return [choice for choice, standards in told.items() if standards >= MANY]


def _figures(viewer: Viewer, site: str, year: int) -> Figures:
    today = timezone.localdate()
    missing, patients = fields_missing(viewer, site, date(year, 1, 1), date(year, 12, 31), today)
    record_list_read(viewer, "completeness of a year counted", patients, which=f"{site}, {year}")
    here = {"site": site}
    episodes, standings = episodes_seen_by(viewer).filter(**here), standings_seen_by(viewer).filter(**here)
    return figures(episodes, standings, year, today, parameters_of(site), missing)
