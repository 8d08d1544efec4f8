"""One run of a query: ask, store what is new as a message, remember how far it went, tell what troubles it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from openfls.inbox import lookouts
from openfls.inbox.intake import known_owners
from openfls.inbox.lookouts import Troubled
from openfls.inbox.models import Lookout, Message
from openfls.inbox.own_mappings import mappings_of_home
from openfls.inbox.querying.answers import largest, listed
from openfls.inbox.querying.asking import Answer, CannotAsk, ask
from openfls.inbox.querying.declared import Query
from openfls.inbox.receive import Incoming, receive


@dataclass(frozen=True, slots=True)
class Ran:
    """``message``: the number of the message that was stored; None where nothing was new, or there was ``trouble``."""

    rows: int = 0
    message: int | None = None
    trouble: CannotAsk | None = None


def run(query: Query, *, at: datetime | None = None) -> Ran:
    """Ask once. Raises what our own database raises; whatever the hospital's says is told as trouble."""
    now = at or timezone.now()
    try:
        ran, memory = _run(query, now)
    except CannotAsk as trouble:
        ran, memory = Ran(trouble=trouble), None
    troubled = [Troubled(query.name, ran.trouble.reason, ran.trouble.mend, _site(query))] if ran.trouble else []
    every = query.every.total_seconds()
    lookout = lookouts.looked(lookouts.QUERY, query.name, every=every, troubles=troubled, at=now)
    if memory is not None and memory != lookout.memory:
        Lookout.objects.filter(pk=lookout.pk).update(memory=memory)
    return ran


def trial(query: Query) -> tuple[Answer, bytes]:
    """What would be stored, from where it would begin now; nothing is. Raises `CannotAsk`."""
    answer = ask(query, _since(query, _memory(query)))
    return answer, listed(answer, query, _mapping(query))


def _run(query: Query, now: datetime) -> tuple[Ran, dict[str, Any]]:
    if not _site(query):
        mend = "Load the site first (openfls organisations load FILE), or correct it."
        raise CannotAsk(f"There is no site {query.site!r}.", mend)
    memory = _memory(query)
    answer = ask(query, _since(query, memory))
    if query.watermark and (reached := largest(answer, query)) is not None:
        memory = memory | {"since": _remembered(reached, query)}
    if not answer.rows:
        return Ran(), memory
    number = _store(query, answer, now)
    return Ran(len(answer.rows), number), memory


def _store(query: Query, answer: Answer, now: datetime) -> int | None:
    """The number of the new message; None where the last one says the same."""
    mapping = _mapping(query)
    content = listed(answer, query, mapping)
    name = f"{query.name}.csv"
    same = Message.objects.filter(source=query.source, name=name)
    last = same.order_by("-number").values_list("digest", "origin").first()
    digest = sha256(content).hexdigest()
    if last and (digest == last[0] or _without_time(query, answer, last)):
        return None
    if same.filter(digest=digest).exists():  # as it was before last: what it says now must stand above
        content = listed(answer, query, mapping, asked_at=now)
    incoming = Incoming(
        source=query.source,
        content=content,
        site=query.site,
        name=name,
        message_id=f"{query.name} {now:%Y-%m-%dT%H:%M:%S}",
        origin=query.origin(),
    )
    (receipt,) = receive([incoming], at=now)
    return receipt.number


def _without_time(query: Query, answer: Answer, last: tuple[str, Any]) -> bool:
    """Whether the last message holds these rows, kept apart from earlier ones by the time at which they were asked."""
    held = Message.objects.filter(source=query.source, digest=last[0]).order_by("-number").first()
    if held is None:
        return False
    again = listed(answer, query, _mapping(query), asked_at=held.received_at)
    return sha256(again).hexdigest() == last[0]


def _mapping(query: Query) -> Any:
    mapping = mappings_of_home().named(query.mapping)
    if mapping is None:
        raise CannotAsk(f"There is no mapping {query.mapping!r} any more.", "Name another, or put its file back.")
    return mapping


def _site(query: Query) -> str:
    return query.site if query.site in known_owners() else ""


def _memory(query: Query) -> dict[str, Any]:
    found = Lookout.objects.filter(kind=lookouts.QUERY, name=query.name).values_list("memory", flat=True).first()
    return dict(found or {})


def _since(query: Query, memory: dict[str, Any]) -> object:
    """From where to ask: what was reached, less the overlap where it is a time."""
    kept = memory.get("since")
    if not kept or kept["of"] != [query.watermark, query.query]:
        return query.since  # another query begins anew
    value = KINDS[kept["kind"]](kept["value"])
    return value - timedelta(minutes=query.overlap_minutes) if isinstance(value, datetime) else value


KINDS: dict[str, Any] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "int": int, "float": float, "Decimal": Decimal,
    "str": str,
}  # fmt: skip


def _remembered(value: Any, query: Query) -> dict[str, Any]:
    kind = type(value).__name__
    if kind not in KINDS:
        mend = "Take a column with a time, a number or text as the watermark."
        raise CannotAsk(f"The watermark {query.watermark} holds values of the kind {kind}.", mend)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return {"kind": kind, "value": text, "of": [query.watermark, query.query]}
