"""What was entered can't be changed or removed through the database, on either engine."""

import pytest
from django.db import DatabaseError, connections, transaction

from openfls.record.models import FactRow, Trail
from tests.record import rows

pytestmark = pytest.mark.django_db(databases="__all__")

FACT = ("default", "record_factrow", "kind")
TRAIL = ("audit", "record_trail", "action")


@pytest.fixture(autouse=True)
def one_fact_and_one_trail_row():
    rows.fact_row()
    rows.bare_trail_row(1)


def refused(alias: str, statement: str) -> str:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)
    return str(raised.value)


@pytest.mark.parametrize(("alias", "table", "column"), [FACT, TRAIL])
def test_a_row_can_not_be_changed(alias, table, column):
    assert f"{table} is append-only: UPDATE refused" in refused(alias, f"UPDATE {table} SET {column} = 'other'")


@pytest.mark.parametrize(("alias", "table", "column"), [FACT, TRAIL])
def test_a_row_can_not_be_removed(alias, table, column):
    assert f"{table} is append-only: DELETE refused" in refused(alias, f"DELETE FROM {table}")


@pytest.mark.parametrize(("alias", "table", "column"), [FACT, TRAIL])
def test_a_row_can_not_be_replaced_or_the_table_emptied(alias, table, column):
    if connections[alias].vendor == "postgresql":
        refused(alias, f"TRUNCATE {table} CASCADE")
    else:
        refused(alias, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_django_can_not_either():
    with pytest.raises(DatabaseError), transaction.atomic():
        FactRow.objects.update(kind="other")
    with pytest.raises(DatabaseError), transaction.atomic(using="audit"):
        Trail.objects.all().delete()
    assert (FactRow.objects.count(), Trail.objects.count()) == (1, 1)
