"""``openfls query``: ask hospitals' views at their times, read-only."""

import argparse
import fcntl
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from openfls.cli.asking import Refused
from openfls.cli.home import opened

if TYPE_CHECKING:
    from openfls.feeds.reading import Unreadable
    from openfls.inbox.querying.declared import Query
    from openfls.inbox.querying.run import Ran

HELP = "ask hospitals' databases at their times, read-only, and store the answers as lists"
EXAMPLE = "openfls query trauma_view.json --try"

A_DAY = 24 * 3600.0  # seconds: what can't be asked is mended within one


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH",
        help="declarations of queries, or folders of them (default: queries/ in OPENFLS_HOME)",
    )  # fmt: skip
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--try", action="store_true", dest="trial", help="ask, say what would be stored, store nothing")
    acts.add_argument("--once", action="store_true", help="ask each query once, and end")
    acts.add_argument("--forget", metavar="NAME", help="no longer expect this query to be asked, and end")


def run(args: argparse.Namespace) -> int:
    opened()
    if args.forget:
        return _forget(args.forget)
    queries, broken = _declared(args.paths, tells=not args.trial)
    if not queries:
        raise Refused("no query can be asked: " + (broken[0] if broken else "put a declaration into queries/"))
    if args.trial:
        return max(*(_try(query) for query in queries), bool(broken))
    with _only_one():
        return max(_once(queries), bool(broken)) if args.once else _keep_asking(queries)


def _declared(paths: Sequence[Path], tells: bool) -> tuple[list["Query"], list[str]]:
    """The queries that can be asked; what is wrong with the others is told, here and on the page Feeds."""
    from django.conf import settings

    from openfls.inbox.querying.declared import Query, queries_in

    folder = settings.OPENFLS_HOME / "queries"
    if not paths and not folder.is_dir():
        raise Refused(f"there is no folder {folder}: put declarations there, or name them")
    try:
        found = queries_in(list(paths) or [folder])
    except FileNotFoundError as error:
        raise Refused(f"{error}: name one that exists") from None
    broken = [one for one in found if not isinstance(one, Query)]
    for one in broken:
        print(f"not asked: {one}", flush=True)
        if tells:
            _tell(one)
    queries = [one for one in found if isinstance(one, Query)]
    names = [one.name for one in queries]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused(f"two queries are called {', '.join(twice)}: rename a file")
    return queries, [str(one) for one in broken]


def _tell(fault: "Unreadable") -> None:
    from django.utils import timezone

    from openfls.inbox import lookouts

    name, troubles = fault.place.removesuffix(".json"), [lookouts.Troubled.of(fault)]
    lookouts.looked(lookouts.QUERY, name, every=A_DAY, troubles=troubles, at=timezone.now())


def _forget(name: str) -> int:
    from openfls.inbox import lookouts

    known = lookouts.forget(lookouts.QUERY, name)
    print(f"{name}: {'no longer expected to be asked' if known else 'was not asked'}")
    return 0


@contextmanager
def _only_one() -> Iterator[None]:
    from django.conf import settings

    with (settings.OPENFLS_HOME / "query.lock").open("w") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("another openfls query runs here: stop it first") from None
        yield


def _try(query: "Query") -> int:
    from django.utils import timezone

    from openfls.feeds.csv.matching import matched
    from openfls.feeds.doors import read
    from openfls.feeds.reading import Origin
    from openfls.inbox.own_mappings import mappings_of_home
    from openfls.inbox.querying.asking import CannotAsk
    from openfls.inbox.querying.run import trial

    try:
        answer, content = trial(query)
    except CannotAsk as trouble:
        print(f"{query.name}: {trouble.reason} {trouble.mend}")
        return 1
    origin = Origin(query.source, timezone.now(), query.site, query.finder, mapping=query.mapping)
    mappings = mappings_of_home()
    reading = read(content, f"{query.name}.csv", origin, mappings)
    print(f"{query.name}: {len(answer.rows)} rows, {len(content):,} bytes")
    mapping = mappings.named(query.mapping)
    for header, meaning in matched(content, mapping, origin).headers if mapping else ():
        print(f"  {header}: {meaning or 'not known, and not read'}")
    print(f"  {len(reading.facts)} facts; {len(reading.unreadable)} rows can't be read")
    for note in reading.words:
        print(f"  {note}")
    for fault in reading.unreadable[:10]:
        print(f"  {fault.place}: {fault.mend}")  # not what is wrong: it quotes what stands there
    return 1 if reading.unreadable else 0


def _once(queries: Sequence["Query"]) -> int:
    from openfls.inbox.querying.run import run as ask_once

    troubled = 0
    for query in queries:
        ran = ask_once(query)
        _told(query, ran)
        troubled |= ran.trouble is not None
    return int(troubled)


def _keep_asking(queries: Sequence["Query"]) -> int:
    from openfls.inbox.querying.schedule import keep_asking

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    print(f"asking {', '.join(query.name for query in queries)}; Ctrl-C stops", flush=True)
    keep_asking(queries, stop, _told)
    print("stopped")
    return 0


def _told(query: "Query", ran: "Ran") -> None:
    if ran.trouble:
        print(f"{query.name}: {ran.trouble.reason} {ran.trouble.mend}", flush=True)
    elif ran.message:
        print(f"{query.name}: {ran.rows} rows stored as message {ran.message}", flush=True)
    else:
        print(f"{query.name}: nothing new", flush=True)
