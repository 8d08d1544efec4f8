"""Writes the generated reference pages: ``python -m docs.generating``, from the project's root."""

import os
import tempfile

with tempfile.TemporaryDirectory() as home:
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfls.settings"
    os.environ["OPENFLS_HOME"] = home  # the settings make their keys somewhere: never in a service's folder

    import django

    django.setup()

    from docs.generating import write

    for name in write() or ["nothing: every page is up to date"]:
        print("written:", name)
