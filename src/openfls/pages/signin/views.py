"""Signing in and out, and choosing a site."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from openfls.pages.doors import EVERYONE, SITE_KEPT_IN, open_to
from openfls.pages.environment import plural
from openfls.pages.frame.frame import bare, show
from openfls.record.access import Viewer, sites_seen_by, viewer_of


class SignInForm(AuthenticationForm):
    """User name and password, in our words."""

    error_messages = {
        "invalid_login": "The user name or the password is not right. Check both and try again.",
        "inactive": "The user name or the password is not right. Check both and try again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.fields["username"].label = "User name"
        self.fields["username"].error_messages["required"] = "Enter your user name"
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"


class SignIn(LoginView):
    template_name = "signin/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            frame=bare(self.request), title="Sign in", lost="lost" in self.request.GET, **kwargs
        )


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Too many failed sign-ins: what axes shows in place of the form."""
    cooling: timedelta = settings.AXES_COOLOFF_TIME
    minutes = plural(int(cooling.total_seconds() // 60), "minute")
    return show(request, "signin/locked_out.html", title="Sign-in locked", minutes=minutes, status=429)


@open_to(EVERYONE)
def site(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Choose one of one's sites, or all of them."""
    if request.method == "POST":
        _choose(request, viewer, request.POST.get("site", ""))
        return redirect(_back(request))
    everywhere = viewer_of(request.user)
    choices = sites_seen_by(everywhere).filter(code__in=viewer.memberships).order_by("name")
    chosen = request.session.get(SITE_KEPT_IN, "")
    return show(request, "signin/site.html", viewer, title="Choose a site", choices=list(choices), chosen=chosen)


def _choose(request: HttpRequest, viewer: Viewer, code: str) -> None:
    if code and code not in viewer.memberships:
        raise Http404
    if code:
        request.session[SITE_KEPT_IN] = code
    else:
        request.session.pop(SITE_KEPT_IN, None)


def _back(request: HttpRequest) -> str:
    """Where the user came from, if that is a page of ours; a patient of another site would only be not found."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"
