"""The databases of the tests themselves: a test never meets one that a service uses, nor one without tables."""

import pytest
from django.db import connections

ONE_TABLE = {
    "default": "record_factrow",
    "inbox": "inbox_message",
    "audit": "record_trail",
    "sessions": "django_session",
}


@pytest.mark.django_db(databases=["default"])
@pytest.mark.parametrize("alias", list(ONE_TABLE))
def test_every_database_is_made_even_for_a_session_that_names_one_alone(alias, django_db_blocker):
    """Run by itself this file names one; so may a test that runs before others."""
    name = str(connections[alias].settings_dict["NAME"])
    assert "memory" in name or name.startswith("test_"), name
    with django_db_blocker.unblock():
        beside = connections[alias].copy(f"another way to {alias}")
        try:
            tables = beside.introspection.table_names()
        finally:
            beside.close()
    assert ONE_TABLE[alias] in tables
