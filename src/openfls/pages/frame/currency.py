"""How current the data is, in one sentence: "data as of", progress while much is being read, feeds gone silent."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from openfls.inbox.currency import Progress, as_of, data_as_of, progress
from openfls.inbox.lookouts import in_trouble
from openfls.pages.environment import plural

KEPT_SECONDS = 15  # counting the inbox on every page would cost more than a page
SILENCE_KEPT_SECONDS = 300


@dataclass(frozen=True)
class Currency:
    """``late``: something is behind, so that the lists may lack somebody."""

    words: str
    late: bool
    late_words: str = ""


def currency_of(sites: Collection[str]) -> Currency:
    told = _kept("progress", sites, KEPT_SECONDS, lambda: progress(sites))
    silent = _kept("silent", sites, SILENCE_KEPT_SECONDS, lambda: sum(feed.silent for feed in data_as_of(sites)))
    troubles, stopped = _kept("troubles", sites, KEPT_SECONDS, lambda: in_trouble(sites))
    late = [*_behind(told)] + ([f"{plural(silent, 'feed')} gone silent"] if silent else [])
    late += [f"{plural(troubles, 'trouble')} with a feed"] if troubles else []
    late += [f"{plural(stopped, 'lookout')} stopped"] if stopped else []
    return Currency(as_of(told), bool(late), ", ".join(late))


def _behind(told: Progress) -> list[str]:
    return [f"{plural(told.waiting, 'message')} still to be read"] if told.waiting else []


def _kept(name: str, sites: Collection[str], seconds: int, ask):  # type: ignore[no-untyped-def]
    key = f"{name}-{sha256(','.join(sorted(sites)).encode()).hexdigest()}"
    return cache.get_or_set(key, ask, seconds)
