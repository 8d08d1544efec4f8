"""What several kinds of test share: a database that no service uses, on SQLite or PostgreSQL, and a browser."""

import os
import shutil
import tempfile
from contextlib import ExitStack

import pytest
from hypothesis import settings as hypothesis_settings

from tests import databases, postgres, spark_cluster

# No deadline for one example: on a busy machine it measures the neighbours.
hypothesis_settings.register_profile("openfls", deadline=None)
hypothesis_settings.register_profile("deep", deadline=None, max_examples=3000)  # pytest --hypothesis-profile=deep
hypothesis_settings.load_profile("openfls")

AFTERWARDS = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="run database tests on a real PostgreSQL (or OPENFLS_TEST_POSTGRES=1)"
    )
    parser.addoption("--soak", action="store_true", help="the fault tests at length (make soak)")


def pytest_configure(config: pytest.Config) -> None:
    """Settings of our own before Django reads them: a folder of this process's, a quick password hasher."""
    afterwards = config.stash[AFTERWARDS] = ExitStack()
    for name in ("OPENFLS_HOSTS", "OPENFLS_DEBUG", "OPENFLS_LOG", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    if not hasattr(config, "workerinput"):  # workers of pytest-xdist inherit the address
        os.environ.pop("OPENFLS_DATABASE_URL", None)
        if config.getoption("postgres") or os.environ.get("OPENFLS_TEST_POSTGRES", "") not in ("", "0"):
            os.environ["OPENFLS_DATABASE_URL"] = afterwards.enter_context(postgres.server())
        if config.getoption("numprocesses", None):
            return  # with settings named already, pytest-django would read them in each worker before its folder is set
    os.environ["OPENFLS_HOME"] = afterwards.enter_context(tempfile.TemporaryDirectory(prefix="openfls-tests-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfls.settings"
    # The browser of the journeys keeps an event loop in its process; Django would refuse databases beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[AFTERWARDS].close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_keepdb, django_db_createdb
):
    """Every database, whichever the tests of this session name when they are collected.

    pytest-django would make those alone: a test that is told of its databases later (`every_database`) would then meet
    an alias without tables. And it drops a database over one of its aliases, before the others have let go of it.
    """
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
    yield
    connections.close_all()
    if not keep:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_can_be_emptied_between_tests():
    with databases.flushed_without_triggers():
        yield


@pytest.fixture(scope="session")
def spark_master():
    """The address of a Spark cluster: a master and two workers."""
    with spark_cluster.cluster(workers=2) as address:
        yield address


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium, or the one that OPENFLS_CHROMIUM names; without one the test skips."""
    found = os.environ.get("OPENFLS_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium found: sudo apt-get install chromium, or name one in OPENFLS_CHROMIUM")
    return found
