"""The inbox's tests read made-up slips where the feeds themselves are not what is tested."""

import pytest


@pytest.fixture
def reading_slips(monkeypatch):
    from tests.inbox import slips  # needs Django's settings, which are not there yet when this file is loaded

    monkeypatch.setattr("openfls.inbox.reading.read_bytes", slips.read)
