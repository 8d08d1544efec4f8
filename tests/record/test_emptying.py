"""Tests that commit for real leave an empty database behind, with its triggers back in place."""

import pytest
from django.db import DatabaseError

from openfls.record import trail
from openfls.record.models import FactRow, Trail
from tests.record import rows

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_no_row_and_the_triggers_in_place(turn):
    assert (FactRow.objects.count(), Trail.objects.count()) == (0, 0)
    rows.fact_row(rows.note(turn))
    trail.write(user="anne", action=turn)
    with pytest.raises(DatabaseError, match="append-only"):
        FactRow.objects.update(kind="other")
    with pytest.raises(DatabaseError, match="append-only"):
        Trail.objects.update(user="bob")
