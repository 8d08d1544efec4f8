"""The inbox's tests read made-up slips where the feeds themselves are not what is tested."""

import pytest


@pytest.fixture
def reading_slips(monkeypatch):
    from tests.inbox import slips  # needs Django's settings, which are not there yet when this file is loaded

    monkeypatch.setattr("openfls.inbox.reading.read_bytes", slips.read)


@pytest.fixture
def inbox(request, tmp_path):
    """The listener's way into an empty inbox, on the engine of this run; for tests with ``transaction=True``."""
    from tests.inbox import stores

    if request.config.getoption("postgres"):
        with stores.on_postgresql() as opened:
            yield opened
            opened.store.close()
    else:
        with stores.on_sqlite(tmp_path) as opened:
            yield opened
            opened.store.close()
