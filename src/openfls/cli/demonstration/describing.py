"""The hospitals of the region describe their service, this year and the year before."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from openfls.demo.habits import Hospital
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.organisations import username
from openfls.demo.profiles import profile_of, self_assessments_of
from openfls.demo.region import Region
from openfls.record import profiles, self_assessments
from openfls.record.models import Site


def describe(region: Region) -> int:
    """Fill in the profiles that nobody filled in yet, and a few self-assessments; at how many hospitals."""
    at, year = timezone.make_aware(region.now), region.today.year
    new = [(hospital, site) for hospital, site in _sites() if not profiles.years_of(site)]
    for hospital, site in new:
        by = username("manager", hospital.code)
        for section, answers in profile_of(hospital).items():
            profiles.save_section(site, year - 1, section, answers, by=by, at=_a_year_before(at))
            profiles.save_section(site, year, section, answers, by=by, at=at)
        for when, one_year in ((_a_year_before(at), year - 1), (at, year)):
            for said in self_assessments_of(hospital, region.seed, one_year):
                self_assessments.answer(site, one_year, said.ratings, said.comments, by=said.by, at=when)
    return len(new)


def _sites() -> Iterator[tuple[Hospital, Site]]:
    there = Site.objects.in_bulk([hospital.code for hospital in HOSPITALS])
    yield from ((hospital, there[hospital.code]) for hospital in HOSPITALS if hospital.code in there)


def _a_year_before(moment: datetime) -> datetime:
    return moment.replace(year=moment.year - 1, day=min(moment.day, 28))
