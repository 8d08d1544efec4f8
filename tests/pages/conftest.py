"""The pages' tests see a small made-up world through Django's test client."""

import pytest


@pytest.fixture
def world(every_database):
    """Organisations, staff and a handful of patients."""
    from django.core.cache import cache
    from django.utils import timezone

    from tests.pages import world as made

    cache.clear()
    made.staff()
    return made.people(timezone.localdate())


@pytest.fixture
def every_database(request):
    """All databases, rolled back."""
    request.applymarker(pytest.mark.django_db(databases="__all__"))
    request.getfixturevalue("db")


@pytest.fixture
def signed_in(world):
    """``signed_in("carys")`` gives a browser in which Carys is signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    def as_user(name: str) -> Client:
        client = Client()
        user = get_user_model().objects.get(username=name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_user


@pytest.fixture
def carys(signed_in):
    """The coordinator at home."""
    return signed_in("carys")
