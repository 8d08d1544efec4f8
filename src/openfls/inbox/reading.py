"""From a stored message to facts. The same message gives the same facts whenever and however often it is read.

``known`` is when its bytes first came from its source; a resend under another id changes nothing. A mended message
gives only what its original did not: rows that could be read at once count once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from openfls.clinical.facts import Fact, Finder, FractureSighting
from openfls.clinical.plain import to_plain
from openfls.feeds.doors import read as read_bytes
from openfls.feeds.reading import Origin, Reading, Unreadable
from openfls.inbox.models import Message
from openfls.inbox.own_mappings import mappings_of_home

NOWHERE = "It does not say at which hospital site the fracture was seen."
SAY_WHERE = "Declare the feed's site, or let the sender name the site in each message."
MOST_WORDS = 500  # characters of an exception's words that are kept


def read_all(messages: Sequence[Message]) -> list[Reading]:
    """What each message gives, in their order. Never raises for what is in a message."""
    origins = _origins(messages)
    return [_read(message, origins[message.source, message.digest]) for message in messages]


def read(message: Message) -> Reading:
    return read_all([message])[0]


def read_instead(message: Message, content: bytes) -> Reading:
    """What other bytes in this message's place would give."""
    return read_once(content, message.name, _origin(message.source, message.received_at, message.origin))


def _read(message: Message, origin: Origin) -> Reading:
    reading = read_once(bytes(message.content), message.name, origin)
    before = {_said(fact) for original in _originals(message) for fact in read(original).facts}
    if not before:
        return reading
    return replace(reading, facts=tuple(fact for fact in reading.facts if _said(fact) not in before))


def _originals(message: Message) -> Iterator[Message]:
    """The message that this one mends, the one that that one mends, and so on."""
    while message.mended_by:
        message = message.mends
        yield message


def read_once(content: bytes, name: str, origin: Origin) -> Reading:
    """What bytes give. Never raises for what is in them."""
    try:
        reading = read_bytes(content, name, origin, mappings_of_home())
    except Exception as fault:  # a reader that trips over one message must not stop the others
        return Reading(unreadable=(unreadable(fault, "message"),))
    return _seen_by_somebody(replace(reading, facts=_once_each(reading.facts)))


def _seen_by_somebody(reading: Reading) -> Reading:
    """A sighting at no site would be on nobody's worklist: it waits for a person instead."""
    nowhere = [fact for fact in reading.facts if isinstance(fact, FractureSighting) and fact.site is None]
    if not nowhere:
        return reading
    left_out = {fact.id for fact in nowhere}
    told = tuple(Unreadable(NOWHERE, fact.source.position, SAY_WHERE) for fact in nowhere)
    facts = tuple(fact for fact in reading.facts if fact.id not in left_out)
    return replace(reading, facts=facts, unreadable=(*reading.unreadable, *told), ignored="")


def unreadable(fault: Exception, place: str) -> Unreadable:
    """An exception as a person in quarantine sees it."""
    words = f"{type(fault).__name__}: {fault}".replace("\0", "\ufffd")[:MOST_WORDS]
    return Unreadable(words, place, "Mend the message, or report it to whoever looks after the reader and retry.")


def _origins(messages: Iterable[Message]) -> dict[tuple[str, str], Origin]:
    """For each source and digest the origin of the message that came first."""
    same = Message.objects.filter(digest__in={m.digest for m in messages}).order_by("-number")
    told = same.values_list("source", "digest", "received_at", "origin")
    return {(source, digest): _origin(source, received_at, declared) for source, digest, received_at, declared in told}


def _origin(source: str, received_at: datetime, declared: Mapping[str, str]) -> Origin:
    told: dict[str, Any] = dict(declared)
    if "finder" in told:
        told["finder"] = Finder(told["finder"])
    return Origin(source=source, known=received_at, **told)


def _once_each(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())


def _said(fact: Fact) -> str:
    """What a fact says and where it stands, without from which bytes and when."""
    plain = to_plain(fact)
    plain["source"] = fact.source.position
    return repr(sorted((name, value) for name, value in plain.items() if name != "known"))
