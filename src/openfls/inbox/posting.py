"""What a system posts while it waits for an answer: kept before it is answered, like every other message.

What can't be read whole is refused to the sender and kept in quarantine all the same: whoever looks after the feed sees
it even if nobody looks at the sender's errors. A transaction is all or nothing: refused, it gives no facts until a
person has looked.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openfls.feeds.reading import Origin, Reading, Unreadable
from openfls.inbox.models import Message, State
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.reading import read_once
from openfls.inbox.receive import Incoming, Receipt, receive
from openfls.inbox.work import held
from openfls.record.systems import Known

NAME = "posted.json"  # by which the reader of FHIR is chosen


def post(content: bytes, system: Known, *, at: datetime, in_parts: bool = False) -> tuple[Receipt, Reading]:
    """Keep the bytes; what they give, or why not. ``in_parts``: what can be read counts even if other parts can't.

    When this returns, the bytes are on disk. Raises what the database raises: then nothing is kept.
    """
    reading = understood(content, system, at=at)
    with transaction.atomic(using="inbox"):
        (receipt,) = receive([_incoming(content, system)], at=at)
        if reading.unreadable and not in_parts and not receipt.known_already:
            _hold(receipt, reading.unreadable)
    return receipt, reading


def understood(content: bytes, system: Known, *, at: datetime) -> Reading:
    """What the bytes would give; nothing is kept."""
    origin = Origin(source=system.source, known=at, site=system.site)
    return read_once(content, NAME, origin, mappings_of_home())


def _incoming(content: bytes, system: Known) -> Incoming:
    told = {"site": system.site, "finder": system.finder}
    origin = {name: value for name, value in told.items() if value}
    return Incoming(source=system.source, content=content, site=system.owner, name=NAME, origin=origin)


def _hold(receipt: Receipt, problems: Sequence[Unreadable]) -> None:
    """Into quarantine before any worker sees it."""
    Message.objects.filter(number=receipt.number).update(state=State.QUARANTINED, **held(problems))
