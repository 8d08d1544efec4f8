"""Loading the region: its organisations and accounts, and what its hospitals send."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib.auth import get_user_model

from openfls.clinical.standards import Role
from openfls.demo import neighbourhoods
from openfls.demo.organisations import User
from openfls.demo.region import Region
from openfls.demo.sendings import DemoMessage
from openfls.inbox.receive import Incoming, receive
from openfls.record import deprivation
from openfls.record.organisations import load
from openfls.record.users import create_user

PASSWORD = "demonstration"  # noqa: S105 (printed for every visitor; works in a demonstration only)
BY = "demonstration"
AT_ONCE = 500  # messages stored in one commit

Progress = Callable[[int, int], None]


def settle(region: Region) -> None:
    """Organisations, the table of deprivation and accounts; those that are there already stay."""
    load(nested(region.organisations), by=BY)
    _load_deprivation(region)
    there = set(get_user_model().objects.values_list("username", flat=True))
    for user in region.users:
        if user.username not in there:
            create_user(user.username, PASSWORD, _roles(user), by=BY, full_name=user.name)


def _load_deprivation(region: Region) -> None:
    if deprivation.in_force() is None:
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.writelines(f"{line}\n" for line in neighbourhoods.table(region.seed, region.truth))
            file.flush()
            deprivation.load_file(Path(file.name), neighbourhoods.INDEX, by=BY)


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


def _roles(user: User) -> dict[str, list[Role]]:
    roles: dict[str, list[Role]] = {}
    for site, role in user.roles:
        roles.setdefault(site, []).append(Role(role))
    return roles
