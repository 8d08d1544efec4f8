"""The worker's day: what came, what people wait for at a page, what a new day changes, the month's sample of negative
reports, short write-ahead logs."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Event

from django.utils import timezone

from openfls import coordination
from openfls.inbox.leases import only_worker
from openfls.inbox.models import State
from openfls.inbox.sampling import draw_due
from openfls.inbox.uploads.desk import Desk
from openfls.inbox.work import OUTAGE, Worker
from openfls.record import databases

logger = logging.getLogger(__name__)

IDLE = 0.5  # seconds between two looks into an empty inbox
AFTER_AN_OUTAGE = 5.0  # seconds until the databases are tried again
BETWEEN_CHECKPOINTS = 60.0  # seconds


class Shift:
    """Works until it is told to stop, or once until nothing waits. A failing database only makes it wait."""

    def __init__(self, stop: Event, on_batch: Callable[[Counter[State]], None] = lambda _: None) -> None:
        self._stop = stop
        self._on_batch = on_batch
        self._worker, self._desk = Worker(), Desk()
        self._day: date | None = None
        self._sampled = False
        self._checkpoint_at = 0.0

    def work(self, *, once: bool = False) -> None:
        """Until told to stop; ``once``: until nothing waits, raising a database's fault. Raises `AnotherWorker`."""
        with only_worker():
            while not self._stop.is_set():
                try:
                    busy = self._round()
                except OUTAGE:
                    if once:
                        raise
                    logger.exception("a database failed: trying again in %s s", AFTER_AN_OUTAGE)
                    self._stop.wait(AFTER_AN_OUTAGE)
                    continue
                if once and not busy:
                    break
                if not busy:
                    self._stop.wait(IDLE)
            self._worker.put_down()
            databases.checkpoint()

    def _round(self) -> bool:
        """One batch; whether there was any."""
        today = timezone.localdate()
        if today != self._day:
            coordination.new_day(today)
            self._day, self._sampled = today, False
        batch = self._worker.work_once()
        if batch is not None:
            self._on_batch(batch)
        elif not self._sampled:
            draw_due(today)  # when nothing waits, since last month's last messages may
            self._sampled = True
        if time.monotonic() >= self._checkpoint_at:
            databases.checkpoint()
            self._checkpoint_at = time.monotonic() + BETWEEN_CHECKPOINTS
        return self._desk.step() or batch is not None
