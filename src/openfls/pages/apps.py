"""The pages as one of Django's parts."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class Pages(AppConfig):
    name = "openfls.pages"

    def ready(self) -> None:
        """Signing in writes nothing into the record, which may be busy: Django's own note of the last time is left out.
        (Sign-ins stand in axes' log.)"""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
