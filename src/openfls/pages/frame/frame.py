"""What stands round every page: whose session, which sites, where one can go, how current the data is."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone

from openfls.pages.frame.currency import Currency, currency_of
from openfls.pages.frame.menu import Entry, entries_for
from openfls.pages.frame.notices import Notice, taken_notices
from openfls.pages.frame.waiting import Waiting, waiting_for
from openfls.record.access import Viewer, sites_seen_by

VERSION = version("openfls")


@dataclass(frozen=True)
class Account:
    name: str
    roles: str


EVERY, NOWHERE = "All my sites", "No site"


@dataclass(frozen=True)
class Frame:
    """``place`` names the sites in view; ``may_choose``: the user belongs to more than one."""

    csrf: str
    now: datetime
    version: str
    demonstration: bool
    place: str = ""
    account: Account | None = None
    may_choose: bool = False
    searches: bool = False
    entries: tuple[Entry, ...] = ()
    waiting: Waiting = Waiting()
    currency: Currency | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def here(self) -> str:
        """``place`` as it stands within a sentence."""
        return self.place[:1].lower() + self.place[1:] if self.place.startswith((EVERY, NOWHERE)) else self.place


def show(
    request: HttpRequest, template: str, viewer: Viewer | None = None, *, status: int = 200, **shown: object
) -> HttpResponse:
    """The page: the template with what it shows, inside the frame of this viewer (None: nobody is signed in)."""
    frame = framed(request, viewer) if viewer else bare(request)
    page = render(request, template, {"frame": frame, **shown}, status=status)
    page.headers["Cache-Control"] = "no-store"  # wards share computers: going back must not show the one before
    return page


def bare(request: HttpRequest) -> Frame:
    """A frame that asks no database: sign-in and errors."""
    return Frame(csrf=get_token(request), now=timezone.now(), version=VERSION, demonstration=_demonstration())


def framed(request: HttpRequest, viewer: Viewer) -> Frame:
    waiting = waiting_for(viewer)
    entries = entries_for(viewer, request.path, waiting)
    return Frame(
        csrf=get_token(request),
        now=timezone.now(),
        version=VERSION,
        demonstration=_demonstration(),
        place=place_of(viewer),
        account=Account(viewer.full_name or viewer.user, ", ".join(sorted(viewer.held))),
        may_choose=len(viewer.memberships) > 1,
        searches=any(entry.address == "/components/" for entry in entries),
        entries=entries,
        waiting=waiting,
        currency=currency_of(viewer.sites) if viewer.sites else None,
        notices=taken_notices(request),
    )


def place_of(viewer: Viewer) -> str:
    """The one site in view by its name, else how many there are."""
    if len(viewer.sites) == 1:
        return next((site.name for site in sites_seen_by(viewer) if site.code in viewer.sites), "")
    return f"{EVERY} ({len(viewer.sites)})" if viewer.sites else NOWHERE


def site_names(viewer: Viewer) -> dict[str, str]:
    """The names of the sites in view and of their trusts, by code."""
    sites = list(sites_seen_by(viewer).select_related("trust"))
    return {site.trust_id: site.trust.name for site in sites} | {site.code: site.name for site in sites}


def _demonstration() -> bool:
    return bool(settings.DEMONSTRATION)
