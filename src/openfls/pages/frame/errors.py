"""Error pages. Unknown and forbidden look alike; no page tells what went wrong inside."""

from django.http import HttpRequest, HttpResponse

from openfls.pages.doors import viewer_at
from openfls.pages.frame.frame import show
from openfls.record.access import Viewer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or this user may not see it: nobody can tell which."""
    return show(request, "frame/not_found.html", _signed_in(request), title="Page not found", status=404)


def _signed_in(request: HttpRequest) -> Viewer | None:
    user = getattr(request, "user", None)
    return viewer_at(request) if user and user.is_authenticated else None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also where the session could not be kept, since it ended meanwhile: what was sent may be saved or not."""
    return show(request, "frame/failed.html", title="Something went wrong", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    return show(request, "frame/failed.html", title="Something went wrong", status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's own check failed: the session ended while it stood open, or another site sent it."""
    return show(request, "frame/form_too_old.html", title="This form is too old", status=403)
