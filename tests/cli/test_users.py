"""``openfls users`` and ``organisations``: who works where as what."""

import json

import pytest

from openfls.record.models import Trail
from tests.cli.commands import Typed

pytestmark = pytest.mark.django_db(databases="__all__")

PASSWORD = "correct horse battery\n"
REGION = {"trusts": [{"code": "X9A", "name": "A Trust", "sites": [{"code": "X9A01", "name": "A Hospital"}]}]}


@pytest.fixture(autouse=True)
def organisations(typed, tmp_path):
    (tmp_path / "region.json").write_text(json.dumps(REGION))
    assert typed("organisations", "load", tmp_path / "region.json") == "1 sites\n"


def listed(typed: Typed) -> dict:
    return {user.pop("username"): user for user in json.loads(typed("users", "list", "--json"))}


def test_a_user_from_the_first_day_to_the_last(typed):
    typed("users", "add", "carol", "--name", "Carol Carter", "--role", "X9A01=coordinator", given=PASSWORD)
    assert listed(typed)["carol"] == {"name": "Carol Carter", "active": True, "roles": {"X9A01": ["coordinator"]}}
    typed("users", "grant", "carol", "--role", "X9A01=nurse")
    typed("users", "withdraw", "carol", "--role", "X9A01=coordinator")
    assert listed(typed)["carol"]["roles"] == {"X9A01": ["nurse"]}
    typed("users", "password", "carol", given="another horse battery\n")
    assert typed("users", "sign-out", "carol") == "0 sessions ended\n"
    typed("users", "keep-out", "carol")
    assert not listed(typed)["carol"]["active"]
    assert "carol (kept out)" in typed("users", "list")
    typed("users", "let-in", "carol")
    assert listed(typed)["carol"]["active"]


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["add", "dave", "--role", "X9A01=king"], PASSWORD, "write SITE=ROLE, with a role of coordinator"),
        (["add", "dave", "--role", "X9Z01=nurse"], PASSWORD, "there is no site 'X9Z01'"),
        (["add", "dave"], "short\n", "password is too short"),
        (["grant", "nobody", "--role", "X9A01=nurse"], "", "there is no user 'nobody'"),
        ([], "", "the following arguments are required: ACT"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_line_and_changes_nothing(typed, words, given, said):
    assert said in typed("users", *words, given=given, ends=2).splitlines()[-1]
    assert listed(typed) == {}


def test_a_site_sets_a_parameter_of_its_own(typed):
    assert "A Trust\n  X9A01  A Hospital" in typed("organisations", "list")
    typed("organisations", "set", "X9A01", "triage_days", "5", "--because", "twice a week is enough")
    assert "no such site parameter" in typed("organisations", "set", "X9A01", "triage", "5", ends=2)
    assert "there is no site 'X9Z01'" in typed("organisations", "set", "X9Z01", "triage_days", "5", ends=2)


def test_what_an_operator_did_stands_on_the_trail_in_his_name(typed):
    assert {row.user[:14] for row in Trail.objects.all()} == {"command line ("}
