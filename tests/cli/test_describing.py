"""The demonstration's hospitals describe themselves once, and stand side by side on the page."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from openfls.cli.demonstration import describing, loading
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.region import region

TODAY = date.today()  # noqa: DTZ011 (the day on this machine's wall, as the demonstration takes it)


@pytest.fixture
def rhoda(db) -> Client:
    """The manager of all eleven, once they have described themselves."""
    there = region(seed=1, scale=0.002, today=TODAY)
    loading.settle(there)
    assert describing.describe(there) == len(HOSPITALS) == 11
    assert describing.describe(there) == 0
    client = Client()
    user = get_user_model().objects.get(username="region")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db(databases="__all__")
def test_eleven_hospitals_stand_side_by_side_this_year_and_the_year_before(rhoda):
    for year in (TODAY.year, TODAY.year - 1):
        page = rhoda.get(f"/profiles/compared/{year}/").content.decode()
        where = page.split('<th scope="row">Where treatment starts</th>')[1].split("</tr>")[0]
        assert [where.count(f'data-is="{hospital.name}"') for hospital in HOSPITALS] == [1] * 11
        assert where.count("in hospital</td>") == 8
        assert where.count("unlike most: </span>outpatients") == 2
        assert where.count("unlike most: </span>general practice asked") == 1


@pytest.mark.django_db(databases="__all__")
def test_some_teams_are_shown_and_some_are_too_few(rhoda):
    page = rhoda.get(f"/profiles/X1E01/{TODAY.year}/self-assessment/answers/").content.decode()
    assert "3 people have answered" in page
    assert '<th scope="row">Aldermere Royal Infirmary</th>' in page
    assert '<th scope="row">Brackenshaw General Hospital</th>' not in page
