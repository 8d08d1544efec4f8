"""From a stored message to facts. The same message gives the same facts whenever and however often it is read.

``known`` is when its bytes first came from its source; a resend under another id changes nothing. A mended message
gives only what its original did not: rows that could be read at once count once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from openfls.clinical.facts import Fact, Finder, FractureSighting
from openfls.clinical.plain import to_plain
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.doors import is_list
from openfls.feeds.doors import pieces as read_pieces
from openfls.feeds.doors import read as read_bytes
from openfls.feeds.reading import Origin, Reading, Unreadable
from openfls.inbox.models import Message
from openfls.inbox.own_mappings import mappings_of_home

NOWHERE = "It does not say at which hospital site the fracture was seen."
SAY_WHERE = "Declare the feed's site, or let the sender name the site in each message."
ROWS_AT_ONCE = 1000  # of a list whose facts are only compared
MOST_WORDS = 500  # characters of an exception's words that are kept


def read_all(messages: Sequence[Message]) -> list[Reading]:
    """What each message gives, in their order. Never raises for what is in a message."""
    origins, mappings = _origins(messages), mappings_of_home()
    return [_read(message, _origin_among(origins, message), mappings) for message in messages]


def read(message: Message) -> Reading:
    return read_all([message])[0]


def read_instead(message: Message, content: bytes) -> Reading:
    """What other bytes in this message's place would give."""
    origin = _origin(message.source, message.received_at, message.origin)
    return read_once(content, message.name, origin, mappings_of_home())


def pieces(message: Message, rows: int) -> Iterator[Reading]:
    """What a list gives, so many of its rows at a time; what is no list at once. Never raises for what is in it."""
    content, origin, before = bytes(message.content), origin_of(message), _said_before(message)
    if not is_list(message.name, content, origin):
        yield _without(_placed(read_once(content, message.name, origin, mappings_of_home()), message), before)
        return
    for piece in list_pieces(content, message.name, origin, rows):
        yield _without(_placed(piece, message), before)


def list_pieces(content: bytes, name: str, origin: Origin, rows: int) -> Iterator[Reading]:
    """What the bytes of a list give, as `read_once` but so many rows at a time."""
    try:
        for piece in read_pieces(content, name, origin, rows, mappings_of_home()):
            yield _seen_by_somebody(replace(piece, facts=_once_each(piece.facts)))
    except Exception as fault:  # as of `read_once`
        yield Reading(unreadable=(unreadable(fault, "message"),))


def origin_of(message: Message) -> Origin:
    """That of the message with the same bytes that came first from its source; its own where it was declared anew."""
    return _origin_among(_origins([message]), message)


def _origin_among(origins: Mapping[tuple[str, str], Origin], message: Message) -> Origin:
    if reading_number(message) > 1:
        return _origin(message.source, message.received_at, message.origin)
    return origins[message.source, message.digest]


def reading_number(message: Message) -> int:
    """How often its bytes had been declared by then: 1, unless what they gave was undone and declared anew."""
    return int(message.origin.get("reading", 1))


def _read(message: Message, origin: Origin, mappings: Mappings) -> Reading:
    reading = read_once(bytes(message.content), message.name, origin, mappings)
    return _without(_placed(reading, message), _said_before(message))


def _placed(reading: Reading, message: Message) -> Reading:
    """The same bytes declared anew say something else: their facts are others, and their places say which reading."""
    number = reading_number(message)
    if number == 1:
        return reading
    return replace(reading, facts=tuple(_at(fact, f"reading {number}, ") for fact in reading.facts))


def _at(fact: Fact, prefix: str) -> Fact:
    return replace(fact, source=replace(fact.source, position=f"{prefix}{fact.source.position}"))


def _said_before(message: Message) -> set[bytes]:
    """What the originals of a mended message said. Digests: an original may be long."""
    every = (piece for original in _originals(message) for piece in pieces(original, ROWS_AT_ONCE))
    return {_said(fact) for piece in every for fact in piece.facts}


def _without(reading: Reading, before: set[bytes]) -> Reading:
    if not before:
        return reading
    return replace(reading, facts=tuple(fact for fact in reading.facts if _said(fact) not in before))


def _originals(message: Message) -> Iterator[Message]:
    """The message that this one mends, the one that that one mends, and so on."""
    while message.mended_by:
        message = message.mends
        yield message


def read_once(content: bytes, name: str, origin: Origin, mappings: Mappings) -> Reading:
    """What bytes give. Never raises for what is in them."""
    try:
        reading = read_bytes(content, name, origin, mappings)
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
    return {
        (source, digest): _origin(source, received_at, declared)
        for source, digest, received_at, declared in told
        if "reading" not in declared
    }


def _origin(source: str, received_at: datetime, declared: Mapping[str, str]) -> Origin:
    told: dict[str, Any] = {name: value for name, value in declared.items() if name != "reading"}
    if "finder" in told:
        told["finder"] = Finder(told["finder"])
    return Origin(source=source, known=received_at, **told)


def _once_each(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())


def _said(fact: Fact) -> bytes:
    """What a fact says and where it stands, without from which bytes and when."""
    plain = to_plain(fact)
    plain["source"] = fact.source.position
    told = repr(sorted((name, value) for name, value in plain.items() if name != "known"))
    return sha256(told.encode("utf-8", "surrogatepass")).digest()
