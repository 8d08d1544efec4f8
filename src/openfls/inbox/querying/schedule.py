"""Each query asks in its own time, in a thread of its own: one that hangs or fails holds up no other."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event, Thread

from django.db import connections
from django.utils import timezone

from openfls.inbox import lookouts
from openfls.inbox.models import Lookout
from openfls.inbox.querying.declared import Query
from openfls.inbox.querying.run import Ran, run
from openfls.inbox.work import OUTAGE

logger = logging.getLogger(__name__)

AFTER_AN_OUTAGE = 30.0  # seconds until our own database is tried again

OnRun = Callable[[Query, Ran], None]


def keep_asking(queries: Sequence[Query], stop: Event, on_run: OnRun) -> None:
    """Until told to stop; a run that has begun is finished."""
    threads = [Thread(target=_keep_asking, args=(query, stop, on_run), name=query.name) for query in queries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _keep_asking(query: Query, stop: Event, on_run: OnRun) -> None:
    try:
        pause = _until_due(query, timezone.now())
        while not stop.wait(pause):
            began = timezone.now()
            pause = _ask(query, on_run)
            pause = max(0.0, pause - (timezone.now() - began).total_seconds())
    finally:
        connections.close_all()


def _ask(query: Query, on_run: OnRun) -> float:
    """Seconds until it is asked again."""
    try:
        on_run(query, run(query))
    except OUTAGE:
        logger.exception("a database of ours failed: %s is asked again in %s s", query.name, AFTER_AN_OUTAGE)
        return AFTER_AN_OUTAGE
    except Exception:
        logger.exception("the query %s failed in a way that nobody foresaw", query.name)
    return query.every.total_seconds()


def _until_due(query: Query, now: datetime) -> float:
    """A restart asks nobody sooner than its time, except where something was wrong, which may be mended."""
    well = Lookout.objects.filter(kind=lookouts.QUERY, name=query.name, troubles=None)
    last = well.values_list("looked_at", flat=True).first()
    return max(0.0, (last + query.every - now).total_seconds()) if last else 0.0
