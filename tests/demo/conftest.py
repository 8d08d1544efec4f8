"""One small region for all tests of the demonstration."""

from datetime import date

import pytest

from openfls.demo.region import Region, region

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def small() -> Region:
    return region(seed=1, scale=0.02, today=TODAY)
