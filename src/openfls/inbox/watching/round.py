"""The watcher's round: look, tell, wait, until it is told to stop."""

import logging
from collections.abc import Callable, Iterable
from threading import Event
from time import monotonic

from django.utils import timezone

from openfls.inbox import lookouts
from openfls.inbox.lookouts import Troubled
from openfls.inbox.watching.watcher import Look, Watcher
from openfls.inbox.work import OUTAGE

logger = logging.getLogger(__name__)

SIGN_OF_LIFE = 60.0  # seconds between two words that it still looks, while nothing else changes
AFTER_AN_OUTAGE = 5.0  # seconds until the database is tried again


class Round:
    """Looks at every folder in turn, ``every`` so many seconds."""

    def __init__(self, watchers: Iterable[Watcher], every: float, on_look: Callable[[Look], None]) -> None:
        self._watchers, self._every, self._on_look = list(watchers), every, on_look
        self._told: dict[Watcher, tuple[float, list[Troubled]]] = {}

    def go(self, stop: Event) -> None:
        """Until told to stop. A failing database only makes it wait: the files lie where they are."""
        while not stop.is_set():
            pause = self._every
            for watcher in self._watchers:
                try:
                    self.look(watcher)
                except OUTAGE:
                    logger.exception("a database failed: trying again in %s s", AFTER_AN_OUTAGE)
                    pause = max(pause, AFTER_AN_OUTAGE)
                if stop.is_set():
                    return
            stop.wait(pause)

    def look(self, watcher: Watcher) -> Look:
        look = watcher.look(monotonic())
        at, told = self._told.get(watcher, (-SIGN_OF_LIFE, []))
        if look.troubles != told or monotonic() - at >= SIGN_OF_LIFE:
            every = max(self._every, SIGN_OF_LIFE)
            name = str(watcher.folder)
            lookouts.looked(lookouts.FOLDER, name, every=every, troubles=look.troubles, at=timezone.now())
            self._told[watcher] = (monotonic(), look.troubles)
        self._on_look(look)
        return look
