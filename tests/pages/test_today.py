"""Today: each role's first page; order, filters, counts that lead to their names."""

import re
from datetime import timedelta
from html import unescape

import pytest

from openfls.clinical.caseload import TaskState
from openfls.clinical.facts import BodySite
from openfls.pages.staff import Staff
from openfls.pages.today.worklist import Filters, in_order
from openfls.record.models import TaskRow


def rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.DOTALL)


def test_the_coordinators_list_holds_her_tasks(carys, world):
    page = carys.get("/").content.decode()
    assert "SMITH, Anne" in page
    assert "GREEN, Doris" in page
    assert "BLACK, Frank" not in page


def test_what_is_due_only_later_is_a_list_of_its_own_that_is_always_counted(signed_in, world):
    page = signed_in("nadia").get("/").content.decode()
    counted = re.search(r'due=later"[^>]*><strong>(\d+)</strong> due in more than 28 days', page)
    soon, later = page, signed_in("nadia").get("/?due=later").content.decode()
    assert counted
    assert int(counted[1]) == len(rows(later)) > 0
    assert "BROWN, Cyril" not in soon
    assert "BROWN, Cyril" in later


def test_hip_fractures_stand_before_wrists_and_the_longest_overdue_first(signed_in, world):
    tasks = list(in_order(TaskRow.objects.filter(state="open", owner_role="nurse")))
    first_wrist = next(n for n, task in enumerate(tasks) if task.person.name == "JONES, Beryl")
    assert [task.person.name for task in tasks].index("BROWN, Cyril") < first_wrist
    of_beryl = [task.due for task in tasks if task.person.name == "JONES, Beryl"]
    assert of_beryl == sorted(of_beryl)


def test_each_count_by_step_opens_as_many_rows(signed_in, world):
    nadia = signed_in("nadia")
    page = nadia.get("/").content.decode()
    counted = re.findall(r'href="(\?role=nurse&step=[\w-]+)"[^>]*><strong>(\d+)</strong>', page)
    assert counted
    for address, number in counted:
        assert len(rows(nadia.get(f"/{address}").content.decode())) == int(number)


def test_overdue_shows_only_what_is_overdue(signed_in, world):
    page = signed_in("nadia").get("/?role=nurse&due=overdue").content.decode()
    shown = rows(page)
    assert shown
    assert all("late</span>" in row for row in shown)


def total(page: str) -> int:
    """How many tasks the list says that it holds, on all its pages."""
    told = re.search(r"1 to [\d,]+ of ([\d,]+), hip", page)
    return int(told[1].replace(",", "")) if told else 0


@pytest.mark.parametrize(("user", "address"), [("nadia", "/"), ("carys", "/"), ("deepak", "/"), ("deepak", "/?role=")])
def test_every_count_of_tasks_opens_as_many(signed_in, world, user, address):
    from tests.pages.world import crowd

    crowd(world, 50)
    reader = signed_in(user)
    page = reader.get(address).content.decode()
    counted = re.findall(r'href="(\?role=[^"]*)"[^>]*><strong>([\d,]+)</strong>', page)
    assert len(counted) > 3
    opened = {where: total(reader.get(f"/{unescape(where)}").content.decode()) for where, _ in counted}
    assert opened == {where: int(number.replace(",", "")) for where, number in counted}


@pytest.mark.parametrize(
    ("asked", "when"),
    [
        ({}, "soon"), ({"due": "overdue"}, "overdue"), ({"due": "later"}, "later"), ({"owner": "mine"}, "any"),
        ({"owner": "mine", "due": "soon"}, "soon"), ({"met": "1"}, "any"), ({"due": "dance"}, "soon"),
    ],
)  # fmt: skip
def test_the_box_of_due_dates_shows_what_the_list_holds(carys, world, asked, when):
    assert Filters.asked(asked, "coordinator").when == when
    page = carys.get("/", asked).content.decode()
    assert re.search(r'<option value="(\w+)" selected>', page.split('id="due"')[1])[1] == when


def test_a_patient_with_two_fractures_lies_in_one_bed(signed_in, world):
    cyril = world.sightings["Cyril"].record
    again = world.saw(cyril, 100, body_site=BodySite.WRIST)
    world.enter(again, world.enrols(again, 99))
    page = signed_in("deepak").get("/").content.decode()
    assert "Trauma A: 1 patient, 1 without a bone plan" in page
    assert page.count("BROWN, Cyril</a>") == 2


