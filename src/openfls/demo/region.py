"""The region as a whole: its organisations and users, its truth, and everything that its hospitals send in a year."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from openfls.demo.catching import catch_all
from openfls.demo.habits import Hospital
from openfls.demo.hospitals import HOSPITALS
from openfls.demo.lives import lives_of
from openfls.demo.organisations import User, organisations, users
from openfls.demo.outbox import Outbox
from openfls.demo.sendings import DemoMessage, Sending
from openfls.demo.truth import Life, Truth

LARGEST_SCALE = 8.0  # more patients would run out of test NHS numbers
DAYS = 456  # fifteen months: a year of fractures, and before it those whose follow-up of one year is over
MORNING = time(7, 30)


@dataclass(frozen=True)
class Region:
    """``organisations`` is plain data for loading; ``users`` are the role accounts of the demonstration."""

    seed: int
    scale: float
    today: date
    hospitals: tuple[Hospital, ...]
    organisations: dict[str, Any]
    users: tuple[User, ...]
    truth: Truth = field(repr=False)

    @property
    def now(self) -> datetime:
        """The local time at which the region stands still: the morning of ``today``."""
        return datetime.combine(self.today, MORNING)

    @cached_property
    def sendings(self) -> list[Sending]:
        """What is sent, in the order of its receipt, not yet written."""
        outbox = Outbox(self.seed, self.now)
        for life in self.truth.lives:
            outbox.add(life)
        return outbox.sendings(self.hospitals, self.truth.year)

    @property
    def planted(self) -> tuple[Sending, ...]:
        """The sendings that hold something nobody could read: a whole message or one row of a list."""
        return tuple(sending for sending in self.sendings if sending.unreadable)

    def messages(self) -> Iterator[DemoMessage]:
        """Everything that the hospitals send, in the order of its receipt; each written when it is asked for."""
        return (sending.message(self.seed) for sending in self.sendings)

    def write(self, folder: Path) -> int:
        """The same as files, a folder for each feed with its ``feed.json``, the time of receipt as the file's time.

        Returns the number of messages written. Writes over what an earlier call wrote, removes nothing.
        """
        feeds = {sending.feed.source: sending.feed for sending in self.sendings}
        for feed in feeds.values():
            place = folder / feed.source
            place.mkdir(parents=True, exist_ok=True)
            told = {"source": feed.source, "site": feed.site, "finder": feed.finder, "mapping": feed.mapping,
                    "encoding": feed.encoding} | ({"reference": feed.reference} if feed.reference else {})  # fmt: skip
            (place / "feed.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        for message in self.messages():
            path = folder / message.source / message.name
            path.write_bytes(message.content)
            os.utime(path, (message.received.timestamp(), message.received.timestamp()))
        return len(self.sendings)


def region(seed: int = 1, scale: float = 1.0, *, today: date) -> Region:
    """The demonstration region: eleven hospitals, the fractures of the year that ends the day before ``today``.

    ``scale`` 1 is full size (about 4,800 hip fractures); a smaller region's patients are among a larger one's.
    Raises ``ValueError`` for a scale that is not above 0 and at most 8.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise ValueError(f"a scale above 0 and up to {LARGEST_SCALE:g} is wanted, not {scale!r}")
    year = today - timedelta(days=DAYS), today - timedelta(days=1)
    now = datetime.combine(today, MORNING)
    lives = tuple(_caught(seed, life, now) for hospital in HOSPITALS for life in lives_of(seed, hospital, scale, year))
    return Region(seed, scale, today, HOSPITALS, organisations(), users(), Truth(year, lives))


def _caught(seed: int, life: Life, now: datetime) -> Life:
    return replace(life, happenings=tuple(catch_all(seed, happening, now) for happening in life.happenings))
