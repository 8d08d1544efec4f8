"""Uploads before and after they are confirmed: who sees them, how one begins, how one is discarded.

Coordinators and administrators upload lists of the sites where they are that. A draft holds names: it is forgotten, but
for what it was, when it is discarded or a day old.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from openfls.clinical.standards import Role
from openfls.feeds.csv.lines import LARGEST
from openfls.feeds.reading import Origin
from openfls.inbox.message_ids import LONGEST
from openfls.inbox.models import Message, State, Upload, UploadState
from openfls.inbox.owners import owners
from openfls.inbox.text import storable
from openfls.record import trail
from openfls.record.access import NotVisible, Viewer
from openfls.record.models import Site

UPLOADERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
KEPT = timedelta(days=1)  # a draft that nobody confirmed
DRAFT = (UploadState.CHECKING, UploadState.CHECKED)


class Settled(ValueError):
    """Somebody has confirmed or discarded the upload meanwhile."""


def uploading_sites(viewer: Viewer) -> list[str]:
    """Where the viewer may upload."""
    return sorted(site for site in viewer.sites if viewer.has_role(*UPLOADERS, site=site))


def uploads_seen_by(viewer: Viewer) -> "QuerySet[Upload]":
    """Those of the sites where the viewer may upload, the newest first, without their bytes."""
    seen = Upload.objects.filter(site__in=uploading_sites(viewer)).select_related("message__undo", "message__progress")
    return seen.defer("content", "check_result", "message__content", "message__unreadable").order_by("-number")


def upload_for(viewer: Viewer, number: int) -> Upload:
    """The upload; the trail says that the viewer saw it. Raises `NotVisible`."""
    upload = uploads_seen_by(viewer).filter(number=number).first()
    leave_trail(viewer, "read an upload" if upload else "read of an upload refused", number, upload and upload.site)
    if upload is None:
        raise NotVisible("no such upload")
    return upload


def feeds_of(sites: Collection[str]) -> list[str]:
    """The feeds that these sites or their trusts answer for."""
    codes = owners(sites)
    sources = Message.objects.filter(site__in=codes).order_by("source").values_list("source", flat=True).distinct()
    uploaded = Upload.objects.filter(site__in=sites).order_by("source").values_list("source", flat=True).distinct()
    return sorted({*sources, *uploaded})


def new_feed(site: str, name: str) -> str:
    """The name of a feed of this site's trust: its hospital numbers are the trust's."""
    return f"{Site.objects.get(code=site).trust_id}/{name}"


def begin(
    viewer: Viewer, content: bytes, *, site: str, source: str, name: str, mapping: str, encoding: str,
    at: datetime, mends: Message | None = None,
) -> Upload:  # fmt: skip
    """Keep what was sent, to be checked. Raises ``ValueError`` for what is too large or empty."""
    if not content:
        raise ValueError("the file is empty: choose another")
    if len(content) > LARGEST:
        raise ValueError(f"the file has {len(content):,} bytes; at most {LARGEST:,} are read: divide it")
    upload = Upload.objects.create(
        by=viewer.user, at=at, site=site, source=source, name=storable(name)[:LONGEST], mapping=mapping,
        encoding=encoding, digest=sha256(content).hexdigest(), size=len(content), content=content, mends=mends,
    )  # fmt: skip
    leave_trail(viewer, "uploaded a list to be checked", upload.number, site)
    return upload


def check_otherwise(viewer: Viewer, upload: Upload, *, mapping: str) -> None:
    """Check it again by another mapping. Raises `Settled`."""
    anew: dict[str, Any] = {"state": UploadState.CHECKING, "check_result": {}, "leased_until": None}
    if not Upload.objects.filter(number=upload.number, state__in=DRAFT).update(mapping=mapping, **anew):
        raise Settled("somebody has confirmed or discarded this upload meanwhile")
    leave_trail(viewer, "matched the columns of an upload", upload.number, upload.site, mapping=mapping)


def discard(viewer: Viewer, upload: Upload, *, at: datetime) -> None:
    """Forget what was sent: nothing of it counts. Raises `Settled`."""
    if not _forget(Upload.objects.filter(number=upload.number), viewer.user, at):
        raise Settled("somebody has confirmed or discarded this upload meanwhile")
    leave_trail(viewer, "discarded an upload", upload.number, upload.site)


def forget_old(now: datetime) -> int:
    """Discard, in nobody's name, the drafts that nobody confirmed within a day; how many."""
    old = Upload.objects.filter(at__lt=now - KEPT)
    numbers = list(old.filter(state__in=DRAFT).values_list("number", flat=True))
    return _forget(old.filter(number__in=numbers), "", now) if numbers else 0


def _forget(uploads: "QuerySet[Upload]", by: str, at: datetime) -> int:
    gone: dict[str, Any] = {"content": None, "check_result": {}, "state": UploadState.DISCARDED}
    return uploads.filter(state__in=DRAFT).update(settled_by=by, settled_at=at, **gone)


def mendable(viewer: Viewer, number: int) -> Message:
    """The message in quarantine, of a site where the viewer uploads, whose rows are mended. Raises `NotVisible`."""
    held = Message.objects.filter(site__in=owners(uploading_sites(viewer)), state=State.QUARANTINED, number=number)
    message = held.first()
    if message is None:
        raise NotVisible("no such message")
    return message


def origin_of(upload: Upload) -> Origin:
    """What its message's origin will be, as of when it was sent."""
    return Origin(upload.source, upload.at, upload.site, None, upload.encoding, upload.mapping)


def earlier(upload: Upload) -> "QuerySet[Message]":
    """The messages that hold the same bytes, at the same site or trust, the newest first."""
    same = Message.objects.filter(Q(site__in=owners([upload.site])) | Q(source=upload.source), digest=upload.digest)
    return same.select_related("undo").defer("content").order_by("-number")


def leave_trail(viewer: Viewer, action: str, number: int, site: str | None, **detail: object) -> None:
    told = {"upload": number, **detail}
    trail.write(user=viewer.user, action=action, site=site or "", request=viewer.request, detail=told)
