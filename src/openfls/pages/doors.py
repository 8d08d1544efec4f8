"""Who may open which page: each view names its roles, and sees only what its viewer may see.

What a user may not see looks like what does not exist: both answer 404 with the same page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from openfls.clinical.standards import Role
from openfls.inbox.quarantine import HANDLERS
from openfls.record.access import NotVisible, Viewer, viewer_of

SITE_KEPT_IN = "site"  # of the session: the site that the user chose, absent for all of them

CARE = frozenset({Role.COORDINATOR, Role.NURSE, Role.DOCTOR})  # see patients and enter facts
READ = CARE | {Role.MANAGER}  # see patients; a manager enters nothing
FEEDS = frozenset(HANDLERS)  # mend what feeds sent
EVERYONE = frozenset(Role)

View = Callable[..., HttpResponse]


def open_to(roles: frozenset[Role]) -> Callable[[View], View]:
    """The view takes ``(request, viewer, …)`` and opens to a signed-in user with one of these roles."""

    def declare(view: View) -> View:
        @login_required
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = viewer_at(request)
            if not viewer.has_role(*roles):
                raise Http404
            return view(request, viewer, *args, **kwargs)

        opened.open_to = roles  # type: ignore[attr-defined]
        return opened

    return declare


def viewer_at(request: HttpRequest) -> Viewer:
    """The signed-in user at the site that the session chose; at all of his, where he is no longer a member of that."""
    chosen = request.session.get(SITE_KEPT_IN)
    try:
        return viewer_of(request.user, chosen, request=uuid4().hex)
    except NotVisible:
        del request.session[SITE_KEPT_IN]
        return viewer_of(request.user, request=uuid4().hex)


def roles_of(viewer: Viewer) -> frozenset[Role]:
    """What the viewer is at any of the sites in view."""
    return frozenset(role for site in viewer.sites for role in viewer.roles.get(site, ()))
