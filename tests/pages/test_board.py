"""The page of the board's report: who may take it, of which site, and beside whom."""

from datetime import timedelta

import pytest

from openfls.clinical.standards import Role
from openfls.record import users
from openfls.record.models import Trail
from tests.measures.test_board_pictures import text_of
from tests.pages.world import ELSEWHERE, HOME, PASSWORD, SISTER

ADDRESS = "/board-report/"
TITLES = ["Aldermere Royal", "Brackenshaw General", "Elverton District"]


@pytest.fixture
def mairi(world, signed_in):
    """A manager of two sites, and a nurse at a third."""
    roles = {HOME: [Role.MANAGER], SISTER: [Role.MANAGER], ELSEWHERE: [Role.NURSE]}
    users.create_user("mairi", PASSWORD, roles, by="a test", full_name="Mairi Tester")
    return signed_in("mairi")


@pytest.fixture
def morag(signed_in):
    return signed_in("morag")


def asked(world, **more: str) -> dict[str, str]:
    first, last = world.today - timedelta(days=365), world.today
    days = {f"{name}-{part}": str(getattr(day, part)) for name, day in (("first", first), ("last", last))
            for part in ("day", "month", "year")}  # fmt: skip
    return {"site": HOME, **days, **more}


def test_the_hospitals_beside_are_those_that_the_reader_manages_and_no_other(mairi, world):
    page = mairi.get(ADDRESS).content.decode()
    assert [name in page for name in TITLES] == [True, True, False]
    reply = mairi.post(ADDRESS, asked(world, beside="on"))
    assert reply["Content-Type"] == "application/pdf"
    assert Trail.objects.get(action="board report made").detail["beside"] == [SISTER]
    assert mairi.post(ADDRESS, asked(world, site=ELSEWHERE))["Content-Type"].startswith("text/html")


def test_nobody_stands_beside_unless_it_is_wanted(mairi, world):
    mairi.post(ADDRESS, asked(world))
    assert Trail.objects.get(action="board report made").detail["beside"] == []


def test_a_manager_of_one_site_is_asked_nothing_about_others(morag, world):
    assert "Compare with the other hospitals" not in morag.get(ADDRESS).content.decode()
    reply = morag.post(ADDRESS, asked(world, beside="on"))
    assert Trail.objects.get(action="board report made").detail["beside"] == []
    assert "Brackenshaw" not in text_of(reply.content)


def test_a_period_that_ends_in_the_future_is_refused_on_the_page(morag, world):
    page = morag.post(ADDRESS, asked(world) | {"last-year": "2999"}).content.decode()
    assert "must be today or in the past" in page
    assert not Trail.objects.filter(action="board report made").exists()


def test_the_report_opens_with_what_to_do_and_names_no_patient(morag, world):
    told = " ".join(text_of(morag.post(ADDRESS, asked(world)).content).split())
    assert told.index("What to do") < told.index("Pictures") < told.index("How patients were found")
    assert "What nobody can say, and why" in told
    assert not [name for name in ("Beryl", "Jones", "JONES", "9990000026") if name in told]