def test_due_today_is_not_late(signed_in, world):
    due = TaskRow.objects.filter(state="open", owner_role="nurse").exclude(due=None).first()
    TaskRow.objects.filter(pk=due.pk).update(due=world.today)
    from openfls.pages.today.worklist import line

    due.refresh_from_db()
    assert line(due, world.today, Staff(()), "").late_by == 0
    assert line(due, world.today + timedelta(days=1), Staff(()), "").late_by == 1


def test_a_filter_that_fits_nobody_says_so(carys, world):
    assert "No task fits these filters" in carys.get("/?role=doctor&step=triage&owner=mine").content.decode()


def test_filters_that_the_list_does_not_know_are_left_out():
    asked = Filters.asked({"step": "dance", "owner": "everybody", "due": "yes"}, "nurse")
    assert asked == Filters(role="nurse")


def test_closed_and_done_tasks_are_not_on_the_list(signed_in, world):
    beryl = TaskRow.objects.filter(person__records__key=world.key("Beryl"), owner_role="nurse")
    assert "JONES, Beryl" in signed_in("nadia").get("/").content.decode()
    beryl.update(state=TaskState.CLOSED)
    assert "JONES, Beryl" not in signed_in("nadia").get("/").content.decode()


def test_the_query_count_does_not_grow_with_the_list(carys, world, django_assert_max_num_queries):
    from tests.pages.world import crowd

    carys.get("/")
    with django_assert_max_num_queries(30) as few:
        carys.get("/")
    crowd(world, 60)
    with django_assert_max_num_queries(len(few)):
        page = carys.get("/").content.decode()
    assert "1 to 40 of" in page


def test_the_last_page_of_the_list_holds_the_rest(carys, world):
    from tests.pages.world import crowd

    crowd(world, 45)
    assert "Next page" in carys.get("/").content.decode()
    second = carys.get("/?role=coordinator&page=2").content.decode()
    assert "Previous page" in second
    assert "Next page" not in second


def test_the_day_sheet_can_hold_all_tasks_on_one_page(carys, world):
    from tests.pages.world import crowd

    crowd(world, 45)
    page = carys.get("/?role=coordinator").content.decode()
    address = unescape(re.search(r'<a href="([^"]+)">Show all (\d+) on one page', page)[1])
    whole = carys.get(f"/{address}").content.decode()
    assert len(rows(whole)) == total(whole) == total(page) > 40
    assert "on one page" not in whole


def test_the_doctor_sees_the_ward_round(signed_in, world):
    page = signed_in("deepak").get("/").content.decode()
    assert "Trauma A: 1 patient, 1 without a bone plan" in page
    assert "BROWN, Cyril" in page


def test_a_decision_sets_the_bone_plan(signed_in, world):
    deepak = signed_in("deepak")
    sent = {"advice": "recommended", "drug": "Zoledronate", "begins": "not started", "form_mark": "m"}
    day = {"day-day": world.today.day, "day-month": world.today.month, "day-year": world.today.year}
    deepak.post(world.address("Cyril", "enter/treatment/"), sent | day)
    assert "Trauma A: 1 patient, 0 without a bone plan" in deepak.get("/").content.decode()


def test_who_went_home_is_not_on_the_ward_round(signed_in, world):
    from openfls.clinical.facts import Discharge

    world.enter(world.said(Discharge, world.sightings["Cyril"].record, 2, visit="V1"))
    assert "BROWN, Cyril" not in signed_in("deepak").get("/").content.decode()


def test_the_doctor_asks_for_tasks_too(signed_in, world):
    assert "Tasks of" in signed_in("deepak").get("/?role=doctor").content.decode()


def test_the_manager_sees_measures_and_no_names(signed_in, world):
    page = signed_in("morag").get("/").content.decode()
    assert "Assessed by the service within 90 days" in page
    assert "JONES" not in page


def test_the_administrator_sees_no_names(signed_in, world):
    page = signed_in("ada").get("/").content.decode()
    assert "in quarantine" in page
    assert "JONES" not in page


def test_one_for_whom_no_page_is_built_is_told_so(signed_in, world):
    assert "Its pages are not built yet" in signed_in("grace").get("/").content.decode()


def test_a_dead_patient_leaves_one_question(carys, world):
    page = carys.get("/?role=").content.decode()
    assert page.count("GREEN, Doris</a>") == 1
    assert "confirm closing" in page
