"""The worker's desk for uploads: what people wait for at a page is done step by step, between batches of messages."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db.models import Q
from django.utils import timezone

from openfls.coordination.resting import collector_resting
from openfls.inbox.models import Undo, Upload, UploadState
from openfls.inbox.uploads import undoing
from openfls.inbox.uploads.checking import Check
from openfls.inbox.uploads.drafts import forget_old
from openfls.inbox.work import OUTAGE

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # on PostgreSQL several workers share the desk
A_STEP = 1.0  # seconds
BETWEEN_TIDYINGS = 600.0  # seconds


class Desk:
    """Undoing first, for what was wrong is on worklists meanwhile; then trials, then tidying."""

    def __init__(self) -> None:
        self._check: Check | None = None
        self._tidied_at = -BETWEEN_TIDYINGS

    def step(self) -> bool:
        """One step; whether there was anything to do."""
        now = timezone.now()
        if monotonic() - self._tidied_at >= BETWEEN_TIDYINGS:
            self._tidied_at = monotonic()
            forget_old(now)
        try:
            return self._undo(now) or self._try(now)
        except OUTAGE:
            self._check = None
            raise
        except Exception:  # what trips over one upload must not stop the worker; its lease ends, and it is tried again
            logger.exception("an upload could not be worked on")
            self._check = None
            return True

    def _undo(self, now: datetime) -> bool:
        for asked in undoing.waiting():
            if _taken(Undo, asked.pk, now):
                with collector_resting():
                    undoing.step(asked)
                Undo.objects.filter(pk=asked.pk).update(leased_until=None)
                return True
        return False

    def _try(self, now: datetime) -> bool:
        self._check = self._check or _next_check(now)
        if self._check is None:
            return False
        Upload.objects.filter(number=self._check.upload.number).update(leased_until=now + LEASE)
        done = _for_a_while(self._check.step)
        if not self._check.tell() or done:
            Upload.objects.filter(number=self._check.upload.number).update(leased_until=None)
            self._check = None
        return True


def _next_check(now: datetime) -> Check | None:
    waiting = Upload.objects.filter(state=UploadState.CHECKING).defer("content").order_by("number")
    for upload in waiting:
        if _taken(Upload, upload.pk, now):
            return Check(upload)
    return None


def _taken(model: Any, pk: int, now: datetime) -> bool:
    free = model.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), pk=pk)
    return bool(free.update(leased_until=now + LEASE))


def _for_a_while(step: Callable[[], bool]) -> bool:
    until = monotonic() + A_STEP
    while not (done := step()):
        if monotonic() >= until:
            break
    return done
