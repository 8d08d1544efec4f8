"""``openfls import``: store files and messages in the inbox, read them, enter what they say."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from openfls.cli import own_mappings
from openfls.cli.asking import Refused
from openfls.cli.home import opened
from openfls.cli.progress import Progress
from openfls.clinical.facts import Finder
from openfls.feeds.csv.mappings import Mappings
from openfls.feeds.laboratory import code_map_names

HELP = "store files or folders (FHIR, HL7 v2, CSV, XLSX) in the inbox, read them and enter what they say"
EXAMPLE = "openfls import trauma_meeting_2026-03-12.csv --source X9A/trauma --site X9A01"

AT_ONCE, MOST_BYTES = 500, 16 * 1024 * 1024  # messages and bytes stored in one commit


@dataclass
class Imported:
    """What came of it. ``states``: of the messages read; ``flagged``: file and why; ``refused``: files not stored;
    ``mappings_kept``: names of own mappings that the home keeps from now on."""

    stored: int = 0
    known_already: int = 0
    flagged: list[dict[str, str]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    mappings_kept: list[str] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--source", help="the feed, for instance X9A/trauma (else feed.json or the folder says)")
    parser.add_argument("--site", metavar="CODE", help="where things happened, and who answers for the feed")
    parser.add_argument("--finder", type=_finder, help=f"the method of case finding: {', '.join(Finder)}")
    parser.add_argument(
        "--mapping", metavar="NAME",
        help="the columns of a list (openfls mappings lists them), or the code map of a laboratory",
    )  # fmt: skip
    parser.add_argument(
        "--mappings", action="append", default=[], type=Path, metavar="FOLDER", help=f"{own_mappings.HELP}; kept"
    )
    parser.add_argument("--encoding", help="of text: utf-8, cp1252 … (declared, never guessed)")
    parser.add_argument(
        "--file-times", action="store_true", help="history: a file was received when it was last changed, not now"
    )
    parser.add_argument("--leave", action="store_true", help="store only; a worker reads (openfls work)")
    parser.add_argument("--json", action="store_true", help="one JSON document (docs/reference/json.md)")


def run(args: argparse.Namespace) -> int:
    opened()
    done = Imported()
    mappings = _mappings(args, done)
    _receive(args, done, mappings)
    if not args.leave:
        _work_off(done)
    done.waiting = _waiting()
    print(json.dumps(asdict(done), indent=2, ensure_ascii=False) if args.json else "\n".join(_lines(done)))
    return 1 if done.refused or done.flagged or done.states.get("quarantined") else 0


def _finder(words: str) -> Finder:
    try:
        return Finder(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no finder is called {words!r}; there are {', '.join(Finder)}") from None


def _mappings(args: argparse.Namespace, done: Imported) -> Mappings:
    """Those by which lists may be read; what somebody brings is kept in the home, or a later reading would lack it."""
    from openfls.inbox.own_mappings import AnotherOfItsName, keep

    brought = own_mappings.brought(args.mappings, args.paths)
    mappings = own_mappings.gathered(brought)
    names = (*mappings.names, *code_map_names())
    if args.mapping and args.mapping not in names:
        raise Refused(f"--mapping: no mapping is called {args.mapping!r}; there are {', '.join(names)}")
    try:
        done.mappings_kept = keep(brought)
    except AnotherOfItsName as clash:
        raise Refused(f"{clash}") from None
    return mappings


def _receive(args: argparse.Namespace, done: Imported, mappings: Mappings) -> None:
    from openfls.feeds.reading import Unreadable
    from openfls.inbox.intake import Declared, NobodyAnswers, incoming

    declared = Declared(args.source, args.site, args.finder, args.mapping, args.encoding)
    batch: list[tuple[Path, Any]] = []
    with Progress("messages stored") as progress:
        try:
            for file, message in incoming(args.paths, declared, mappings=mappings, file_times=args.file_times):
                if isinstance(message, Unreadable):
                    done.refused.append({"file": str(file), "reason": message.reason, "mend": message.mend})
                    continue
                batch.append((file, message))
                if len(batch) >= AT_ONCE or sum(len(one.content) for _, one in batch) >= MOST_BYTES:
                    _store(batch, done)
                    progress.at(done.stored + done.known_already)
            _store(batch, done)
        except FileNotFoundError as error:
            raise Refused(f"{error}. Give a file or a folder that exists.") from None
        except NobodyAnswers as nobody:
            raise Refused(f"{nobody}") from None


def _store(batch: list[tuple[Path, Any]], done: Imported) -> None:
    """In one commit; the batch is empty afterwards."""
    from django.utils import timezone

    from openfls.inbox.receive import receive

    receipts = receive([message for _, message in batch], at=timezone.now())
    for (file, _), receipt in zip(batch, receipts, strict=True):
        done.stored += not receipt.known_already
        done.known_already += receipt.known_already
        if receipt.flag:
            done.flagged.append({"file": str(file), "message": str(receipt.number), "why": receipt.flag})
    batch.clear()


def _work_off(done: Imported) -> None:
    from threading import Event

    from openfls.inbox.leases import AnotherWorker
    from openfls.inbox.shift import Shift

    states: Counter[str] = Counter()
    with Progress("messages read", _waiting()) as progress:

        def told(batch: Counter[Any]) -> None:
            states.update({state.value: number for state, number in batch.items()})
            progress.step(batch.total())

        with suppress(AnotherWorker):  # it reads them: what is left for it is told at the end
            Shift(Event(), told).work(once=True)
    done.states = dict(states)


def _waiting() -> int:
    from openfls.inbox.currency import progress

    return progress().waiting


def _lines(done: Imported) -> Iterator[str]:
    yield f"{done.stored} messages stored, {done.known_already} known already"
    yield from (f"  mapping {name} is kept in the home" for name in done.mappings_kept)
    yield from (f"  {number} {state}" for state, number in sorted(done.states.items()))
    if done.waiting:
        yield f"  {done.waiting} wait for the worker (openfls work)"
    yield from (f"flagged: {one['file']}: {one['why']}" for one in done.flagged)
    yield from (f"not stored: {one['file']}: {one['reason']} {one['mend']}" for one in done.refused)
