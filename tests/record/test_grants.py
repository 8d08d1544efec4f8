"""On PostgreSQL the service's role may add to facts and trail and read them, and has no right to change them."""

import pytest
from django.db import DatabaseError, connections, transaction

from openfls.record import grants, trail
from openfls.record.models import FactRow, Trail
from tests.record import rows

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def as_the_service():
    if connections["default"].vendor != "postgresql":
        pytest.skip("grants are PostgreSQL's: run with --postgres")
    for alias in ("default", "audit"):
        execute(alias, f"SET LOCAL ROLE {grants.ROLE}")
    yield
    for alias in ("default", "audit"):
        execute(alias, "RESET ROLE")


def execute(alias: str, statement: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)


def test_it_may_add_facts_and_trail_rows_and_read_them():
    rows.fact_row()
    trail.write(user="anne", action="read")
    assert (FactRow.objects.count(), Trail.objects.count()) == (1, 1)
    assert trail.verify_chain().sound


@pytest.mark.parametrize(("alias", "table"), [("default", "record_factrow"), ("audit", "record_trail")])
@pytest.mark.parametrize("statement", ["UPDATE {} SET site = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_it_may_not_change_remove_or_empty_them(alias, table, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(using=alias):
        execute(alias, statement.format(table))


@pytest.mark.parametrize(("alias", "table"), [("default", "record_factrow"), ("audit", "record_trail")])
def test_it_may_not_lift_the_triggers(alias, table):
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic(using=alias):
        execute(alias, f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def test_it_may_change_what_is_derived_and_who_is_signed_in():
    person = rows.person(sites=("A1",))
    person.delete()
    execute("default", "DELETE FROM django_session")
    execute("default", "DELETE FROM axes_accessattempt")


def test_granting_again_changes_nothing():
    execute("default", "RESET ROLE")
    assert grants.grant(connections["default"])
    execute("default", f"SET LOCAL ROLE {grants.ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        execute("default", "DELETE FROM record_factrow")


def test_who_may_not_make_the_role_is_told_so(caplog):
    execute("default", "RESET ROLE")
    execute("default", "CREATE ROLE plain_user")
    execute("default", f"ALTER ROLE {grants.ROLE} RENAME TO openfls_app_before")
    execute("default", "SET LOCAL ROLE plain_user")
    assert not grants.grant(connections["default"])
    assert "ask the administrator" in caplog.text
