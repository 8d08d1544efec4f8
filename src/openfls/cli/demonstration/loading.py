"""Loading the region: its organisations and accounts, what its hospitals send, what their staff enter by hand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Min

from openfls import coordination
from openfls.clinical.facts import Fact, FractureSighting
from openfls.clinical.standards import Role
from openfls.demo.doubts import answer
from openfls.demo.hospitals import OF_CODE
from openfls.demo.lookup import People
from openfls.demo.organisations import User
from openfls.demo.region import Region
from openfls.demo.sendings import DemoMessage
from openfls.demo.staff import care
from openfls.inbox.receive import Incoming, receive
from openfls.record.models import DoubtRow, EpisodeRow, FactRow
from openfls.record.organisations import load
from openfls.record.users import create_user

PASSWORD = "demonstration"  # noqa: S105 (printed for every visitor; works in a demonstration only)
BY = "demonstration"
AT_ONCE = 500  # messages stored in one commit
EPISODES_AT_ONCE = 250

Progress = Callable[[int, int], None]


def settle(region: Region) -> None:
    """Organisations and accounts; those that are there already stay."""
    load(nested(region.organisations), by=BY)
    there = set(get_user_model().objects.values_list("username", flat=True))
    for user in region.users:
        if user.username not in there:
            create_user(user.username, PASSWORD, _roles(user), by=BY, full_name=user.name)


def nested(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The region's flat lists in the shape that organisations are loaded in: sites inside their trusts."""
    scanners: dict[str, list[Any]] = defaultdict(list)
    sites: dict[str, list[Any]] = defaultdict(list)
    for scanner in plain["scanners"]:
        scanners[scanner["site"]].append({"code": scanner["code"], "name": scanner["name"]})
    for site in plain["sites"]:
        sites[site["trust"]].append({**site, "scanners": scanners[site["code"]]})
    trusts = [{**trust, "sites": sites[trust["code"]]} for trust in plain["trusts"]]
    return {"trusts": trusts, "practices": plain["practices"]}


def send(region: Region, progress: Progress) -> int:
    """Put everything that the hospitals sent in the year into the inbox, in the order of its receipt; how many.

    What is there already changes nothing, so an interrupted loading goes on.
    """
    total, done = len(region.sendings), 0
    messages = region.messages()
    while batch := list(islice(messages, AT_ONCE)):
        receive([incoming(message) for message in batch], at=batch[-1].received)
        done += len(batch)
        progress(done, total)
    return done


def incoming(message: DemoMessage) -> Incoming:
    origin = message.origin
    told = {name: getattr(origin, name) for name in ("site", "finder", "mapping", "encoding", "reference")}
    return Incoming(
        source=message.source,
        content=message.content,
        site=origin.site or message.source.split("/")[0],  # a trust's own system answers for all its sites
        name=message.name,
        message_id=message.message_id,
        origin={name: str(value) for name, value in told.items() if value},
        received=message.received,
    )


def answer_doubts(region: Region) -> int:
    """Answer, as the staff would, which records are one person; an answer can raise the next doubt. How many."""
    people = People(region.truth)
    answered = 0
    while facts := [fact for fact in _answers(region, people) if not FactRow.objects.filter(fact_id=fact.id).exists()]:
        coordination.enter(facts, by=BY)
        answered += len(facts)
    return answered


def _answers(region: Region, people: People) -> Iterator[Fact]:
    doubts = list(DoubtRow.objects.order_by("left", "right").select_related("left", "right"))
    records = {doubt.left_id for doubt in doubts} | {doubt.right_id for doubt in doubts}
    told = FactRow.objects.filter(record__in=records).values_list("record").annotate(Min("known"))
    since = {record: known.date() for record, known in told}
    for doubt in doubts:
        left, right = doubt.left.to_record(), doubt.right.to_record()
        arose = max(since.get(doubt.left_id, region.today), since.get(doubt.right_id, region.today))
        fact = answer(left, right, people, region.seed, arose, region.today)
        if fact:
            yield fact


def enter_care(region: Region, progress: Progress) -> int:
    """Enter what the staff of each hospital did by hand for the episodes that the feeds showed them; how many facts."""
    rows = list(EpisodeRow.objects.order_by("index_start", "id").values_list("sightings", "person__died_on"))
    people, entered = People(region.truth), 0
    for start in range(0, len(rows), EPISODES_AT_ONCE):
        batch = rows[start : start + EPISODES_AT_ONCE]
        facts = list(_care(region, people, batch))
        coordination.enter(facts, by=BY)
        entered += len(facts)
        progress(start + len(batch), len(rows))
    return entered


def _care(region: Region, people: People, rows: Iterable[tuple[list[str], Any]]) -> Iterator[Fact]:
    rows = list(rows)
    facts = _as_first_known([fact_id for sightings, _ in rows for fact_id in sightings])
    for sightings, died_on in rows:
        seen = [fact for fact_id in sightings if isinstance(fact := facts[fact_id], FractureSighting)]
        hospital = next((s.site for s in seen if s.site in OF_CODE and not s.retracted), None)
        if hospital:
            truly = people.happening(seen[0].record, {s.body_site for s in seen}, seen[0].occurred.start)
            yield from care(seen, hospital, region.seed, region.today, died_on=died_on, truly=truly)


def _as_first_known(ids: Iterable[str]) -> dict[str, Fact]:
    """These facts by id, each known since its statement first came: staff read yesterday's version of a list's row."""
    rows = list(FactRow.objects.filter(fact_id__in=list(ids)))
    versions = FactRow.objects.filter(statement__in={row.statement for row in rows})
    since = dict(versions.values_list("statement").annotate(Min("known")).order_by())
    return {row.fact_id: replace(row.to_fact(), known=since[row.statement]) for row in rows}


def _roles(user: User) -> dict[str, list[Role]]:
    roles: dict[str, list[Role]] = {}
    for site, role in user.roles:
        roles.setdefault(site, []).append(Role(role))
    return roles
