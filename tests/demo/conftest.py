"""Two regions for all tests of the demonstration: a small one to read back, a larger one to count."""

from datetime import date

import pytest

from openfls.demo.region import Region, region
from tests.demo.reading_back import Taken, taken

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def small() -> Region:
    return region(seed=1, scale=0.02, today=TODAY)


@pytest.fixture(scope="session")
def read_back(small) -> Taken:
    """What the feeds make of the small region."""
    return taken(small)


@pytest.fixture(scope="session")
def larger() -> Region:
    return region(seed=3, scale=0.2, today=TODAY)
