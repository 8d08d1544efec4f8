"""Users are made with roles by site, by plain functions that leave their row in the trail."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from openfls.clinical.standards import Role
from openfls.record import users
from openfls.record.access import viewer_of
from openfls.record.models import Membership, Trail
from tests.record import rows

pytestmark = pytest.mark.django_db(databases="__all__")

GOOD = "seven green bicycles"


@pytest.fixture(autouse=True)
def sites():
    rows.site("A1", "A")
    rows.site("A2", "A")


def may_sign_in(username: str, password: str) -> bool:
    return authenticate(RequestFactory().post("/sign-in/"), username=username, password=password) is not None


def test_a_new_user_signs_in_and_has_his_roles():
    user = users.create_user("anne", GOOD, {"A1": [Role.NURSE, Role.COORDINATOR]}, by="root", full_name="Anne M Bell")
    assert may_sign_in("anne", GOOD)
    assert not may_sign_in("anne", GOOD.upper())
    assert viewer_of(user).roles == {"A1": {Role.NURSE, Role.COORDINATOR}}
    assert viewer_of(user).full_name == "Anne M Bell"
    row = Trail.objects.get()
    assert (row.user, row.action) == ("root", "user created")
    assert row.detail == {"username": "anne", "told": {"A1": ["coordinator", "nurse"]}}


@pytest.mark.parametrize(
    ("username", "password", "sites", "why"),
    [
        ("anne", GOOD, {}, "there is a user"),
        ("", GOOD, {}, "name the user"),
        ("bob", "short", {}, "too short"),
        ("bob", "123456789012", {}, "numeric"),
        ("bob", GOOD, {"B1": [Role.NURSE]}, "there is no site 'B1'"),
    ],
)
def test_a_user_who_can_not_be_is_refused_with_the_reason_and_leaves_nothing(username, password, sites, why):
    users.create_user("anne", GOOD, {}, by="root")
    with pytest.raises(users.UserRefused, match=why):
        users.create_user(username, password, sites, by="root")
    assert [user.username for user in users.list_users()] == ["anne"]


def test_easy_passwords_are_for_the_demonstration_alone(settings):
    settings.DEMONSTRATION = True
    users.create_user("nurse", "nurse", {"A1": [Role.NURSE]}, by="demonstration")
    assert may_sign_in("nurse", "nurse")


def test_a_role_is_granted_and_withdrawn_at_one_site():
    users.create_user("anne", GOOD, {"A1": [Role.NURSE]}, by="root")
    users.grant("anne", "A2", Role.MANAGER, by="root")
    users.grant("anne", "A2", Role.MANAGER, by="root")
    users.withdraw("anne", "A1", Role.NURSE, by="root")
    assert list(Membership.objects.values_list("site", "role")) == [("A2", "manager")]
    with pytest.raises(users.UserRefused, match="anne is no nurse at A1"):
        users.withdraw("anne", "A1", Role.NURSE, by="root")
    told = Trail.objects.order_by("number").values_list("action", flat=True)
    assert list(told) == ["user created", "role granted", "role granted", "role withdrawn"]


def test_a_deactivated_user_can_not_sign_in_until_reactivated():
    users.create_user("anne", GOOD, {}, by="root")
    users.deactivate("anne", by="root")
    assert not may_sign_in("anne", GOOD)
    users.reactivate("anne", by="root")
    assert may_sign_in("anne", GOOD)


def test_a_new_password_replaces_the_old_one():
    users.create_user("anne", GOOD, {}, by="root")
    users.set_password("anne", GOOD + "!", by="root")
    assert may_sign_in("anne", GOOD + "!")
    assert not may_sign_in("anne", GOOD)
    with pytest.raises(users.UserRefused, match="too short"):
        users.set_password("anne", "x", by="root")


def test_ending_sessions_ends_those_of_one_user_alone():
    for name in ("anne", "bob"):
        user = users.create_user(name, GOOD, {}, by="root")
        for _ in range(2):
            session = SessionStore()
            session["_auth_user_id"] = str(user.pk)
            session.save()
    assert users.end_sessions("anne", by="root") == 2
    assert users.end_sessions("anne", by="root") == 0
    assert users.end_sessions("bob", by="root") == 2


def test_a_user_who_is_not_there_is_named():
    with pytest.raises(users.UserRefused, match="no user 'carl'"):
        users.deactivate("carl", by="root")


@pytest.mark.parametrize("number", [1, 20])
def test_listing_users_takes_two_queries(number, django_assert_num_queries):
    for n in range(number):
        rows.user(f"user{n:02}", "A1", "A2")
    with django_assert_num_queries(2):
        listed = users.list_users()
    assert [user.roles for user in listed] == [{"A1": (Role.COORDINATOR,), "A2": (Role.COORDINATOR,)}] * number
