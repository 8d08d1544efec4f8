"""Who may open which page: each view names its roles, and sees only what its viewer may see.

What a user may not see looks like what does not exist: both answer 404 with the same page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from openfls.clinical.standards import Role
from openfls.coordination.exports.asking import APPROVERS, ASKERS
from openfls.inbox.quarantine import HANDLERS
from openfls.inbox.uploads.drafts import UPLOADERS
from openfls.record.access import NotVisible, Viewer, viewer_of
from openfls.record.profiles import EDITORS

SITE_KEPT_IN = "site"  # of the session: the site that the user chose, absent for all of them

CARE = frozenset({Role.COORDINATOR, Role.NURSE, Role.DOCTOR})  # see patients and enter facts
READ = CARE | {Role.MANAGER}  # see patients; a manager enters nothing
FEEDS = frozenset(HANDLERS)  # mend what feeds sent
UPLOADS = frozenset(UPLOADERS)  # upload lists
PROFILES = frozenset(EDITORS)  # fill in the profile of their own site
MANAGES = frozenset({Role.MANAGER})
EXPORTS = ASKERS | APPROVERS  # see what would leave for an audit, and what is missing of it
EVERYONE = frozenset(Role)

View = Callable[..., HttpResponse]


def open_to(roles: frozenset[Role]) -> Callable[[View], View]:
    """The view takes ``(request, viewer, …)`` and opens to a signed-in user with one of these roles."""

    def declare(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            viewer = viewer_at(request)
            if not viewer.has_role(*roles):
                raise Http404
            return view(request, viewer, *args, **kwargs)

        opened.open_to = roles  # type: ignore[attr-defined]
        return opened

    return declare


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To signing in, and back again: after a form to the page that it stood on, with a word that it was not saved."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    came_from = urlsplit(request.headers.get("Referer", ""))
    own = came_from.netloc == request.get_host()
    return redirect_to_login(came_from.path if own else "/", f"{settings.LOGIN_URL}?lost=1")


def answered_for(rows: "QuerySet[Any]", viewer: Viewer) -> "QuerySet[Any]":
    """Those that the viewer's own sites answer for, or nobody does: what is counted and worked on here. A sharing
    agreement shows more, but makes it nobody's own."""
    return rows.filter(Q(site__in=viewer.sites) | Q(site=None))


def viewer_at(request: HttpRequest) -> Viewer:
    """The signed-in user at the site that the session chose; at all of his, where he is no longer a member of that."""
    chosen, request_id = request.session.get(SITE_KEPT_IN), request.request_id  # type: ignore[attr-defined]
    try:
        return viewer_of(request.user, chosen, request=request_id)
    except NotVisible:
        del request.session[SITE_KEPT_IN]
        return viewer_of(request.user, request=request_id)
