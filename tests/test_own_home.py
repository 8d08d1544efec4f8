"""Each process of the tests has a folder of its own: two that share one would meet in its locks."""

import os
from pathlib import Path

from django.conf import settings


def test_the_settings_have_read_the_folder_of_this_process():
    assert Path(os.environ["OPENFLS_HOME"]).resolve() == settings.OPENFLS_HOME
