"""The feeds: what each sent last, what still waits, which has fallen silent."""

from django.http import HttpRequest, HttpResponse

from openfls.inbox.checking import checked
from openfls.inbox.currency import data_as_of, finders_as_of, progress
from openfls.inbox.lookouts import in_trouble, lookouts_seen_by, troubles_seen_by
from openfls.inbox.remarks import remarks_seen_by
from openfls.pages.doors import FEEDS, READ, open_to
from openfls.pages.frame.frame import show, site_names
from openfls.record.access import Viewer

MOST_REMARKS = 100  # of those that readers made, the most frequent


@open_to(READ | FEEDS)
def feeds(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return show(
        request,
        "feeds/feeds.html",
        viewer,
        title="Feeds",
        sites=site_names(viewer),
        feeds=sorted(data_as_of(viewer.sites), key=lambda feed: not feed.silent),
        finders=sorted(finders_as_of(viewer.sites), key=lambda finder: not finder.silent),
        progress=progress(viewer.sites),
        troubles=troubles_seen_by(viewer),
        stopped=in_trouble(viewer.sites)[1],
        lookouts=sorted(lookouts_seen_by(viewer), key=lambda lookout: not lookout.stopped),
        mends=viewer.has_role(*FEEDS),
        checked=checked(viewer.sites),
        remarks=remarks_seen_by(viewer)[:MOST_REMARKS],
    )
