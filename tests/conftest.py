"""What several kinds of test share."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium, or the one that OPENFLS_CHROMIUM names; without one the test skips."""
    found = os.environ.get("OPENFLS_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium found: sudo apt-get install chromium, or name one in OPENFLS_CHROMIUM")
    return found
