"""The home of a deployment: settings read, tables there, before a command touches the record."""

import os


def opened() -> None:
    """Set Django up and make whatever table is missing. Only commands that need the record call this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    import django

    django.setup()
    from openfls.record import databases

    databases.prepare()
