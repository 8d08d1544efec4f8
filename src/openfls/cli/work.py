"""``openfls work``: the worker that reads what the inbox holds."""

import argparse
import signal
from collections import Counter
from threading import Event

from openfls.cli.asking import Refused
from openfls.cli.home import opened

HELP = "work off the inbox and derive what each new day changes, until stopped"
EXAMPLE = "openfls work --once"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="end when nothing waits, instead of waiting for more")
    parser.add_argument(
        "--retry", nargs="?", const="", metavar="SOURCE",
        help="first read again what waits in quarantine, of one source or of all: after a reader was improved",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    opened()
    from openfls.inbox.leases import AnotherWorker
    from openfls.inbox.shift import Shift

    if args.retry is not None:
        _retry(args.retry)
    stop, told = Event(), Counter[str]()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Shift(stop, told.update).work(once=args.once)
    except AnotherWorker as other:
        raise Refused(str(other)) from None
    print(", ".join(f"{number} {state}" for state, number in told.items()) or "nothing waited")
    return 0


def _retry(source: str) -> None:
    from openfls.cli.operator import operator
    from openfls.inbox.quarantine import retry_all

    print(f"{retry_all(by=operator(), source=source or None)} messages are read again")
